//! Envelope encryption of a token's secret, so that it can be shown again (T-20, T-21).
//!
//! Owns the two layers of AES-256-GCM: the value under a key of its own, that key under the keyring's. Both are
//! bound to the row they belong to. It must not know the table or who may see the value.

use super::keyring::Keyring;
use crate::env::{RandomError, RandomSource, array};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

/// The only algorithm so far; stored with each row so that another can follow.
pub const ALG: &str = "A256GCM";

/// The first part of what binds a sealed value to its row.
const CONTEXT: &str = "tokadm/v1";

/// A sealed value, column by column. Nothing in it is secret without the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// [`ALG`].
    pub alg: String,
    /// The key of the keyring that seals the value's own key.
    pub kek_kid: String,
    /// 12 bytes.
    pub dek_nonce: Vec<u8>,
    /// The value's own key, sealed: 48 bytes.
    pub dek_ct: Vec<u8>,
    /// 12 bytes.
    pub nonce: Vec<u8>,
    /// The value, sealed: 16 bytes longer than the value.
    pub ct: Vec<u8>,
}

/// The row a sealed value belongs to. A value opens in no other (T-21).
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The installation.
    pub instance: &'a str,
    /// The table.
    pub table: &'a str,
    /// The id of the token.
    pub row: &'a str,
}

/// A value could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No random key or nonce.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The row names a key that the keyring does not have.
    #[error("a sealed value names a key that is not in the keyring")]
    UnknownKey,
    /// The row was tampered with, belongs elsewhere, or was sealed by an unknown algorithm.
    #[error("a sealed value does not belong to its row")]
    Integrity,
}

/// Seals `value` for its place, under the keyring's active key.
///
/// # Errors
/// [`SealError::Random`]; [`SealError::Integrity`] for a value of more than 64 GiB.
pub fn seal(
    keyring: &Keyring,
    place: Place<'_>,
    value: &[u8],
    random: &dyn RandomSource,
) -> Result<Sealed, SealError> {
    let key = keyring.active();
    let aad = binding(place, key.kid(), ALG);
    let dek = Zeroizing::new(array::<32>(random)?);
    let (nonce, dek_nonce) = (array::<12>(random)?, array::<12>(random)?);
    Ok(Sealed {
        alg: ALG.to_owned(),
        kek_kid: key.kid().to_owned(),
        dek_ct: encrypt(key.kek(), dek_nonce, &*dek, &aad)?,
        dek_nonce: dek_nonce.to_vec(),
        ct: encrypt(&dek, nonce, value, &aad)?,
        nonce: nonce.to_vec(),
    })
}

/// Opens a sealed value in its place.
///
/// # Errors
/// [`SealError::UnknownKey`]; [`SealError::Integrity`] when anything about the row is not as it was sealed.
pub fn open(
    keyring: &Keyring,
    place: Place<'_>,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    if sealed.alg != ALG {
        return Err(SealError::Integrity);
    }
    let key = keyring.get(&sealed.kek_kid).ok_or(SealError::UnknownKey)?;
    let aad = binding(place, &sealed.kek_kid, &sealed.alg);
    let dek = decrypt(key.kek(), &sealed.dek_nonce, &sealed.dek_ct, &aad)?;
    let dek =
        Zeroizing::new(<[u8; 32]>::try_from(dek.as_slice()).map_err(|_| SealError::Integrity)?);
    decrypt(&dek, &sealed.nonce, &sealed.ct, &aad)
}

