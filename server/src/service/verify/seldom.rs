//! Something that is said once a second at most, however often it happens.

use app::domain::time::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

const SECOND: u64 = 1_000_000;

/// When it was said last.
#[derive(Debug)]
pub(in super::super) struct Seldom(AtomicI64);

impl Default for Seldom {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Seldom {
    /// Whether it is to be said now; then by this caller only. A clock that was set back does not silence it.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        last.abs_diff(now.0) >= SECOND
            && self
                .0
                .compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}
