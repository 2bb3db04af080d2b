//! Places for what takes long or much: so many in all, and so many for one account or token, so that nobody takes them all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places.
#[derive(Debug)]
pub struct Places {
    all: Arc<Semaphore>,
    each: usize,
    of: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _own: OwnedSemaphorePermit,
    _common: OwnedSemaphorePermit,
}

impl Places {
    /// So many `all` together, `each` for one key.
    #[must_use]
    pub fn new(all: usize, each: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            each,
            of: Mutex::default(),
        }
    }

    /// A place for `key`, once there is one. `None` only when the process ends.
    pub async fn take(&self, key: &str) -> Option<Place> {
        let own = self.of(key).acquire_owned().await.ok()?;
        let common = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some(Place {
            _own: own,
            _common: common,
        })
    }

    /// A place for `key`, if there is one now.
    #[must_use]
    pub fn try_take(&self, key: &str) -> Option<Place> {
        let own = self.of(key).try_acquire_owned().ok()?;
        let common = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some(Place {
            _own: own,
            _common: common,
        })
    }

    fn of(&self, key: &str) -> Arc<Semaphore> {
        const KEPT: usize = 1_000;
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if of.len() > KEPT {
            // Held by nobody, it is as good as new.
            of.retain(|_, places| Arc::strong_count(places) > 1);
        }
        let places = of.entry(key.to_owned());
        Arc::clone(places.or_insert_with(|| Arc::new(Semaphore::new(self.each))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_takes_the_place_of_others() {
        let places = Places::new(3, 2);
        let _held = (places.take("a").await, places.take("a").await);
        assert!(places.try_take("a").is_none());
        let other = places.try_take("b");
        assert!(other.is_some());
        assert!(places.try_take("c").is_none(), "all are taken");
        drop(other);
        assert!(places.try_take("c").is_some());
    }
}
