//! A copy of the database that can be put back: written beside a running server, and looked at before it gets its name.
//!
//! Owns the order of these steps, and what makes a copy a good one. It must not know the rules. The keyring is not in a
//! copy, so that whoever finds one cannot read a secret in it.

use crate::{
    repo::{DbSettings, ReadOnlyDb, StoreError, keys_named},
    secret::keyring::Keyring,
    service::{AuditFault, NotedRecord, verify_trail},
};
use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// So often another process may come between.
const TRIES: usize = 10;

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its size.
    pub bytes: u64,
    /// What is in it.
    pub contents: Contents,
}

/// What a whole database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Tokens that are not deleted.
    pub tokens: u64,
    /// The end of its audit trail; its number is 0 when nothing was ever recorded.
    pub end: NotedRecord,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something already.
    #[error(
        "{0} exists already and was left as it is. Give another name, or --force to replace it."
    )]
    Exists(PathBuf),
    /// It is a file of the installation.
    #[error("{0} belongs to the installation itself. Give a file elsewhere.")]
    OwnFile(PathBuf),
    /// Another process writes there.
    #[error("Another backup is writing {0} right now. Wait for it, or give another name.")]
    Busy(PathBuf),
    /// A file cannot be used.
    #[error("{path} cannot be written: {source}. No backup was made.")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The database cannot be copied.
    #[error("The database could not be copied: {0}. No backup was made.")]
    Store(#[from] StoreError),
    /// What was copied is not a good database.
    #[error("The copy is not good, so it was not kept, and the database itself needs a look. {0}")]
    Fault(#[from] Fault),
}

/// What is wrong with a database.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file is damaged.
    #[error("SQLite finds the file damaged: {0}")]
    Damaged(String),
    /// It was made with keys that are not there.
    #[error(
        "It needs the key {0:?}, which the keyring does not have. Put the keyring that belongs to it into the data folder first."
    )]
    UnknownKey(String),
    /// Its trail is not what was written.
    #[error(
        "Its audit trail does not verify: {0}. It was changed, or the keyring is another installation's."
    )]
    Trail(AuditFault),
    /// It could not be read to its end.
    #[error("It could not be read: {0}")]
    Store(#[from] StoreError),
}

/// Copies the database to `target`, which is replaced only with `force`. Killed at any moment, this leaves nothing under
/// that name, or what was there before.
///
/// # Errors
/// [`BackupError`]
pub async fn back_up(
    database: &DbSettings,
    keyring: &Keyring,
    target: &Path,
    force: bool,
) -> Result<Backup, BackupError> {
    if !force && target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(target.into()));
    }
    let draft = draft_of(target);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::File { path, source }
    };
    // Held to the end. What a process that was killed left there is overwritten.
    let lock = begin(&draft).map_err(failed(&draft))?;
    let lock = lock.ok_or_else(|| BackupError::Busy(target.into()))?;
    let made = async {
        database.copy_into(&draft).await?;
        lock.sync_all().map_err(failed(&draft))?;
        let contents = examine(&draft, keyring).await?;
        let bytes = fs::metadata(&draft).map_err(failed(&draft))?.len();
        name(&draft, target, force).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(target.into()),
            _ => failed(target)(error),
        })?;
        Ok(Backup { bytes, contents })
    };
    let made = made.await;
    if made.is_err() {
        // It is not worth more than what failed before.
        let _ = fs::remove_file(&draft);
    }
    made
}

/// Looks at every page, key and record of the database in this file.
///
/// # Errors
/// [`Fault`], the first that is found.
pub async fn examine(file: &Path, keyring: &Keyring) -> Result<Contents, Fault> {
    let db = ReadOnlyDb::open(&DbSettings::of_file(file)).await?;
    let found = look_at(&db, keyring).await;
    db.close().await;
    found
}

async fn look_at(db: &ReadOnlyDb, keyring: &Keyring) -> Result<Contents, Fault> {
    if let Some(damage) = db.find_damage().await? {
        return Err(Fault::Damaged(damage));
    }
    for kid in keys_named(db).await? {
        if keyring.get(&kid).is_none() {
            return Err(Fault::UnknownKey(kid));
        }
    }
    let trail = verify_trail(db, keyring, None)
        .await
        .map_err(Fault::Trail)?;
    Ok(Contents {
        tokens: db.count_tokens().await?,
        end: NotedRecord {
            seq: trail.records,
            hash: trail.head,
        },
    })
}

/// The name under which a copy is written, beside its own.
#[must_use]
pub fn draft_of(target: &Path) -> PathBuf {
    beside(target, ".partial")
}

/// The path with this at its end.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// An empty file that only its owner can read, for this process alone; nothing when another one has it.
fn begin(draft: &Path) -> io::Result<Option<File>> {
    for _ in 0..TRIES {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(draft)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let (meta, named) = (file.metadata()?, fs::metadata(draft));
        // Another process may have finished between the two, and then it is a backup by now.
        if named.is_ok_and(|named| named.ino() == meta.ino()) {
            if meta.nlink() == 1 {
                file.set_len(0)?;
                return Ok(Some(file));
            }
            // One that was killed before it took the draft's name away.
            fs::remove_file(draft)?;
        }
    }
    Ok(None)
}

/// Gives the draft its name, and makes sure that it has it after a power cut.
fn name(draft: &Path, target: &Path, force: bool) -> io::Result<()> {
    if force {
        fs::rename(draft, target)?;
    } else {
        // A link, unlike a rename, fails when somebody took the name meanwhile.
        fs::hard_link(draft, target)?;
        fs::remove_file(draft)?;
    }
    sync_folder(target)
}

/// Makes sure that the names in the folder of this file are on the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
