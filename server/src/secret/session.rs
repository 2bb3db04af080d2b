//! The secret in a session cookie: 256 random bits, of which the database keeps only the hash.
//!
//! Owns its form, its hash and the handle by which a sign-in is named to its owner. It must not know cookies,
//! time limits or the table.

use crate::{
    env::{RandomError, RandomSource, array},
    hex,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes of randomness.
const BYTES: usize = 32;

/// What a signed-in browser holds. It is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<[u8; BYTES]>);

impl SessionSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`RandomError`], from the source (T-6).
    pub fn generate(random: &dyn RandomSource) -> Result<Self, RandomError> {
        array(random).map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The secret whose text this is: 43 characters of base64url without padding (RFC 4648, 5).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        decode(text).map(Self)
    }

    /// The 43 characters that go into the cookie, and nowhere else.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// SHA-256 of the secret, as the database keeps it. With 256 random bits no slower hash is needed.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_slice()).into()
    }

    /// Names the sign-in to its owner and in the audit trail.
    #[must_use]
    pub fn handle(&self) -> String {
        handle_of(&self.hash())
    }
}

/// The handle that belongs to a stored hash: its first eight bytes as 16 hexadecimal digits.
#[must_use]
pub fn handle_of(hash: &[u8]) -> String {
    hex::encode(hash.get(..8).unwrap_or(hash))
}

/// The 32 bytes behind 43 base64url characters. The decoder refuses stray bits, so no two texts mean the same.
pub(super) fn decode(text: &str) -> Option<Zeroizing<[u8; BYTES]>> {
    if text.len() != 43 {
        return None;
    }
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
    <[u8; BYTES]>::try_from(bytes.as_slice())
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededRandom;

    #[test]
    fn a_secret_survives_its_cookie() {
        let secret = SessionSecret::generate(&SeededRandom::new(1)).unwrap();
        assert_eq!(secret.expose().len(), 43);
        let again = SessionSecret::parse(&secret.expose()).unwrap();
        assert_eq!(again.hash(), secret.hash());
        assert_eq!(again.handle(), handle_of(&secret.hash()));
    }

    #[test]
    fn the_handle_is_sixteen_digits_of_the_hash_and_not_of_the_secret() {
        let secret = SessionSecret::parse(&"A".repeat(43)).unwrap();
        // SHA-256 of 32 zero bytes begins 66687aadf862bd77.
        assert_eq!(secret.handle(), "66687aadf862bd77");
    }

    #[test]
    fn other_text_is_no_session_secret() {
        let stray_bits = format!("{}B", "A".repeat(42));
        for bad in [
            "",
            "A",
            &"A".repeat(42),
            &"A".repeat(44),
            &"=".repeat(43),
            &"+".repeat(43),
            &stray_bits,
            &"é".repeat(22),
        ] {
            assert!(SessionSecret::parse(bad).is_none(), "{bad}");
        }
    }
}
