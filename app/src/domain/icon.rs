//! The picture of a token or an account.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{fmt, str::FromStr};

/// The largest file that is taken, in bytes: 5 MiB (I-25).
pub const FILE_MAX: usize = 5 * 1_024 * 1_024;

/// The name of a stored picture: the SHA-256 of its bytes, 64 lower-case hexadecimal digits (I-27).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct IconId(String);

/// The text names no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a picture")]
pub struct InvalidIconId;

impl FromStr for IconId {
    type Err = InvalidIconId;

    fn from_str(text: &str) -> Result<Self, InvalidIconId> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIconId)
        }
    }
}

impl fmt::Display for IconId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for IconId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_64_hexadecimal_digits() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(good.parse::<IconId>().unwrap().to_string(), good);
        for bad in [&good[1..], &good.to_uppercase(), "", "../../etc/passwd"] {
            assert!(bad.parse::<IconId>().is_err(), "{bad}");
        }
    }
}
