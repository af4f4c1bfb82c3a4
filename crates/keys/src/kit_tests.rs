//! The kit: vectors of BIP-39, typing, saving, asking back.

use super::*;

/// The 256-bit vectors of BIP-39's reference list (github.com/trezor/python-mnemonic, vectors.json).
const VECTORS: [(&str, &str); 5] = [
    (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art",
    ),
    (
        "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
        "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title",
    ),
    (
        "8080808080808080808080808080808080808080808080808080808080808080",
        "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
    ),
    (
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote",
    ),
    (
        "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
        "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length",
    ),
];

fn seed(hex: &str) -> [u8; 32] {
    std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
}

fn kit() -> Kit {
    Kit::from_bytes(&seed(VECTORS[4].0))
}

#[test]
fn the_reference_vectors_go_both_ways() {
    for (hex, words) in VECTORS {
        assert_eq!(Kit::from_bytes(&seed(hex)).words().expose(), words);
        assert_eq!(Kit::parse(words).unwrap().0[..], seed(hex));
    }
}

#[test]
fn words_are_read_as_people_write_them() {
    let words = VECTORS[4].1;
    let numbered: Vec<String> =
        words.split(' ').enumerate().map(|(i, w)| format!("{}. {w}", i + 1)).collect();
    let spellings = [
        words.to_uppercase(),
        format!("\n\t {} \n", words.replace(' ', "  \r\n")),
        words.replace(' ', ", "),
        numbered.join("\n"),
        numbered.join(" ").replace(". ", ")"),
    ];
    for spelling in &spellings {
        assert_eq!(Kit::parse(spelling).unwrap().0, kit().0, "{spelling:?}");
    }
}

#[test]
fn errors_name_the_position_and_no_word() {
    let words = VECTORS[4].1;
    let wrong = words.replacen("private", "privado", 1).replace("length", "lenght");
    let error = Kit::parse(&wrong).unwrap_err();
    assert_eq!(error, KitError::UnknownWords(vec![3, 24]));
    assert!(!error.to_string().contains("privado"));
    assert_eq!(Kit::parse("").unwrap_err(), KitError::WordCount(0));
    assert_eq!(Kit::parse(&words[8..]).unwrap_err(), KitError::WordCount(23));
    assert_eq!(Kit::parse(&format!("{words} zoo")).unwrap_err(), KitError::WordCount(25));
    let exchanged = words.replace("hamster diagram", "diagram hamster");
    assert_eq!(Kit::parse(&exchanged).unwrap_err(), KitError::Checksum);
}

#[test]
fn the_derivation_is_frozen() {
    // Kits are on paper: these values may never change. They were computed with Python's
    // cryptography (HKDF, X25519, Ed25519) and a bech32 of its own.
    let kit = kit();
    let key: String = kit.signing_key().public().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        kit.identity().recipient().as_str(),
        "age168yam5ru25303sy3dkayljqkk90kntx3nezuq9evm2yx4r0egyxs9hxyrf"
    );
    assert_eq!(key, "e7b8f43f0a28a0ef81d99da6f354ca63c4a69ee72d371723171e21f25a1ac03b");
    let other = Kit::from_bytes(&seed(VECTORS[0].0));
    assert_ne!(other.identity().recipient(), kit.identity().recipient());
}

#[test]
fn a_saved_kit_opens_with_its_passphrase_only() {
    let file = kit().save("tejado violeta", WorkFactor::FLOOR).unwrap();
    assert!(file.contains("RECUPERACIÓN") && file.contains("This file holds"));
    assert!(!file.contains("hamster"));
    assert_eq!(Kit::load("tejado violeta", &file).unwrap().0, kit().0);
    let wrong = Kit::load("otra frase", &file).unwrap_err();
    assert_eq!(wrong, KitError::File(LockboxError::WrongPassphrase));
    let damaged = Kit::load("tejado violeta", &file[..file.len() - 40]).unwrap_err();
    assert_eq!(damaged, KitError::File(LockboxError::Damaged));
}

#[test]
fn the_qr_code_is_a_drawing_that_a_reader_reads() {
    let svg = kit().qr_svg();
    assert_eq!(Kit::parse(&scanned(svg.expose())).unwrap().0, kit().0);
    assert!(svg.expose().starts_with("<?xml") && svg.expose().ends_with("</svg>"));
    assert!(!svg.expose().to_lowercase().contains("hamster"));
    assert_eq!(format!("{:?}", kit()), "Kit(***)");
}

#[test]
fn three_different_words_are_asked_back() {
    let mut entropy = Entropy::seeded([5; 32]);
    let mut seen = [false; WORDS + 1];
    for _ in 0..200 {
        let [a, b, c] = Challenge::draw(&mut entropy).unwrap().positions();
        assert!(1 <= a && a < b && b < c && usize::from(c) <= WORDS);
        for position in [a, b, c] {
            seen[usize::from(position)] = true;
        }
    }
    assert!(seen[1..].iter().all(|seen| *seen));
}

#[test]
fn answers_are_right_all_together_or_not_at_all() {
    let challenge = Challenge { positions: [1, 3, 24] };
    assert!(challenge.passed(&kit(), ["hamster", " Private ", "LENGTH"]));
    for wrong in [
        ["hamster", "private", ""],
        ["diagram", "private", "length"],
        ["hamster", "private", "lengthlengthlengthlength"],
        ["private", "hamster", "length"],
    ] {
        assert!(!challenge.passed(&kit(), wrong), "{wrong:?}");
    }
}

/// Paints the squares of the SVG ("M24 36h6v6H24V36") and has them read by another program.
fn scanned(svg: &str) -> String {
    let number = |text: &str| -> usize { text.parse().unwrap() };
    let between = |text: &str, from: &str, to: &str| -> String {
        text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned()
    };
    let side = number(&between(svg, "width=\"", "\""));
    let mut pixels = vec![255u8; side * side];
    let path = between(svg, " d=\"", "\"");
    for square in path.split('M').skip(1) {
        let (corner, rest) = square.split_once('h').unwrap();
        let (x, y) = corner.split_once(' ').unwrap();
        let size = number(rest.split_once('v').unwrap().0);
        for row in 0..size {
            let start = (number(y) + row) * side + number(x);
            pixels[start..start + size].fill(0);
        }
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}