/// The additional data of both layers: each part after its length, so that no two rows give the same bytes.
fn binding(place: Place<'_>, kid: &str, alg: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    for part in [CONTEXT, place.instance, place.table, place.row, kid, alg] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

fn encrypt(key: &[u8; 32], nonce: [u8; 12], msg: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
    let cipher = Aes256Gcm::new(key.into());
    cipher
        .encrypt(&nonce.into(), Payload { msg, aad })
        .map_err(|_| SealError::Integrity)
}

fn decrypt(
    key: &[u8; 32],
    nonce: &[u8],
    msg: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let nonce = <[u8; 12]>::try_from(nonce).map_err(|_| SealError::Integrity)?;
    let cipher = Aes256Gcm::new(key.into());
    cipher
        .decrypt(&nonce.into(), Payload { msg, aad })
        .map(Zeroizing::new)
        .map_err(|_| SealError::Integrity)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at what they made")]
mod tests {
    use super::*;
    use crate::env::SeededRandom;

    const VALUE: &[u8] = b"lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
    const HERE: Place<'_> = Place {
        instance: "one",
        table: "token_secret",
        row: "TKN-1234-1234",
    };

    fn keyring() -> Keyring {
        Keyring::from_json(&format!(
            r#"[{{"kid":"a","key":"{}=","state":"active"}},{{"kid":"b","key":"{}E=","state":"decrypt_only"}}]"#,
            "A".repeat(43),
            "A".repeat(42)
        ))
        .unwrap()
    }

    fn sealed(seed: u64) -> Sealed {
        seal(&keyring(), HERE, VALUE, &SeededRandom::new(seed)).unwrap()
    }

    #[test]
    fn a_value_opens_where_it_was_sealed() {
        let sealed = sealed(1);
        assert_eq!(open(&keyring(), HERE, &sealed).unwrap().as_slice(), VALUE);
        assert_eq!(
            (
                sealed.dek_ct.len(),
                sealed.ct.len(),
                sealed.kek_kid.as_str()
            ),
            (48, VALUE.len() + 16, "a")
        );
        assert!(!sealed.ct.windows(4).any(|window| window == &VALUE[..4]));
    }

    #[test]
    fn a_value_opens_in_no_other_place() {
        let sealed = sealed(1);
        for elsewhere in [
            Place {
                instance: "two",
                ..HERE
            },
            Place {
                table: "other",
                ..HERE
            },
            Place {
                row: "TKN-1234-1235",
                ..HERE
            },
            Place {
                instance: "onetoken_secret",
                table: "",
                ..HERE
            },
        ] {
            assert_eq!(
                open(&keyring(), elsewhere, &sealed).unwrap_err(),
                SealError::Integrity
            );
        }
    }

    #[test]
    fn parts_of_two_rows_cannot_be_swapped() {
        let (one, other) = (sealed(1), sealed(2));
        let swapped_value = Sealed {
            ct: other.ct.clone(),
            nonce: other.nonce.clone(),
            ..one.clone()
        };
        let swapped_key = Sealed {
            dek_ct: other.dek_ct,
            dek_nonce: other.dek_nonce,
            ..one
        };
        for swapped in [swapped_value, swapped_key] {
            assert_eq!(
                open(&keyring(), HERE, &swapped).unwrap_err(),
                SealError::Integrity
            );
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        type Part = fn(&mut Sealed) -> &mut Vec<u8>;
        let parts: [Part; 4] = [
            |s| &mut s.dek_nonce,
            |s| &mut s.dek_ct,
            |s| &mut s.nonce,
            |s| &mut s.ct,
        ];
        for part in parts {
            for bit in 0..part(&mut sealed(1)).len() * 8 {
                let mut flipped = sealed(1);
                part(&mut flipped)[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(
                    open(&keyring(), HERE, &flipped).unwrap_err(),
                    SealError::Integrity
                );
            }
            let mut cut = sealed(1);
            part(&mut cut).pop();
            assert_eq!(
                open(&keyring(), HERE, &cut).unwrap_err(),
                SealError::Integrity
            );
        }
    }

    #[test]
    fn another_key_or_algorithm_opens_nothing() {
        let unknown = Sealed {
            kek_kid: "z".into(),
            ..sealed(1)
        };
        assert_eq!(
            open(&keyring(), HERE, &unknown).unwrap_err(),
            SealError::UnknownKey
        );
        let other = Sealed {
            kek_kid: "b".into(),
            ..sealed(1)
        };
        assert_eq!(
            open(&keyring(), HERE, &other).unwrap_err(),
            SealError::Integrity
        );
        let alg = Sealed {
            alg: "none".into(),
            ..sealed(1)
        };
        assert_eq!(
            open(&keyring(), HERE, &alg).unwrap_err(),
            SealError::Integrity
        );
    }

    #[test]
    fn the_same_value_is_never_sealed_the_same_way_twice() {
        let random = SeededRandom::new(1);
        let once = seal(&keyring(), HERE, VALUE, &random).unwrap();
        let twice = seal(&keyring(), HERE, VALUE, &random).unwrap();
        assert_ne!((once.ct, once.dek_ct), (twice.ct, twice.dek_ct));
    }
}
