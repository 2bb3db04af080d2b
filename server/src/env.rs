//! The world outside: what time it is, and bytes nobody can foresee.
//!
//! Owns the two traits through which the rest of the server asks for time and randomness, their real forms and
//! the forms that tests set. It must not know what the time or the bytes are for. `clippy.toml` bans every other
//! way to them.

use app::domain::time::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment, in microseconds since 1970 (UTC).
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A machine that believes in a year before 1970 gets 1970; nothing would be valid then, which is safe.
        Timestamp(since.map_or(0, |since| {
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        }))
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct MockClock(AtomicI64);

impl MockClock {
    /// A clock that shows `at`.
    #[must_use]
    pub const fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Sets the clock.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::SeqCst);
    }

    /// Moves the clock on by `seconds`, or back when negative.
    pub fn advance(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The operating system gave no random bytes. Whatever needed them must fail (T-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomError;

/// Gives bytes that nobody can foresee.
pub trait RandomSource: Send + Sync {
    /// Fills the whole of `bytes`.
    ///
    /// # Errors
    /// [`RandomError`] when there is no randomness; there is no second source to fall back to (T-6).
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The random numbers of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl RandomSource for OsRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the operating system"
    )]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError)
    }
}

/// The same bytes for the same seed, for tests: SHA-256 over the seed and a counter. Never for anything secret.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    blocks: AtomicU64,
}

impl SeededRandom {
    /// The source that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            blocks: AtomicU64::new(0),
        }
    }
}

impl RandomSource for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(32) {
            let block = self.blocks.fetch_add(1, Ordering::SeqCst);
            let digest = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(block.to_be_bytes())
                .finalize();
            for (byte, random) in chunk.iter_mut().zip(digest) {
                *byte = random;
            }
        }
        Ok(())
    }
}

/// `N` random bytes.
///
/// # Errors
/// [`RandomError`], from the source.
pub fn array<const N: usize>(random: &dyn RandomSource) -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// A random number from 0 up to, but without, `bound`; each equally likely. A `bound` of 0 counts as 1.
///
/// # Errors
/// [`RandomError`], from the source.
pub fn below(random: &dyn RandomSource, bound: u64) -> Result<u64, RandomError> {
    let bound = bound.max(1);
    // Draws above the last whole multiple of `bound` would make small numbers likelier, so they are drawn again.
    let surplus = (u64::MAX % bound + 1) % bound;
    loop {
        let draw = u64::from_be_bytes(array(random)?);
        if draw <= u64::MAX - surplus {
            return Ok(draw % bound);
        }
    }
}

/// Time and randomness, as they are handed to whatever needs them.
#[derive(Clone)]
pub struct Env {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub random: Arc<dyn RandomSource>,
}

impl Env {
    /// The machine's own clock and the operating system's random numbers.
    #[must_use]
    pub fn real() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mock_clock_moves_only_when_told() {
        let clock = MockClock::new(Timestamp(5));
        assert_eq!(clock.now(), Timestamp(5));
        clock.advance(2);
        assert_eq!(clock.now(), Timestamp(2_000_005));
        clock.set(Timestamp(0));
        assert_eq!(clock.now(), Timestamp(0));
    }

    #[test]
    fn the_machine_s_clock_knows_this_century() {
        assert!(SystemClock.now() > Timestamp(1_700_000_000_000_000));
    }

    #[test]
    fn a_seed_gives_its_bytes_again_and_another_seed_others() {
        let draw = |seed| array::<100>(&SeededRandom::new(seed)).unwrap();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let source = SeededRandom::new(1);
        assert_ne!(array::<32>(&source).unwrap(), array::<32>(&source).unwrap());
    }

    #[test]
    fn the_operating_system_gives_different_bytes_each_time() {
        assert_ne!(
            array::<32>(&OsRandom).unwrap(),
            array::<32>(&OsRandom).unwrap()
        );
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_every_value() {
        let source = SeededRandom::new(7);
        let mut seen = [0_u32; 6];
        for _ in 0..6_000 {
            seen[usize::try_from(below(&source, 6).unwrap()).unwrap()] += 1;
        }
        assert!(
            seen.iter().all(|count| (800..1_200).contains(count)),
            "{seen:?}"
        );
        assert_eq!(below(&source, 1).unwrap(), 0);
        assert_eq!(below(&source, 0).unwrap(), 0);
    }

    #[test]
    fn a_draw_from_the_uneven_end_is_drawn_again() {
        /// Gives the largest number first, then zero.
        struct LargestFirst(AtomicU64);
        impl RandomSource for LargestFirst {
            fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
                bytes.fill(if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
                    0xff
                } else {
                    0
                });
                Ok(())
            }
        }
        let source = LargestFirst(AtomicU64::new(0));
        assert_eq!(below(&source, 10).unwrap(), 0);
        assert_eq!(source.0.load(Ordering::SeqCst), 2);
    }
}
