//! Compressing on the way: what goes in comes out smaller, piece by piece, and never lies whole in memory.

use atalaya_model::{Code, Error, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// A gzip file (RFC 1952) in the making.
pub(super) struct Gzip(GzEncoder<Vec<u8>>);

impl Gzip {
    pub(super) fn new() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::fast()))
    }

    /// What can be written already.
    ///
    /// # Errors
    /// `INTERNAL`: memory does not fail.
    pub(super) fn pack(&mut self, text: &[u8]) -> Result<Vec<u8>> {
        self.0.write_all(text).map_err(internal)?;
        Ok(std::mem::take(self.0.get_mut()))
    }

    /// The rest.
    ///
    /// # Errors
    /// As [`Self::pack`].
    pub(super) fn finish(self) -> Result<Vec<u8>> {
        self.0.finish().map_err(internal)
    }
}

fn internal(e: std::io::Error) -> Error {
    Error::new(Code::Internal, "The export could not be compressed.").because(e)
}
