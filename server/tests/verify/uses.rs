//! When a token was presented, from where, for what and how often.

use super::world::*;
use crate::support::World;
use app::{
    domain::{module::ModuleId, token::TokenId, token_query::TokenQuery},
    port::Console as _,
};
use sea_orm::{ConnectionTrait as _, Database, TransactionTrait as _};
use server::service::{UseOutcome, system};
use std::sync::Arc;

const HOUR: i64 = 3_600;

fn module(number: u64) -> Option<ModuleId> {
    ModuleId::from_number(number)
}

/// Hour (counted from the latest), module, outcome and number of what was written down in the last two days.
async fn counted(world: &World, id: &str) -> Vec<(i64, Option<ModuleId>, UseOutcome, u64)> {
    use server::env::Clock as _;
    world.service.write_uses().await;
    let now = world.clock.now().0.div_euclid(HOUR * 1_000_000);
    let id: TokenId = id.parse().unwrap();
    let uses = world.service.list_uses(id, 2).await.unwrap();
    uses.into_iter()
        .map(|count| (count.hour - now, count.module, count.outcome, count.uses))
        .collect()
}

#[tokio::test]
async fn the_last_access_says_when_and_from_where() {
    let world = with(&[
        ("trusted_proxies", "10.0.0.0/8"),
        ("rate_limit_address", "0"),
    ])
    .await;
    let id = SINGLE_ID.parse().unwrap();
    let request = from("10.0.0.1", asking("?module=billing", SINGLE))
        .header("x-forwarded-for", "6.6.6.6, 203.0.113.9");
    assert_eq!(sent(&world, request).await.status, 200);
    world.service.write_uses().await;
    let details = world.service.get_token(&system(), id).await.unwrap();
    let first = details.last_access_at.unwrap();
    world.clock.advance(5);
    // A stranger's word about its address is not believed.
    let request = from("192.0.2.1", asking("?module=billing", SINGLE))
        .header("x-forwarded-for", "203.0.113.9");
    assert_eq!(sent(&world, request).await.status, 200);
    // It is shown at once, and no other when it is written.
    for _ in 0..2 {
        let details = world.service.get_token(&system(), id).await.unwrap();
        assert_eq!(details.last_access_at, Some(first.plus_seconds(5)));
        assert_eq!(details.last_access_from.as_deref(), Some("192.0.2.1"));
        assert_eq!(details.uses, 2);
        world.service.write_uses().await;
    }
}

#[tokio::test]
async fn a_use_that_is_not_written_yet_is_shown_on_every_page() {
    use crate::rest::world::{TOKENS, get};
    use server::env::Clock as _;
    let world = world().await;
    verify(&world, "?module=billing", SINGLE).await;
    world.service.write_uses().await;
    world.clock.advance(5);
    verify(&world, "?module=billing", SINGLE).await;
    let now = world.clock.now();
    let list = world
        .service
        .list_tokens(&system(), &TokenQuery::default())
        .await
        .unwrap();
    let row = list
        .page
        .rows
        .iter()
        .find(|row| row.id.to_string() == SINGLE_ID);
    assert_eq!(row.unwrap().last_access_at, Some(now));
    let one = get(&world, &format!("{TOKENS}/{SINGLE_ID}"), DOUBLE).await;
    assert_eq!(one.json()["lastAccessAt"], now.to_string());
    let list = get(
        &world,
        &format!("{TOKENS}?eq(id,{SINGLE_ID})&select=+lastAccessAt"),
        DOUBLE,
    )
    .await;
    assert_eq!(
        list.json()["data"][0]["lastAccessAt"],
        now.to_string(),
        "{}",
        list.text()
    );
    // A use that is not good is none.
    verify(&world, "", DISABLED).await;
    let disabled = DISABLED_ID.parse().unwrap();
    let details = world.service.get_token(&system(), disabled).await.unwrap();
    assert_eq!((details.last_access_at, details.uses), (None, 0));
}

#[tokio::test]
async fn while_a_use_is_being_written_it_is_shown_still() {
    use server::env::Clock as _;
    let world = world().await;
    verify(&world, "?module=billing", SINGLE).await;
    let now = world.clock.now();
    // Whoever writes has to wait for this one.
    let url = format!("sqlite://{}", world.data.join("latchkey.db").display());
    let busy = Database::connect(url).await.unwrap();
    let busy = busy.begin().await.unwrap();
    busy.execute_unprepared("UPDATE instance SET id = id")
        .await
        .unwrap();
    let service = Arc::clone(&world.service);
    let writing = tokio::spawn(async move { service.write_uses().await });
    while world.service.figures().waiting_uses > 0 {
        tokio::task::yield_now().await;
    }
    let id = SINGLE_ID.parse().unwrap();
    let details = world.service.get_token(&system(), id).await.unwrap();
    assert_eq!(details.last_access_at, Some(now));
    busy.rollback().await.unwrap();
    writing.await.unwrap();
    let details = world.service.get_token(&system(), id).await.unwrap();
    assert_eq!((details.last_access_at, details.uses), (Some(now), 1));
}

