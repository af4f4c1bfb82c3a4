//! Values of columns that queries compare: severity, outcome, networks.

use crate::{Error, Result};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// `system_events.severity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Severity {
    /// As expected.
    Info,
    /// Worth a look.
    Warning,
    /// Needs a person.
    Critical,
}

impl Severity {
    /// The column's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// `system_events.outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Outcome {
    /// It was done.
    Ok,
    /// It was refused.
    Denied,
    /// It was tried and did not work.
    Failed,
}

impl Outcome {
    /// The column's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// An address or a network, kept as its first and last address: a range comparison uses an index where the containment
/// operator would not, because that one is not leakproof (DESIGN 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// First address.
    #[must_use]
    pub fn first(&self) -> IpAddr {
        self.0.network()
    }

    /// Last address.
    #[must_use]
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }

    /// The network that an address is counted in: 16 bits of an IPv4 address, 48 of an IPv6 one.
    #[must_use]
    pub fn around(address: IpAddr) -> Self {
        let bits = if address.is_ipv4() { 16 } else { 48 };
        Self(IpNet::new(address, bits).map_or_else(|_| IpNet::from(address), |net| net.trunc()))
    }
}

impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let net = match text.parse::<IpAddr>() {
            Ok(address) => Ok(IpNet::from(address)),
            Err(_) => text.parse::<IpNet>(),
        };
        net.map(Self).map_err(|_| {
            Error::invalid(
                "ip",
                "Not an IP address or network. Write it like 203.0.113.77 or 10.0.0.0/8.",
            )
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            self.0.addr().fmt(f)
        } else {
            self.0.trunc().fmt(f)
        }
    }
}

impl Serialize for Network {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        let cases = [
            ("203.0.113.77", "203.0.113.77", "203.0.113.77", "203.0.113.77"),
            (" 10.1.2.3/8 ", "10.0.0.0", "10.255.255.255", "10.0.0.0/8"),
            ("2001:db8::/126", "2001:db8::", "2001:db8::3", "2001:db8::/126"),
        ];
        for (text, first, last, shown) in cases {
            let n: Network = text.parse().expect(text);
            assert_eq!(n.first().to_string(), first);
            assert_eq!(n.last().to_string(), last);
            assert_eq!(n.to_string(), shown);
        }
        for text in ["", "10.0.0.0/33", "300.1.1.1", "unknown", "10.0.0.0/8; DROP"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
