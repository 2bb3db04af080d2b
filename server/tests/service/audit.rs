//! What is written into the audit trail, and that it stays there.

use crate::world::{World, form, token_id};
use app::{
    domain::{lifecycle::TokenAction, token::TokenEdit},
    port::Console as _,
};
use sea_orm::ConnectionTrait as _;

/// A world whose trail has lines of each kind that this version writes by itself: made, signed in, edited.
pub async fn some_lines() -> World {
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
async fn lines_can_be_added_but_neither_changed_nor_removed() {
    let world = some_lines().await;
    let conn = world.sql().await;
    for sql in [
        "UPDATE audit_record SET summary = 'x'",
        "UPDATE audit_record SET seq = seq + 1000",
        "DELETE FROM audit_record",
        "DELETE FROM audit_record WHERE seq = 1",
        "REPLACE INTO audit_record SELECT * FROM audit_record WHERE seq = 1",
    ] {
        let error = conn.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    world.service.verify_chain().await.unwrap();
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
    world.service.verify_chain().await.unwrap();
}

#[tokio::test]
async fn every_record_that_concerns_an_account_names_it() {
    let world = World::sample().await;
    world.signed_in("tony@stark.example").await;
    let _ = world.sign_in("tony@stark.example", "wrong").await;
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    let id = token_id("TKN-0000-0001");
    for (actor, action) in [
        (&olga, TokenAction::Disable),
        (&tony, TokenAction::Enable),
        (&olga, TokenAction::Delete),
    ] {
        world
            .service
            .change_token_status(actor, id, action, None)
            .await
            .unwrap();
    }
    world
        .service
        .disable_user("pepper@stark.example")
        .await
        .unwrap();
    // A module and an address belong to no account; an unknown name to none that may be told.
    let without: i64 = world
        .ask(
            "SELECT COUNT(*) FROM audit_record WHERE account_id IS NULL AND object_type NOT IN ('Module', 'Address') \
             AND object_id <> ''",
        )
        .await;
    assert_eq!(without, 0);
    let astray: i64 = world
        .ask(
            "SELECT COUNT(*) FROM audit_record r JOIN api_token t ON t.id = r.object_id \
             WHERE r.account_id IS NOT t.account_id",
        )
        .await;
    assert_eq!(astray, 0);
    let astray: i64 = world
        .ask(
            "SELECT COUNT(*) FROM audit_record r JOIN user u ON u.id = r.object_id \
             WHERE r.account_id IS NOT u.account_id",
        )
        .await;
    assert_eq!(astray, 0);
}
