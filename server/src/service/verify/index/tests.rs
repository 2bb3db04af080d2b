//! The index never answers what was true only before a change of which somebody has heard (R-11, T-30), in whatever order
//! things happen.

use super::*;
use crate::repo::memory::Stale;
use app::domain::{
    account::{AccountId, AccountRef, AccountStatus, AccountType},
    token::TokenId,
};
use proptest::prelude::*;
use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

const LOOKUP: [u8; 32] = [7; 32];

fn token() -> TokenId {
    TokenId::from_number(12_341_234).unwrap()
}

fn account() -> AccountId {
    AccountId::from_number(1).unwrap()
}

/// The token's row; its name tells the version.
fn row(version: u64) -> BearerRow {
    BearerRow {
        id: token(),
        name: version.to_string(),
        status: TokenStatus::Active,
        created_at: Timestamp(0),
        account: AccountRef {
            id: account(),
            name: "Stark".to_owned(),
            kind: AccountType::Client,
            status: AccountStatus::Active,
            icon: None,
        },
        modules: Vec::new(),
        lookup: LOOKUP,
        used: true,
    }
}

fn version(snapshot: &TokenSnapshot) -> u64 {
    snapshot.token.name.parse().unwrap()
}

/// As the service asks: in memory first.
async fn find<R: Future<Output = Result<Option<BearerRow>, StoreError>>>(
    index: &Index,
    memory: &Memory,
    lookup: &[u8; 32],
    read: impl FnOnce() -> R,
) -> Result<Option<Arc<TokenSnapshot>>, ServiceError> {
    match index.find(memory, lookup) {
        Some(snapshot) => Ok(Some(snapshot)),
        None if !Index::may_hold(memory, lookup) => Ok(None),
        None => index.load(memory, lookup, read).await,
    }
}

fn learnt() -> Memory {
    let memory = Memory::default();
    memory.know([fingerprint(&LOOKUP)]);
    memory.learnt(memory.begin_to_learn());
    memory
}

