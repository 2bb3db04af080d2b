//! Signing in and out, and how sign-ins end.

use crate::world::{NOON, PASSWORD, World, origin};
use app::{
    domain::time::Timestamp,
    error::ErrorCode,
    port::{Console as _, Origin},
};

const TONY: &str = "tony@stark.example";
const WRONG: &str = "The e-mail address or the password is not right.";

async fn alive(world: &World, session: &server::service::NewSession) -> bool {
    world
        .service
        .authenticate(&session.secret)
        .await
        .unwrap()
        .is_some()
}

async fn refused(world: &World, email: &str, password: &str) -> (ErrorCode, String) {
    match world.sign_in(email, password).await {
        Ok(_) => panic!("signed in"),
        Err(error) => (error.code, error.message),
    }
}

#[tokio::test]
async fn whoever_signs_in_is_known_by_his_cookie_afterwards() {
    let world = World::sample().await;
    let (_, session) = world.signed_in(TONY).await;
    let (user, handle) = world
        .service
        .authenticate(&session.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (user.name.as_str(), handle),
        ("Tony", session.secret.handle())
    );
    let stored: Vec<u8> = world.ask("SELECT id_hash FROM session").await;
    assert_eq!(stored, session.secret.hash());
}

#[tokio::test]
async fn every_refusal_has_the_same_words() {
    let world = World::sample().await;
    world
        .service
        .set_password(TONY, PASSWORD.into())
        .await
        .unwrap();
    world
        .service
        .set_password("pepper@stark.example", PASSWORD.into())
        .await
        .unwrap();
    world
        .service
        .disable_user("pepper@stark.example")
        .await
        .unwrap();
    for (email, password) in [
        (TONY, "wrong"),
        ("nobody@stark.example", PASSWORD),
        ("bruce@wayne.example", PASSWORD),
        ("pepper@stark.example", PASSWORD),
        ("", ""),
    ] {
        assert_eq!(
            refused(&world, email, password).await,
            (ErrorCode::Unauthenticated, WRONG.to_owned()),
            "{email}"
        );
    }
    let account = "UPDATE account SET status = 'Disabled' WHERE id = 'ACC-0000-0001'";
    world.execute(account).await;
    world.clock.advance(60);
    assert_eq!(refused(&world, TONY, PASSWORD).await.1, WRONG);
}

#[tokio::test]
async fn refusals_are_counted_and_recorded_without_what_was_typed() {
    let world = World::sample().await;
    refused(&world, "my secret password", "wrong").await;
    let failures: i64 = world
        .ask("SELECT SUM(failures) FROM sign_in_throttle")
        .await;
    assert_eq!(failures, 2, "once for the account, once for the address");
    let line: String = world
        .ask("SELECT event || '|' || outcome || '|' || reason || '|' || object_id || '|' || object_name FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(
        line,
        "platform.accounts.session.refused|refused|unknown address||"
    );
}

#[tokio::test]
async fn after_a_failure_one_waits_and_every_spelling_shares_the_count() {
    let world = World::sample().await;
    world
        .service
        .set_password(TONY, PASSWORD.into())
        .await
        .unwrap();
    let spellings = [
        TONY,
        " Tony@Stark.Example ",
        "TONY@STARK.EXAMPLE",
        "tony @stark.example",
        "ｔony@stark.example",
        "tony@stark.example\t",
    ];
    for (index, spelling) in spellings.iter().enumerate() {
        assert_eq!(
            refused(&world, spelling, "wrong").await.0,
            ErrorCode::Unauthenticated,
            "{spelling}"
        );
        let (code, message) = refused(&world, TONY, PASSWORD).await;
        assert_eq!(code, ErrorCode::TooManyRequests);
        let wait = if index < 2 {
            "Wait 1 second "
        } else {
            "Wait 3 seconds "
        };
        assert!(message.contains(wait), "{index}: {message}");
        world.clock.advance(3);
    }
    world.sign_in(TONY, PASSWORD).await.unwrap();
    assert_eq!(
        refused(&world, TONY, "wrong").await.0,
        ErrorCode::Unauthenticated
    );
    assert!(
        refused(&world, TONY, PASSWORD)
            .await
            .1
            .contains("Wait 1 second "),
        "a success forgives"
    );
}

