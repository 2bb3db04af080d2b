//! What the filters of the audit trail mean.

use crate::{
    audit_pages::{by, of, page, rename},
    world::{NOON, World, token_id},
};
use app::{
    domain::{
        audit::{AuditPage, AuditQuery},
        lifecycle::TokenAction,
        time::Timestamp,
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};

const DAY: i64 = 86_400;

async fn summaries(world: &World, actor: &Actor, query: &AuditQuery) -> Vec<String> {
    let page = page(world, actor, query).await;
    page.rows.into_iter().map(|row| row.summary).collect()
}

fn event(event: &str) -> AuditQuery {
    AuditQuery {
        event: event.into(),
        ..AuditQuery::default()
    }
}

fn between(from: &str, to: &str) -> AuditQuery {
    AuditQuery {
        from: from.into(),
        to: to.into(),
        ..AuditQuery::default()
    }
}

#[tokio::test]
async fn a_name_is_found_in_any_case_and_is_no_pattern() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    rename(&world, &tony, "TKN-0000-0001", "Ünïcode 100%_\\ ʼ\" OR 1=1").await;
    for found in ["üNÏCODE", "100%_\\", "%", "\\", "\" or 1=1"] {
        assert!(
            !page(&world, &tony, &of(found)).await.rows.is_empty(),
            "{found}"
        );
    }
    let long = "a".repeat(100_000);
    for nothing in [
        "_n_code",
        "1%0",
        "robot",
        "x\0",
        "' OR 1=1 --",
        long.as_str(),
    ] {
        assert_eq!(
            page(&world, &tony, &of(nothing)).await.rows,
            [],
            "{nothing:.20}"
        );
        assert_eq!(
            page(&world, &tony, &by(nothing)).await.rows,
            [],
            "{nothing:.20}"
        );
    }
}

#[tokio::test]
async fn a_token_that_was_deleted_is_still_found_by_its_name() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let id = token_id("TKN-0000-0001");
    world
        .service
        .change_token_status(&tony, id, TokenAction::Delete, None)
        .await
        .unwrap();
    for query in [of("robot"), of("tkn-0000-0001")] {
        let rows = page(&world, &tony, &query).await.rows;
        assert_eq!(rows[0].event, "platform.accounts.token.deleted");
    }
    let refused = world
        .service
        .list_token_audit(&tony, id, &AuditQuery::default())
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
    let olga = world.user("Olga").await;
    let all = world
        .service
        .list_token_audit(&olga, id, &AuditQuery::default())
        .await
        .unwrap();
    assert_eq!(all.rows.len(), 2);
}

#[tokio::test]
async fn a_person_is_found_by_id_name_or_address_and_latchkey_by_its_name() {
    let world = World::sample().await;
    world.signed_in("happy@stark.example").await;
    let _ = world.sign_in("nobody@example.com", "wrong").await;
    let olga = world.user("Olga").await;
    for query in [
        by("USR-0000-0006"),
        by("usr-0000-0006"),
        by("HAPPY"),
        by("py@stark"),
    ] {
        assert_eq!(
            summaries(&world, &olga, &query).await,
            ["Happy signed in"],
            "{query:?}"
        );
    }
    let rows = page(&world, &olga, &by("latchkey")).await.rows;
    assert!(rows.len() > 10);
    assert!(rows.iter().all(|row| row.actor.name == "Latchkey"));
    assert_eq!(page(&world, &olga, &by("USR-0000-0099")).await.rows, []);
}

#[tokio::test]
async fn an_event_is_found_by_its_key_and_nonsense_finds_nothing() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let rows = page(&world, &olga, &event("platform.accounts.token.created"))
        .await
        .rows;
    assert_eq!(rows.len(), 2);
    let empty = AuditPage {
        rows: vec![],
        older: None,
        newer: None,
    };
    for nonsense in ["platform.accounts.token", "created", "' OR 1=1", "%"] {
        assert_eq!(page(&world, &olga, &event(nonsense)).await, empty);
    }
    for (from, to) in [
        ("yesterday", ""),
        ("", "2026-02-30"),
        ("2026-11-24T00:00:00Z", ""),
    ] {
        assert_eq!(
            page(&world, &olga, &between(from, to)).await,
            empty,
            "{from} {to}"
        );
    }
}

#[tokio::test]
async fn days_are_those_of_utc_and_both_ends_belong_to_them() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let midnight = NOON.plus_seconds(DAY / 2);
    for (name, at) in [
        ("last of the 24th", Timestamp(midnight.0 - 1)),
        ("first of the 25th", midnight),
        (
            "last of the 25th",
            Timestamp(midnight.0 + DAY * 1_000_000 - 1),
        ),
        ("first of the 26th", midnight.plus_seconds(DAY)),
    ] {
        world.clock.set(at);
        rename(&world, &tony, "TKN-0000-0001", name).await;
    }
    let found = async |from: &str, to: &str| {
        let query = AuditQuery {
            event: "platform.accounts.token.updated".into(),
            ..between(from, to)
        };
        let rows = page(&world, &tony, &query).await.rows;
        rows.into_iter()
            .map(|row| row.object.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("2026-11-25", "2026-11-25").await,
        ["last of the 25th", "first of the 25th"]
    );
    assert_eq!(found("", "2026-11-24").await, ["last of the 24th"]);
    assert_eq!(found(" 2026-11-26 ", "").await, ["first of the 26th"]);
    assert_eq!(found("", "9999-12-31").await.len(), 4);
    assert_eq!(found("2026-11-26", "2026-11-25").await, [""; 0]);
}
