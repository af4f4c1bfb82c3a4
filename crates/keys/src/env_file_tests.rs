//! `.env` files as they are found.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Vec<(String, String)> {
    let entries = parse(text.as_bytes()).unwrap();
    entries.into_iter().map(|e| (e.key, e.value.expose().to_owned())).collect()
}

fn one(text: &str) -> String {
    let entries = read(text);
    assert_eq!(entries.len(), 1, "{text:?}");
    entries[0].1.clone()
}

#[test]
fn the_file_of_the_documents_is_read() {
    let text = "\u{feff}# \u{1f510} SEGURIDAD\r\nJWT_SECRET_KEY=abc\r\n\r\n  # NETWORK\r\nexport CORS_ALLOWED_ORIGINS=https://tu-crm.com,http://localhost:5173\r\nPOSTGRES_DSN=postgresql://user:p=w@localhost:5432/crm # comment\r\nEMPTY=\r\n";
    let expected = [
        ("JWT_SECRET_KEY", "abc"),
        ("CORS_ALLOWED_ORIGINS", "https://tu-crm.com,http://localhost:5173"),
        ("POSTGRES_DSN", "postgresql://user:p=w@localhost:5432/crm"),
        ("EMPTY", ""),
    ];
    assert_eq!(read(text), expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    let lines: Vec<_> = parse(text.as_bytes()).unwrap().iter().map(|e| e.line).collect();
    assert_eq!(lines, [2, 5, 6, 7]);
}

#[test]
fn values_are_taken_as_written() {
    let cases = [
        ("A= b c ", "b c"),
        ("A=b#c", "b#c"),
        ("A=b\t#c", "b"),
        ("A=#c", "#c"),
        ("A= #c", ""),
        (" export\tA = b", "b"),
        ("A='b # $x \\n \"'", "b # $x \\n \""),
        (r#"A="b\n\"c\"\\ \$ \x" # d"#, "b\n\"c\"\\ $ \\x"),
        ("A=\"b\r\nc\"\n", "b\nc"),
        ("A='b\nc'", "b\nc"),
        ("A=\"\"", ""),
        ("A=b\"c\"", "b\"c\""),
    ];
    for (text, expected) in cases {
        assert_eq!(one(text), expected, "{text:?}");
    }
}

#[test]
fn references_are_marked_and_left_alone() {
    let cases = [("A=${B}", true), ("A=\"x${B}\"", true), ("A='${B}'", false), ("A=$B", false)];
    for (text, expected) in cases {
        let entries = parse(text.as_bytes()).unwrap();
        assert_eq!(entries[0].has_reference, expected, "{text:?}");
    }
    assert_eq!(one("A=${B}"), "${B}");
    assert!(!parse(br#"A="\${B}""#).unwrap()[0].has_reference);
}

#[test]
fn errors_name_the_line() {
    use EnvFileError::*;
    let cases: [(&[u8], EnvFileError); 11] = [
        (b"A=1\nhunter2\n", NoEquals { line: 2 }),
        (b"A=1\n\n=2", BadKey { line: 3 }),
        (b"1A=2", BadKey { line: 1 }),
        (b"A B=2", BadKey { line: 1 }),
        (b"A-B=2", BadKey { line: 1 }),
        (b"A=1\nB=\"x\ny", OpenQuote { line: 2 }),
        (b"A=\"x\\", OpenQuote { line: 1 }),
        (b"A='x\ny' z", AfterQuote { line: 2 }),
        (b"A=1\nB=\xff", NotUtf8 { line: 2 }),
        (b"A=1\nB=\0", Nul { line: 2 }),
        (b"A='1\n2'\nB=1\nA=1", Twice { key: "A".into(), first: 1, line: 4 }),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text).unwrap_err(), expected);
    }
    assert_eq!(parse(&vec![b'#'; MAX_FILE + 1]).unwrap_err(), TooLarge);
    assert!(!format!("{:?}", parse(b"A=hunter2").unwrap()).contains("hunter2"));
}

proptest! {
    #[test]
    fn no_file_makes_it_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn what_is_quoted_comes_back(values in proptest::collection::vec("[ -~\n\té\u{1f511}]{0,30}", 1..5)) {
        let text: String = values
            .iter()
            .enumerate()
            .map(|(number, value)| {
                let quoted = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
                format!("K{number}=\"{quoted}\"\n")
            })
            .collect();
        let got: Vec<String> = read(&text).into_iter().map(|(_, value)| value).collect();
        prop_assert_eq!(got, values);
    }
}