#[tokio::test]
async fn a_hundred_failures_lock_the_account_until_midnight_or_until_it_is_unlocked() {
    let world = World::sample().await;
    world
        .service
        .set_password(TONY, PASSWORD.into())
        .await
        .unwrap();
    let lock = |count: i64| {
        format!(
            "UPDATE sign_in_throttle SET failures = {count}, last_failure_at = {} WHERE key LIKE 'account:%'",
            NOON.0
        )
    };
    refused(&world, TONY, "wrong").await;
    world.execute(&lock(99)).await;
    world.clock.advance(10);
    refused(&world, TONY, "wrong").await;
    let event: String = world
        .ask("SELECT event FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(event, "platform.accounts.session.locked");
    world.clock.advance(3_600);
    let (code, message) = refused(&world, TONY, PASSWORD).await;
    assert_eq!(code, ErrorCode::TooManyRequests);
    assert!(message.contains("midnight UTC"), "{message}");
    world.service.unlock_user(TONY).await.unwrap();
    world.sign_in(TONY, PASSWORD).await.unwrap();
    refused(&world, TONY, "wrong").await;
    world.execute(&lock(100)).await;
    world.clock.set(NOON.plus_seconds(12 * 3_600));
    world.sign_in(TONY, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn of_many_guesses_at_once_only_the_first_is_heard() {
    let world = World::sample().await;
    world
        .service
        .set_password(TONY, PASSWORD.into())
        .await
        .unwrap();
    let guesses = (0..12).map(|_| {
        let service = world.service.clone();
        tokio::spawn(async move {
            service
                .sign_in(TONY, "wrong".into(), &origin())
                .await
                .err()
                .unwrap()
                .code
        })
    });
    let mut heard = 0;
    for guess in guesses.collect::<Vec<_>>() {
        heard += usize::from(guess.await.unwrap() == ErrorCode::Unauthenticated);
    }
    assert_eq!(heard, 1);
}

#[tokio::test]
async fn an_address_that_fails_at_many_accounts_has_to_wait_but_others_do_not() {
    let world = World::sample().await;
    world
        .service
        .set_password(TONY, PASSWORD.into())
        .await
        .unwrap();
    for number in 0..10 {
        refused(&world, &format!("nobody{number}@example.com"), "wrong").await;
    }
    assert_eq!(
        refused(&world, TONY, PASSWORD).await.0,
        ErrorCode::TooManyRequests
    );
    let elsewhere = Origin {
        ip: Some("198.51.100.1".parse().unwrap()),
        ..origin()
    };
    world
        .service
        .sign_in(TONY, PASSWORD.into(), &elsewhere)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sign_in_that_is_not_used_for_half_an_hour_ends() {
    let world = World::sample().await;
    let (_, session) = world.signed_in(TONY).await;
    world.clock.advance(30 * 60 - 1);
    assert!(alive(&world, &session).await);
    world.clock.advance(30 * 60 - 1);
    assert!(alive(&world, &session).await, "its use was noted");
    world.clock.advance(30 * 60);
    assert!(!alive(&world, &session).await);
}

#[tokio::test]
async fn a_sign_in_ends_after_eight_hours_however_much_it_is_used() {
    let world = World::sample().await;
    let (_, session) = world.signed_in(TONY).await;
    for _ in 0..8 * 4 - 1 {
        world.clock.advance(15 * 60);
        assert!(alive(&world, &session).await);
    }
    world.clock.advance(15 * 60);
    assert!(!alive(&world, &session).await);
}

#[tokio::test]
async fn use_is_noted_at_most_once_a_minute() {
    let world = World::sample().await;
    let (_, session) = world.signed_in(TONY).await;
    let seen = "SELECT last_seen_at FROM session";
    world.clock.advance(59);
    assert!(alive(&world, &session).await);
    assert_eq!(Timestamp(world.ask(seen).await), NOON);
    world.clock.advance(1);
    assert!(alive(&world, &session).await);
    assert_eq!(Timestamp(world.ask(seen).await), NOON.plus_seconds(60));
}

#[tokio::test]
async fn a_sign_in_stays_good_when_its_use_cannot_be_noted() {
    let world = World::sample().await;
    let (_, session) = world.signed_in(TONY).await;
    world
        .execute(
            "CREATE TRIGGER full BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        .await;
    world.clock.advance(120);
    assert!(alive(&world, &session).await);
}

#[tokio::test]
async fn whoever_is_disabled_or_whose_account_is_has_no_sign_in_left() {
    let world = World::sample().await;
    let (_, pepper) = world.signed_in("pepper@stark.example").await;
    let (_, tony) = world.signed_in(TONY).await;
    world
        .execute("UPDATE user SET status = 'Disabled' WHERE name = 'Pepper'")
        .await;
    assert!(!alive(&world, &pepper).await && alive(&world, &tony).await);
    world
        .execute("UPDATE account SET status = 'Disabled' WHERE name = 'Stark'")
        .await;
    assert!(!alive(&world, &tony).await);
}

#[tokio::test]
async fn signing_out_ends_this_sign_in_and_no_other() {
    let world = World::sample().await;
    let (actor, first) = world.signed_in(TONY).await;
    let second = world.sign_in(TONY, PASSWORD).await.unwrap();
    world.service.sign_out(&actor).await.unwrap();
    assert!(!alive(&world, &first).await && alive(&world, &second).await);
    world.service.sign_out(&actor).await.unwrap();
}

#[tokio::test]
async fn one_ends_ones_own_sign_ins_and_nobody_elses() {
    let world = World::sample().await;
    let (tony, here) = world.signed_in(TONY).await;
    let there = world.sign_in(TONY, PASSWORD).await.unwrap();
    let (other, kept) = world.signed_in("pepper@stark.example").await;
    let error = world
        .service
        .end_sign_in(&other, &here.secret.handle())
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    world
        .service
        .end_sign_in(&tony, &there.secret.handle())
        .await
        .unwrap();
    assert!(
        alive(&world, &here).await && !alive(&world, &there).await && alive(&world, &kept).await
    );
    let again = world.sign_in(TONY, PASSWORD).await.unwrap();
    world.service.end_other_sign_ins(&tony).await.unwrap();
    assert!(
        alive(&world, &here).await && !alive(&world, &again).await && alive(&world, &kept).await
    );
}

#[tokio::test]
async fn the_list_of_sign_ins_marks_the_one_that_asks_and_leaves_out_expired_ones() {
    let world = World::sample().await;
    world.signed_in(TONY).await;
    world.clock.advance(29 * 60);
    let session = world.sign_in(TONY, PASSWORD).await.unwrap();
    let actor = crate::world::acting(session.user.clone(), Some(session.secret.handle()));
    let list = world.service.list_sign_ins(&actor).await.unwrap();
    assert_eq!(
        list.iter()
            .map(|sign_in| sign_in.current)
            .collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(
        (list[0].address.as_deref(), list[0].user_agent.as_deref()),
        (Some("192.0.2.1"), Some("a browser"))
    );
    assert_eq!(list[0].device, "Unknown device");
    world.clock.advance(120);
    assert_eq!(world.service.list_sign_ins(&actor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_twenty_first_sign_in_ends_the_oldest() {
    let world = World::sample().await;
    let (_, first) = world.signed_in(TONY).await;
    let mut rest = Vec::new();
    for _ in 0..20 {
        world.clock.advance(1);
        rest.push(world.sign_in(TONY, PASSWORD).await.unwrap());
    }
    assert!(!alive(&world, &first).await && alive(&world, &rest[0]).await);
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM session").await, 20);
}

#[tokio::test]
async fn expired_sign_ins_are_cleared_away_by_the_next_one() {
    let world = World::sample().await;
    world.signed_in(TONY).await;
    world.clock.advance(3_600);
    world.signed_in("pepper@stark.example").await;
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM session").await, 1);
}
