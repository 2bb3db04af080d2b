//! The draft gets the database's name, and the database a dated one.

use super::{BESIDE, RestoreError};
use crate::{
    backup::{beside, sync_folder},
    config::Config,
    env::Env,
    repo::{Db, DbSettings},
};
use std::{
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
};

/// Puts the draft in the place of the database; gives where that is now.
pub(super) async fn put_in_place(
    config: &Config,
    env: &Env,
    draft: &Path,
    database: &Path,
) -> Result<Option<PathBuf>, RestoreError> {
    settle(config, database).await;
    let kept = free_name(env, database);
    place(draft, database, &kept).map_err(RestoreError::file(database))
}

/// Moves what lies in the write-ahead log of the database into it, if it can still be opened. What cannot be is kept as it
/// is, with its log.
async fn settle(config: &Config, database: &Path) {
    if !database.exists() {
        return;
    }
    let url = config.database_url.clone();
    match Db::open(&DbSettings { url }).await {
        Ok(db) => db.close().await,
        Err(error) => {
            tracing::warn!(%error, "the database that is replaced cannot be opened; it is kept as it is");
        }
    }
}

fn place(draft: &Path, database: &Path, kept: &Path) -> io::Result<Option<PathBuf>> {
    // What is in a log beside the draft would be lost. There is none after an orderly end.
    for ending in BESIDE {
        let path = beside(draft, ending);
        if ending != "-shm" && fs::metadata(&path).is_ok_and(|meta| meta.len() > 0) {
            return Err(io::Error::other(
                "the restored database was not closed in time",
            ));
        }
        remove_if_there(&path)?;
    }
    if let Ok(owner) = fs::metadata(database) {
        // Whoever runs the command, root perhaps, the server must be able to write it.
        if fs::metadata(draft)?.uid() != owner.uid() {
            chown(draft, Some(owner.uid()), Some(owner.gid()))?;
        }
    }
    File::open(draft)?.sync_all()?;
    let mut is_kept = false;
    if database.exists() {
        // Two names for a moment: there is never none.
        fs::hard_link(database, kept).or_else(|_| fs::copy(database, kept).map(drop))?;
        is_kept = true;
    }
    // A log belongs to its database: beside another one it would destroy that. Its index is made anew from it.
    for ending in BESIDE {
        let path = beside(database, ending);
        if ending != "-shm" && fs::metadata(&path).is_ok_and(|meta| meta.len() > 0) {
            fs::rename(&path, beside(kept, ending))?;
            is_kept = true;
        } else {
            remove_if_there(&path)?;
        }
    }
    sync_folder(database)?;
    fs::rename(draft, database)?;
    sync_folder(database)?;
    Ok(is_kept.then(|| kept.to_owned()))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The database's name with the moment at its end.
fn free_name(env: &Env, database: &Path) -> PathBuf {
    let at: String = env.clock.now().to_string().chars().take(19).collect();
    let name = format!(".replaced-{}", at.replace([':', '-'], ""));
    let first = beside(database, &name);
    let others = (2..).map(|number| beside(database, &format!("{name}-{number}")));
    let mut names = std::iter::once(first.clone()).chain(others);
    names.find(|name| !name.exists()).unwrap_or(first)
}
