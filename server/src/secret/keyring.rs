//! The keyring: the file with the keys that make stored secrets useless to whoever has only the database (T-22).
//!
//! Owns the keyring's form and the sub-keys derived from each key; `file` owns its file. It must not know the database;
//! whether a keyring may be created is the caller's decision. No key is ever printed (T-14).

mod file;

pub use file::{KeyringFile, KeyringWriter, Mark};

use super::{hmac_sha256, token::TokenSecret};
use crate::env::{Clock, RandomError, RandomSource, array};
use base64::{Engine, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, Zeroizing};

/// Marks what a look-up value is of, so that it equals no other MAC under the same key.
const LOOKUP_CONTEXT: &[u8] = b"tok/v1\0";

/// The keyring cannot be read, made or trusted.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// There is no such file.
    #[error("the keyring {0} does not exist")]
    Missing(PathBuf),
    /// The file is there but cannot be read or written.
    #[error("the keyring {path} cannot be used: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The text is not a keyring. The reason names no key.
    #[error(
        "the keyring is not well-formed: {0}. Put it back from its backup; nothing was changed"
    )]
    Malformed(&'static str),
    /// It became another one each time it was read.
    #[error("the keyring is being changed all the time; try again in a moment")]
    Restless,
    /// No random key.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// What a key may still do.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Seals and opens.
    Active,
    /// Opens only, until nothing is sealed with it any more.
    DecryptOnly,
}

/// A key as the file has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kid: String,
    key: Zeroizing<String>,
    state: State,
}

/// One key, as the sub-keys for its purposes.
pub struct Key {
    kid: String,
    kek: Zeroizing<[u8; 32]>,
    pepper: Zeroizing<[u8; 32]>,
    audit_mac: Zeroizing<[u8; 32]>,
    checkpoint_mac: Zeroizing<[u8; 32]>,
}

impl Key {
    /// The key's name in the database.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What a token is found by: `HMAC(pepper, "tok/v1\0" ‖ SHA-256(secret))`. A dump shows
    /// none that can be matched, and who can only write to the database can plant none.
    #[expect(
        clippy::disallowed_methods,
        reason = "a hash of the secret is taken; nothing is kept of it"
    )]
    #[must_use]
    pub fn lookup_value(&self, secret: &TokenSecret) -> [u8; 32] {
        hmac_sha256(
            &self.pepper,
            &[LOOKUP_CONTEXT, &Sha256::digest(secret.expose())],
        )
    }

    /// What chains audit records under this key.
    #[must_use]
    pub fn audit_mac(&self) -> AuditMac {
        AuditMac {
            kid: self.kid.clone(),
            key: self.audit_mac.clone(),
        }
    }

    /// What signs a checkpoint of the audit trail. No other MAC is made with this sub-key (L-3).
    #[must_use]
    pub fn sign_checkpoint(&self, text: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.checkpoint_mac, &[text])
    }

    /// Whether both are the same key, whatever they are called.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let seals = self.kek.as_slice().ct_eq(other.kek.as_slice());
        bool::from(seals & self.pepper.as_slice().ct_eq(other.pepper.as_slice()))
    }

    /// The key that seals other keys.
    pub(super) fn kek(&self) -> &[u8; 32] {
        &self.kek
    }

    fn derive(kid: String, key: &[u8; 32]) -> Result<Self, KeyringError> {
        let expand = |label: &str| {
            let mut sub_key = Zeroizing::new([0; 32]);
            let done = Hkdf::<Sha256>::new(None, key).expand(label.as_bytes(), &mut *sub_key);
            done.map(|()| sub_key)
                .map_err(|_| KeyringError::Malformed("a key cannot be expanded"))
        };
        Ok(Self {
            kid,
            kek: expand("kek")?,
            pepper: expand("pepper")?,
            audit_mac: expand("audit-mac")?,
            checkpoint_mac: expand("checkpoint-mac")?,
        })
    }
}

/// Chains audit records, so that none can be changed or left out unnoticed (L-2).
#[derive(Clone)]
pub struct AuditMac {
    kid: String,
    key: Zeroizing<[u8; 32]>,
}

impl AuditMac {
    /// The name of the key, stored with each record.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The hash of a record: `HMAC(audit-mac, 0x00 ‖ prev ‖ canonical)`. `prev` is the hash of the record before
    /// it, zeros for the first.
    #[must_use]
    pub fn chain(&self, prev: &[u8; 32], canonical: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.key, &[&[0], prev, canonical])
    }
}

/// All keys, in the order in which they were made, one of them active.
pub struct Keyring {
    keys: Vec<Key>,
    active: usize,
    /// Says to whoever changes the file that this process still uses it as it was.
    _in_use: Option<File>,
}

