//! When tokens were presented, from where, for what and how often. A request only counts in memory; each second what
//! was counted is written down, a token's first use at once, and more seldom when there is very much of it.

mod waiting;

pub(super) use waiting::{Presented, Uses};

use super::{ConsoleService, ServiceError, seen};
use crate::repo::{
    self, UseCount,
    bearers::AccessRow,
    token_uses::{self, hour_of},
};
use app::{domain::token::TokenId, error::ApiError, port::Origin};
use waiting::{Access, Use};

/// Tokens whose uses are written in one transaction: whoever else writes comes in between.
const TOGETHER: usize = 1_000;
/// For how many days uses are kept.
pub(crate) const KEPT_DAYS: i64 = 400;

impl ConsoleService {
    /// Waits until uses should be written at once.
    pub async fn uses_due(&self) {
        self.uses.due.notified().await;
    }

    /// Writes the uses that were noted since the last time. What fails is tried again with the next ones.
    pub async fn write_uses(&self) {
        let mut uses: Vec<(TokenId, Use)> = Vec::new();
        for part in self.uses.take() {
            uses.extend(part);
            while uses.len() >= TOGETHER {
                let some = uses.split_off(uses.len() - TOGETHER);
                if !self.written(some).await {
                    return self.uses.put_back(uses);
                }
            }
        }
        if !uses.is_empty() {
            self.written(uses).await;
        }
    }

    /// Writes some, or keeps them for the next time; says which.
    async fn written(&self, some: Vec<(TokenId, Use)>) -> bool {
        let done = self.try_write_uses(&some).await;
        let failing = done.is_err();
        match (done, self.uses.is_news(failing)) {
            (Err(error), true) => {
                tracing::warn!(%error, "the use of tokens could not be written; it is tried again until it can");
            }
            (Ok(()), true) => tracing::info!("the use of tokens is written again"),
            (_, false) => {}
        }
        if failing {
            self.uses.put_back(some);
        }
        !failing
    }

    async fn try_write_uses(&self, uses: &[(TokenId, Use)]) -> Result<(), ServiceError> {
        let accesses = uses.iter().filter_map(|(token, noted)| {
            noted.access.map(|Access { at, ip, times }| AccessRow {
                token: *token,
                at,
                ip: ip.map(|ip| ip.to_string()),
                uses: times,
            })
        });
        let counts = uses.iter().flat_map(|(token, noted)| {
            let counts = noted.counts.iter();
            counts.map(|count| UseCount {
                token: *token,
                hour: count.hour,
                module: count.module,
                outcome: count.outcome,
                uses: count.uses,
            })
        });
        let (accesses, counts): (Vec<_>, Vec<_>) = (accesses.collect(), counts.collect());
        let tx = self.db.begin_write().await?;
        repo::bearers::note_access(&tx, accesses).await?;
        token_uses::add_uses(&tx, &counts).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what was counted more than 400 days ago. To be called now and then.
    pub async fn forget_old_uses(&self) {
        let before = hour_of(self.env.clock.now()) - KEPT_DAYS * 24;
        loop {
            match self.forget_some_uses(before).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, "uses of long ago could not be removed; it is tried again");
                    return;
                }
            }
        }
    }

    async fn forget_some_uses(&self, before: i64) -> Result<bool, ServiceError> {
        let tx = self.db.begin_write().await?;
        let gone = token_uses::delete_before(&tx, before).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// How often a token was presented in the last so many days (UTC), today included, by hour, module and outcome.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn list_uses(&self, token: TokenId, days: i64) -> Result<Vec<UseCount>, ApiError> {
        let now = hour_of(self.env.clock.now());
        let first = (now.div_euclid(24) - days.clamp(1, KEPT_DAYS + 1) + 1) * 24;
        let uses = token_uses::list_uses(self.db.read(), token, first, now).await;
        seen(uses.map_err(ServiceError::from), &Origin::default())
    }
}
