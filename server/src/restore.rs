//! Putting a backup back in the place of the database.
//!
//! Owns the order of these steps: everything is done to a draft beside the database, which gets its name last, so that a
//! command that is killed leaves either the old database or the new one. What must not be revived is the rules' to say
//! ([`ConsoleService::replay`], R-6).

mod proof;
mod swap;

use crate::{
    backup::{self, Contents, Fault, beside},
    boot::{self, BootError, files},
    checkpoints::{CheckpointError, Checkpoints, Kind},
    config::Config,
    env::Env,
    repo::{Db, DbSettings, ReadOnlyDb, StoreError},
    secret::keyring::{Keyring, KeyringError},
    service::{ConsoleService, Proof, Replayed, ServiceError},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What SQLite puts beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A backup that was put back.
#[derive(Debug)]
pub struct Restored {
    /// What was in it.
    pub contents: Contents,
    /// What was ended again.
    pub replayed: Replayed,
    /// Why nothing proves what happened since; nothing when a newer database did.
    pub unproven: Option<String>,
    /// What the checkpoints know of that time, where nothing proves it.
    pub hint: Option<String>,
    /// Where the database is that was replaced.
    pub kept: Option<PathBuf>,
}

/// Why nothing was restored. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A server runs, or the folder cannot be used.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// There is no such file.
    #[error("There is no file {0}. Nothing was restored.")]
    NotThere(PathBuf),
    /// It is the database itself.
    #[error("{0} is the database itself. Give a backup of it.")]
    OwnFile(PathBuf),
    /// No keyring, or a broken one.
    #[error(
        "{0}. Nothing was restored: put the keyring that belongs to the backup into the data folder first. A backup has none \
         in it."
    )]
    Keyring(#[from] KeyringError),
    /// It is another kind of file.
    #[error("{0} is no database of Latchkey's. Nothing was restored.")]
    NotOurs(PathBuf),
    /// A newer version wrote it.
    #[error(
        "{path} was written by a newer version of Latchkey (its schema has {step}, which this version does not know). \
         Nothing was restored. Use that version, or a newer one."
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The step of the schema.
        step: String,
    },
    /// It is damaged, or does not fit the keyring.
    #[error("{path} is no good backup, so nothing was restored. {fault}")]
    Fault {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: Fault,
    },
    /// A file cannot be used.
    #[error("{path} cannot be used: {source}. Nothing was restored.")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The checkpoints cannot be written.
    #[error("{0} Nothing was restored. Give another file with --audit-checkpoints, or off.")]
    Checkpoints(#[from] CheckpointError),
    /// The draft failed.
    #[error("Nothing was restored: {0}")]
    Store(#[from] StoreError),
    /// The rules failed.
    #[error("Nothing was restored: {0}")]
    Service(#[from] ServiceError),
}

impl RestoreError {
    fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File {
            path: path.into(),
            source,
        }
    }
}

/// Puts the backup in `file` in the place of the database. No server may run. `trusted` says that no token was revoked after
/// the backup, where nothing proves it.
///
/// # Errors
/// [`RestoreError`]; the database is as it was.
pub async fn restore(
    config: &Config,
    env: &Env,
    file: &Path,
    trusted: bool,
) -> Result<Restored, RestoreError> {
    let _lock = boot::lock_alone(config)?;
    let database = config.database_path();
    let database = database.ok_or(StoreError::Unsupported)?;
    if !file.is_file() {
        return Err(RestoreError::NotThere(file.into()));
    }
    let same =
        |one: &Path, other: &Path| fs::canonicalize(one).ok() == fs::canonicalize(other).ok();
    if database.exists() && same(file, &database) {
        return Err(RestoreError::OwnFile(file.into()));
    }
    let keyring = Arc::new(Keyring::load(&config.keyring_path())?);
    let draft = beside(&database, ".restoring");
    discard(&draft)?;
    let made = prepare(config, env, &keyring, file, &draft, trusted).await;
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            discard(&draft)?;
            return Err(error);
        }
    };
    let kept = swap::put_in_place(config, env, &draft, &database).await?;
    Ok(Restored { kept, ..made })
}

