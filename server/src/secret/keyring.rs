//! The keyring: the file with the keys that make stored secrets useless to whoever has only the database (T-22).
//!
//! Owns the file's form, its creation, and the sub-keys derived from each key. It must not know the database;
//! whether a keyring may be created is the caller's decision. No key is ever printed (T-14).

use super::{hmac_sha256, token::TokenSecret};
use crate::env::{Clock, RandomError, RandomSource, array};
use base64::{Engine, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};
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
    #[error("the keyring is not well-formed: {0}")]
    Malformed(&'static str),
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
}

impl Key {
    /// The key's name in the database.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What a token is found by: `HMAC(pepper, "tok/v1\0" ‖ SHA-256(secret))` (`product.md` 2.8). A dump shows
    /// none that can be matched, and who can only write to the database can plant none.
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

/// All keys, one of them active.
pub struct Keyring {
    keys: Vec<Key>,
    active: usize,
}

impl Keyring {
    /// Reads the keyring. A file that others can read is used, but warned about.
    ///
    /// # Errors
    /// [`KeyringError::Missing`], [`KeyringError::Io`], [`KeyringError::Malformed`].
    pub fn load(path: &Path) -> Result<Self, KeyringError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyringError::Missing(path.into()));
            }
            Err(source) => {
                return Err(KeyringError::Io {
                    path: path.into(),
                    source,
                });
            }
        };
        if readable_by_others(path) {
            tracing::warn!(path = %path.display(), "Other users of this machine can read the keyring. Run: chmod 600");
        }
        Self::from_json(&text)
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
        let key = Zeroizing::new(array::<32>(random)?);
        let [high, low] = array::<2>(random)?;
        let day = clock
            .now()
            .to_string()
            .get(..10)
            .unwrap_or_default()
            .replace('-', "");
        let entry = Entry {
            kid: format!("k{day}-{high:02x}{low:02x}"),
            key: Zeroizing::new(STANDARD.encode(&*key)),
            state: State::Active,
        };
        let text = serde_json::to_string_pretty(&[entry]).map(Zeroizing::new);
        let text = text.map_err(|_| KeyringError::Malformed("it cannot be written as JSON"))?;
        write_new(path, text.as_bytes()).map_err(|source| KeyringError::Io {
            path: path.into(),
            source,
        })?;
        Self::from_json(&text)
    }

    /// Reads a keyring from its JSON text.
    ///
    /// # Errors
    /// [`KeyringError::Malformed`], unless there is exactly one active key and every key has a name of its own
    /// and 32 bytes.
    pub fn from_json(text: &str) -> Result<Self, KeyringError> {
        let malformed = KeyringError::Malformed;
        let entries: Vec<Entry> = serde_json::from_str(text)
            .map_err(|_| malformed("expected a JSON list of {kid, key, state}"))?;
        let active = entries
            .iter()
            .position(|entry| entry.state == State::Active);
        let active = active.ok_or(malformed("no key is active"))?;
        if entries
            .iter()
            .filter(|entry| entry.state == State::Active)
            .count()
            > 1
        {
            return Err(malformed("more than one key is active"));
        }
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
        Ok(Self { keys, active })
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

    /// The names of all keys.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(Key::kid)
    }

    /// What a token is found by under the active key; see [`Key::lookup_value`].
    #[must_use]
    pub fn lookup_value(&self, secret: &TokenSecret) -> [u8; 32] {
        self.active().lookup_value(secret)
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

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> bool {
    false
}

/// Writes a file that must not exist yet, all of it or nothing, readable by its owner only.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        // A link, unlike a rename, fails when the name is taken.
        fs::hard_link(&draft, path)
    });
    let removed = fs::remove_file(&draft);
    written?;
    removed?;
    path.parent()
        .map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{MockClock, SeededRandom};
    use app::domain::time::Timestamp;

    const CLOCK: MockClock = MockClock::new(Timestamp(1_776_256_440_000_000));

    fn entry(kid: &str, key: &str, state: &str) -> String {
        format!(r#"{{"kid":"{kid}","key":"{key}","state":"{state}"}}"#)
    }

    fn zeros() -> String {
        STANDARD.encode([0; 32])
    }

    #[test]
    fn a_created_keyring_loads_again_with_the_same_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        let made = Keyring::create(&path, &SeededRandom::new(1), &CLOCK).unwrap();
        let read = Keyring::load(&path).unwrap();
        let secret = TokenSecret::generate("lk", &SeededRandom::new(2)).unwrap();
        assert_eq!(made.lookup_value(&secret), read.lookup_value(&secret));
        assert!(
            made.active().kid().starts_with("k20260415-"),
            "{}",
            made.active().kid()
        );
        assert_eq!(read.kids().collect::<Vec<_>>(), [made.active().kid()]);
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "the draft is gone"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_a_created_keyring() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        Keyring::create(&path, &SeededRandom::new(1), &CLOCK).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(!readable_by_others(&path));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(readable_by_others(&path));
    }

    #[test]
    fn an_existing_keyring_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        fs::write(&path, "kept").unwrap();
        assert!(matches!(
            Keyring::create(&path, &SeededRandom::new(1), &CLOCK),
            Err(KeyringError::Io { .. })
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_keyring_says_so() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            Keyring::load(&folder.path().join("none")),
            Err(KeyringError::Missing(_))
        ));
    }

    #[test]
    fn a_keyring_must_be_complete_and_unambiguous() {
        let (zeros, short) = (zeros(), STANDARD.encode([0; 31]));
        let active = |kid: &str| entry(kid, &zeros, "active");
        for bad in [
            String::new(),
            "{}".into(),
            "[]".into(),
            format!("[{}]", entry("a", &zeros, "decrypt_only")),
            format!("[{},{}]", active("a"), active("b")),
            format!("[{},{}]", active("a"), entry("a", &zeros, "decrypt_only")),
            format!("[{}]", active("")),
            format!("[{}]", active("a b")),
            format!("[{}]", entry("a", &short, "active")),
            format!("[{}]", entry("a", "!!", "active")),
            format!("[{}]", entry("a", &zeros, "retired")),
            format!(r#"[{{"kid":"a","key":"{zeros}","state":"active","more":1}}]"#),
        ] {
            let error = Keyring::from_json(&bad).err();
            assert!(matches!(error, Some(KeyringError::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let key = Key::derive("a".into(), &[7; 32]).unwrap();
        assert_ne!(*key.kek, *key.pepper);
        assert_ne!(*key.kek, *key.audit_mac);
        assert_ne!(*key.pepper, *key.audit_mac);
    }

    #[test]
    fn look_up_values_differ_by_secret_and_by_key() {
        let keyring = Keyring::from_json(&format!(
            "[{},{}]",
            entry("a", &zeros(), "active"),
            entry("b", &STANDARD.encode([1; 32]), "decrypt_only")
        ))
        .unwrap();
        let one = TokenSecret::generate("lk", &SeededRandom::new(1)).unwrap();
        let other = TokenSecret::generate("lk", &SeededRandom::new(2)).unwrap();
        assert_ne!(keyring.lookup_value(&one), keyring.lookup_value(&other));
        assert_ne!(
            keyring.lookup_value(&one),
            keyring.get("b").unwrap().lookup_value(&one)
        );
        assert!(keyring.get("c").is_none());
    }

    #[test]
    fn a_chain_depends_on_every_record_before() {
        let mac = Keyring::from_json(&format!("[{}]", entry("a", &zeros(), "active")))
            .unwrap()
            .audit_mac();
        let first = mac.chain(&[0; 32], b"one");
        assert_ne!(mac.chain(&first, b"two"), mac.chain(&[0; 32], b"two"));
        assert_ne!(first, mac.chain(&[0; 32], b"One"));
        assert_eq!(mac.kid(), "a");
    }
}
