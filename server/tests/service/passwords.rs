//! Changing one's password.

use crate::world::{NOON, PASSWORD, World};
use app::error::ErrorCode;

const TONY: &str = "tony@stark.example";
const OTHER: &str = "seven quiet harbours";

#[tokio::test]
async fn a_changed_password_ends_every_other_sign_in_and_renews_this_one() {
    let world = World::sample().await;
    let (actor, here) = world.signed_in(TONY).await;
    let there = world.sign_in(TONY, PASSWORD).await.unwrap();
    let renewed = world
        .service
        .change_password(&actor, PASSWORD.into(), OTHER.into())
        .await
        .unwrap();
    for gone in [&here, &there] {
        assert!(
            world
                .service
                .authenticate(&gone.secret)
                .await
                .unwrap()
                .is_none()
        );
    }
    assert!(
        world
            .service
            .authenticate(&renewed.secret)
            .await
            .unwrap()
            .is_some()
    );
    world.sign_in(TONY, OTHER).await.unwrap();
    assert!(world.sign_in(TONY, PASSWORD).await.is_err());
}

#[tokio::test]
async fn a_wrong_or_weak_password_is_named_beside_its_field_and_changes_nothing() {
    let world = World::sample().await;
    let (actor, session) = world.signed_in(TONY).await;
    let error = world
        .service
        .change_password(&actor, "wrong".into(), "short".into())
        .await
        .err()
        .unwrap();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(
        error.field("current").is_some() && error.field("password").is_some(),
        "{error:?}"
    );
    world.clock.advance(10);
    for bad in ["short", PASSWORD, "tony stark tony"] {
        let error = world
            .service
            .change_password(&actor, PASSWORD.into(), bad.into())
            .await
            .err()
            .unwrap();
        assert!(
            error.field("password").is_some() && error.field("current").is_none(),
            "{bad}: {error:?}"
        );
    }
    assert!(
        world
            .service
            .authenticate(&session.secret)
            .await
            .unwrap()
            .is_some()
    );
    world.sign_in(TONY, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn guessing_the_present_password_is_as_slow_as_at_the_front_door() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    assert!(
        world
            .service
            .change_password(&actor, "wrong".into(), OTHER.into())
            .await
            .is_err()
    );
    let error = world
        .service
        .change_password(&actor, PASSWORD.into(), OTHER.into())
        .await
        .err()
        .unwrap();
    assert_eq!(error.code, ErrorCode::TooManyRequests);
}

#[tokio::test]
async fn a_weaker_hash_is_made_anew_at_the_next_sign_in() {
    let world = World::sample().await;
    world
        .service
        .set_password(TONY, PASSWORD.into())
        .await
        .unwrap();
    let stored = "SELECT password_hash FROM user WHERE name = 'Tony'";
    let strong: String = world.ask(stored).await;
    assert!(
        strong.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{strong}"
    );
    // argon2id with 8 MiB and one pass, as an older program might have made it.
    let weak = weak_hash();
    world
        .execute(&format!(
            "UPDATE user SET password_hash = '{weak}' WHERE name = 'Tony'"
        ))
        .await;
    world.sign_in(TONY, PASSWORD).await.unwrap();
    let now: String = world.ask(stored).await;
    assert!(
        now.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && now != strong,
        "{now}"
    );
    world.sign_in(TONY, PASSWORD).await.unwrap();
}

fn weak_hash() -> String {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
    let argon2 = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(8_192, 1, 1, None).unwrap(),
    );
    argon2
        .hash_password_with_salt(PASSWORD.as_bytes(), b"0123456789abcdef")
        .unwrap()
        .to_string()
}

#[tokio::test]
async fn a_refused_change_of_password_does_not_read_as_done() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    let refused = world
        .service
        .change_password(&actor, "wrong".into(), OTHER.into())
        .await;
    assert!(refused.is_err());
    let line: String = world
        .ask("SELECT outcome || ': ' || summary FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(line, "refused: Changing the password of Tony refused");
}

#[tokio::test]
async fn the_hundredth_wrong_present_password_is_recorded_as_a_lock() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    let now = NOON.0 - 60_000_000;
    let fail = world
        .service
        .change_password(&actor, "wrong".into(), OTHER.into())
        .await;
    assert!(fail.is_err());
    world
        .execute(&format!(
            "UPDATE sign_in_throttle SET failures = 99, last_failure_at = {now}"
        ))
        .await;
    let last = world
        .service
        .change_password(&actor, "wrong".into(), OTHER.into())
        .await;
    assert!(last.is_err());
    let event: String = world
        .ask("SELECT event || ' ' || outcome FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(event, "platform.accounts.session.locked refused");
}