impl Keyring {
    /// Reads the keyring. A file that others can read is used, but warned about.
    ///
    /// # Errors
    /// [`KeyringError::Missing`], [`KeyringError::Io`], [`KeyringError::Malformed`].
    pub fn load(path: &Path) -> Result<Self, KeyringError> {
        Self::from_json(&file::read(path)?)
    }

    /// Makes a keyring of one fresh key and writes it, readable by its owner only. An existing file is never
    /// touched, and a crash leaves either no keyring or a whole one.
    ///
    /// # Errors
    /// [`KeyringError::Random`]; [`KeyringError::Io`], also when the file is there already.
    pub fn create(
        path: &Path,
        random: &dyn RandomSource,
        clock: &dyn Clock,
    ) -> Result<Self, KeyringError> {
        let text = as_json(&[fresh(random, clock, State::Active)?])?;
        file::write_new(path, &text)?;
        Self::from_json(&text)
    }

    /// Reads a keyring from its JSON text.
    ///
    /// # Errors
    /// [`KeyringError::Malformed`], unless there is exactly one active key and every key has a name of its own
    /// and 32 bytes.
    pub fn from_json(text: &str) -> Result<Self, KeyringError> {
        let malformed = KeyringError::Malformed;
        let entries = entries(text)?;
        let active: Vec<_> = (0..entries.len())
            .filter(|place| entries[*place].state == State::Active)
            .collect();
        let active = match active[..] {
            [active] => active,
            [] => return Err(malformed("no key is active")),
            _ => return Err(malformed("more than one key is active")),
        };
        let mut keys: Vec<Key> = Vec::with_capacity(entries.len());
        for entry in entries {
            if !is_kid(&entry.kid) || keys.iter().any(|key| key.kid == entry.kid) {
                return Err(malformed(
                    "a kid is empty, too long, used twice, or has an unusual character",
                ));
            }
            let mut bytes = STANDARD
                .decode(entry.key.as_bytes())
                .map_err(|_| malformed("a key is not base64"))?;
            let key = <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new);
            bytes.zeroize();
            keys.push(Key::derive(
                entry.kid,
                &*key.map_err(|_| malformed("a key is not 32 bytes long"))?,
            )?);
        }
        Ok(Self {
            keys,
            active,
            _in_use: None,
        })
    }

    /// The key that seals what is new.
    #[must_use]
    pub fn active(&self) -> &Key {
        &self.keys[self.active]
    }

    /// The key of this name.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// What a secret may be found by, under each key (T-12), the active one first.
    pub fn lookup_values(&self, secret: &TokenSecret) -> impl Iterator<Item = [u8; 32]> {
        let others = self.keys.iter().rev().filter(|key| !self.is_active(key));
        std::iter::once(self.active())
            .chain(others)
            .map(|key| key.lookup_value(secret))
    }

    /// The key that was made last, when it is not active yet: a rotation was begun.
    #[must_use]
    pub fn next(&self) -> Option<&Key> {
        self.keys.last().filter(|key| !self.is_active(key))
    }

    fn is_active(&self, key: &Key) -> bool {
        key.kid == self.active().kid
    }

    /// The names of all keys.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(Key::kid)
    }

    /// What chains new audit records.
    #[must_use]
    pub fn audit_mac(&self) -> AuditMac {
        self.active().audit_mac()
    }
}

fn is_kid(kid: &str) -> bool {
    (1..=32).contains(&kid.len())
        && kid
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The keys as the file has them.
fn entries(text: &str) -> Result<Vec<Entry>, KeyringError> {
    let found = serde_json::from_str(text);
    found.map_err(|_| KeyringError::Malformed("expected a JSON list of {kid, key, state}"))
}

fn as_json(entries: &[Entry]) -> Result<Zeroizing<String>, KeyringError> {
    let text = serde_json::to_string_pretty(entries).map(Zeroizing::new);
    text.map_err(|_| KeyringError::Malformed("it cannot be written as JSON"))
}

/// A key that nobody knows, named after the day.
fn fresh(
    random: &dyn RandomSource,
    clock: &dyn Clock,
    state: State,
) -> Result<Entry, KeyringError> {
    let key = Zeroizing::new(array::<32>(random)?);
    let [high, low] = array::<2>(random)?;
    let day: String = clock.now().to_string().chars().take(10).collect();
    let day = day.replace('-', "");
    Ok(Entry {
        kid: format!("k{day}-{high:02x}{low:02x}"),
        key: Zeroizing::new(STANDARD.encode(key.as_slice())),
        state,
    })
}

#[cfg(test)]
mod tests;
