//! Identifiers: a prefix and groups of four random digits, as in `TKN-1234-1234`.
//!
//! An id is a number inside, so it is `Copy` and always well-formed; it travels and is stored as its text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// The text is not an id of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {0} id")]
pub struct InvalidId(&'static str);

fn parse(text: &str, prefix: &'static str, groups: usize) -> Result<u64, InvalidId> {
    let invalid = InvalidId(prefix);
    let mut parts = text.split('-');
    if parts.next() != Some(prefix) {
        return Err(invalid);
    }
    let mut number = 0;
    for _ in 0..groups {
        let group = parts.next().ok_or(invalid)?;
        if group.len() != 4 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid);
        }
        number = number * 10_000 + group.parse::<u64>().map_err(|_| invalid)?;
    }
    if parts.next().is_some() || number == 0 {
        return Err(invalid);
    }
    Ok(number)
}

fn print(number: u64, prefix: &str, groups: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(prefix)?;
    for group in (0..groups).rev() {
        let shift = 10_000_u64.pow(u32::try_from(group).unwrap_or(0));
        write!(f, "-{:04}", number / shift % 10_000)?;
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $groups:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// How many numbers there are, zero included, which is never issued.
            pub const SPACE: u64 = 10_000_u64.pow($groups);

            /// The id with this number, unless it is zero or has too many digits.
            #[must_use]
            pub const fn from_number(number: u64) -> Option<Self> {
                if number == 0 || number >= Self::SPACE { None } else { Some(Self(number)) }
            }

            /// The number behind the id, for choosing one of a few looks by it.
            #[must_use]
            pub const fn number(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                print(self.0, $prefix, $groups, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse(text, $prefix, $groups).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

id!(
    /// An account, `ACC-NNNN-NNNN`.
    AccountId, "ACC", 2
);
id!(
    /// A user, `USR-NNNN-NNNN`.
    UserId, "USR", 2
);
id!(
    /// A module, `MOD-NNNN`.
    ModuleId, "MOD", 1
);
id!(
    /// An API token, `TKN-NNNN-NNNN`.
    TokenId, "TKN", 2
);
id!(
    /// A kind of event, `AET-NNNN-NNNN`.
    EventTypeId, "AET", 2
);
id!(
    /// A saved view, `VIW-NNNN-NNNN`.
    ViewId, "VIW", 2
);
id!(
    /// A change to several tokens at once, `BLK-NNNN-NNNN`.
    BulkChangeId, "BLK", 2
);
id!(
    /// An audit record, `AUD-NNNN-NNNN-NNNN-NNNN`.
    AuditId, "AUD", 4
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_of_another_kind_or_shape_is_no_token_id() {
        for text in [
            "",
            "TKN",
            "TKN-1234",
            "TKN-1234-123",
            "TKN-1234-12345",
            "TKN-1234-12a4",
            "tkn-1234-1234",
            "ACC-1234-1234",
            "TKN-1234-1234-1234",
            " TKN-1234-1234",
            "TKN-1234-1234\0",
            "TKN-0000-0000",
            "TKN-+123-1234",
            "TKN-１２３４-1234",
        ] {
            assert!(text.parse::<TokenId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn module_ids_have_one_group_and_audit_ids_four() {
        assert_eq!("MOD-1756".parse::<ModuleId>().unwrap().number(), 1756);
        let audit = "AUD-0000-0000-0000-0001";
        assert_eq!(audit.parse::<AuditId>().unwrap().to_string(), audit);
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(number in 1..TokenId::SPACE) {
            let id = TokenId::from_number(number).unwrap();
            prop_assert_eq!(id.to_string().parse::<TokenId>().unwrap(), id);
        }
    }
}
