//! A stored secret, moved from one key of the keyring to the active one (T-12, T-23).
//!
//! Owns the one way in which a secret is opened that nobody asked to see: it never leaves this file. It must not know the
//! tables or when secrets are moved.

use super::{
    keyring::Keyring,
    seal::{self, Place, SealError, Sealed},
    token::TokenSecret,
};
use crate::env::RandomSource;
use subtle::ConstantTimeEq as _;

/// A secret under the active key.
#[derive(Debug)]
pub struct Rekeyed {
    /// As it is to be stored: under a fresh key of its own, which the active key seals.
    pub sealed: Sealed,
    /// What it is to be found by.
    pub lookup: [u8; 32],
}

/// A token as it is stored: its sealed secret, what it is found by, and under which key.
#[derive(Debug)]
pub struct Stored<'a> {
    /// Its secret.
    pub sealed: &'a Sealed,
    /// What it is found by.
    pub lookup: &'a [u8],
    /// The key of that.
    pub pepper_kid: &'a str,
}

/// Seals a stored secret anew under the active key, and says what it is found by under that key. Both layers are bound to
/// the name of the key (T-21), so the value is sealed again, and not only the key that seals it.
///
/// # Errors
/// [`SealError::UnknownKey`]; [`SealError::Integrity`] when the value is not what was sealed for its row, or is not the
/// secret by which the token is found; [`SealError::Random`].
#[expect(
    clippy::disallowed_methods,
    reason = "the secret is opened to be sealed again, and leaves this function sealed only"
)]
pub fn rekey(
    keyring: &Keyring,
    place: Place<'_>,
    stored: &Stored<'_>,
    random: &dyn RandomSource,
) -> Result<Rekeyed, SealError> {
    let opened = seal::open(keyring, place, stored.sealed)?;
    let text = std::str::from_utf8(&opened).map_err(|_| SealError::Integrity)?;
    // The prefix it was made under, whatever the setting says now.
    let (prefix, _) = text.split_once('_').ok_or(SealError::Integrity)?;
    let secret = TokenSecret::parse(prefix, text).map_err(|_| SealError::Integrity)?;
    let old = keyring
        .get(stored.pepper_kid)
        .ok_or(SealError::UnknownKey)?;
    if !bool::from(old.lookup_value(&secret).as_slice().ct_eq(stored.lookup)) {
        return Err(SealError::Integrity);
    }
    Ok(Rekeyed {
        sealed: seal::seal(keyring, place, opened.as_slice(), random)?,
        lookup: keyring.active().lookup_value(&secret),
    })
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at what they made")]
mod tests {
    use super::*;
    use crate::env::SeededRandom;

    const HERE: Place<'_> = Place {
        instance: "one",
        table: "token_secret",
        row: "TKN-1234-1234",
    };

    /// Two keys, of which this one is active.
    fn keyring(active: &str) -> Keyring {
        let state = |kid: &str| {
            if kid == active {
                "active"
            } else {
                "decrypt_only"
            }
        };
        Keyring::from_json(&format!(
            r#"[{{"kid":"a","key":"{}=","state":"{}"}},{{"kid":"b","key":"{}E=","state":"{}"}}]"#,
            "A".repeat(43),
            state("a"),
            "A".repeat(42),
            state("b"),
        ))
        .unwrap()
    }

    fn sealed(secret: &TokenSecret) -> Sealed {
        let value = secret.expose().as_bytes();
        seal::seal(&keyring("a"), HERE, value, &SeededRandom::new(1)).unwrap()
    }

    #[test]
    fn a_secret_is_the_same_under_the_other_key_and_needs_the_old_one_no_more() {
        let (old, new) = (keyring("a"), keyring("b"));
        let secret = TokenSecret::generate("old", &SeededRandom::new(2)).unwrap();
        let sealed = sealed(&secret);
        let stored = Stored {
            sealed: &sealed,
            lookup: &old.active().lookup_value(&secret),
            pepper_kid: "a",
        };
        let moved = rekey(&new, HERE, &stored, &SeededRandom::new(3)).unwrap();
        assert_eq!(moved.sealed.kek_kid, "b");
        assert_ne!(moved.sealed.ct, sealed.ct);
        assert_eq!(moved.lookup, new.get("b").unwrap().lookup_value(&secret));
        let alone = format!(
            r#"[{{"kid":"b","key":"{}E=","state":"active"}}]"#,
            "A".repeat(42)
        );
        let alone = Keyring::from_json(&alone).unwrap();
        let opened = seal::open(&alone, HERE, &moved.sealed).unwrap();
        assert_eq!(opened.as_slice(), secret.expose().as_bytes());
    }

    #[test]
    fn what_does_not_belong_together_is_not_moved() {
        let (old, new) = (keyring("a"), keyring("b"));
        let secret = TokenSecret::generate("lk", &SeededRandom::new(2)).unwrap();
        let other = TokenSecret::generate("lk", &SeededRandom::new(4)).unwrap();
        let sealed = sealed(&secret);
        let lookup = |secret| old.active().lookup_value(secret);
        let attempt = |lookup: [u8; 32], pepper_kid, place| {
            let stored = Stored {
                sealed: &sealed,
                lookup: &lookup,
                pepper_kid,
            };
            rekey(&new, place, &stored, &SeededRandom::new(3)).err()
        };
        let elsewhere = Place {
            row: "TKN-1234-1235",
            ..HERE
        };
        assert_eq!(attempt(lookup(&secret), "a", HERE), None);
        for (lookup, kid, place) in [
            (lookup(&other), "a", HERE),
            (lookup(&secret), "b", HERE),
            (lookup(&secret), "a", elsewhere),
        ] {
            assert_eq!(attempt(lookup, kid, place), Some(SealError::Integrity));
        }
        assert_eq!(
            attempt(lookup(&secret), "c", HERE),
            Some(SealError::UnknownKey)
        );
    }
}
