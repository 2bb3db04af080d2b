//! The moments by which stale rows are found out, in every order in which threads can meet.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but does not see that helpers of tests are tests"
)]

use loom::{
    sync::{self, Arc, Mutex, atomic::AtomicU64, atomic::Ordering},
    thread,
};

#[path = "../src/repo/stamps.rs"]
mod stamps;

use stamps::Stamps;

const TOKEN: u64 = 12_341_234;
const ACCOUNT: u64 = 7;

/// What is said to have changed.
#[derive(Clone, Copy)]
enum Said {
    Token,
    Account,
    Modules,
    Everything,
}

/// A row, its reader's moment, and what a maker of changes was told.
struct World {
    stored: AtomicU64,
    told: AtomicU64,
    kept: Mutex<Option<(u64, u64)>>,
    stamps: Stamps,
}

impl World {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            stored: AtomicU64::new(0),
            told: AtomicU64::new(0),
            kept: Mutex::new(None),
            stamps: Stamps::new(2, 2),
        })
    }

    fn change(&self, said: Said) {
        // The database: whoever reads after this sees it.
        let version = self.stored.fetch_add(1, Ordering::AcqRel) + 1;
        match said {
            Said::Token => self.stamps.token_changed(TOKEN),
            Said::Account => self.stamps.account_changed(ACCOUNT),
            Said::Modules => self.stamps.modules_changed(),
            Said::Everything => self.stamps.all_changed(),
        }
        self.told.fetch_max(version, Ordering::AcqRel);
    }

    fn fill(&self) {
        let read = self.stamps.now();
        let version = self.stored.load(Ordering::Acquire);
        *self.kept.lock().unwrap() = Some((version, read));
    }

    /// Whether what was read of the token and of the modules still holds.
    fn holds(&self, read: u64) -> bool {
        self.stamps.holds(TOKEN, ACCOUNT, read) && self.stamps.modules_hold(read)
    }

    fn look(&self) {
        let least = self.told.load(Ordering::Acquire);
        let kept = *self.kept.lock().unwrap();
        if let Some((version, read)) = kept
            && self.holds(read)
        {
            assert!(version >= least, "{version} is kept, {least} was told");
        }
    }
}

fn whatever_the_order(changes: &'static [Said]) {
    let mut model = loom::model::Builder::new();
    // More switches than these between four threads take hours, and find nothing that fewer do not.
    model.preemption_bound = Some(2);
    model.check(move || {
        let world = World::new();
        let fills = thread::spawn({
            let world = Arc::clone(&world);
            move || world.fill()
        });
        let makers: Vec<_> = changes
            .iter()
            .map(|said| {
                let world = Arc::clone(&world);
                thread::spawn(move || world.change(*said))
            })
            .collect();
        world.look();
        fills.join().unwrap();
        for maker in makers {
            maker.join().unwrap();
        }
        world.look();
        // What is read after all of them is kept.
        world.fill();
        assert!(world.holds(world.stamps.now()));
    });
}

#[test]
fn a_row_that_was_read_before_a_change_never_counts_after_it() {
    whatever_the_order(&[Said::Token]);
}

#[test]
fn nor_when_its_account_or_the_modules_there_are_change() {
    whatever_the_order(&[Said::Account]);
    whatever_the_order(&[Said::Modules]);
}

#[test]
fn nor_when_everything_may_have_changed() {
    whatever_the_order(&[Said::Everything]);
}

#[test]
fn nor_when_two_change_things_at_once() {
    whatever_the_order(&[Said::Token, Said::Account]);
}
