//! What a process remembers of its database, so that it need not ask: which secrets there may be at all, and when tokens
//! changed. Every transaction that commits brings it up to date; for what other processes commit, `service` reads the
//! audit trail.

use super::{anchors::Anchors, stamps::Stamps};
use app::domain::{account::AccountId, token::TokenId};
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
const TOKEN_PLACES: usize = 524_288;
/// Places for the changes of accounts: all tokens of one are looked at together, and there are far fewer.
const ACCOUNT_PLACES: usize = 16_384;
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
            stamps: Stamps::new(TOKEN_PLACES, ACCOUNT_PLACES),
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
        for stale in changes.stale {
            self.changed(stale);
        }
    }

    /// What was read of this before no longer counts.
    pub(crate) fn changed(&self, stale: Stale) {
        match stale {
            Stale::Token(token) => self.stamps.token_changed(token.number()),
            Stale::Account(account) => self.stamps.account_changed(account.number()),
            Stale::Modules => self.stamps.modules_changed(),
            Stale::Everything => self.stamps.all_changed(),
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
    /// What is not as it was.
    pub(super) stale: Vec<Stale>,
}

/// What a change makes stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stale {
    /// What is known of this token: its rights, its name, what it is found by.
    Token(TokenId),
    /// What is known of this account, and with it all of its tokens.
    Account(AccountId),
    /// Which modules there are, by code. What tokens have is told of each token.
    Modules,
    /// Everything.
    Everything,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.made.is_empty() && self.stale.is_empty()
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
        let holds = |token, account, read| memory.stamps.holds(token, account, read);
        assert!(holds(token.number(), 1, read));
        memory.committed(Changes {
            made: vec![9],
            stale: vec![Stale::Token(token)],
        });
        assert!(memory.may_hold(9));
        assert!(!holds(token.number(), 1, read));
        assert!(holds(token.number(), 1, memory.stamps.now()));
        assert!(holds(token.number() + 1, 1, read));
    }

    #[test]
    fn a_change_makes_nothing_stale_but_what_it_concerns() {
        let memory = Memory::default();
        let account = AccountId::from_number(7).unwrap();
        let read = memory.stamps.now();
        let holds = |account| memory.stamps.holds(12_341_234, account, read);
        memory.changed(Stale::Modules);
        assert!(holds(7) && !memory.stamps.modules_hold(read));
        let modules = memory.stamps.now();
        memory.changed(Stale::Account(account));
        assert!(!holds(7) && holds(8) && memory.stamps.modules_hold(modules));
        memory.changed(Stale::Everything);
        assert!(!holds(8) && !memory.stamps.modules_hold(modules));
    }
}
