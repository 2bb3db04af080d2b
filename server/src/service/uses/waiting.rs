//! Uses that are counted in memory and not written yet. What is in here is lost when the process is killed.

use crate::repo::{UseOutcome, token_uses::hour_of, tokens::TokenRow};
use app::domain::{module::ModuleId, time::Timestamp, token::TokenId};
use smallvec::SmallVec;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// Parts, by token, so that threads hardly ever meet.
const PARTS: usize = 64;
/// From so many counts on, one of another hour is added to what waits of the same token, module and outcome. So however
/// long nothing can be written, no more memory is taken than for one hour.
const MOST_COUNTS: usize = 1_000_000;

/// Uses that are not written yet.
pub(in super::super) struct Uses {
    parts: Box<[Mutex<Part>]>,
    /// The last access of tokens whose uses are being written or were written last: until the next ones are, so that it is
    /// never in neither place for whoever looks into the database first.
    taken: Mutex<HashMap<TokenId, (Timestamp, Option<IpAddr>)>>,
    /// From how many counts on a part merges hours.
    most: usize,
    /// Somebody should write now.
    pub(super) due: Notify,
    /// Writing failed the last time.
    failing: AtomicBool,
    /// How often it failed.
    failures: AtomicU64,
}

/// Some of the tokens.
#[derive(Default)]
struct Part {
    tokens: HashMap<TokenId, Use>,
    counts: usize,
}

/// A token that was presented.
#[derive(Clone, Copy)]
pub(in super::super) struct Presented {
    /// The token.
    pub token: TokenId,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub ip: Option<IpAddr>,
}

/// What is not written yet of a token.
#[derive(Default)]
pub(super) struct Use {
    pub(super) access: Option<Access>,
    /// How often, by hour, module and outcome: mostly one.
    pub(super) counts: SmallVec<[Count; 1]>,
}

/// When a token was good last, from where, and how often.
#[derive(Clone, Copy)]
pub(super) struct Access {
    pub(super) at: Timestamp,
    pub(super) ip: Option<IpAddr>,
    pub(super) times: i64,
}

/// How often in an hour, for a module, with an outcome.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub(super) hour: i64,
    pub(super) module: Option<ModuleId>,
    pub(super) outcome: UseOutcome,
    pub(super) uses: u64,
}

impl Use {
    fn good(&mut self, new: Access) {
        self.access = Some(match self.access {
            None => new,
            Some(before) => {
                let last = if before.at > new.at { before } else { new };
                Access {
                    times: before.times + new.times,
                    ..last
                }
            }
        });
    }

    /// Counts more; says whether that takes another place. With `merge` the hour is told as the later one, rather than
    /// taking a place.
    fn count(&mut self, more: Count, merge: bool) -> bool {
        let same = |count: &Count| (count.module, count.outcome) == (more.module, more.outcome);
        let mut counts = self.counts.iter_mut().filter(|count| same(count));
        let found = if merge {
            counts.max_by_key(|count| count.hour)
        } else {
            counts.find(|count| count.hour == more.hour)
        };
        if let Some(count) = found {
            count.uses += more.uses;
            count.hour = count.hour.max(more.hour);
            return false;
        }
        self.counts.push(more);
        true
    }
}

impl Part {
    fn add(&mut self, token: TokenId, noted: Use, most: usize) {
        let known = self.tokens.entry(token).or_default();
        if let Some(access) = noted.access {
            known.good(access);
        }
        for count in noted.counts {
            self.counts += usize::from(known.count(count, self.counts >= most));
        }
    }
}

impl Default for Uses {
    fn default() -> Self {
        Self::merging_from(MOST_COUNTS / PARTS)
    }
}

