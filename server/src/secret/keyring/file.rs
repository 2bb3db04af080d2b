//! The keyring's file: how it is read, changed, and how whoever changes it knows that nobody goes by the old one.
//!
//! Each process that works with the keyring holds a shared lock on an empty file named after the keyring's generation: its
//! keys by name and which of them is active. Whoever changes the keyring waits until the locks of older generations are
//! gone, so that no process looks for tokens, or makes them, with keys that it alone still believes in. The operating
//! system lets a lock go with its process, however that ends.

use super::{Entry, Keyring, KeyringError, State, as_json, entries, fresh};
use crate::{
    env::{Clock, RandomSource},
    hex,
};
use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, chown, fchown},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// So often the file may turn out to be another one while it is read.
const TRIES: usize = 20;

/// Where the keyring is.
#[derive(Debug, Clone)]
pub struct KeyringFile {
    path: PathBuf,
}

/// By what one sees that the file is another one: device, number, size and time of change in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64, u64, u64, i64, i64);

/// The right to change the keyring, which one process has at a time.
#[derive(Debug)]
pub struct KeyringWriter {
    file: KeyringFile,
    _lock: File,
}

impl KeyringFile {
    /// The keyring at this path.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the keyring to work with it. While what this gives lives, whoever changes the file knows that it is in use.
    ///
    /// # Errors
    /// As [`Keyring::load`]; [`KeyringError::Restless`].
    pub fn take(&self) -> Result<Keyring, KeyringError> {
        for _ in 0..TRIES {
            let text = read(&self.path)?;
            let keyring = Keyring::from_json(&text)?;
            let lock = match self.in_use(&keyring) {
                // Nobody can change the keyring there either.
                Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                    return Ok(keyring);
                }
                lock => lock.map_err(|source| self.failed(source))?,
            };
            // The file may have been replaced, and its lock looked for, before this process had it.
            if let Some(lock) = lock.filter(|_| text_of(&self.path).is_ok_and(|now| *now == *text))
            {
                return Ok(Keyring {
                    _in_use: Some(lock),
                    ..keyring
                });
            }
        }
        Err(KeyringError::Restless)
    }

    /// What the file looks like from outside.
    ///
    /// # Errors
    /// It is missing, or cannot be looked at.
    pub fn mark(&self) -> Result<Mark, KeyringError> {
        let meta = fs::metadata(&self.path).map_err(|source| self.failed(source))?;
        Ok(Mark(
            meta.dev(),
            meta.ino(),
            meta.size(),
            meta.mtime(),
            meta.mtime_nsec(),
        ))
    }

    /// The right to change the file; nothing while another process has it.
    ///
    /// # Errors
    /// The lock cannot be used.
    pub fn begin_change(&self) -> Result<Option<KeyringWriter>, KeyringError> {
        let file = self
            .open_lock(&self.beside("lock"))
            .map_err(|source| self.failed(source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(KeyringWriter {
                file: self.clone(),
                _lock: file,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(self.failed(source)),
        }
    }

    /// The lock of this keyring's generation; nothing when the file was taken away meanwhile.
    fn in_use(&self, keyring: &Keyring) -> io::Result<Option<File>> {
        let lock = match self.open_lock(&self.generation(keyring)) {
            // Cleared away between two looks.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            lock => lock?,
        };
        lock.lock_shared()?;
        Ok((lock.metadata()?.nlink() > 0).then_some(lock))
    }

    /// A file beside the keyring for a lock, made when it is missing, for whoever may read the keyring.
    fn open_lock(&self, path: &Path) -> io::Result<File> {
        let mut options = File::options();
        let options = options.read(true).write(true).mode(0o600);
        match options.clone().create_new(true).open(path) {
            Ok(lock) => {
                if let Ok(owner) = fs::metadata(&self.path) {
                    // Only root can, and nobody else need.
                    let _ = fchown(&lock, Some(owner.uid()), Some(owner.gid()));
                }
                Ok(lock)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path),
            Err(error) => Err(error),
        }
    }

    fn generation(&self, keyring: &Keyring) -> PathBuf {
        let mut digest = Sha256::new();
        for kid in keyring.kids() {
            digest.update(kid);
            digest.update(if kid == keyring.active().kid() {
                "*"
            } else {
                ","
            });
        }
        let digest = hex::encode(&digest.finalize()[..8]);
        self.beside(&format!("{IN_USE}{digest}"))
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }

    fn failed(&self, source: io::Error) -> KeyringError {
        failed(&self.path, source)
    }
}

/// How the locks of generations are named.
const IN_USE: &str = "in-use-";

impl KeyringWriter {
    /// Adds a fresh key, which opens and finds, but does not seal yet; gives its name.
    ///
    /// # Errors
    /// [`KeyringError`]; the file is as it was.
    pub fn add(
        &self,
        random: &dyn RandomSource,
        clock: &dyn Clock,
    ) -> Result<String, KeyringError> {
        let entry = fresh(random, clock, State::DecryptOnly)?;
        let kid = entry.kid.clone();
        self.change(|entries| entries.push(entry))?;
        Ok(kid)
    }

    /// Makes this key the one that seals what is new.
    ///
    /// # Errors
    /// [`KeyringError`]; the file is as it was.
    pub fn activate(&self, kid: &str) -> Result<(), KeyringError> {
        self.change(|entries| {
            for entry in entries {
                entry.state = if entry.kid == kid {
                    State::Active
                } else {
                    State::DecryptOnly
                };
            }
        })
    }

    /// Takes a key out, for good.
    ///
    /// # Errors
    /// [`KeyringError`], also when it is the active one; the file is as it was.
    pub fn remove(&self, kid: &str) -> Result<(), KeyringError> {
        self.change(|entries| entries.retain(|entry| entry.kid != kid))
    }

    /// Whether a process still works with the keyring as it was before. Locks that nobody holds are cleared away.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn is_old_in_use(&self) -> Result<bool, KeyringError> {
        let now = Keyring::from_json(&text_of(&self.file.path)?)?;
        let now = self.file.generation(&now);
        let found = self.older_locks(&now);
        found.map_err(|source| self.file.failed(source))
    }

    fn older_locks(&self, now: &Path) -> io::Result<bool> {
        let mut held = false;
        let begins = self.file.beside(IN_USE);
        let folder = match begins.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let begins = begins.file_name().unwrap_or_default().to_string_lossy();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let is_lock = entry.file_name().to_string_lossy().starts_with(&*begins);
            if !is_lock || Some(entry.file_name().as_os_str()) == now.file_name() {
                continue;
            }
            let lock = File::open(entry.path())?;
            match lock.try_lock() {
                Ok(()) => fs::remove_file(entry.path())?,
                Err(TryLockError::WouldBlock) => held = true,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(held)
    }

    /// Replaces the file by a changed one, all of it or nothing. What would not be a keyring is never written.
    fn change(&self, change: impl FnOnce(&mut Vec<Entry>)) -> Result<(), KeyringError> {
        let path = &self.file.path;
        let mut entries = entries(&read(path)?)?;
        change(&mut entries);
        let text = as_json(&entries)?;
        Keyring::from_json(&text)?;
        let draft = self.file.beside("new");
        replace(path, &draft, text.as_bytes()).map_err(|source| self.file.failed(source))
    }
}

fn failed(path: &Path, source: io::Error) -> KeyringError {
    if source.kind() == io::ErrorKind::NotFound {
        return KeyringError::Missing(path.into());
    }
    KeyringError::Io {
        path: path.into(),
        source,
    }
}

/// The text of the keyring. A file that others can read is warned about.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, KeyringError> {
    let text = text_of(path)?;
    if readable_by_others(path) {
        tracing::warn!(path = %path.display(), "Other users of this machine can read the keyring. Run: chmod 600");
    }
    Ok(text)
}

fn text_of(path: &Path) -> Result<Zeroizing<String>, KeyringError> {
    let text = fs::read_to_string(path).map(Zeroizing::new);
    text.map_err(|source| failed(path, source))
}

pub(super) fn readable_by_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

/// Writes a file that must not exist yet, all of it or nothing, readable by its owner only.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), KeyringError> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = draft_of(&draft, text.as_bytes()).and_then(|()| {
        // A link, unlike a rename, fails when the name is taken.
        fs::hard_link(&draft, path)
    });
    let removed = fs::remove_file(&draft);
    let done = written.and(removed).and_then(|()| sync_folder(path));
    done.map_err(|source| KeyringError::Io {
        path: path.into(),
        source,
    })
}

/// Puts a file in the place of another. A draft that is there was left by a process that was killed.
fn replace(path: &Path, draft: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    draft_of(draft, bytes)?;
    // Whoever runs the command, root perhaps, the server must be able to read it.
    let owner = fs::metadata(path)?;
    if fs::metadata(draft)?.uid() != owner.uid() {
        chown(draft, Some(owner.uid()), Some(owner.gid()))?;
    }
    fs::rename(draft, path)?;
    sync_folder(path)
}

/// A file with these bytes, on the disk, that only its owner can read.
fn draft_of(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
