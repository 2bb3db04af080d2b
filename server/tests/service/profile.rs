//! One's own name, which everybody changes himself.

use crate::{
    administering::{STARK, account_id, row, user_id},
    world::{World, origin, token_id},
};
use app::{
    domain::{
        program::CurrentToken,
        user::{CurrentUser, Role, UserAction, UserChange, UserForm, UserId},
    },
    error::ErrorCode,
    port::{Actor, Administration as _, Who},
};
use server::service::system;
use std::sync::Arc;

fn person(actor: &Actor) -> CurrentUser {
    match &actor.who {
        Who::User(user) => user.clone(),
        other => panic!("no person: {other:?}"),
    }
}

async fn told(world: &World, actor: &Actor) -> (String, i64) {
    world.service.get_own_name(actor).await.unwrap()
}

/// Somebody else edits this person.
async fn edited(world: &World, id: UserId, form: UserForm) {
    let olga = world.user("Olga").await;
    let revision = row(world, id).await.revision;
    let change = UserChange::Edit(id, revision, form);
    world.service.change_user(&olga, change).await.unwrap();
}

#[tokio::test]
async fn everybody_changes_his_own_name_and_it_is_recorded_with_before_and_after() {
    let world = World::sample().await;
    for name in ["Tony", "Pepper", "Olga", "Oscar"] {
        let actor = world.user(name).await;
        let before = told(&world, &actor).await;
        assert_eq!(before, (name.to_owned(), 1));
        let new = format!("{name} the Second");
        let typed = format!(" {new} ");
        let saved = world.service.save_own_name(&actor, 1, &typed).await;
        saved.unwrap();
        assert_eq!(told(&world, &actor).await, (new.clone(), 2));
        let after = person(&world.user(&new).await);
        let unchanged = CurrentUser {
            name: new.clone(),
            ..person(&actor)
        };
        assert_eq!(after, unchanged, "address, role and account stay");
        let line = format!("platform.accounts.user.updated done {name} {} 2", after.id);
        assert_eq!(world.last_line().await, line);
        let changes: String = world
            .ask("SELECT changes FROM audit_record ORDER BY seq DESC LIMIT 1")
            .await;
        let changes: serde_json::Value = serde_json::from_str(&changes).unwrap();
        let expected = serde_json::json!([{"field": "name", "before": name, "after": new}]);
        assert_eq!(changes, expected);
    }
    world.service.verify_chain().await.unwrap();
}

#[tokio::test]
async fn the_tokens_that_somebody_made_show_his_new_name() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    world
        .service
        .save_own_name(&tony, 1, "Anthony")
        .await
        .unwrap();
    let token = world.token(&tony, "TKN-0000-0001").await;
    assert_eq!(token.created.by.name, "Anthony");
}

#[tokio::test]
async fn a_save_that_changes_nothing_raises_and_records_nothing() {
    let world = World::sample().await;
    let pepper = world.user("Pepper").await;
    let before = world.last_line().await;
    for revision in [1, 7] {
        let saved = world.service.save_own_name(&pepper, revision, "Pepper ");
        saved.await.unwrap();
    }
    assert_eq!(told(&world, &pepper).await.1, 1);
    assert_eq!(world.last_line().await, before);
}

#[tokio::test]
async fn a_name_is_checked_as_in_the_administration_of_users() {
    let world = World::sample().await;
    let pepper = world.user("Pepper").await;
    for bad in ["", " \t ", &"x".repeat(201), "Pep\u{202e}per", "a\u{7}"] {
        let refused = world
            .service
            .save_own_name(&pepper, 1, bad)
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid, "{bad:?}");
        assert!(refused.field("name").is_some(), "{bad:?}");
    }
    assert_eq!(told(&world, &pepper).await, ("Pepper".to_owned(), 1));
}

#[tokio::test]
async fn whoever_was_changed_meanwhile_is_told_so_and_nothing_is_lost() {
    let world = World::sample().await;
    let pepper = world.user("Pepper").await;
    let form = UserForm {
        name: "Virginia".into(),
        email: "pepper@stark.example".into(),
        role: Role::Viewer,
    };
    edited(&world, person(&pepper).id, form).await;
    let refused = world
        .service
        .save_own_name(&pepper, 1, "Ginny")
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Outdated);
    let (name, revision) = told(&world, &pepper).await;
    assert_eq!((name.as_str(), revision), ("Virginia", 2));
    world
        .service
        .save_own_name(&pepper, revision, "Ginny")
        .await
        .unwrap();
    assert_eq!(told(&world, &pepper).await, ("Ginny".to_owned(), 3));
}

#[tokio::test]
async fn a_role_taken_meanwhile_does_not_come_back_with_a_name() {
    let world = World::sample().await;
    let happy = world.user("Happy").await;
    let form = UserForm {
        name: "Happy".into(),
        email: "happy@stark.example".into(),
        role: Role::Viewer,
    };
    edited(&world, person(&happy).id, form).await;
    world
        .service
        .save_own_name(&happy, 2, "Harold")
        .await
        .unwrap();
    let after = row(&world, person(&happy).id).await.user;
    assert_eq!((after.name.as_str(), after.role), ("Harold", Role::Viewer));
}

#[tokio::test]
async fn whoever_was_disabled_changes_nothing() {
    let world = World::sample().await;
    let (olga, pepper) = (world.user("Olga").await, world.user("Pepper").await);
    let id = user_id("USR-0000-0002");
    let disable = UserChange::Access(id, UserAction::Disable);
    world.service.change_user(&olga, disable).await.unwrap();
    let refused = world.service.save_own_name(&pepper, 2, "Ghost").await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unauthenticated);
    assert_eq!(row(&world, id).await.user.name, "Pepper");
}

#[tokio::test]
async fn programs_and_latchkey_itself_have_no_name_of_this_kind() {
    let world = World::sample().await;
    let account = person(&world.user("Tony").await).account;
    assert_eq!(account.id, account_id(STARK));
    let program = CurrentToken {
        id: token_id("TKN-0000-0001"),
        name: "Robot 1".into(),
        account,
        modules: Vec::new(),
    };
    let program = Actor {
        who: Who::Token(Arc::new(program)),
        sign_in: None,
        origin: origin(),
    };
    for actor in [program, system()] {
        let told = world.service.get_own_name(&actor).await;
        assert_eq!(told.unwrap_err().code, ErrorCode::Unauthenticated);
        let saved = world.service.save_own_name(&actor, 1, "Robot 2").await;
        assert_eq!(saved.unwrap_err().code, ErrorCode::Unauthenticated);
    }
}
