//! When tokens were presented, from where, for what and how often. A request only counts in memory; each second what
//! was counted is written down, and a token's first use at once.

use super::{ConsoleService, ServiceError, seen, verify::TokenSnapshot};
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
use std::{
    cell::Cell,
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::Notify;

/// Parts, so that threads do not wait for each other.
const PARTS: usize = 64;
/// Tokens whose uses are written in one transaction: whoever else writes comes in between.
const TOGETHER: usize = 1_000;
/// How long uses are kept, in hours: 400 days.
const KEPT: i64 = 400 * 24;

static NEXT: AtomicUsize = AtomicUsize::new(0);
thread_local! {
    /// The part of this thread.
    static PART: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed) % PARTS);
}

/// Uses that are not written yet. What is in here is lost when the process is killed: at most a second's.
pub(super) struct Uses {
    parts: Box<[Mutex<HashMap<TokenId, Use>>]>,
    /// Somebody should write now.
    due: Notify,
}

/// A token that was presented.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    /// The token.
    pub snapshot: &'a TokenSnapshot,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub ip: Option<IpAddr>,
}

/// What is not written yet of a token.
#[derive(Default)]
struct Use {
    /// When it was let in last, from where, and how often.
    access: Option<(Timestamp, Option<IpAddr>, i64)>,
    /// How often, by hour, module and outcome: seldom more than a few.
    counts: Vec<(i64, Option<ModuleId>, UseOutcome, u64)>,
}

impl Use {
    fn let_in(&mut self, at: Timestamp, ip: Option<IpAddr>, times: i64) {
        self.access = Some(match self.access {
            Some((last, from, before)) if last > at => (last, from, before + times),
            Some((_, _, before)) => (at, ip, before + times),
            None => (at, ip, times),
        });
    }

    fn count(&mut self, hour: i64, module: Option<ModuleId>, outcome: UseOutcome, uses: u64) {
        let same = self
            .counts
            .iter_mut()
            .find(|count| (count.0, count.1, count.2) == (hour, module, outcome));
        match same {
            Some(count) => count.3 += uses,
            None => self.counts.push((hour, module, outcome, uses)),
        }
    }

    fn add(&mut self, other: Self) {
        if let Some((at, ip, times)) = other.access {
            self.let_in(at, ip, times);
        }
        for (hour, module, outcome, uses) in other.counts {
            self.count(hour, module, outcome, uses);
        }
    }
}

impl Default for Uses {
    fn default() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            due: Notify::default(),
        }
    }
}

impl Uses {
    /// Counts a use for these modules; for none when nothing was asked for.
    pub(super) fn note(&self, presented: Presented<'_>, modules: &[ModuleId], outcome: UseOutcome) {
        let Presented { snapshot, at, ip } = presented;
        let hour = hour_of(at);
        {
            let part = &self.parts[PART.get()];
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            let noted = part.entry(snapshot.token.id).or_default();
            if outcome != UseOutcome::Inactive {
                noted.let_in(at, ip, 1);
            }
            if modules.is_empty() {
                noted.count(hour, None, outcome, 1);
            }
            for module in modules {
                noted.count(hour, Some(*module), outcome, 1);
            }
        }
        if outcome != UseOutcome::Inactive && snapshot.is_first_use() {
            self.due.notify_one();
        }
    }

    fn take(&self) -> HashMap<TokenId, Use> {
        let mut all = HashMap::new();
        for part in &self.parts {
            let part = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
            if all.is_empty() {
                all = part;
            } else {
                merge(&mut all, part);
            }
        }
        all
    }

    /// What could not be written, for the next time.
    fn put_back(&self, uses: impl IntoIterator<Item = (TokenId, Use)>) {
        let part = &self.parts[0];
        merge(
            &mut part.lock().unwrap_or_else(PoisonError::into_inner),
            uses,
        );
    }

    /// Tokens with uses that are not written yet.
    pub(super) fn waiting(&self) -> usize {
        let counts = self
            .parts
            .iter()
            .map(|part| part.lock().unwrap_or_else(PoisonError::into_inner).len());
        counts.sum()
    }
}

fn merge(all: &mut HashMap<TokenId, Use>, more: impl IntoIterator<Item = (TokenId, Use)>) {
    for (token, noted) in more {
        match all.entry(token) {
            Entry::Occupied(mut there) => there.get_mut().add(noted),
            Entry::Vacant(place) => {
                place.insert(noted);
            }
        }
    }
}

impl ConsoleService {
    /// Waits until uses should be written at once.
    pub async fn uses_due(&self) {
        self.uses.due.notified().await;
    }

    /// Writes the uses that were noted since the last time. What fails is tried again with the next ones.
    pub async fn write_uses(&self) {
        let mut uses: Vec<_> = self.uses.take().into_iter().collect();
        while !uses.is_empty() {
            let some = uses.split_off(uses.len().saturating_sub(TOGETHER));
            if let Err(error) = self.try_write_uses(&some).await {
                tracing::warn!(%error, "the use of tokens could not be written; it is tried again");
                self.uses.put_back(uses.into_iter().chain(some));
                return;
            }
        }
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
            counts.map(|&(hour, module, outcome, uses)| UseCount {
                token: *token,
                hour,
                module,
                outcome,
                uses,
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
        let before = hour_of(self.env.clock.now()) - KEPT;
        while let Ok(true) = self.forget_a_day(before).await {}
    }

    async fn forget_a_day(&self, before: i64) -> Result<bool, ServiceError> {
        let tx = self.db.begin_write().await?;
        let gone = token_uses::delete_day_before(&tx, before).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// How often a token was presented in the last so many hours, by hour, module and outcome.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn list_uses(&self, token: TokenId, hours: i64) -> Result<Vec<UseCount>, ApiError> {
        let now = hour_of(self.env.clock.now());
        let first = now - hours.clamp(1, KEPT) + 1;
        let uses = token_uses::list_uses(self.db.read(), token, first, now).await;
        seen(uses.map_err(ServiceError::from), &Origin::default())
    }
}
