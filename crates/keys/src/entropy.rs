//! Where random bytes come from: the operating system, or a seed in tests.
//!
//! One type instead of a generic random generator, because the crates below disagree about which
//! version of the `rand` traits they want. Deliberately absent: a user-space generator in between;
//! every draw asks the operating system.

use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

/// The operating system gave no random bytes. Nothing can be made without them.
#[derive(Debug, Error)]
#[error("the operating system gave no random bytes")]
pub struct NoEntropy;

/// A source of random bytes.
pub struct Entropy(Source);

enum Source {
    System,
    Seeded { seed: Zeroizing<[u8; 32]>, block: u64 },
}

impl Entropy {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A reproducible sequence, SHA-256 over seed and counter. For tests only: whoever knows the
    /// seed knows every key.
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self(Source::Seeded { seed: Zeroizing::new(seed), block: 0 })
    }

    /// Fills `out`.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system refuses.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        match &mut self.0 {
            Source::System => getrandom::fill(out).map_err(|_| NoEntropy),
            Source::Seeded { seed, block } => {
                for chunk in out.chunks_mut(32) {
                    let digest =
                        Sha256::new().chain_update(&seed[..]).chain_update(block.to_be_bytes());
                    chunk.copy_from_slice(&digest.finalize()[..chunk.len()]);
                    *block += 1;
                }
                Ok(())
            }
        }
    }

    /// `N` random bytes, wiped when dropped.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system refuses.
    pub fn bytes<const N: usize>(&mut self) -> Result<Zeroizing<[u8; N]>, NoEntropy> {
        let mut out = Zeroizing::new([0; N]);
        self.fill(&mut out[..])?;
        Ok(out)
    }

    /// An evenly distributed number below `bound` (1 to 256).
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system refuses.
    pub fn below(&mut self, bound: u16) -> Result<u8, NoEntropy> {
        let bound = bound.clamp(1, 256);
        // Values from `limit` on are drawn again: a plain remainder would prefer small numbers.
        let limit = 256 - 256 % bound;
        loop {
            let byte = self.bytes::<1>()?[0];
            if u16::from(byte) < limit {
                return Ok((u16::from(byte) % bound) as u8);
            }
        }
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Entropy(system)",
            Source::Seeded { .. } => "Entropy(seeded)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_the_system_does_not() {
        let draw = |mut source: Entropy| *source.bytes::<40>().unwrap();
        assert_eq!(draw(Entropy::seeded([1; 32])), draw(Entropy::seeded([1; 32])));
        assert_ne!(draw(Entropy::seeded([1; 32])), draw(Entropy::seeded([2; 32])));
        assert_ne!(draw(Entropy::system()), draw(Entropy::system()));
    }

    #[test]
    fn two_draws_of_one_source_differ() {
        let mut source = Entropy::seeded([3; 32]);
        assert_ne!(*source.bytes::<32>().unwrap(), *source.bytes::<32>().unwrap());
    }

    #[test]
    fn below_reaches_every_value_and_no_other() {
        let mut source = Entropy::seeded([4; 32]);
        let mut seen = [0u32; 24];
        for _ in 0..2400 {
            seen[usize::from(source.below(24).unwrap())] += 1;
        }
        assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
        assert_eq!(source.below(1).unwrap(), 0);
    }
}
