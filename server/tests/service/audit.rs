//! The audit trail.

use crate::world::{World, form};
use app::{domain::token::TokenEdit, port::Console as _};
use sea_orm::ConnectionTrait as _;
use server::service::AuditFault;

async fn some_lines() -> World {
    let world = World::sample().await;
    world.signed_in("tony@stark.example").await;
    let tony = world.user("Tony").await;
    let token = world.token(&tony, "TKN-0000-0001").await;
    let edit = TokenEdit {
        name: "Robot 2".into(),
        ..form(&token)
    };
    world
        .service
        .edit_token(&tony, token.id, &edit)
        .await
        .unwrap();
    world
}

async fn lift_triggers(world: &World) {
    for trigger in ["audit_record_keeps_lines", "audit_record_loses_none"] {
        world.execute(&format!("DROP TRIGGER {trigger}")).await;
    }
}

async fn broken_at(world: &World) -> Option<i64> {
    match world.service.verify_chain().await {
        Ok(_) => None,
        Err(AuditFault::Broken(seq)) => Some(seq),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn the_chain_has_no_gap_and_verifies() {
    let world = some_lines().await;
    let lines: i64 = world.ask("SELECT COUNT(*) FROM audit_record").await;
    assert_eq!(world.service.verify_chain().await.unwrap(), lines);
    let gap_free: bool = world
        .ask("SELECT MIN(seq) = 1 AND MAX(seq) = COUNT(*) FROM audit_record")
        .await;
    assert!(gap_free);
}

#[tokio::test]
async fn a_changed_dropped_swapped_or_cut_line_is_found_at_its_place() {
    for (harm, seq) in [
        (
            "UPDATE audit_record SET summary = summary || '.' WHERE seq = 3",
            3,
        ),
        ("UPDATE audit_record SET at = at + 1 WHERE seq = 5", 5),
        ("UPDATE audit_record SET reason = '' WHERE seq = 2", 2),
        ("UPDATE audit_record SET key_kid = 'other' WHERE seq = 4", 4),
        (
            "UPDATE audit_record SET hash = zeroblob(32) WHERE seq = 6",
            6,
        ),
        ("DELETE FROM audit_record WHERE seq = 4", 4),
        (
            "UPDATE audit_record SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END; UPDATE audit_record SET seq = -seq WHERE seq < 0",
            2,
        ),
    ] {
        let world = some_lines().await;
        lift_triggers(&world).await;
        world.execute(harm).await;
        assert_eq!(broken_at(&world).await, Some(seq), "{harm}");
    }
}

#[tokio::test]
async fn a_cut_tail_is_found_by_the_head() {
    let world = some_lines().await;
    lift_triggers(&world).await;
    let last: i64 = world.ask("SELECT MAX(seq) FROM audit_record").await;
    world
        .execute(&format!("DELETE FROM audit_record WHERE seq = {last}"))
        .await;
    assert_eq!(broken_at(&world).await, Some(last));
    world
        .execute(&format!("UPDATE audit_head SET seq = {last} - 1"))
        .await;
    assert_eq!(broken_at(&world).await, Some(last - 1));
}

#[tokio::test]
async fn one_flipped_bit_in_any_hash_is_found() {
    let world = some_lines().await;
    lift_triggers(&world).await;
    let hex: String = world
        .ask("SELECT hex(hash) FROM audit_record WHERE seq = 2")
        .await;
    let last = u8::from_str_radix(&hex[62..], 16).unwrap() ^ 1;
    world
        .execute(&format!(
            "UPDATE audit_record SET hash = x'{}{last:02x}' WHERE seq = 2",
            &hex[..62]
        ))
        .await;
    assert_eq!(broken_at(&world).await, Some(2));
}

#[tokio::test]
async fn lines_can_be_added_but_neither_changed_nor_removed() {
    let world = some_lines().await;
    let conn = world.sql().await;
    for sql in [
        "UPDATE audit_record SET summary = 'x'",
        "DELETE FROM audit_record",
        "DELETE FROM audit_record WHERE seq = 1",
    ] {
        let error = conn.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    assert_eq!(broken_at(&world).await, None);
}

#[tokio::test]
async fn writers_at_once_still_make_one_chain() {
    let world = World::sample().await;
    let refusals = (0..30).map(|number| {
        let service = world.service.clone();
        tokio::spawn(async move {
            let email = format!("nobody{number}@example.com");
            let _ = service
                .sign_in(&email, "wrong".into(), &app::port::Origin::default())
                .await;
        })
    });
    for refusal in refusals.collect::<Vec<_>>() {
        refusal.await.unwrap();
    }
    let refused: i64 = world
        .ask("SELECT COUNT(*) FROM audit_record WHERE outcome = 'refused'")
        .await;
    assert_eq!(refused, 30);
    assert_eq!(broken_at(&world).await, None);
}
