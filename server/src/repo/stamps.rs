//! When what is known of a token may have gone stale.
//!
//! A number that only rises stands for the time. Whoever reads a row notes the number before he reads; each change, once
//! it is committed, raises it and leaves the new one at what it changed. So what was read is still true as long as the
//! number that was noted is not smaller than the one that stands there. Nothing waits, and a row that was read just before
//! a change and kept just after is found out when it is looked at.
//!
//! `server/tests/stamps.rs` compiles this very file against loom, hence `super::sync`.

use super::sync::atomic::{AtomicU64, Ordering};

/// A moment; later ones are larger.
pub(crate) type Stamp = u64;

/// The time, and when each token, each account, what modules there are, and everything changed last. Tokens share places,
/// and so do accounts: a change makes some others look stale too, which costs them one question.
#[derive(Debug)]
pub(crate) struct Stamps {
    now: AtomicU64,
    everything: AtomicU64,
    modules: AtomicU64,
    accounts: Box<[AtomicU64]>,
    tokens: Box<[AtomicU64]>,
}

impl Stamps {
    /// With so many places for tokens and for accounts, at least one for each.
    pub(crate) fn new(tokens: usize, accounts: usize) -> Self {
        let places = |many: usize| {
            (0..many.max(1))
                .map(|_| AtomicU64::new(0))
                .collect::<Box<_>>()
        };
        Self {
            now: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            modules: AtomicU64::new(0),
            accounts: places(accounts),
            tokens: places(tokens),
        }
    }

    /// To be noted before something is read.
    pub(crate) fn now(&self) -> Stamp {
        self.now.load(Ordering::Acquire)
    }

    /// Whether what was read at `read` about the modules that there are still holds.
    pub(crate) fn modules_hold(&self, read: Stamp) -> bool {
        self.are_before(read, [&self.modules])
    }

    /// Whether what was read at `read` of the token, which is this account's, still holds.
    pub(crate) fn holds(&self, token: u64, account: u64, read: Stamp) -> bool {
        let places = [place(&self.tokens, token), place(&self.accounts, account)];
        self.are_before(read, places)
    }

    /// The token was changed, and the change is committed.
    pub(crate) fn token_changed(&self, token: u64) {
        self.raise(place(&self.tokens, token));
    }

    /// The account was changed, and the change is committed.
    pub(crate) fn account_changed(&self, account: u64) {
        self.raise(place(&self.accounts, account));
    }

    /// What modules there are was changed, and the change is committed.
    pub(crate) fn modules_changed(&self) {
        self.raise(&self.modules);
    }

    /// Anything may have been changed.
    pub(crate) fn all_changed(&self) {
        self.raise(&self.everything);
    }

    fn are_before<const N: usize>(&self, read: Stamp, places: [&AtomicU64; N]) -> bool {
        let holds = |place: &AtomicU64| place.load(Ordering::Acquire) <= read;
        holds(&self.everything) && places.into_iter().all(holds)
    }

    fn raise(&self, place: &AtomicU64) {
        let at = self.tick();
        place.fetch_max(at, Ordering::AcqRel);
    }

    fn tick(&self) -> Stamp {
        self.now.fetch_add(1, Ordering::AcqRel) + 1
    }
}

fn place(places: &[AtomicU64], number: u64) -> &AtomicU64 {
    // There are far fewer places than numbers, and at least one.
    let place = usize::try_from(number % places.len() as u64).unwrap_or(0);
    &places[place]
}
