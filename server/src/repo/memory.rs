//! What a process remembers of its database, so that it need not ask: which secrets there may be at all, and when tokens
//! changed. Every transaction that commits brings it up to date; for what other processes commit, `service` reads the
//! audit trail.

use super::{anchors::Anchors, stamps::Stamps};
use app::domain::token::TokenId;
use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// Places for the changes of tokens: four megabytes. While many are changed at once, few others share a place with one.
const PLACES: usize = 524_288;
/// Parts of the set of secrets. When one grows, only those who look into the same part wait, for microseconds.
const PARTS: usize = 256;

/// The first 64 bits of a look-up value. Those are the output of a keyed hash, so nobody can choose them.
pub(crate) fn fingerprint(lookup: &[u8; 32]) -> u64 {
    lookup
        .first_chunk()
        .map_or(0, |first| u64::from_be_bytes(*first))
}

/// The hash of a fingerprint is itself.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

type Part = RwLock<HashSet<u64, BuildHasherDefault<AsItIs>>>;

/// The memory of one process.
#[derive(Debug)]
pub(crate) struct Memory {
    /// When tokens changed.
    pub(crate) stamps: Stamps,
    /// Where pages of lists begin.
    pub(super) anchors: Anchors,
    known: Box<[Part]>,
    /// How often others made tokens unseen, and how many of these times all secrets were learnt since.
    forgotten: AtomicU64,
    learnt: AtomicU64,
    gaps: Notify,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            stamps: Stamps::new(PLACES),
            anchors: Anchors::default(),
            known: (0..PARTS).map(|_| Part::default()).collect(),
            // Nothing is known at first.
            forgotten: AtomicU64::new(1),
            learnt: AtomicU64::new(0),
            gaps: Notify::new(),
        }
    }
}

impl Memory {
    /// Whether there may be a token with this fingerprint. Until all are known, there may.
    pub(crate) fn may_hold(&self, fingerprint: u64) -> bool {
        if !self.is_complete() {
            return true;
        }
        let part = self.part(fingerprint).read();
        part.unwrap_or_else(PoisonError::into_inner)
            .contains(&fingerprint)
    }

    /// Notes secrets that there are. None is ever taken away: a deleted token's value never comes back (T-30).
    pub(crate) fn know(&self, fingerprints: impl IntoIterator<Item = u64>) {
        for fingerprint in fingerprints {
            let part = self.part(fingerprint).write();
            part.unwrap_or_else(PoisonError::into_inner)
                .insert(fingerprint);
        }
    }

    /// Whether every secret is known.
    pub(crate) fn is_complete(&self) -> bool {
        self.learnt.load(Ordering::Acquire) == self.forgotten.load(Ordering::Acquire)
    }

    /// There may be secrets that are not known.
    pub(crate) fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.gaps.notify_one();
    }

    /// Waits until there may be secrets that are not known.
    pub(crate) async fn wait_for_gaps(&self) {
        while self.is_complete() {
            self.gaps.notified().await;
        }
    }

    /// To be noted before all secrets are read.
    pub(crate) fn begin_to_learn(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    /// All secrets that were there when that was noted are known; new ones are noted as they come.
    pub(crate) fn learnt(&self, begun: u64) {
        self.learnt.fetch_max(begun, Ordering::AcqRel);
    }

    /// How many secrets are known.
    pub(crate) fn count(&self) -> usize {
        let counts = self.known.iter().map(|part| {
            let part = part.read();
            part.unwrap_or_else(PoisonError::into_inner).len()
        });
        counts.sum()
    }

    /// Takes note of what was committed.
    pub(crate) fn committed(&self, changes: Changes) {
        // Before whoever made the token hears of it.
        self.know(changes.made);
        for token in changes.tokens {
            self.stamps.token_changed(token.number());
        }
        if changes.everything {
            self.stamps.all_changed();
        }
    }

    fn part(&self, fingerprint: u64) -> &Part {
        // Neither the bits by which the set chooses a bucket nor those by which it tells its members apart.
        let part = usize::try_from((fingerprint >> 40) % PARTS as u64).unwrap_or(0);
        &self.known[part]
    }
}

/// What a transaction changes of that which the process remembers.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Fingerprints of new tokens.
    pub(super) made: Vec<u64>,
    /// Tokens with other rights, or another name, than before.
    pub(super) tokens: Vec<TokenId>,
    /// What concerns every token.
    pub(super) everything: bool,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.made.is_empty() && self.tokens.is_empty() && !self.everything
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_all_secrets_are_known_any_may_be_there() {
        let memory = Memory::default();
        assert!(memory.may_hold(7));
        let begun = memory.begin_to_learn();
        memory.know([1, 2, u64::MAX]);
        memory.learnt(begun);
        assert!(memory.may_hold(1) && memory.may_hold(u64::MAX) && !memory.may_hold(7));
        memory.know([7, 7]);
        assert!(memory.may_hold(7));
        assert_eq!(memory.count(), 4);
    }

    #[test]
    fn what_others_made_while_one_was_learning_has_to_be_learnt_again() {
        let memory = Memory::default();
        let begun = memory.begin_to_learn();
        memory.forget();
        memory.learnt(begun);
        assert!(memory.may_hold(7));
        memory.learnt(memory.begin_to_learn());
        assert!(!memory.may_hold(7));
    }

    #[test]
    fn what_is_committed_is_remembered() {
        let memory = Memory::default();
        memory.learnt(memory.begin_to_learn());
        let token = TokenId::from_number(12_341_234).unwrap();
        let read = memory.stamps.now();
        assert!(memory.stamps.holds(token.number(), read));
        memory.committed(Changes {
            made: vec![9],
            tokens: vec![token],
            everything: false,
        });
        assert!(memory.may_hold(9));
        assert!(!memory.stamps.holds(token.number(), read));
        assert!(memory.stamps.holds(token.number(), memory.stamps.now()));
        assert!(memory.stamps.holds(token.number() + 1, read));
        memory.committed(Changes {
            everything: true,
            ..Changes::default()
        });
        assert!(!memory.stamps.holds(token.number() + 1, read) && !memory.stamps.all_hold(read));
    }
}
