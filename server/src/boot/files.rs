//! The files of an installation: the data folder, the lock, and what only its owner may read.
//!
//! Owns their rights. It must not know what is written into them.

use super::BootError;
use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

/// Makes the database's file, readable by its owner only, unless it is there: SQLite would make it readable by
/// everybody. What SQLite puts beside it gets the same rights.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let made = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
                let path = path.display();
                tracing::warn!(%path, "Other users of this machine can read the database. Run: chmod 600");
            }
            Ok(())
        }
        other => other.map(drop),
    }
}

/// Makes the data folder, closed to other users of the machine. One that is there keeps its rights.
pub(super) fn make_folder(path: &Path) -> Result<(), BootError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path);
    made.map_err(|source| BootError::File {
        path: path.into(),
        source,
    })
}

/// The lock, unless another process has it. It goes with the process, however that ends.
pub(super) fn lock(path: &Path) -> Result<Option<File>, BootError> {
    let failed = |source| BootError::File {
        path: path.into(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Writes a file that only its owner can read, in place of an older one.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{text}")
}
