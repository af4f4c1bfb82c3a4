//! Compressing on the way: what goes in comes out smaller, piece by piece, and never lies whole in memory.

use atalaya_model::{Code, Error, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// A stream that is compressed with gzip (RFC 1952), or passed on as it is.
pub(super) enum Packing {
    /// As it is.
    None,
    /// Compressed.
    Gzip(GzEncoder<Vec<u8>>),
}

impl Packing {
    pub(super) fn new(compress: bool) -> Self {
        if compress {
            Self::Gzip(GzEncoder::new(Vec::new(), Compression::fast()))
        } else {
            Self::None
        }
    }

    /// What can be written already.
    ///
    /// # Errors
    /// `INTERNAL`: memory does not fail.
    pub(super) fn pack(&mut self, data: Vec<u8>) -> Result<Vec<u8>> {
        match self {
            Self::None => Ok(data),
            Self::Gzip(encoder) => {
                encoder.write_all(&data).map_err(internal)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
        }
    }

    /// The rest.
    ///
    /// # Errors
    /// As [`Self::pack`].
    pub(super) fn finish(self) -> Result<Vec<u8>> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Gzip(encoder) => encoder.finish().map_err(internal),
        }
    }
}

fn internal(e: std::io::Error) -> Error {
    Error::new(Code::Internal, "The export could not be compressed.").because(e)
}
