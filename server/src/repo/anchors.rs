//! Where pages of long lists begin. A page that was shown is found again by what its first row is sorted by, and so is the
//! one after it and the one before, without counting the rows before them.
//!
//! A place is remembered as long as no token changes; then all are forgotten, so that pages never overlap.

use super::Stamp;
use quick_cache::sync::Cache;
use sea_orm::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Lists of which places are remembered.
const LISTS: usize = 300;
/// Places of a list that are remembered.
const PLACES: usize = 200;

/// A row at this place of a list, counted from 0.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    pub at: u64,
    /// What it is sorted by, then its id.
    pub key: (Value, Value),
}

#[derive(Debug, Default)]
struct Places {
    read: Option<Stamp>,
    of: BTreeMap<u64, (Value, Value)>,
}

/// What is remembered of all lists.
#[derive(Debug)]
pub(crate) struct Anchors(Cache<String, Arc<Mutex<Places>>>);

impl Default for Anchors {
    fn default() -> Self {
        Self(Cache::new(LISTS))
    }
}

impl Anchors {
    /// The last known row of this list up to the place `from`, and the first one from the place `end` on, if no token
    /// changed before `now`.
    pub(super) fn around(
        &self,
        list: &str,
        now: Stamp,
        from: u64,
        end: u64,
    ) -> [Option<Anchor>; 2] {
        let Some(places) = self.0.get(list) else {
            return [None, None];
        };
        let places = places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.read != Some(now) {
            return [None, None];
        }
        let anchor = |(at, key): (&u64, &(Value, Value))| Anchor {
            at: *at,
            key: key.clone(),
        };
        let before = places.of.range(..=from).next_back().map(anchor);
        let after = places.of.range(end..).next().map(anchor);
        [before, after]
    }

    /// Remembers rows of this list, which was read after `read` was noted.
    pub(super) fn remember(
        &self,
        list: &str,
        read: Stamp,
        anchors: impl IntoIterator<Item = Anchor>,
    ) {
        let places = self.0.get(list).unwrap_or_else(|| {
            let places = Arc::<Mutex<Places>>::default();
            self.0.insert(list.to_owned(), Arc::clone(&places));
            places
        });
        let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.read != Some(read) {
            places.of.clear();
            places.read = Some(read);
        }
        for anchor in anchors {
            places.of.insert(anchor.at, anchor.key);
        }
        while places.of.len() > PLACES {
            places.of.pop_first();
        }
    }
}
