//! How often and how long after his password a person sees secrets (T-27).

use crate::{
    reveal::{HAPPY, SAFE, SECRET, TONY, WITH_SAFE, line, world},
    world::{NOON, PASSWORD, SAMPLE, World, acting, new_token},
};
use app::{
    domain::{
        lifecycle::TokenAction,
        secret::{RevealPolicy, SecretUse},
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};

#[tokio::test]
async fn an_old_password_has_to_be_entered_again() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    let other = world.sign_in(TONY, PASSWORD).await.unwrap();
    let other = acting(other.user.clone(), Some(other.secret.handle()));
    world.clock.advance(900);
    assert!(world.show(&tony).await.is_ok(), "15 minutes are not over");
    world.clock.advance(1);
    let before = world.lines().await;
    let error = world
        .reveal(&tony, SAFE, SecretUse::Show)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::PasswordNeeded);
    assert!(error.message.contains("15 minutes"), "{}", error.message);
    assert_eq!(world.lines().await, before, "nothing happened");
    world.confirm(&tony, PASSWORD).await.unwrap();
    assert_eq!(world.show(&tony).await.as_deref(), Ok(SECRET));
    assert_eq!(
        world.show(&other).await,
        Err(ErrorCode::PasswordNeeded),
        "each sign-in by itself"
    );
    world.clock.advance(901);
    assert_eq!(world.show(&tony).await, Err(ErrorCode::PasswordNeeded));
}

#[tokio::test]
async fn a_password_that_was_entered_in_the_future_or_in_no_sign_in_counts_for_nothing() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    world.clock.set(NOON.plus_seconds(-3_600));
    assert_eq!(
        world.show(&tony).await,
        Err(ErrorCode::PasswordNeeded),
        "the clock was set back"
    );
    world.clock.set(NOON.plus_seconds(-60));
    assert!(
        world.show(&tony).await.is_ok(),
        "clocks are never quite right"
    );
    let nowhere = world.user("Tony").await;
    assert_eq!(world.show(&nowhere).await, Err(ErrorCode::PasswordNeeded));
    world.service.sign_out(&tony).await.unwrap();
    assert_eq!(world.show(&tony).await, Err(ErrorCode::PasswordNeeded));
    let (happy, _) = world.signed_in(HAPPY).await;
    let borrowed = Actor {
        sign_in: happy.sign_in,
        ..nowhere
    };
    assert_eq!(world.show(&borrowed).await, Err(ErrorCode::PasswordNeeded));
}

#[tokio::test]
async fn an_installation_can_ask_sooner_or_never() {
    for (window, wait, asked) in [(0, 86_400, false), (60, 60, false), (60, 61, true)] {
        let world = World::with(RevealPolicy::Always, window).await;
        world.provision(SAMPLE).await.unwrap();
        world.provision(WITH_SAFE).await.unwrap();
        let (tony, _) = world.signed_in(TONY).await;
        world.clock.advance(wait);
        let shown = world.reveal(&tony, SAFE, SecretUse::Show).await;
        assert_eq!(shown.is_err(), asked, "{window} {wait}");
        if let Err(error) = shown {
            assert!(error.message.contains("1 minute "), "{}", error.message);
        }
    }
}

#[tokio::test]
async fn twenty_secrets_in_ten_minutes_and_then_one_waits() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    let (happy, _) = world.signed_in(HAPPY).await;
    for _ in 0..9 {
        world.show(&tony).await.unwrap();
        world.copied(&tony, SAFE).await.unwrap();
    }
    world
        .reveal(&tony, "TKN-0000-0001", SecretUse::Copy)
        .await
        .unwrap();
    world.clock.advance(30);
    world.show(&tony).await.unwrap();
    let error = world
        .reveal(&tony, SAFE, SecretUse::Show)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyRequests);
    assert!(
        error.message.contains("Wait 10 minutes"),
        "{}",
        error.message
    );
    assert_eq!(world.last_line().await, line("revealed", "refused", "Tony"));
    assert_eq!(world.last("reason").await, "too many secrets");
    assert!(world.show(&happy).await.is_ok(), "each person by himself");
    world.clock.set(NOON.plus_seconds(599));
    let error = world
        .reveal(&tony, SAFE, SecretUse::Copy)
        .await
        .unwrap_err();
    assert!(
        error.message.contains("Wait 1 second "),
        "{}",
        error.message
    );
    // The first nineteen are over; what was refused counts for nothing.
    world.clock.set(NOON.plus_seconds(600));
    for _ in 0..19 {
        world.show(&tony).await.unwrap();
    }
    assert_eq!(world.show(&tony).await, Err(ErrorCode::TooManyRequests));
}

#[tokio::test]
async fn a_clock_that_is_set_back_gives_nobody_another_twenty() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    for _ in 0..20 {
        world.show(&tony).await.unwrap();
    }
    world.clock.set(NOON.plus_seconds(-7_200));
    world.confirm(&tony, PASSWORD).await.unwrap();
    assert_eq!(world.show(&tony).await, Err(ErrorCode::TooManyRequests));
}

#[tokio::test]
async fn a_copy_is_recorded_up_to_sixty_times_and_each_counts() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    for _ in 0..60 {
        world.copied(&tony, SAFE).await.unwrap();
    }
    assert_eq!(world.show(&tony).await, Err(ErrorCode::TooManyRequests));
    let before = world.lines().await;
    let copied = world.copied(&tony, SAFE).await;
    assert_eq!(copied, Err(ErrorCode::TooManyRequests));
    assert_eq!(world.lines().await, before);
}

#[tokio::test]
async fn nobody_fills_the_trail_with_what_he_may_not_do() {
    let world = world().await;
    let (pepper, _) = world.signed_in("pepper@stark.example").await;
    let before = world.lines().await;
    for _ in 0..40 {
        assert_eq!(world.show(&pepper).await, Err(ErrorCode::Forbidden));
        let step = world.step(&pepper, SAFE, TokenAction::Delete).await;
        assert_eq!(step.unwrap_err().code, ErrorCode::Forbidden);
    }
    assert_eq!(world.lines().await, before + 30);
    world.clock.advance(600);
    assert_eq!(world.show(&pepper).await, Err(ErrorCode::Forbidden));
    assert_eq!(world.lines().await, before + 31);
}

#[tokio::test]
async fn a_form_that_is_sent_again_is_no_way_round_the_limit() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    let new = new_token("0123456789abcdef");
    let added = world.service.create_token(&tony, &new).await.unwrap();
    assert!(added.secret.is_some());
    for _ in 0..20 {
        world.show(&tony).await.unwrap();
    }
    let again = world.service.create_token(&tony, &new).await.unwrap();
    assert_eq!(
        (again.token.id, again.secret.is_none()),
        (added.token.id, true)
    );
}
