//! Users from the command line.

use crate::world::{PASSWORD, World};
use app::{
    domain::user::{Role, UserStatus},
    error::ErrorCode,
};
use server::service::NewUser;

fn new_user(email: &str, account: Option<&str>) -> NewUser {
    NewUser {
        name: "New".into(),
        email: email.into(),
        role: Role::Viewer,
        account: account.map(str::to_owned),
        password: PASSWORD.into(),
    }
}

#[tokio::test]
async fn an_added_user_can_sign_in() {
    let world = World::sample().await;
    let user = world
        .service
        .add_user(new_user("new@wayne.example", Some("ACC-0000-0002")))
        .await
        .unwrap();
    assert_eq!(
        (user.account.name.as_str(), user.role, user.status),
        ("Wayne", Role::Viewer, UserStatus::Active)
    );
    let session = world.sign_in("NEW@wayne.example", PASSWORD).await.unwrap();
    assert_eq!(session.user.id, user.id);
}

#[tokio::test]
async fn a_taken_address_in_any_spelling_and_an_unclear_account_are_refused() {
    let world = World::sample().await;
    let taken = world
        .service
        .add_user(new_user(" TONY@stark.example", Some("ACC-0000-0002")))
        .await
        .unwrap_err();
    assert!(taken.field("email").is_some(), "{taken:?}");
    for account in [None, Some("ACC-9999-9999"), Some("Stark"), Some("")] {
        let error = world
            .service
            .add_user(new_user("new@example.com", account))
            .await
            .unwrap_err();
        assert!(error.field("account").is_some(), "{error:?}");
    }
    let weak = NewUser {
        password: "short".into(),
        ..new_user("new@example.com", Some("ACC-0000-0002"))
    };
    assert!(
        world
            .service
            .add_user(weak)
            .await
            .unwrap_err()
            .field("password")
            .is_some()
    );
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM user").await, 6);
}

#[tokio::test]
async fn the_last_active_administrator_of_an_account_cannot_be_disabled() {
    let world = World::sample().await;
    let error = world
        .service
        .disable_user("bruce@wayne.example")
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(
        error.message.contains("last active Administrator"),
        "{}",
        error.message
    );
    world
        .service
        .disable_user("happy@stark.example")
        .await
        .unwrap();
    assert_eq!(
        world
            .service
            .disable_user("tony@stark.example")
            .await
            .unwrap_err()
            .code,
        ErrorCode::Invalid
    );
    world
        .service
        .disable_user("pepper@stark.example")
        .await
        .unwrap();
}

#[tokio::test]
async fn disabling_ends_sign_ins_and_unlocking_lets_in_again() {
    let world = World::sample().await;
    let (_, session) = world.signed_in("happy@stark.example").await;
    let user = world
        .service
        .disable_user("Happy@Stark.example")
        .await
        .unwrap();
    assert_eq!(user.status, UserStatus::Disabled);
    assert!(
        world
            .service
            .authenticate(&session.secret)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .sign_in("happy@stark.example", PASSWORD)
            .await
            .is_err()
    );
    world
        .service
        .unlock_user("happy@stark.example")
        .await
        .unwrap();
    world
        .sign_in("happy@stark.example", PASSWORD)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_set_password_ends_sign_ins_and_must_be_good() {
    let world = World::sample().await;
    let (_, session) = world.signed_in("tony@stark.example").await;
    let weak = world
        .service
        .set_password("tony@stark.example", "short".into())
        .await
        .unwrap_err();
    assert!(weak.field("password").is_some());
    world
        .service
        .set_password("tony@stark.example", "seven quiet harbours".into())
        .await
        .unwrap();
    assert!(
        world
            .service
            .authenticate(&session.secret)
            .await
            .unwrap()
            .is_none()
    );
    let unknown = world
        .service
        .set_password("nobody@example.com", PASSWORD.into())
        .await
        .unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn users_are_listed_by_account_and_name() {
    let world = World::sample().await;
    let users = world.service.list_users().await.unwrap();
    let names: Vec<_> = users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["Olga", "Oscar", "Happy", "Pepper", "Tony", "Bruce"]);
}

#[tokio::test]
async fn an_address_that_was_closed_by_others_tries_can_be_opened_again() {
    let world = World::sample().await;
    world.signed_in("tony@stark.example").await;
    assert!(world.sign_in("stranger@example.com", "x").await.is_err());
    world
        .execute("UPDATE sign_in_throttle SET failures = 1000 WHERE key LIKE 'address:%'")
        .await;
    let closed = world.sign_in("tony@stark.example", PASSWORD).await;
    assert_eq!(closed.err().unwrap().code, ErrorCode::TooManyRequests);
    world
        .service
        .unlock_address("192.0.2.1".parse().unwrap())
        .await
        .unwrap();
    world.sign_in("tony@stark.example", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn the_first_user_of_all_cannot_be_one_who_only_looks() {
    let world = World::empty().await;
    let error = world
        .service
        .add_user(new_user("first@example.com", None))
        .await
        .unwrap_err();
    assert!(error.field("role").is_some(), "{error:?}");
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM account").await, 0);
}
