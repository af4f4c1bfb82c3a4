//! A point in time as Postgres keeps it.
//!
//! `timestamptz` holds microseconds since 2000-01-01 UTC and the two infinities, a wider range than chrono's. A log must
//! show every row that is in it, so what chrono cannot hold has variants of its own instead of being an error.

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Microseconds from 1970-01-01 to 2000-01-01 UTC, where Postgres starts to count.
const EPOCH_2000: i64 = 946_684_800_000_000;

/// A point in time with microseconds. Orders as Postgres orders it.
///
/// On the wire: RFC 3339 in UTC with six decimals, `infinity`, `-infinity`, or `pg:<microseconds since 2000>` outside the
/// years 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts", type = "string"))]
pub struct Instant {
    /// Microseconds since 2000-01-01 UTC; the extremes of `i64` are the infinities, as in Postgres' binary format.
    micros: i64,
}

impl Instant {
    /// Later than every other time (`infinity`).
    pub const INFINITY: Self = Self { micros: i64::MAX };
    /// Earlier than every other time (`-infinity`).
    pub const NEG_INFINITY: Self = Self { micros: i64::MIN };

    /// From Postgres' binary value: microseconds since 2000-01-01 UTC.
    #[must_use]
    pub const fn from_postgres(micros: i64) -> Self {
        Self { micros }
    }

    /// Postgres' binary value: microseconds since 2000-01-01 UTC.
    #[must_use]
    pub const fn to_postgres(self) -> i64 {
        self.micros
    }

    /// As chrono's type, where chrono can hold it.
    #[must_use]
    pub fn to_chrono(self) -> Option<DateTime<Utc>> {
        if self == Self::INFINITY || self == Self::NEG_INFINITY {
            return None;
        }
        DateTime::from_timestamp_micros(self.micros.checked_add(EPOCH_2000)?)
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(t: DateTime<Utc>) -> Self {
        Self { micros: t.timestamp_micros().saturating_sub(EPOCH_2000) }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (*self, self.to_chrono()) {
            (Self::INFINITY, _) => f.write_str("infinity"),
            (Self::NEG_INFINITY, _) => f.write_str("-infinity"),
            // RFC 3339 has years of four digits only.
            (_, Some(t)) if (0..=9999).contains(&t.year()) => {
                f.write_str(&t.to_rfc3339_opts(SecondsFormat::Micros, true))
            }
            _ => write!(f, "pg:{}", self.micros),
        }
    }
}

/// The text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time in RFC 3339")]
pub struct NotATime;

impl FromStr for Instant {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        match text {
            "infinity" => Ok(Self::INFINITY),
            "-infinity" => Ok(Self::NEG_INFINITY),
            _ => match text.strip_prefix("pg:") {
                Some(n) => n.parse().map(Self::from_postgres).map_err(|_| NotATime),
                None => DateTime::parse_from_rfc3339(text)
                    .map(|t| t.to_utc().into())
                    .map_err(|_| NotATime),
            },
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        let cases = [
            (0, "2000-01-01T00:00:00.000000Z"),
            (-EPOCH_2000, "1970-01-01T00:00:00.000000Z"),
            (i64::MAX, "infinity"),
            (i64::MIN, "-infinity"),
            (9_214_646_400_000_000_000, "pg:9214646400000000000"),
        ];
        for (micros, text) in cases {
            let t = Instant::from_postgres(micros);
            assert_eq!(t.to_string(), text);
            assert_eq!(t.to_string().parse(), Ok(t), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in ["", "yesterday", "2026-02-30T00:00:00Z", "pg:", "pg:x", "2026-01-01"] {
            assert_eq!(text.parse::<Instant>(), Err(NotATime), "{text}");
        }
    }

    proptest! {
        #[test]
        fn prints_and_parses_back(micros: i64) {
            let t = Instant::from_postgres(micros);
            prop_assert_eq!(t.to_string().parse::<Instant>(), Ok(t));
        }
    }
}
