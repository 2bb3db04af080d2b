//! What the audit trail says of the keys.

use super::{
    super::{
        ConsoleService, Doer, ServiceError,
        audit::{Entry, Object},
        system,
    },
    Rotation,
};
use crate::repo::{self, WriteTx};
use app::domain::audit::{Change, Event};
use std::fmt::Write as _;

impl ConsoleService {
    pub(super) async fn record_start(&self, kid: &str) -> Result<(), ServiceError> {
        let old = self.keyring().active().kid().to_owned();
        let summary = format!("Rotation of keys from {old} to {kid} started");
        let changes = vec![Change {
            field: "active".to_owned(),
            before: Some(old),
            after: Some(kid.to_owned()),
        }];
        self.record_once(Event::KeyRotationStarted, kid, summary, changes)
            .await
    }

    pub(super) async fn record_end(&self, rotation: &Rotation) -> Result<(), ServiceError> {
        let Rotation {
            kid,
            waiting,
            damaged,
            ..
        } = rotation;
        let mut summary = format!("Rotation of keys to {kid} ended");
        if *waiting > 0 {
            let _ = write!(
                summary,
                "; {waiting} without a stored secret are moved with their next use"
            );
        }
        if !damaged.is_empty() {
            let _ = write!(summary, "; {} damaged stay as they are", damaged.len());
        }
        self.record_once(Event::KeyRotationEnded, kid, summary, Vec::new())
            .await
    }

    /// Records what happened to a key, unless that was recorded before this process went on with it.
    async fn record_once(
        &self,
        event: Event,
        kid: &str,
        summary: String,
        changes: Vec<Change>,
    ) -> Result<(), ServiceError> {
        let tx = self.db.begin_write().await?;
        let lines = repo::audit::list_of_event(&tx, event, vec![kid.to_owned()]).await?;
        if !lines.is_empty() {
            return Ok(());
        }
        self.record_key(&tx, event, kid, summary, changes).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn record_key(
        &self,
        tx: &WriteTx,
        event: Event,
        kid: &str,
        summary: String,
        changes: Vec<Change>,
    ) -> Result<(), ServiceError> {
        let entry = Entry {
            event,
            object: Object {
                kind: "Key",
                id: kid.to_owned(),
                name: kid,
                revision: None,
            },
            account: None,
            refused: None,
            summary,
            changes,
        };
        self.record(tx, &Doer::actor(&system()), entry).await
    }
}
