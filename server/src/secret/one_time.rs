//! The one-time code that opens the first start: `lks_` and 256 random bits.
//!
//! Owns its form and its hash. It must not know how long a code is good for, or where it is printed.

use super::session::decode;
use crate::env::{RandomError, RandomSource, array};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A prefix of its own, so that a code is never taken for a token or a session (T-3).
const PREFIX: &str = "lks_";

/// A set-up code. It is wiped from memory when dropped and never printed by accident.
#[derive(Clone)]
pub struct SetupCode(Zeroizing<[u8; 32]>);

impl SetupCode {
    /// A new one.
    ///
    /// # Errors
    /// [`RandomError`], from the source (T-6).
    pub fn generate(random: &dyn RandomSource) -> Result<Self, RandomError> {
        array(random).map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The code whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix(PREFIX).and_then(decode).map(Self)
    }

    /// The text for the log, the file beside the database and the address.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(format!(
            "{PREFIX}{}",
            URL_SAFE_NO_PAD.encode(self.0.as_slice())
        ))
    }

    /// SHA-256 of the code, as the database keeps it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_slice()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{env::SeededRandom, secret::session::SessionSecret};

    #[test]
    fn a_code_survives_its_address() {
        let code = SetupCode::generate(&SeededRandom::new(1)).unwrap();
        assert!(code.expose().starts_with("lks_"));
        assert_eq!(
            SetupCode::parse(&code.expose()).unwrap().hash(),
            code.hash()
        );
    }

    #[test]
    fn a_code_and_a_session_are_never_mistaken_for_each_other() {
        let session = SessionSecret::generate(&SeededRandom::new(1)).unwrap();
        let code = SetupCode::generate(&SeededRandom::new(1)).unwrap();
        assert!(SetupCode::parse(&session.expose()).is_none());
        assert!(SessionSecret::parse(&code.expose()).is_none());
        for bad in ["", "lks_", "lks_x", "lk_", &"lks_".repeat(12)] {
            assert!(SetupCode::parse(bad).is_none(), "{bad}");
        }
    }
}
