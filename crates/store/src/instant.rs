//! `timestamptz` without loss: the binary value as it is, the infinities and far years included.

use atalaya_model::Instant;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef, Postgres};
use sqlx::{Decode, Encode, Type};

/// [`Instant`] as sqlx reads and writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PgInstant(pub(crate) Instant);

impl Type<Postgres> for PgInstant {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("timestamptz")
    }
}

impl<'r> Decode<'r, Postgres> for PgInstant {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => {
                let bytes: [u8; 8] = value.as_bytes()?.try_into()?;
                Ok(Self(Instant::from_postgres(i64::from_be_bytes(bytes))))
            }
            PgValueFormat::Text => Err("timestamps are read in binary format only".into()),
        }
    }
}

impl Encode<'_, Postgres> for PgInstant {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buf.extend_from_slice(&self.0.to_postgres().to_be_bytes());
        Ok(IsNull::No)
    }
}
