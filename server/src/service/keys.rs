//! The keyring as this process goes by it, and hearing that its file is another one.
//!
//! A question that has begun with one keyring ends with it. While any does, whoever changes the file knows (see
//! `secret::keyring`), and moves no token to a key of which this process may not have heard.

use super::{ConsoleService, ServiceError};
use crate::{
    repo,
    secret::keyring::{Keyring, KeyringError, KeyringFile, Mark},
};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The keyring of this process.
pub struct Keys {
    now: RwLock<Arc<Keyring>>,
    file: Option<Watched>,
}

/// The file it came from.
struct Watched {
    file: KeyringFile,
    /// How it looked when it was read last, whatever became of that.
    looked_at: Mutex<Option<Mark>>,
}

impl Keys {
    /// Reads the keyring, to go by it until the file is another one.
    ///
    /// # Errors
    /// The file is missing, cannot be read, or is no keyring.
    pub fn of(file: KeyringFile) -> Result<Self, KeyringError> {
        // Before it is read: what is changed in between is noticed.
        let mark = file.mark()?;
        let keyring = file.take()?;
        Ok(Self {
            now: RwLock::new(Arc::new(keyring)),
            file: Some(Watched {
                file,
                looked_at: Mutex::new(Some(mark)),
            }),
        })
    }

    pub(super) fn now(&self) -> Arc<Keyring> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, keyring: Keyring) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
    }
}

/// A keyring that never changes.
impl From<Arc<Keyring>> for Keys {
    fn from(keyring: Arc<Keyring>) -> Self {
        Self {
            now: RwLock::new(keyring),
            file: None,
        }
    }
}

/// Why another keyring is not taken over.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file cannot be used.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Rows name a key that it lacks.
    #[error(
        "the keyring on the disk has no key {0:?} any more, which the database needs; put back the keyring that belongs to \
         this database"
    )]
    Lacking(String),
    /// A key is another one under the same name.
    #[error(
        "the key {0:?} of the keyring on the disk is another one than it was: that keyring belongs to another installation; \
         put back the one that belongs to this database"
    )]
    Foreign(String),
    /// The rules or the store failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl ConsoleService {
    /// The keyring as it is now. To be held as long as something rests on it, and no longer.
    pub(super) fn keyring(&self) -> Arc<Keyring> {
        self.keys.now()
    }

    /// The keyring's file, if this process has its keyring from one.
    pub(super) fn keyring_file(&self) -> Option<&KeyringFile> {
        self.keys.file.as_ref().map(|watched| &watched.file)
    }

    /// Takes the keyring over when its file is another one than when it was looked at last. One that cannot be used is
    /// told once, and work goes on with the one that is known.
    pub async fn follow_keyring(&self) {
        let Some(Watched { file, looked_at }) = &self.keys.file else {
            return;
        };
        let known = *looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if file.mark().ok() == known {
            return;
        }
        match self.take_keyring().await {
            Ok(false) => {}
            Ok(true) => tracing::info!("took over a keyring that was changed"),
            Err(error) => {
                tracing::error!(%error, "the keyring on the disk cannot be taken over; work goes on with the one that was read before");
            }
        }
    }

    /// Takes the keyring over as its file is now, however it looks from outside. Says whether it is another one.
    ///
    /// # Errors
    /// The file is no keyring, or not the one of this database; work goes on with the one that is known.
    pub(super) async fn take_keyring(&self) -> Result<bool, KeysError> {
        let Some(Watched { file, looked_at }) = &self.keys.file else {
            return Ok(false);
        };
        // Before it is read: what is changed in between is noticed.
        let mark = file.mark();
        let taken = self.take_over(file).await;
        // A database that could not be asked is no fault of the file: it is looked at again.
        if !matches!(taken, Err(KeysError::Service(_))) {
            *looked_at.lock().unwrap_or_else(PoisonError::into_inner) = mark.ok();
        }
        taken
    }

    async fn take_over(&self, file: &KeyringFile) -> Result<bool, KeysError> {
        let new = file.take()?;
        let old = self.keyring();
        for kid in old.kids() {
            match (old.get(kid), new.get(kid)) {
                (Some(before), Some(now)) if !before.is_same(now) => {
                    return Err(KeysError::Foreign(kid.to_owned()));
                }
                (_, Some(_)) => {}
                (_, None) => {
                    let used = repo::keys::is_used(self.db.read(), kid).await;
                    if used.map_err(ServiceError::from)? {
                        return Err(KeysError::Lacking(kid.to_owned()));
                    }
                }
            }
        }
        if new.kids().eq(old.kids()) && new.active().kid() == old.active().kid() {
            return Ok(false);
        }
        // First: which secrets there are is known under keys that may be gone, and not under new ones.
        self.db.memory().forget();
        self.keys.replace(new);
        Ok(true)
    }
}
