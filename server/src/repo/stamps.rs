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

/// The time, and when each token and everything changed last. Tokens share places: a change makes some others look stale
/// too, which costs them one question.
#[derive(Debug)]
pub(crate) struct Stamps {
    now: AtomicU64,
    everything: AtomicU64,
    tokens: Box<[AtomicU64]>,
}

impl Stamps {
    /// With so many places for tokens, at least one.
    pub(crate) fn new(places: usize) -> Self {
        Self {
            now: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            tokens: (0..places.max(1)).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// To be noted before something is read.
    pub(crate) fn now(&self) -> Stamp {
        self.now.load(Ordering::Acquire)
    }

    /// Whether nothing that concerns every token was changed since `read`.
    pub(crate) fn all_hold(&self, read: Stamp) -> bool {
        self.everything.load(Ordering::Acquire) <= read
    }

    /// Whether what was read of the token at `read` still holds.
    pub(crate) fn holds(&self, token: u64, read: Stamp) -> bool {
        self.all_hold(read) && self.place(token).load(Ordering::Acquire) <= read
    }

    /// The token was changed, and the change is committed.
    pub(crate) fn token_changed(&self, token: u64) {
        let at = self.tick();
        self.place(token).fetch_max(at, Ordering::AcqRel);
    }

    /// Anything may have been changed.
    pub(crate) fn all_changed(&self) {
        let at = self.tick();
        self.everything.fetch_max(at, Ordering::AcqRel);
    }

    fn tick(&self) -> Stamp {
        self.now.fetch_add(1, Ordering::AcqRel) + 1
    }

    fn place(&self, token: u64) -> &AtomicU64 {
        // There are far fewer places than numbers, and at least one.
        let place = usize::try_from(token % self.tokens.len() as u64).unwrap_or(0);
        &self.tokens[place]
    }
}