#[tokio::test]
async fn uses_are_counted_by_hour_module_and_outcome() {
    use UseOutcome::{Allowed, Inactive, ModuleMissing};
    let world = world().await;
    for query in [
        "?module=billing",
        "?module=billing",
        "",
        "?module=catalog",
        "?any=catalog&any=billing",
    ] {
        verify(&world, query, SINGLE).await;
    }
    verify(&world, "?module=biling", SINGLE).await;
    assert_eq!(
        counted(&world, SINGLE_ID).await,
        [
            (0, None, Allowed, 1),
            (0, None, ModuleMissing, 1),
            (0, module(478), Allowed, 3),
            (0, module(479), ModuleMissing, 1),
        ]
    );
    // Later ones are added to those before, and another hour is another number.
    verify(&world, "?module=billing", SINGLE).await;
    world.clock.advance(HOUR);
    verify(&world, "?module=billing", SINGLE).await;
    verify(&world, "?module=billing", SINGLE).await;
    let counts = counted(&world, SINGLE_ID).await;
    assert!(
        counts.contains(&(-1, module(478), Allowed, 4)),
        "{counts:?}"
    );
    assert!(counts.contains(&(0, module(478), Allowed, 2)), "{counts:?}");
    // Who still sends the secret of a disabled token is worth knowing.
    verify(&world, "?module=billing", DISABLED).await;
    assert_eq!(counted(&world, DISABLED_ID).await, [(0, None, Inactive, 1)]);
    let disabled = DISABLED_ID.parse().unwrap();
    let details = world.service.get_token(&system(), disabled).await.unwrap();
    assert_eq!(details.last_access_at, None);
}

#[tokio::test]
async fn calls_to_latchkey_itself_are_uses_too() {
    use UseOutcome::{Allowed, ModuleMissing};
    let world = world().await;
    crate::rest::world::get(&world, crate::rest::world::TOKENS, DOUBLE).await;
    crate::rest::world::get(&world, crate::rest::world::RECORDS, DOUBLE).await;
    crate::rest::world::get(&world, crate::rest::world::TOKENS, NARROW).await;
    introspect(&world, SERVICE, SINGLE).await;
    introspect(&world, SINGLE, SINGLE).await;
    assert_eq!(
        counted(&world, DOUBLE_ID).await,
        [
            (0, module(1756), Allowed, 1),
            (0, module(1758), ModuleMissing, 1),
        ]
    );
    let narrow = counted(&world, NARROW_ID).await;
    assert_eq!(narrow, [(0, module(1756), ModuleMissing, 1)]);
    assert_eq!(
        counted(&world, SERVICE_ID).await,
        [(0, module(1759), Allowed, 1)]
    );
    assert_eq!(
        counted(&world, SINGLE_ID).await,
        [(0, None, Allowed, 1), (0, module(1759), ModuleMissing, 1)]
    );
}

#[tokio::test]
async fn who_may_not_hear_of_a_token_leaves_no_trace_on_it() {
    let world = world().await;
    introspect(&world, SERVICE, OTHER).await;
    assert!(counted(&world, "TKN-0002-0008").await.is_empty());
}

#[tokio::test]
async fn uses_are_kept_for_400_days() {
    let world = world().await;
    let id = SINGLE_ID.parse().unwrap();
    verify(&world, "", SINGLE).await;
    world.service.write_uses().await;
    let days = 24 * HOUR;
    world.clock.advance(399 * days);
    verify(&world, "", SINGLE).await;
    world.service.write_uses().await;
    world.service.forget_old_uses().await;
    assert_eq!(world.service.list_uses(id, 401).await.unwrap().len(), 2);
    world.clock.advance(2 * days);
    world.service.forget_old_uses().await;
    assert_eq!(world.service.list_uses(id, 401).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_use_is_lost_or_counted_twice_while_others_are_written() {
    let world = Arc::new(world().await);
    let askers: Vec<_> = (0..4)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                for _ in 0..250 {
                    verify(&world, "?module=billing", SINGLE).await;
                }
            })
        })
        .collect();
    for asker in askers {
        world.service.write_uses().await;
        asker.await.unwrap();
    }
    let counts = counted(&world, SINGLE_ID).await;
    assert_eq!(counts, [(0, module(478), UseOutcome::Allowed, 1_000)]);
}
