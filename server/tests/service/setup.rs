//! First start.

use crate::world::{PASSWORD, World, origin};
use app::{
    domain::{account::AccountType, user::Role},
    error::ErrorCode,
};
use server::service::{NewUser, SetUpForm};

fn set_up_form(code: &str) -> SetUpForm {
    SetUpForm {
        code: code.to_owned(),
        name: "Ada".into(),
        email: "ada@example.com".into(),
        account: "Operators".into(),
        password: PASSWORD.into(),
    }
}

#[tokio::test]
async fn set_up_makes_an_operations_administrator_with_every_built_in_module_and_signs_him_in() {
    let world = World::empty().await;
    assert!(world.service.setup_needed().await.unwrap());
    let code = world.service.issue_setup_code().await.unwrap();
    let session = world
        .service
        .set_up(set_up_form(&code.expose()), &origin())
        .await
        .unwrap();
    assert_eq!(
        (session.user.role, session.user.account.kind),
        (Role::Administrator, AccountType::Operations)
    );
    assert_eq!(session.user.account.name, "Operators");
    assert!(
        world
            .service
            .authenticate(&session.secret)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        world
            .ask::<i64>("SELECT COUNT(*) FROM account_module")
            .await,
        4
    );
    assert!(!world.service.setup_needed().await.unwrap());
    world.sign_in("ada@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn fifty_set_ups_at_once_make_exactly_one_administrator() {
    let world = World::empty().await;
    let code = world.service.issue_setup_code().await.unwrap();
    let tries = (0..50).map(|number| {
        let (service, mut form) = (world.service.clone(), set_up_form(&code.expose()));
        form.email = format!("ada{number}@example.com");
        tokio::spawn(async move {
            service
                .set_up(form, &origin())
                .await
                .map(|_| ())
                .map_err(|error| error.code)
        })
    });
    let mut made = 0;
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(()) => made += 1,
            Err(code) => assert_eq!(code, ErrorCode::NotFound),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM user").await, 1);
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM account").await, 1);
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_does_not_burn_the_right_one() {
    let world = World::empty().await;
    let old = world.service.issue_setup_code().await.unwrap();
    let code = world.service.issue_setup_code().await.unwrap();
    for wrong in ["", "lks_", &"x".repeat(5_000), &old.expose()] {
        assert!(!world.service.setup_code_valid(wrong).await.unwrap());
        let error = world
            .service
            .set_up(set_up_form(wrong), &origin())
            .await
            .err()
            .unwrap();
        assert_eq!(error.code, ErrorCode::Forbidden);
    }
    assert!(
        world
            .service
            .setup_code_valid(&code.expose())
            .await
            .unwrap()
    );
    world
        .service
        .set_up(set_up_form(&code.expose()), &origin())
        .await
        .unwrap();
    assert!(
        !world
            .service
            .setup_code_valid(&code.expose())
            .await
            .unwrap()
    );
    let again = world
        .service
        .set_up(set_up_form(&code.expose()), &origin())
        .await
        .err()
        .unwrap();
    assert_eq!(again.code, ErrorCode::NotFound);
    assert_eq!(
        world.service.issue_setup_code().await.err().unwrap().code,
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn a_code_is_good_for_an_hour() {
    let world = World::empty().await;
    let code = world.service.issue_setup_code().await.unwrap();
    world.clock.advance(3_599);
    assert!(
        world
            .service
            .setup_code_valid(&code.expose())
            .await
            .unwrap()
    );
    world.clock.advance(1);
    assert!(
        !world
            .service
            .setup_code_valid(&code.expose())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn every_wrong_field_is_named_and_the_code_stays_good() {
    let world = World::empty().await;
    let code = world.service.issue_setup_code().await.unwrap();
    let form = SetUpForm {
        code: code.expose().to_string(),
        name: " ".into(),
        email: "ada".into(),
        account: "a\u{202e}b".into(),
        password: "short".into(),
    };
    let error = world.service.set_up(form, &origin()).await.err().unwrap();
    let fields: Vec<_> = error
        .fields
        .iter()
        .map(|error| error.field.as_str())
        .collect();
    assert_eq!(fields, ["name", "email", "account", "password"]);
    assert!(
        world
            .service
            .setup_code_valid(&code.expose())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn an_administrator_from_the_command_line_or_a_file_ends_set_up_too() {
    let world = World::empty().await;
    let code = world.service.issue_setup_code().await.unwrap();
    let new = NewUser {
        name: "Ada".into(),
        email: "ada@example.com".into(),
        role: Role::Administrator,
        account: None,
        password: PASSWORD.into(),
    };
    let user = world.service.add_user(new).await.unwrap();
    assert_eq!(user.account.kind, AccountType::Operations);
    assert!(!world.service.setup_needed().await.unwrap());
    let error = world
        .service
        .set_up(set_up_form(&code.expose()), &origin())
        .await
        .err()
        .unwrap();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(!World::sample().await.service.setup_needed().await.unwrap());
}

#[tokio::test]
async fn the_code_is_stored_hashed() {
    let world = World::empty().await;
    let code = world.service.issue_setup_code().await.unwrap();
    assert_eq!(
        world
            .ask::<Vec<u8>>("SELECT code_hash FROM setup_code")
            .await,
        code.hash()
    );
}
