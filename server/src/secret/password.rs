//! Password hashes: argon2id with the parameters of A-1, in PHC form.
//!
//! Owns hashing, verifying and the limit on how many run at once. It must not know whose password it is or how
//! often it was wrong. What a good password is says `strength`.

use crate::env::{RandomError, RandomSource, array};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Memory in KiB, passes over it, lanes.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at once: each takes 19 MiB, so at most 76 MiB.
const AT_ONCE: usize = 4;
/// How long one waits for a place among them. A queue without an end would let strangers keep every core at work.
const PATIENCE: Duration = Duration::from_secs(5);

/// A hash of no password, with today's parameters: an unknown user costs as much time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpZ25zIGluIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// No salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// argon2 refused its input, or the stored text is no PHC string.
    #[error("a password could not be hashed: {0}")]
    Hash(argon2::password_hash::Error),
    /// Too many others wait.
    #[error("too many passwords are being checked at once")]
    Busy,
    /// The thread that hashed was stopped, as happens at shutdown.
    #[error("hashing a password was interrupted")]
    Interrupted,
}

/// What a check of a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The password is the right one.
    pub matches: bool,
    /// It is, but its hash was made with weaker parameters than today's and should be made anew.
    pub needs_rehash: bool,
}

/// Hashes and checks passwords, away from the threads that serve requests and at most four at once.
#[derive(Clone)]
pub struct PasswordHasher {
    permits: Arc<Semaphore>,
    patience: Duration,
}

impl Default for PasswordHasher {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            patience: PATIENCE,
        }
    }
}

impl PasswordHasher {
    /// The PHC string to store for `password`.
    ///
    /// # Errors
    /// No randomness for the salt, or the work was interrupted.
    pub async fn hash(
        &self,
        password: SecretString,
        random: &dyn RandomSource,
    ) -> Result<String, PasswordError> {
        let salt = array::<16>(random)?;
        self.run(move || hash(&password, &salt)).await
    }

    /// Checks `password` against a stored PHC string, or against nobody's: `None` takes as long and never matches.
    ///
    /// # Errors
    /// The stored text is no PHC string, or the work was interrupted.
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        self.run(move || {
            let known = stored.is_some();
            let verdict = verify(&password, stored.as_deref().unwrap_or(NOBODY))?;
            Ok(Verdict {
                matches: verdict.matches && known,
                needs_rehash: verdict.needs_rehash && known,
            })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let waiting = Arc::clone(&self.permits).acquire_owned();
        let permit = tokio::time::timeout(self.patience, waiting)
            .await
            .map_err(|_| PasswordError::Busy)?
            .map_err(|_| PasswordError::Interrupted)?;
        let work = move || {
            // The thread keeps the permit, so that a caller who goes away does not make room for a fifth.
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| PasswordError::Interrupted)?
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|_| PasswordError::Hash(argon2::password_hash::Error::ParamsInvalid))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The password in the one form in which it is hashed: keyboards differ in how they write an é (RFC 8265).
#[expect(
    clippy::disallowed_methods,
    reason = "hashing a password reads it; nothing is kept of it"
)]
fn composed(password: &SecretString) -> Zeroizing<String> {
    let text = password.expose_secret();
    // Composing makes no text longer than three times, so nothing is left behind by growing.
    let mut composed = Zeroizing::new(String::with_capacity(text.len() * 3));
    composed.extend(text.nfc());
    composed
}

fn hash(password: &SecretString, salt: &[u8]) -> Result<String, PasswordError> {
    let hash = argon2()?.hash_password_with_salt(composed(password).as_bytes(), salt);
    hash.map(|hash| hash.to_string())
        .map_err(PasswordError::Hash)
}

fn verify(password: &SecretString, stored: &str) -> Result<Verdict, PasswordError> {
    let parsed = PasswordHash::new(stored)
        .map_err(|_| PasswordError::Hash(argon2::password_hash::Error::EncodingInvalid))?;
    match argon2()?.verify_password(composed(password).as_bytes(), &parsed) {
        Ok(()) => Ok(Verdict {
            matches: true,
            needs_rehash: is_weaker(&parsed),
        }),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict {
            matches: false,
            needs_rehash: false,
        }),
        Err(error) => Err(PasswordError::Hash(error)),
    }
}

/// Whether a hash was made with less than today's parameters.
fn is_weaker(hash: &PasswordHash) -> bool {
    let current = Params::try_from(hash).is_ok_and(|params| {
        params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES && params.p_cost() >= LANES
    });
    hash.algorithm.as_str() != "argon2id" || hash.version != Some(0x13) || !current
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededRandom;

    static RANDOM: SeededRandom = SeededRandom::new(1);

    #[tokio::test]
    async fn the_right_password_matches_and_any_other_does_not() {
        let hasher = PasswordHasher::default();
        let stored = hasher.hash("correct horse".into(), &RANDOM).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        let right = hasher
            .verify("correct horse".into(), Some(stored.clone()))
            .await
            .unwrap();
        assert_eq!(
            right,
            Verdict {
                matches: true,
                needs_rehash: false
            }
        );
        for wrong in ["Correct horse", "correct horse ", ""] {
            assert!(
                !hasher
                    .verify(wrong.into(), Some(stored.clone()))
                    .await
                    .unwrap()
                    .matches,
                "{wrong}"
            );
        }
    }

    #[tokio::test]
    async fn nobody_never_matches_and_costs_a_whole_hash() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        assert!(
            !is_weaker(&parsed),
            "the dummy must cost what a real hash costs"
        );
        assert!(parsed.salt.is_some() && parsed.hash.is_some());
        let verdict = PasswordHasher::default()
            .verify("correct horse".into(), None)
            .await
            .unwrap();
        assert_eq!(
            verdict,
            Verdict {
                matches: false,
                needs_rehash: false
            }
        );
    }

    #[tokio::test]
    async fn a_weaker_hash_still_matches_and_asks_for_a_new_one() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8_192, 1, 1, None).unwrap(),
        );
        let stored = weak
            .hash_password_with_salt(b"correct horse", b"0123456789abcdef")
            .unwrap()
            .to_string();
        let verdict = PasswordHasher::default()
            .verify("correct horse".into(), Some(stored))
            .await
            .unwrap();
        assert_eq!(
            verdict,
            Verdict {
                matches: true,
                needs_rehash: true
            }
        );
    }

    #[tokio::test]
    async fn a_password_typed_on_another_keyboard_is_the_same_password() {
        let hasher = PasswordHasher::default();
        let stored = hasher
            .hash("caf\u{e9} corner 7".into(), &RANDOM)
            .await
            .unwrap();
        let verdict = hasher
            .verify("cafe\u{301} corner 7".into(), Some(stored))
            .await;
        assert!(verdict.unwrap().matches);
    }

    #[tokio::test]
    async fn a_flood_of_sign_ins_is_told_to_come_again_and_not_queued_for_ever() {
        let hasher = PasswordHasher {
            patience: Duration::from_millis(1),
            ..PasswordHasher::default()
        };
        let places = hasher.permits.acquire_many(4).await.unwrap();
        let refused = hasher.verify("x".into(), None).await;
        assert!(matches!(refused, Err(PasswordError::Busy)));
        drop(places);
        assert!(!hasher.verify("x".into(), None).await.unwrap().matches);
    }

    #[tokio::test]
    async fn a_stored_text_that_is_no_hash_is_an_error_and_not_a_match() {
        let verdict = PasswordHasher::default()
            .verify("x".into(), Some("plain".into()))
            .await;
        assert!(matches!(verdict, Err(PasswordError::Hash(_))));
    }
}
