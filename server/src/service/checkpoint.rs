//! How far the audit trail goes, signed, for a file apart from the database (L-3).

use super::{ConsoleService, NotedRecord, ServiceError};
use crate::{
    checkpoints::{self, CheckpointError, Checkpoints, Kind},
    repo,
};

/// Why no checkpoint was written.
#[derive(Debug, thiserror::Error)]
pub enum NoCheckpoint {
    /// The trail's end could not be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] CheckpointError),
}

impl ConsoleService {
    /// Adds a line that says how far the trail goes now, unless it goes no further than `known`; gives the number of its
    /// last record.
    ///
    /// # Errors
    /// [`NoCheckpoint`]
    pub async fn write_checkpoint(
        &self,
        file: &Checkpoints,
        known: i64,
    ) -> Result<i64, NoCheckpoint> {
        let end = self.trail_end().await?;
        if end.seq <= known {
            return Ok(known);
        }
        file.add(&self.signed(Kind::Checkpoint, end))?;
        Ok(end.seq)
    }

    /// Looks, at the start, at what was written before: the trail must go at least as far. Gives how far it was known to go.
    ///
    /// # Errors
    /// [`NoCheckpoint`]; a file that is not there yet is none.
    pub async fn look_at_checkpoints(&self, file: &Checkpoints) -> Result<i64, NoCheckpoint> {
        if !file.path().exists() {
            return Ok(0);
        }
        let found = file.read(&self.keyring(), &self.instance_id)?;
        let known = checkpoints::vouched(&found);
        let Some(last) = known.iter().max_by_key(|known| known.end.seq) else {
            return Ok(0);
        };
        let end = self.trail_end().await?;
        if last.end.seq > end.seq {
            tracing::error!(
                record = end.seq,
                checkpoint = last.end.seq,
                written = last.at,
                "the audit trail is shorter than its checkpoints say: records were cut off, or an older database was put back \
                 without `latchkey restore`; what was revoked since may be good again"
            );
            return Ok(0);
        }
        Ok(last.end.seq)
    }

    /// A line of this installation about this record.
    pub(crate) fn signed(&self, kind: Kind, end: NotedRecord) -> String {
        let now = self.env.clock.now();
        checkpoints::signed(&self.keyring(), kind, &self.instance_id, now, end)
    }

    async fn trail_end(&self) -> Result<NotedRecord, ServiceError> {
        let (seq, hash) = repo::audit::find_head(self.db.read()).await?;
        Ok(NotedRecord { seq, hash })
    }
}