/// Makes the draft: the backup, looked at, brought up to date, and without what must not be revived.
async fn prepare(
    config: &Config,
    env: &Env,
    keyring: &Arc<Keyring>,
    file: &Path,
    draft: &Path,
    trusted: bool,
) -> Result<Restored, RestoreError> {
    files::make_private(draft).map_err(RestoreError::file(draft))?;
    copy(file, draft).await?;
    let fault = |fault| RestoreError::Fault {
        path: file.into(),
        fault,
    };
    let settings = DbSettings::of_file(draft);
    let db = Db::open(&settings).await?;
    let migrated = db.migrate().await;
    db.close().await;
    migrated?;
    let contents = backup::examine(draft, keyring).await.map_err(fault)?;
    let backup = ReadOnlyDb::open(&settings).await?;
    let instance = backup.instance().await;
    backup.close().await;
    let instance = instance?.ok_or_else(|| RestoreError::NotOurs(file.into()))?;
    let newer = proof::find(config, keyring, &instance, contents.end).await;
    let (proof, unproven, hint) = match newer {
        Ok(standings) => (Proof::Newer(standings), None, None),
        Err(why) => {
            let hint = proof::hint(config, keyring, &instance, contents.end);
            (Proof::Nothing { trusted }, Some(why), hint)
        }
    };
    let summary = summary(contents, unproven.as_deref(), trusted);
    let db = Db::open(&settings).await?;
    let service =
        ConsoleService::new(db, Arc::clone(keyring), env.clone(), boot::rules(config)).await?;
    let replayed = service.replay(&proof, summary).await;
    let line = service.signed(Kind::Restored, contents.end);
    service.close().await;
    let replayed = replayed?;
    // Before the database gets its name: what was signed of the one that is replaced would contradict it.
    if let Some(path) = &config.audit_checkpoints {
        Checkpoints::new(path.clone()).add(&line)?;
    }
    Ok(Restored {
        contents,
        replayed,
        unproven,
        hint,
        kept: None,
    })
}

/// Copies the backup, with what may lie in a write-ahead log beside it, and refuses what is none.
async fn copy(file: &Path, draft: &Path) -> Result<(), RestoreError> {
    let not_ours = |_| RestoreError::NotOurs(file.into());
    DbSettings::of_file(file)
        .copy_into(draft)
        .await
        .map_err(|error| damaged(file, error))?;
    let db = ReadOnlyDb::open(&DbSettings::of_file(draft))
        .await
        .map_err(not_ours)?;
    let found = look_at(&db, file).await;
    db.close().await;
    found
}

async fn look_at(db: &ReadOnlyDb, file: &Path) -> Result<(), RestoreError> {
    let fault = |fault| RestoreError::Fault {
        path: file.into(),
        fault,
    };
    if !db.is_ours().await? {
        return Err(RestoreError::NotOurs(file.into()));
    }
    if let Some(step) = db.find_unknown_step().await? {
        let path = file.into();
        return Err(RestoreError::Newer { path, step });
    }
    match db.find_damage().await? {
        Some(damage) => Err(fault(Fault::Damaged(damage))),
        None => Ok(()),
    }
}

fn damaged(file: &Path, error: StoreError) -> RestoreError {
    RestoreError::Fault {
        path: file.into(),
        fault: Fault::Store(error),
    }
}

fn summary(contents: Contents, unproven: Option<&str>, trusted: bool) -> String {
    let known = match (unproven, trusted) {
        (None, _) => "what was ended since was ended again",
        (Some(_), false) => "nothing proves what was ended since, so no token is Active",
        (Some(_), true) => "whoever restored it said that no token was revoked since",
    };
    format!(
        "Database restored from a backup that ends with record {}; {known}; all sign-ins and invitations ended",
        contents.end.seq
    )
}

/// Takes a draft away that an earlier restore left, with what lies beside it.
fn discard(draft: &Path) -> Result<(), RestoreError> {
    let mut paths = vec![draft.to_owned()];
    paths.extend(BESIDE.map(|ending| beside(draft, ending)));
    for path in paths {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(RestoreError::file(&path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}
