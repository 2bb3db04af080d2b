//! Moving tokens whose secret is stored to the active key, a batch at a time.

use super::super::{ConsoleService, ServiceError, token_maker::SECRET_TABLE};
use crate::{
    repo::{
        self, WriteTx,
        keys::{KeyedRow, Lookups},
    },
    secret::{
        keyring::Keyring,
        rekey::{Stored, rekey},
        seal::{Place, SealError},
    },
};
use app::domain::token::TokenId;
use std::time::{Duration, Instant};

/// Tokens that are moved in a transaction.
const TOGETHER: u64 = 500;
/// The shortest pause between two transactions, in which others write.
const PAUSE: Duration = Duration::from_millis(2);

/// What some tokens came to.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) moved: u64,
    pub(super) damaged: Vec<TokenId>,
}

impl ConsoleService {
    /// Moves every token whose secret is stored.
    pub(super) async fn move_all(&self) -> Result<Progress, ServiceError> {
        let mut all = Progress::default();
        let mut after = None;
        loop {
            let begun = Instant::now();
            let (some, last) = self.move_some(after).await?;
            all.moved += some.moved;
            all.damaged.extend(some.damaged);
            let Some(last) = last else {
                return Ok(all);
            };
            after = Some(last);
            tokio::time::sleep(begun.elapsed().max(PAUSE)).await;
        }
    }

    /// Moves the next tokens after `after`; gives the last of them, when there may be more.
    async fn move_some(
        &self,
        after: Option<TokenId>,
    ) -> Result<(Progress, Option<TokenId>), ServiceError> {
        let keyring = self.keyring();
        let tx = self.db.begin_write().await?;
        let kid = keyring.active().kid();
        let rows = repo::keys::list_to_move(&tx, kid, after, TOGETHER).await?;
        let last = rows.last().map(|row| row.id);
        let more = rows.len() as u64 == TOGETHER;
        let mut progress = Progress::default();
        for row in rows {
            match self.moved(&tx, &keyring, &row).await {
                Ok(()) => progress.moved += 1,
                Err(ServiceError::Seal(SealError::Integrity | SealError::UnknownKey)) => {
                    progress.damaged.push(row.id);
                    tracing::error!(token = %row.id, "a stored secret is damaged, so its token stays under its old key");
                }
                Err(error) => return Err(error),
            }
        }
        tx.commit().await?;
        Ok((progress, last.filter(|_| more)))
    }

    async fn moved(
        &self,
        tx: &WriteTx,
        keyring: &Keyring,
        row: &KeyedRow,
    ) -> Result<(), ServiceError> {
        let place = Place {
            instance: &self.instance_id,
            table: SECRET_TABLE,
            row: &row.id.to_string(),
        };
        let stored = Stored {
            sealed: &row.sealed,
            lookup: &row.lookup,
            pepper_kid: &row.pepper_kid,
        };
        let new = rekey(keyring, place, &stored, &*self.env.random)?;
        let from = row.lookup.as_slice().try_into();
        let from = from.map_err(|_| SealError::Integrity)?;
        let lookups = Lookups {
            from,
            to: new.lookup,
        };
        let kid = keyring.active().kid();
        repo::keys::update_secret(tx, row.id, &row.sealed.kek_kid, new.sealed).await?;
        if repo::keys::update_lookup(tx, row.id, lookups, kid).await? {
            tx.moves_token(row.id, &new.lookup);
        }
        Ok(())
    }
}