/// Lets others go first, once.
async fn step_back() {
    let mut been = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut been, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_is_read_once_and_an_unknown_secret_never() {
    let (index, memory) = (Index::new(1_000_000), learnt());
    let reads = Cell::new(0);
    let read = || async {
        reads.set(reads.get() + 1);
        Ok(Some(row(1)))
    };
    for _ in 0..3 {
        assert!(
            find(&index, &memory, &LOOKUP, read)
                .await
                .unwrap()
                .is_some()
        );
    }
    assert_eq!(reads.get(), 1);
    assert!(
        find(&index, &memory, &[8; 32], read)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(reads.get(), 1);
    let figures = index.figures();
    assert_eq!((figures.hits, figures.misses, figures.entries), (2, 1, 1));
    assert!(figures.bytes > 0 && figures.capacity >= 1_000_000);
}

#[tokio::test]
async fn a_value_with_the_same_fingerprint_is_another_secret() {
    let (index, memory) = (Index::new(1_000_000), learnt());
    let read = || async { Ok(Some(row(1))) };
    find(&index, &memory, &LOOKUP, read).await.unwrap().unwrap();
    let mut other = LOOKUP;
    other[31] = 0;
    let none = || async { Ok(None) };
    assert!(find(&index, &memory, &other, none).await.unwrap().is_none());
    // Not even when the database were to answer with the wrong row.
    assert!(find(&index, &memory, &other, read).await.unwrap().is_none());
    assert!(
        find(&index, &memory, &LOOKUP, read)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_row_that_was_read_before_a_change_and_kept_after_it_is_read_again() {
    let (index, memory) = (Index::new(1_000_000), learnt());
    let stale = find(&index, &memory, &LOOKUP, || async {
        let old = row(1);
        // It is changed, and whoever changed it hears so, while the old row is on its way.
        memory.changed(Stale::Token(token()));
        Ok(Some(old))
    });
    assert_eq!(version(&stale.await.unwrap().unwrap()), 1);
    let read = || async { Ok(Some(row(2))) };
    let fresh = find(&index, &memory, &LOOKUP, read).await.unwrap().unwrap();
    assert_eq!(version(&fresh), 2);
}

#[tokio::test]
async fn a_database_that_fails_is_asked_again() {
    let (index, memory) = (Index::new(1_000_000), learnt());
    let fail = || async { Err(StoreError::Interrupted) };
    assert!(find(&index, &memory, &LOOKUP, fail).await.is_err());
    let read = || async { Ok(Some(row(1))) };
    assert!(
        find(&index, &memory, &LOOKUP, read)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_first_use_is_one_use_only() {
    let (index, memory) = (Index::new(1_000_000), learnt());
    let fresh = || async {
        Ok(Some(BearerRow {
            used: false,
            ..row(1)
        }))
    };
    let snapshot = find(&index, &memory, &LOOKUP, fresh)
        .await
        .unwrap()
        .unwrap();
    assert!(snapshot.is_first_use() && !snapshot.is_first_use());
}

#[tokio::test]
async fn the_index_stays_within_its_room() {
    let (index, memory) = (Index::new(200_000), Memory::default());
    for number in 0..2_000_u64 {
        let mut lookup = [0; 32];
        // As the output of a hash: spread over all 64 bits.
        lookup[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let read = || async { Ok(Some(BearerRow { lookup, ..row(1) })) };
        find(&index, &memory, &lookup, read).await.unwrap().unwrap();
    }
    let figures = index.figures();
    assert!(figures.bytes <= figures.capacity, "{figures:?}");
    assert!((100..2_000).contains(&figures.entries), "{figures:?}");
}

/// What happens around one row.
#[derive(Default)]
struct Story {
    /// What stands in the database.
    stored: Cell<u64>,
    /// The last change whose maker was told that it is made.
    told: Cell<u64>,
}

type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

fn look<'a>(story: &'a Rc<Story>, index: &'a Index, memory: &'a Memory) -> Task<'a> {
    Box::pin(async move {
        let least = story.told.get();
        let read = || async {
            step_back().await;
            let version = story.stored.get();
            step_back().await;
            Ok(Some(row(version)))
        };
        let found = find(index, memory, &LOOKUP, read).await.unwrap().unwrap();
        let (found, most) = (version(&found), story.stored.get());
        assert!(
            (least..=most).contains(&found),
            "answered {found}, but {least} was told before and {most} is stored"
        );
    })
}

fn change<'a>(story: &'a Rc<Story>, memory: &'a Memory, stale: Stale) -> Task<'a> {
    Box::pin(async move {
        let version = story.stored.get() + 1;
        story.stored.set(version);
        step_back().await;
        memory.changed(stale);
        step_back().await;
        story.told.set(story.told.get().max(version));
    })
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Look,
    Change(Stale),
    /// The task with this number goes on, or is given up.
    GoOn(usize),
    GiveUp(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::Look),
        1 => Just(Step::Change(Stale::Token(token()))),
        1 => Just(Step::Change(Stale::Account(account()))),
        1 => Just(Step::Change(Stale::Everything)),
        8 => any::<usize>().prop_map(Step::GoOn),
        1 => any::<usize>().prop_map(Step::GiveUp),
    ];
    proptest::collection::vec(step, 1..120)
}

fn poll(task: &mut Task<'_>) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    task.as_mut().poll(&mut context).is_ready()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_look_up_ever_answers_what_was_true_only_before_it_began(steps in steps()) {
        let (index, memory) = (Index::new(1_000_000), learnt());
        let story = Rc::new(Story::default());
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for step in steps {
            match step {
                Step::Look => tasks.push(look(&story, &index, &memory)),
                Step::Change(stale) => tasks.push(change(&story, &memory, stale)),
                Step::GoOn(number) if !tasks.is_empty() => {
                    let number = number % tasks.len();
                    if poll(&mut tasks[number]) {
                        drop(tasks.swap_remove(number));
                    }
                }
                // A change that is given up is one of which nobody was told.
                Step::GiveUp(number) if !tasks.is_empty() => {
                    drop(tasks.swap_remove(number % tasks.len()));
                }
                Step::GoOn(_) | Step::GiveUp(_) => {}
            }
        }
        // Everybody comes to an end: nobody waits for somebody who was given up.
        for _ in 0..1_000 {
            tasks.retain_mut(|task| !poll(task));
        }
        prop_assert!(tasks.is_empty());
    }
}
