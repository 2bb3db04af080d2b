//! When tokens were presented, from where, for what and how often. A request only counts in memory; each second what
//! was counted is written down, a token's first use at once, and more seldom when there is very much of it.

use super::{ConsoleService, ServiceError, seen};
use crate::repo::{
    self, UseCount, UseOutcome,
    bearers::AccessRow,
    token_uses::{self, hour_of},
};
use app::{
    domain::{module::ModuleId, time::Timestamp, token::TokenId},
    error::ApiError,
    port::Origin,
};
use smallvec::SmallVec;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;

/// Parts, by token, so that threads hardly ever meet.
const PARTS: u64 = 64;
/// Tokens whose uses are written in one transaction: whoever else writes comes in between.
const TOGETHER: usize = 1_000;
/// For how many days uses are kept.
pub(crate) const KEPT_DAYS: i64 = 400;

/// Uses that are not written yet. What is in here is lost when the process is killed.
pub(super) struct Uses {
    parts: Box<[Mutex<HashMap<TokenId, Use>>]>,
    /// Somebody should write now.
    due: Notify,
    /// Writing failed the last time.
    failing: AtomicBool,
}

/// A token that was presented.
#[derive(Clone, Copy)]
pub(super) struct Presented {
    /// The token.
    pub token: TokenId,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub ip: Option<IpAddr>,
}

/// What is not written yet of a token.
#[derive(Default)]
struct Use {
    /// When it was good last, from where, and how often.
    access: Option<(Timestamp, Option<IpAddr>, i64)>,
    /// How often, by hour, module and outcome: mostly one.
    counts: SmallVec<[Count; 1]>,
}

/// How often in an hour, for a module, with an outcome.
#[derive(Clone, Copy)]
struct Count {
    hour: i64,
    module: Option<ModuleId>,
    outcome: UseOutcome,
    uses: u64,
}

impl Use {
    fn good(&mut self, at: Timestamp, ip: Option<IpAddr>, times: i64) {
        self.access = Some(match self.access {
            Some((last, from, before)) if last > at => (last, from, before + times),
            Some((_, _, before)) => (at, ip, before + times),
            None => (at, ip, times),
        });
    }

    fn count(&mut self, more: Count) {
        let key = |count: &Count| (count.hour, count.module, count.outcome);
        let same = self
            .counts
            .iter_mut()
            .find(|count| key(count) == key(&more));
        match same {
            Some(count) => count.uses += more.uses,
            None => self.counts.push(more),
        }
    }

    fn add(&mut self, other: Self) {
        if let Some((at, ip, times)) = other.access {
            self.good(at, ip, times);
        }
        for count in other.counts {
            self.count(count);
        }
    }
}

impl Default for Uses {
    fn default() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            due: Notify::default(),
            failing: AtomicBool::new(false),
        }
    }
}

impl Uses {
    /// Counts a use for these modules; for none when nothing was asked for.
    pub(super) fn note(&self, presented: Presented, modules: &[ModuleId], outcome: UseOutcome) {
        let Presented { token, at, ip } = presented;
        let mut part = self.part(token);
        let noted = part.entry(token).or_default();
        if outcome != UseOutcome::Inactive {
            noted.good(at, ip, 1);
        }
        let nothing = modules.is_empty().then_some(None);
        for module in modules.iter().copied().map(Some).chain(nothing) {
            noted.count(Count {
                hour: hour_of(at),
                module,
                outcome,
                uses: 1,
            });
        }
    }

    /// What was noted should be written at once.
    pub(super) fn write_soon(&self) {
        self.due.notify_one();
    }

    fn part(&self, token: TokenId) -> MutexGuard<'_, HashMap<TokenId, Use>> {
        let part = usize::try_from(token.number() % PARTS).unwrap_or(0);
        locked(&self.parts[part])
    }

    /// What could not be written, for the next time.
    fn put_back(&self, uses: impl IntoIterator<Item = (TokenId, Use)>) {
        for (token, noted) in uses {
            self.part(token).entry(token).or_default().add(noted);
        }
    }

    /// Tokens with uses that are not written yet.
    pub(super) fn waiting(&self) -> usize {
        self.parts.iter().map(|part| locked(part).len()).sum()
    }
}

fn locked<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ConsoleService {
    /// Waits until uses should be written at once.
    pub async fn uses_due(&self) {
        self.uses.due.notified().await;
    }

    /// Writes the uses that were noted since the last time. What fails is tried again with the next ones.
    pub async fn write_uses(&self) {
        let mut uses: Vec<(TokenId, Use)> = Vec::new();
        for part in &self.uses.parts {
            let part = std::mem::take(&mut *locked(part));
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
        match (done, self.uses.failing.swap(failing, Ordering::Relaxed)) {
            (Err(error), false) => {
                tracing::warn!(%error, "the use of tokens could not be written; it is tried again until it can");
            }
            (Ok(()), true) => tracing::info!("the use of tokens is written again"),
            _ => {}
        }
        if failing {
            self.uses.put_back(some);
        }
        !failing
    }

    async fn try_write_uses(&self, uses: &[(TokenId, Use)]) -> Result<(), ServiceError> {
        let accesses = uses.iter().filter_map(|(token, noted)| {
            noted.access.map(|(at, ip, times)| AccessRow {
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
