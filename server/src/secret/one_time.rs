//! One-time codes: what opens the first start, and what an invitation carries. A prefix and 256 random bits.
//!
//! Owns their form and their hash. It must not know how long a code is good for, or where it is printed.

use super::session::decode;
use crate::env::{RandomError, RandomSource, array};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What a code is for. Each has a prefix of its own, so that none is ever taken for another, a token or a session (T-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first start.
    SetUp,
    /// The first password of somebody who was invited.
    Invitation,
}

impl Purpose {
    const fn prefix(self) -> &'static str {
        match self {
            Self::SetUp => "lks_",
            Self::Invitation => "lki_",
        }
    }
}

/// A one-time code. It is wiped from memory when dropped and never printed by accident.
#[derive(Clone)]
pub struct OneTimeCode {
    purpose: Purpose,
    bytes: Zeroizing<[u8; 32]>,
}

impl OneTimeCode {
    /// A new one.
    ///
    /// # Errors
    /// [`RandomError`], from the source (T-6).
    pub fn generate(purpose: Purpose, random: &dyn RandomSource) -> Result<Self, RandomError> {
        let bytes = Zeroizing::new(array(random)?);
        Ok(Self { purpose, bytes })
    }

    /// The code for this whose text this is.
    #[must_use]
    pub fn parse(purpose: Purpose, text: &str) -> Option<Self> {
        let bytes = text.strip_prefix(purpose.prefix()).and_then(decode)?;
        Some(Self { purpose, bytes })
    }

    /// The text for an address.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let random = URL_SAFE_NO_PAD.encode(self.bytes.as_slice());
        Zeroizing::new(format!("{}{random}", self.purpose.prefix()))
    }

    /// SHA-256 of the code, as the database keeps it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.bytes.as_slice()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{env::SeededRandom, secret::session::SessionSecret};

    const BOTH: [Purpose; 2] = [Purpose::SetUp, Purpose::Invitation];

    fn code(purpose: Purpose) -> OneTimeCode {
        OneTimeCode::generate(purpose, &SeededRandom::new(1)).unwrap()
    }

    #[test]
    fn a_code_survives_its_address() {
        for purpose in BOTH {
            let code = code(purpose);
            assert!(code.expose().starts_with(purpose.prefix()));
            let read = OneTimeCode::parse(purpose, &code.expose()).unwrap();
            assert_eq!(read.hash(), code.hash());
        }
    }

    #[test]
    fn codes_and_sessions_are_never_mistaken_for_each_other() {
        let session = SessionSecret::generate(&SeededRandom::new(1)).unwrap();
        for purpose in BOTH {
            let text = code(purpose).expose();
            let other = BOTH.into_iter().find(|other| *other != purpose).unwrap();
            assert!(OneTimeCode::parse(other, &text).is_none());
            assert!(OneTimeCode::parse(purpose, &session.expose()).is_none());
            assert!(SessionSecret::parse(&text).is_none());
            let many = purpose.prefix().repeat(12);
            for bad in ["", purpose.prefix(), "lks_x", "lk_", many.as_str()] {
                assert!(OneTimeCode::parse(purpose, bad).is_none(), "{bad}");
            }
        }
    }
}
