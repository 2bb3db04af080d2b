//! Invitations: a one-time address for the first password.

use crate::{
    administering::*,
    world::{NOON, PASSWORD, World, origin},
};
use app::{
    domain::user::{UserAction, UserChange, UserStatus},
    error::ErrorCode,
    port::Administration as _,
};

const HOUR: i64 = 3_600;

#[tokio::test]
async fn whoever_is_invited_chooses_his_password_once_and_is_signed_in() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let invitation = invite(&world, &tony, "rhodey@stark.example").await.unwrap();
    assert_eq!(invitation.until, NOON.plus_seconds(72 * HOUR));
    assert!(
        invitation
            .address
            .expose()
            .starts_with("http://127.0.0.1:3000/invitation?code=lki_"),
        "not under the public address"
    );
    let invited = row(&world, invitation.id).await;
    assert_eq!(
        (
            invited.status,
            invited.invited_until,
            invited.invitation_over
        ),
        (UserStatus::Active, Some(invitation.until), false)
    );
    assert!(
        world
            .sign_in("rhodey@stark.example", PASSWORD)
            .await
            .is_err()
    );
    let code = code(&invitation);
    let kept: String = world.ask("SELECT hex(code_hash) FROM invitation").await;
    assert!(!kept.is_empty() && !code.contains(&kept));
    let user = world.service.find_invited(&code).await.unwrap().unwrap();
    assert_eq!(
        (user.name.as_str(), user.account.name.as_str()),
        ("Rhodey", "Stark")
    );
    let session = accept(&world, &code).await.unwrap();
    assert_eq!(session.user.id, invitation.id);
    assert!(
        world
            .service
            .authenticate(&session.secret)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(row(&world, invitation.id).await.invited_until, None);
    assert!(
        world
            .sign_in("rhodey@stark.example", PASSWORD)
            .await
            .is_ok()
    );
    let again = accept(&world, &code).await.err().unwrap();
    assert_eq!(again.code, ErrorCode::Forbidden);
    let lines: String = world
        .ask("SELECT group_concat(substr(event, 19) || ' ' || actor_name, ', ') FROM audit_record WHERE object_name = 'Rhodey' ORDER BY seq")
        .await;
    assert_eq!(
        lines,
        "user.created Tony, user.invited Tony, session.refused , user.password-changed Rhodey, session.created Rhodey, session.created Rhodey"
    );
    world.service.verify_chain().await.unwrap();
}
#[tokio::test]
async fn an_invitation_is_good_for_three_days_until_another_is_written_or_it_is_taken_back() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let first = invite(&world, &tony, "rhodey@stark.example").await.unwrap();
    let id = first.id;
    world.clock.advance(72 * HOUR - 1);
    assert!(
        world
            .service
            .find_invited(&code(&first))
            .await
            .unwrap()
            .is_some()
    );
    world.clock.advance(1);
    assert!(
        world
            .service
            .find_invited(&code(&first))
            .await
            .unwrap()
            .is_none()
    );
    assert!(row(&world, id).await.invitation_over);
    let late = accept(&world, &code(&first)).await.err().unwrap();
    assert_eq!(late.code, ErrorCode::Forbidden);
    let second = invite_again(&world, &tony, id).await.unwrap();
    let third = invite_again(&world, &tony, id).await.unwrap();
    assert!(
        world
            .service
            .find_invited(&code(&second))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .service
            .find_invited(&code(&third))
            .await
            .unwrap()
            .is_some()
    );
    world
        .service
        .change_user(&tony, UserChange::Access(id, UserAction::Disable))
        .await
        .unwrap();
    assert!(accept(&world, &code(&third)).await.is_err());
    let disabled = invite_again(&world, &tony, id).await.unwrap_err();
    assert_eq!(disabled.code, ErrorCode::Conflict);
    // Enabled again, he needs a new one: the old one stays taken back.
    world
        .service
        .change_user(&tony, UserChange::Access(id, UserAction::Enable))
        .await
        .unwrap();
    assert!(accept(&world, &code(&third)).await.is_err());
    let fourth = invite_again(&world, &tony, id).await.unwrap();
    accept(&world, &code(&fourth)).await.unwrap();
    let done = invite_again(&world, &tony, id).await.unwrap_err();
    assert_eq!(done.code, ErrorCode::Conflict);
}
#[tokio::test]
async fn nonsense_opens_no_invitation_and_a_weak_password_uses_none_up() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let invitation = invite(&world, &tony, "rhodey@stark.example").await.unwrap();
    let good = code(&invitation);
    for bad in [
        "",
        "lki_",
        "x",
        &good.replace("lki_", "lks_"),
        &good[..good.len() - 1],
        &format!("{good}A"),
    ] {
        assert!(
            world.service.find_invited(bad).await.unwrap().is_none(),
            "{bad}"
        );
        assert!(accept(&world, bad).await.is_err(), "{bad}");
    }
    for weak in ["short", "password1234", "rhodey@stark.example"] {
        let service = &world.service;
        let refused = service
            .accept_invitation(&good, weak.into(), &origin())
            .await;
        assert!(refused.err().unwrap().field("password").is_some(), "{weak}");
    }
    accept(&world, &good).await.unwrap();
}
#[tokio::test]
async fn of_many_who_accept_at_once_one_is_let_in() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let invitation = invite(&world, &tony, "rhodey@stark.example").await.unwrap();
    let code = code(&invitation);
    let tries = (0..8).map(|_| accept(&world, &code));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
}
