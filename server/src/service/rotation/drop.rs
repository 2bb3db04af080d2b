//! Taking a key out of the keyring, for good: only one that nothing names.

use super::{super::ConsoleService, RotationError};
use crate::repo::{self, keys::KeyUses};
use app::domain::audit::Event;

/// Why a key is not dropped.
#[derive(Debug, thiserror::Error)]
pub enum DropError {
    /// There is none of this name.
    #[error("The keyring has no key {0:?}. `latchkey keys list` shows those it has.")]
    Unknown(String),
    /// Everything new is made with it.
    #[error(
        "{0} is the active key, with which everything new is made, so it stays. `latchkey keys rotate` makes another one \
         active."
    )]
    Active(String),
    /// Rows name it.
    #[error(
        "The key {kid} is still needed, so it stays: {secrets} sealed secret(s), {lookups} look-up value(s) of API tokens, \
         {deleted} of deleted ones, and {lines} record(s) of the audit trail name it. What can be moved, `latchkey keys \
         rotate --resume` moves; records and deleted tokens keep their key for ever, which costs nothing."
    )]
    Named {
        /// The key.
        kid: String,
        /// Sealed secrets.
        secrets: u64,
        /// Look-up values of tokens that are not deleted.
        lookups: u64,
        /// Look-up values of deleted tokens.
        deleted: u64,
        /// Lines of the trail.
        lines: u64,
    },
    /// As for a rotation.
    #[error(transparent)]
    Rotation(#[from] RotationError),
}

impl ConsoleService {
    /// Drops a key that nothing names. One that was added by a rotation and never became active counts among those: the
    /// rotation is given up.
    ///
    /// # Errors
    /// [`DropError`]; the keyring is as it was.
    pub async fn drop_key(&self, kid: &str) -> Result<(), DropError> {
        let rotation = |error: RotationError| DropError::Rotation(error);
        let file = self.keyring_file().ok_or(RotationError::NoFile)?;
        let writer = file.begin_change().map_err(RotationError::from)?;
        let writer = writer.ok_or(RotationError::Busy)?;
        self.take_keyring().await.map_err(RotationError::from)?;
        self.check_own(&self.keyring()).await?;
        if self.keyring().get(kid).is_none() {
            return Err(DropError::Unknown(kid.to_owned()));
        }
        if self.keyring().active().kid() == kid {
            return Err(DropError::Active(kid.to_owned()));
        }
        // Whoever still took it for the active one could be about to name it.
        self.taken_over(&writer).await?;
        let service = |error| rotation(RotationError::Service(error));
        let tx = self.db.begin_write().await;
        let tx = tx.map_err(|error| service(error.into()))?;
        let uses = repo::keys::find_uses(&tx, kid).await;
        let uses = uses.map_err(|error| service(error.into()))?;
        if !uses.is_none() {
            return Err(named(kid, uses));
        }
        let summary = format!("Key {kid} dropped from the keyring");
        let recorded = self
            .record_key(&tx, Event::KeyDropped, kid, summary, Vec::new())
            .await;
        recorded.map_err(service)?;
        tx.commit().await.map_err(|error| service(error.into()))?;
        writer.remove(kid).map_err(RotationError::from)?;
        self.take_keyring().await.map_err(RotationError::from)?;
        Ok(())
    }
}

fn named(kid: &str, uses: KeyUses) -> DropError {
    DropError::Named {
        kid: kid.to_owned(),
        secrets: uses.secrets,
        lookups: uses.lookups,
        deleted: uses.deleted,
        lines: uses.lines,
    }
}
