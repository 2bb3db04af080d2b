//! Tokens in memory, by what their secrets are found by.
//!
//! Bounded by weight; what was not asked for lately makes room (`quick_cache`; ARCHITECTURE.md says what was measured). An
//! entry is a picture of a row with the moment before it was read; whether it still holds is asked of the process's memory
//! each time. Of many who ask for the same row at once, one reads it.

use super::{super::ServiceError, card::Card};
use crate::repo::{
    Stamp, StoreError,
    bearers::BearerRow,
    memory::{AsItIs, Memory, fingerprint},
};
use app::domain::{
    module::{Module, ModuleId},
    program::{CurrentToken, HeldModule},
    time::Timestamp,
    token::TokenStatus,
};
use quick_cache::{
    Weighter,
    sync::{Cache, DefaultLifecycle, EntryAction, EntryResult},
};
use std::{
    collections::HashMap,
    hash::BuildHasherDefault,
    mem::size_of,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use subtle::ConstantTimeEq as _;

/// What an entry usually weighs, in bytes.
const USUAL: u64 = 600;

/// A token as it was when it was read.
#[derive(Debug)]
pub struct TokenSnapshot {
    /// Whose it is, and what it may use.
    pub token: Arc<CurrentToken>,
    /// How it is told to the services behind a gateway.
    pub card: Card,
    /// When it was made.
    pub created_at: Timestamp,
    status: TokenStatus,
    lookup: [u8; 32],
    read: Stamp,
    used: AtomicBool,
    weight: u64,
}

impl TokenSnapshot {
    fn new(row: BearerRow, read: Stamp) -> Self {
        let (status, lookup, created_at) = (row.status, row.lookup, row.created_at);
        let used = AtomicBool::new(row.used);
        let token = row.into_token();
        let card = Card::of(&token);
        let modules = token
            .modules
            .iter()
            .map(|module| module.code.len() + size_of::<HeldModule>());
        let heap = card.size() + token.name.len() + token.account.name.len();
        let weight = size_of::<Self>() + size_of::<CurrentToken>() + heap + modules.sum::<usize>();
        Self {
            token: Arc::new(token),
            card,
            created_at,
            status,
            lookup,
            read,
            used,
            weight: weight as u64,
        }
    }

    /// Whether it opens anything.
    pub(in super::super) fn is_active(&self) -> bool {
        self.status == TokenStatus::Active
    }

    /// Whether it is gone for good.
    pub(in super::super) fn is_deleted(&self) -> bool {
        self.status == TokenStatus::Deleted
    }

    /// Notes that it is used now; whether this is the first time ever, as far as is known.
    pub(in super::super) fn is_first_use(&self) -> bool {
        // Looked at before it is written: many use the same token at the same time.
        !self.used.load(Ordering::Relaxed) && !self.used.swap(true, Ordering::Relaxed)
    }

    /// Whether it is what this value finds, and still as it was read (T-11).
    fn holds(&self, memory: &Memory, lookup: &[u8; 32]) -> bool {
        let same = bool::from(self.lookup.ct_eq(lookup));
        let (token, account) = (self.token.id.number(), self.token.account.id.number());
        same && memory.stamps.holds(token, account, self.read)
    }
}

#[derive(Debug, Clone, Copy)]
struct ByBytes;

impl Weighter<u64, Arc<TokenSnapshot>> for ByBytes {
    fn weight(&self, _: &u64, snapshot: &Arc<TokenSnapshot>) -> u64 {
        snapshot.weight
    }
}

type Snapshots = Cache<u64, Arc<TokenSnapshot>, ByBytes, BuildHasherDefault<AsItIs>>;

/// The modules there are, by code.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    read: Stamp,
    by_code: HashMap<String, ModuleId>,
}

impl Modules {
    pub(super) fn new(read: Stamp, modules: impl IntoIterator<Item = (String, ModuleId)>) -> Self {
        Self {
            read,
            by_code: modules.into_iter().collect(),
        }
    }

    pub(super) fn find(&self, code: &str) -> Option<ModuleId> {
        self.by_code.get(code).copied()
    }
}

