//! Changing one's password.

use crate::world::{NOON, PASSWORD, World};
use app::{domain::secret::SecretText, error::ErrorCode, port::Console as _};

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

fn typed(password: &str) -> SecretText {
    SecretText::new(password.to_owned())
}

#[tokio::test]
async fn entering_the_password_again_is_noted_for_this_sign_in_only_and_changes_nothing_else() {
    let world = World::sample().await;
    let (actor, here) = world.signed_in(TONY).await;
    world.sign_in(TONY, PASSWORD).await.unwrap();
    world.clock.advance(100);
    world
        .service
        .confirm_password(&actor, &typed(PASSWORD))
        .await
        .unwrap();
    let entered = |own: &str| {
        let handle = here.secret.handle();
        format!("SELECT max(authenticated_at) FROM session WHERE handle {own} '{handle}'")
    };
    assert_eq!(
        world.ask::<i64>(&entered("=")).await,
        NOON.plus_seconds(100).0
    );
    assert_eq!(world.ask::<i64>(&entered("<>")).await, NOON.0);
    assert!(
        world
            .service
            .authenticate(&here.secret)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_wrong_password_entered_again_is_counted_and_recorded_like_one_at_the_front_door() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    let error = world
        .service
        .confirm_password(&actor, &typed("wrong"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.field("password").is_some());
    assert_eq!(
        world.last_line().await,
        "platform.accounts.session.refused refused Tony USR-0000-0001 -"
    );
    // Right or wrong, here or there: one waits.
    let error = world
        .service
        .confirm_password(&actor, &typed(PASSWORD))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyRequests);
    let door = world.sign_in(TONY, PASSWORD).await.err().unwrap();
    assert_eq!(door.code, ErrorCode::TooManyRequests);
    world.clock.advance(1);
    world
        .service
        .confirm_password(&actor, &typed(PASSWORD))
        .await
        .unwrap();
    let failures: i64 = world
        .ask("SELECT count(*) FROM sign_in_throttle WHERE key LIKE 'account:%'")
        .await;
    assert_eq!(failures, 0, "a right password forgives");
}

#[tokio::test]
async fn of_many_passwords_entered_at_once_only_the_first_is_tried() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    let tries: Vec<_> = (0..6)
        .map(|_| {
            let (service, actor) = (world.service.clone(), actor.clone());
            tokio::spawn(async move {
                let tried = service.confirm_password(&actor, &typed("wrong")).await;
                tried.unwrap_err().code
            })
        })
        .collect();
    let mut told = 0;
    for tried in tries {
        match tried.await.unwrap() {
            ErrorCode::Invalid => told += 1,
            code => assert_eq!(code, ErrorCode::TooManyRequests),
        }
    }
    assert_eq!(told, 1);
}

#[tokio::test]
async fn only_a_person_with_a_living_sign_in_can_enter_his_password_again() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    world.service.sign_out(&actor).await.unwrap();
    for actor in [actor, world.user("Tony").await, server::service::system()] {
        let error = world
            .service
            .confirm_password(&actor, &typed(PASSWORD))
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Unauthenticated);
    }
}

#[tokio::test]
async fn the_hundredth_wrong_password_entered_again_locks_the_account() {
    let world = World::sample().await;
    let (actor, _) = world.signed_in(TONY).await;
    let wrong = typed("wrong");
    assert!(
        world
            .service
            .confirm_password(&actor, &wrong)
            .await
            .is_err()
    );
    let before = NOON.0 - 60_000_000;
    world
        .execute(&format!(
            "UPDATE sign_in_throttle SET failures = 99, last_failure_at = {before}"
        ))
        .await;
    assert!(
        world
            .service
            .confirm_password(&actor, &wrong)
            .await
            .is_err()
    );
    assert!(
        world
            .last_line()
            .await
            .starts_with("platform.accounts.session.locked refused Tony")
    );
}
