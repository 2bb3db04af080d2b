//! Programs: whose token a secret is, and when it was presented last (T-7, T-10, T-11, T-13, R-18).

use super::{ConsoleService, ServiceError, seen};
use crate::{
    repo::{self, bearers::AccessRow},
    secret::token::TokenSecret,
};
use app::{
    domain::{
        program::CurrentToken,
        time::Timestamp,
        token::{TokenId, TokenStatus},
    },
    error::ApiError,
    port::{Actor, Origin, Who},
};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};
use subtle::ConstantTimeEq as _;
use tokio::sync::Notify;

/// So many tokens wait to have their use written before it is written at once.
const WAITING: usize = 1_000;

/// Uses that are not written yet. What is in here is lost when the process is killed: at most a second's.
#[derive(Default)]
pub(super) struct Uses {
    waiting: Mutex<HashMap<TokenId, Use>>,
    /// Somebody should write now.
    due: Notify,
}

struct Use {
    at: Timestamp,
    ip: Option<IpAddr>,
    count: i64,
}

impl Uses {
    fn note(&self, token: TokenId, at: Timestamp, ip: Option<IpAddr>, first: bool) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = waiting.entry(token).or_insert(Use { at, ip, count: 0 });
        noted.count += 1;
        if at >= noted.at {
            noted.at = at;
            noted.ip = ip;
        }
        if first || waiting.len() >= WAITING {
            self.due.notify_one();
        }
    }

    fn take(&self) -> Vec<AccessRow> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = waiting.drain().map(|(token, noted)| AccessRow {
            token,
            at: noted.at,
            ip: noted.ip.map(|ip| ip.to_string()),
            uses: noted.count,
        });
        rows.collect()
    }

    /// What could not be written, for the next time.
    fn put_back(&self, rows: Vec<AccessRow>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            let ip = row.ip.and_then(|ip| ip.parse().ok());
            let noted = waiting.entry(row.token).or_insert(Use {
                at: row.at,
                ip,
                count: 0,
            });
            noted.count += row.uses;
        }
    }
}

impl ConsoleService {
    /// The program that presents `secret`; `None` for one that is malformed, unknown or of a token that is not Active.
    /// Which of these it is, nobody hears (T-13).
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn authenticate_program(
        &self,
        secret: &str,
        origin: &Origin,
    ) -> Result<Option<CurrentToken>, ApiError> {
        seen(self.program(secret, origin).await, origin)
    }

    async fn program(
        &self,
        secret: &str,
        origin: &Origin,
    ) -> Result<Option<CurrentToken>, ServiceError> {
        let Ok(secret) = TokenSecret::parse(self.token_prefix(), secret) else {
            return Ok(None);
        };
        let lookups = self.lookup_values(&secret);
        let row = repo::bearers::find_bearer(self.db.read(), &lookups).await?;
        let Some(row) = row.filter(|row| row.status == TokenStatus::Active) else {
            return Ok(None);
        };
        let same = |lookup: &[u8; 32]| bool::from(lookup.ct_eq(&row.lookup));
        if !lookups.iter().any(same) {
            return Ok(None);
        }
        self.uses
            .note(row.id, self.env.clock.now(), origin.ip, !row.used);
        Ok(Some(CurrentToken {
            id: row.id,
            name: row.name,
            account: row.account,
            modules: row.modules,
        }))
    }

    /// The actor as he stands now: a stream goes on for long, and nobody reads on with a token that was disabled, deleted
    /// or narrowed meanwhile (T-30).
    pub(super) async fn still(&self, actor: &Actor) -> Result<Actor, ServiceError> {
        let Who::Token(token) = &actor.who else {
            return Ok(actor.clone());
        };
        let row = repo::bearers::find_bearer_by_id(self.db.read(), token.id).await?;
        let row = row.filter(|row| row.status == TokenStatus::Active);
        let row = row.ok_or_else(ApiError::unauthenticated)?;
        Ok(Actor {
            who: Who::Token(CurrentToken {
                id: row.id,
                name: row.name,
                account: row.account,
                modules: row.modules,
            }),
            ..actor.clone()
        })
    }

    /// Waits until uses should be written at once.
    pub async fn uses_due(&self) {
        self.uses.due.notified().await;
    }

    /// Writes the uses that were noted since the last time. What fails is tried again with the next ones.
    pub async fn write_uses(&self) {
        let rows = self.uses.take();
        if rows.is_empty() {
            return;
        }
        if let Err(error) = self.try_write_uses(rows.clone()).await {
            tracing::warn!(%error, "the last use of tokens could not be written; it is tried again");
            self.uses.put_back(rows);
        }
    }

    async fn try_write_uses(&self, rows: Vec<AccessRow>) -> Result<(), ServiceError> {
        let tx = self.db.begin_write().await?;
        repo::bearers::note_access(&tx, rows).await?;
        Ok(tx.commit().await?)
    }
}