/// How full the index is, and how often it knew.
#[derive(Debug, Clone, Copy, Default)]
pub struct IndexFigures {
    /// Tokens in it.
    pub entries: u64,
    /// Bytes they weigh.
    pub bytes: u64,
    /// The most that they may weigh.
    pub capacity: u64,
    /// How often the answer was there.
    pub hits: u64,
    /// How often the database was asked.
    pub misses: u64,
}

/// Tokens in memory.
pub(crate) struct Index {
    snapshots: Snapshots,
    modules: RwLock<Option<Arc<Modules>>>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Index {
    /// With room for so many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        let usual = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        Self {
            snapshots: Cache::with(
                usual,
                bytes,
                ByBytes,
                BuildHasherDefault::default(),
                DefaultLifecycle::default(),
            ),
            modules: RwLock::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The token that this value finds, if it is in memory and still as it was read.
    pub(crate) fn find(&self, memory: &Memory, lookup: &[u8; 32]) -> Option<Arc<TokenSnapshot>> {
        let found = self.snapshots.get(&fingerprint(lookup));
        let found = found.filter(|found| found.holds(memory, lookup))?;
        self.hits.fetch_add(1, Ordering::Relaxed);
        Some(found)
    }

    /// Whether there may be a token that this value finds. Until all are known, there may.
    pub(crate) fn may_hold(memory: &Memory, lookup: &[u8; 32]) -> bool {
        memory.may_hold(fingerprint(lookup))
    }

    /// The token that this value finds; `read` asks the database for it. May be dropped at any point: whoever else waits for
    /// the same row then reads it.
    pub(crate) async fn load<R>(
        &self,
        memory: &Memory,
        lookup: &[u8; 32],
        read: impl FnOnce() -> R,
    ) -> Result<Option<Arc<TokenSnapshot>>, ServiceError>
    where
        R: Future<Output = Result<Option<BearerRow>, StoreError>>,
    {
        let key = fingerprint(lookup);
        let kept = |_: &u64, found: &mut Arc<TokenSnapshot>| {
            if found.holds(memory, lookup) {
                EntryAction::Retain(Arc::clone(found))
            } else {
                EntryAction::ReplaceWithGuard
            }
        };
        let guard = match self.snapshots.entry_async(&key, kept).await {
            // Somebody else has read it meanwhile.
            EntryResult::Retained(snapshot) => return Ok(Some(snapshot)),
            EntryResult::Vacant(guard) | EntryResult::Replaced(guard, _) => guard,
            EntryResult::Removed(..) | EntryResult::Timeout => {
                return Err(super::uncertain().into());
            }
        };
        self.misses.fetch_add(1, Ordering::Relaxed);
        // Before the row: what is changed from here on makes the picture stale.
        let stamp = memory.stamps.now();
        let row = read().await?;
        let Some(row) = row.filter(|row| bool::from(row.lookup.ct_eq(lookup))) else {
            return Ok(None);
        };
        let snapshot = Arc::new(TokenSnapshot::new(row, stamp));
        // Refused when something took its place, and then it is not needed.
        let _ = guard.insert(Arc::clone(&snapshot));
        Ok(Some(snapshot))
    }

    /// The modules there are; `read` asks the database for them.
    pub(crate) async fn modules<R>(
        &self,
        memory: &Memory,
        read: impl FnOnce() -> R,
    ) -> Result<Arc<Modules>, ServiceError>
    where
        R: Future<Output = Result<Vec<Module>, StoreError>>,
    {
        let known = self.modules.read();
        let known = known.unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(modules) = known.filter(|known| memory.stamps.modules_hold(known.read)) {
            return Ok(modules);
        }
        let stamp = memory.stamps.now();
        let modules = read().await?;
        let by_code = modules.into_iter().map(|module| (module.code, module.id));
        let modules = Arc::new(Modules::new(stamp, by_code));
        let mut known = self.modules.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Arc::clone(&modules));
        Ok(modules)
    }

    /// How full it is, and how often it knew.
    pub(crate) fn figures(&self) -> IndexFigures {
        IndexFigures {
            entries: self.snapshots.len() as u64,
            bytes: self.snapshots.weight(),
            capacity: self.snapshots.capacity(),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests;
