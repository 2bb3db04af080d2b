//! The secret of an API token: how it is made, recognised and hinted at (T-1 to T-7, T-14, T-15).
//!
//! Owns the format `PREFIX_` + 30 random base62 characters + 6 characters of checksum. It must not know how the
//! secret is looked up or stored; see `keyring` and `seal`.

use crate::env::{RandomError, RandomSource, array};
use zeroize::Zeroizing;

/// The 62 characters of a secret, in the order of their value.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random characters: 178 bits (T-1).
const RANDOM_CHARS: usize = 30;
/// Characters of the checksum: 62⁶ is the first power above 2³².
const CHECKSUM_CHARS: usize = 6;
/// How many random characters a hint shows; never the last ones, which are a checksum of the others (T-15).
const HINT_CHARS: usize = 4;

/// The text is no secret of this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed token secret")]
pub struct MalformedToken;

/// The value a program presents. It is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct TokenSecret {
    text: Zeroizing<String>,
}

impl TokenSecret {
    /// A new secret under `prefix` (without the underscore).
    ///
    /// # Errors
    /// [`RandomError`], from the source (T-6).
    pub fn generate(prefix: &str, random: &dyn RandomSource) -> Result<Self, RandomError> {
        let body = random_chars(random)?;
        let mut text = Zeroizing::new(String::with_capacity(length(prefix)));
        text.push_str(prefix);
        text.push('_');
        for byte in body.iter().chain(&checksum(&*body)) {
            text.push(char::from(*byte));
        }
        Ok(Self { text })
    }

    /// The secret that `text` is, if it is one. Cheap tests come first, the store never sees the rest (T-7).
    ///
    /// # Errors
    /// [`MalformedToken`] for a wrong length, prefix, character or checksum, without saying which (T-13).
    pub fn parse(prefix: &str, text: &str) -> Result<Self, MalformedToken> {
        if text.len() != length(prefix) {
            return Err(MalformedToken);
        }
        let body = text
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or(MalformedToken)?
            .as_bytes();
        if !body.iter().all(u8::is_ascii_alphanumeric) {
            return Err(MalformedToken);
        }
        let (random, sum) = body.split_at(RANDOM_CHARS);
        if checksum(random) != sum {
            return Err(MalformedToken);
        }
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
        })
    }

    /// What lists show instead of the secret: the prefix and the first four random characters (T-15).
    #[must_use]
    pub fn hint(&self) -> String {
        let shown = self.text.len() - RANDOM_CHARS - CHECKSUM_CHARS + HINT_CHARS;
        self.text[..shown].to_owned()
    }

    /// The value itself. Whoever calls this either answers the one person who may see it, or seals it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

/// Whether `prefix` may stand before the secrets of an installation (T-3).
#[must_use]
pub fn is_prefix(prefix: &str) -> bool {
    (2..=10).contains(&prefix.len())
        && prefix.starts_with(|first: char| first.is_ascii_lowercase())
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// The length in bytes of a secret under `prefix`.
const fn length(prefix: &str) -> usize {
    prefix.len() + 1 + RANDOM_CHARS + CHECKSUM_CHARS
}

fn random_chars(random: &dyn RandomSource) -> Result<Zeroizing<[u8; RANDOM_CHARS]>, RandomError> {
    let mut chars = Zeroizing::new([0; RANDOM_CHARS]);
    let mut filled = 0;
    while filled < RANDOM_CHARS {
        for byte in Zeroizing::new(array::<64>(random)?).iter() {
            // 248 is the last multiple of 62 in a byte; more would make the first characters likelier.
            if *byte < 248 && filled < RANDOM_CHARS {
                chars[filled] = ALPHABET[usize::from(*byte % 62)];
                filled += 1;
            }
        }
    }
    Ok(chars)
}

/// CRC-32 of the random part as six base62 characters, padded with `0` on the left (T-1).
fn checksum(random: &[u8]) -> [u8; CHECKSUM_CHARS] {
    let mut rest = crc32fast::hash(random);
    let mut chars = [ALPHABET[0]; CHECKSUM_CHARS];
    for char in chars.iter_mut().rev() {
        *char = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    chars
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at what they made")]
mod tests {
    use super::*;
    use crate::env::{OsRandom, SeededRandom};
    use proptest::prelude::*;

    #[test]
    fn the_checksum_agrees_with_the_published_sample() {
        assert_eq!(
            crc32fast::hash(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"),
            714_468_973
        );
        assert_eq!(&checksum(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), b"0mLq17");
        assert!(TokenSecret::parse("lk", "lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17").is_ok());
    }

    #[test]
    fn a_secret_has_prefix_random_part_and_checksum() {
        let secret = TokenSecret::generate("lk", &OsRandom).unwrap();
        assert_eq!(secret.expose().len(), 39);
        assert!(secret.expose().starts_with("lk_"));
        assert_eq!(secret.hint(), &secret.expose()[..7]);
    }

    #[test]
    fn a_secret_of_another_kind_length_or_alphabet_is_refused() {
        let good = TokenSecret::generate("lk", &SeededRandom::new(1)).unwrap();
        let good = good.expose();
        let other_prefix = good.replace("lk_", "lx_");
        let (short, long, blank) = (
            &good[..38],
            format!("{good}0"),
            good.replace(&good[10..11], "-"),
        );
        for bad in [
            "",
            "lk_",
            "lk",
            short,
            &long,
            &blank,
            &other_prefix,
            &format!(" {}", &good[..38]),
            &"é".repeat(19),
        ] {
            assert!(TokenSecret::parse("lk", bad).is_err(), "{bad}");
        }
        assert!(TokenSecret::parse("lks", good).is_err());
        assert!(TokenSecret::parse("l", good).is_err());
    }

    #[test]
    fn every_character_of_the_alphabet_appears() {
        let mut seen = [false; 256];
        let source = SeededRandom::new(3);
        for _ in 0..100 {
            random_chars(&source)
                .unwrap()
                .iter()
                .for_each(|byte| seen[usize::from(*byte)] = true);
        }
        assert!(ALPHABET.iter().all(|byte| seen[usize::from(*byte)]));
        assert_eq!(seen.iter().filter(|seen| **seen).count(), 62);
    }

    #[test]
    fn without_randomness_there_is_no_secret() {
        struct Dry;
        impl RandomSource for Dry {
            fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
                Err(RandomError)
            }
        }
        assert!(TokenSecret::generate("lk", &Dry).is_err());
    }

    #[test]
    fn prefixes_follow_their_rule() {
        for good in ["lk", "ab", "a1", "abcdefghij"] {
            assert!(is_prefix(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "Lk",
            "1a",
            "a_",
            "a-b",
            "abcdefghijk",
            "lk\n",
            "ü1",
        ] {
            assert!(!is_prefix(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_made_is_recognised_and_one_wrong_character_is_not(seed: u64, place in 3_usize..39, shift in 1_usize..62) {
            let secret = TokenSecret::generate("lk", &SeededRandom::new(seed)).unwrap();
            prop_assert!(TokenSecret::parse("lk", secret.expose()).is_ok());
            let mut bytes = secret.expose().as_bytes().to_vec();
            let value = ALPHABET.iter().position(|byte| *byte == bytes[place]).unwrap();
            bytes[place] = ALPHABET[(value + shift) % 62];
            prop_assert!(TokenSecret::parse("lk", std::str::from_utf8(&bytes).unwrap()).is_err());
        }

        #[test]
        fn any_text_is_parsed_without_harm(text in any::<String>()) {
            prop_assert!(TokenSecret::parse("lk", &text).is_err());
        }
    }
}