impl Uses {
    /// With so many counts in a part before it merges hours.
    fn merging_from(most: usize) -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            taken: Mutex::default(),
            most,
            due: Notify::default(),
            failing: AtomicBool::new(false),
            failures: AtomicU64::new(0),
        }
    }

    /// Counts a use for these modules; for none when nothing was asked for.
    pub(in super::super) fn note(
        &self,
        presented: Presented,
        modules: &[ModuleId],
        outcome: UseOutcome,
    ) {
        let Presented { token, at, ip } = presented;
        let access = Access { at, ip, times: 1 };
        let count = |module| Count {
            hour: hour_of(at),
            module,
            outcome,
            uses: 1,
        };
        let nothing = modules.is_empty().then_some(None);
        let modules = modules.iter().copied().map(Some).chain(nothing);
        let noted = Use {
            access: (outcome != UseOutcome::Inactive).then_some(access),
            counts: modules.map(count).collect(),
        };
        self.part(token).add(token, noted, self.most);
    }

    /// What was noted should be written at once.
    pub(in super::super) fn write_soon(&self) {
        self.due.notify_one();
    }

    fn part(&self, token: TokenId) -> MutexGuard<'_, Part> {
        let part = usize::try_from(token.number() % PARTS as u64).unwrap_or(0);
        locked(&self.parts[part])
    }

    /// Takes out what waits, a part at a time, to be written.
    pub(super) fn take(&self) -> impl Iterator<Item = HashMap<TokenId, Use>> {
        locked(&self.taken).clear();
        self.parts.iter().map(|part| {
            let mut part = locked(part);
            let part_taken = std::mem::take(&mut *part);
            let last = part_taken.tokens.iter().filter_map(|(token, noted)| {
                noted.access.map(|access| (*token, (access.at, access.ip)))
            });
            locked(&self.taken).extend(last);
            part_taken.tokens
        })
    }

    /// What could not be written, for the next time.
    pub(super) fn put_back(&self, uses: impl IntoIterator<Item = (TokenId, Use)>) {
        for (token, noted) in uses {
            self.part(token).add(token, noted, self.most);
        }
    }

    /// Notes whether writing failed; says so when it did not the time before, or the other way round.
    pub(super) fn is_news(&self, failed: bool) -> bool {
        self.failures
            .fetch_add(u64::from(failed), Ordering::Relaxed);
        self.failing.swap(failed, Ordering::Relaxed) != failed
    }

    /// Brings rows up to date that were read just now: with the last access of each, and with how often it was used since.
    pub(in super::super) fn complete(&self, rows: &mut [TokenRow]) {
        for row in &mut *rows {
            let waiting = self
                .part(row.id)
                .tokens
                .get(&row.id)
                .and_then(|noted| noted.access);
            if let Some(Access { at, ip, times }) = waiting {
                row.uses += times.unsigned_abs();
                used(row, at, ip);
            }
        }
        let taken = locked(&self.taken);
        for row in rows {
            if let Some((at, ip)) = taken.get(&row.id) {
                used(row, *at, *ip);
            }
        }
    }

    /// Tokens with uses that are not written yet.
    pub(in super::super) fn waiting(&self) -> usize {
        self.parts
            .iter()
            .map(|part| locked(part).tokens.len())
            .sum()
    }

    /// How often uses could not be written.
    pub(in super::super) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }
}

fn used(row: &mut TokenRow, at: Timestamp, ip: Option<IpAddr>) {
    if row.last_access_at.is_none_or(|last| last <= at) {
        row.last_access_at = Some(at);
        row.last_access_ip = ip.map(|ip| ip.to_string());
    }
}

fn locked<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn while_nothing_can_be_written_hours_are_merged_and_no_use_is_lost() {
        let uses = Uses::merging_from(4);
        let token = TokenId::from_number(64).unwrap();
        let module = ModuleId::from_number(1).unwrap();
        for hour in 0..100 {
            let presented = Presented {
                token,
                at: Timestamp(hour * HOUR),
                ip: None,
            };
            uses.note(presented, &[module], UseOutcome::Allowed);
            if hour % 10 == 0 {
                let waiting: Vec<_> = uses.take().flatten().collect();
                uses.put_back(waiting);
            }
        }
        // What is merged counts in the latest hour; another outcome is another count all the same.
        let presented = Presented {
            token,
            at: Timestamp(99 * HOUR),
            ip: None,
        };
        uses.note(presented, &[module], UseOutcome::ModuleMissing);
        let waiting: Vec<_> = uses.take().flatten().collect();
        let [(_, noted)] = &waiting[..] else {
            panic!("one token was used");
        };
        let counts = noted.counts.iter().map(|count| (count.hour, count.uses));
        assert_eq!(
            counts.collect::<Vec<_>>(),
            [(0, 1), (1, 1), (2, 1), (99, 97), (99, 1)]
        );
        assert_eq!(noted.access.unwrap().times, 101);
    }
}
