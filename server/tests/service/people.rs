//! People as Administrators see, change and disable them.

use crate::{
    administering::*,
    world::{PASSWORD, World},
};
use app::{
    domain::{
        account::AccountId,
        directory::DirectoryQuery,
        token::TokenStatus,
        user::{
            Role, TokensOfLeaver, UserAction, UserChange, UserChanged, UserForm, UserRow,
            UserStatus,
        },
    },
    error::ErrorCode,
    port::Administration as _,
};

const HOUR: i64 = 3_600;

#[tokio::test]
async fn an_administrator_sees_his_people_a_viewer_none_and_operations_all() {
    let world = World::sample().await;
    for (name, seen, changed) in [
        ("Tony", 3, 3),
        ("Bruce", 1, 1),
        ("Olga", 6, 6),
        ("Oscar", 6, 0),
    ] {
        let actor = world.user(name).await;
        let rows = users(&world, &actor).await.unwrap();
        assert_eq!(rows.len(), seen, "{name}");
        let may = rows.iter().filter(|row| row.may_change).count();
        assert_eq!(may, changed, "{name}");
        assert_eq!(rows.iter().filter(|row| row.own).count(), 1, "{name}");
    }
    let pepper = world.user("Pepper").await;
    let refused = users(&world, &pepper).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
}
#[tokio::test]
async fn people_of_one_account_are_listed_for_whoever_sees_it() {
    let world = World::sample().await;
    let wayne = "ACC-0000-0002".parse::<AccountId>().ok();
    let query = DirectoryQuery {
        account: wayne,
        ..DirectoryQuery::default()
    };
    let olga = world.user("Olga").await;
    let page = world.service.list_user_rows(&olga, &query).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    let tony = world.user("Tony").await;
    let hidden = world.service.list_user_rows(&tony, &query).await;
    assert_eq!(hidden.unwrap_err().code, ErrorCode::NotFound);
}
#[tokio::test]
async fn an_address_in_any_spelling_is_one_person() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    for spelling in [
        "TONY@stark.example",
        "ｔｏｎｙ@stark.example",
        "bruce@WAYNE.example",
    ] {
        let refused = invite(&world, &tony, spelling).await.unwrap_err();
        assert!(refused.field("email").is_some(), "{spelling}");
    }
    let happy = row(&world, user_id("USR-0000-0006")).await;
    let edit = person("Tony@Stark.example", Role::Administrator);
    let refused = world
        .service
        .change_user(
            &tony,
            UserChange::Edit(happy.user.id, happy.revision, edit.clone()),
        )
        .await;
    assert!(refused.unwrap_err().field("email").is_some());
}
#[tokio::test]
async fn accounts_are_walls_for_those_who_invite_and_change() {
    let world = World::sample().await;
    let (tony, pepper, olga) = (
        world.user("Tony").await,
        world.user("Pepper").await,
        world.user("Olga").await,
    );
    let bruce = user_id("USR-0000-0003");
    let wayne = "ACC-0000-0002".parse().ok();
    let new = person("new@wayne.example", Role::Viewer);
    let service = &world.service;
    for answer in [
        service
            .change_user(&tony, UserChange::Invite(wayne, new.clone()))
            .await
            .err(),
        service
            .change_user(&tony, UserChange::Edit(bruce, 1, new.clone()))
            .await
            .err(),
        service
            .change_user(&tony, UserChange::Access(bruce, UserAction::EndSignIns))
            .await
            .err(),
        service
            .change_user(&tony, UserChange::InviteAgain(bruce))
            .await
            .err(),
        service
            .change_user(
                &tony,
                UserChange::Offboard(bruce, TokensOfLeaver::Keep.clone()),
            )
            .await
            .err(),
    ] {
        assert_eq!(answer.unwrap().code, ErrorCode::NotFound);
    }
    let happy = user_id("USR-0000-0006");
    for answer in [
        service
            .change_user(&pepper, UserChange::Invite(None, new.clone()))
            .await
            .err(),
        service
            .change_user(&pepper, UserChange::Edit(happy, 1, new.clone()))
            .await
            .err(),
        service
            .change_user(&pepper, UserChange::Access(happy, UserAction::Disable))
            .await
            .err(),
    ] {
        assert_eq!(answer.unwrap().code, ErrorCode::Forbidden);
    }
    let change = UserChange::Invite(wayne, new);
    let made = invited(service.change_user(&olga, change).await.unwrap());
    let made = row(&world, made.id).await;
    assert_eq!(made.user.account.name, "Wayne");
}
#[tokio::test]
async fn an_edit_changes_name_address_and_role_and_the_names_that_tokens_show() {
    let world = World::sample().await;
    let happy = world.user("Happy").await;
    let id = user_id("USR-0000-0001");
    let tony = row(&world, id).await;
    let edit = UserForm {
        name: "Anthony".into(),
        email: "anthony@stark.example".into(),
        role: Role::Viewer,
    };
    let save = |revision| {
        world
            .service
            .change_user(&happy, UserChange::Edit(id, revision, edit.clone()))
    };
    assert_eq!(
        save(tony.revision + 1).await.unwrap_err().code,
        ErrorCode::Outdated
    );
    save(tony.revision).await.unwrap();
    save(77).await.unwrap();
    let now = row(&world, id).await;
    assert_eq!(
        (
            now.user.name.as_str(),
            now.user.email.as_str(),
            now.user.role,
            now.revision
        ),
        (
            "Anthony",
            "anthony@stark.example",
            Role::Viewer,
            tony.revision + 1
        )
    );
    let fold: String = world
        .ask("SELECT creator_fold FROM api_token WHERE id = 'TKN-0000-0001'")
        .await;
    assert_eq!(fold, "anthony");
    assert_eq!(
        world.last_line().await,
        format!(
            "platform.accounts.user.updated done Happy USR-0000-0001 {}",
            tony.revision + 1
        )
    );
}
#[tokio::test]
async fn the_last_administrator_stays_one_and_nobody_demotes_or_disables_himself() {
    let world = World::sample().await;
    let (bruce, olga, tony) = (
        world.user("Bruce").await,
        world.user("Olga").await,
        world.user("Tony").await,
    );
    let last = row(&world, user_id("USR-0000-0003")).await;
    let demoted = UserForm {
        name: last.user.name.clone(),
        email: last.user.email.clone(),
        role: Role::Viewer,
    };
    let service = &world.service;
    let id = last.user.id;
    for (actor, code) in [(&bruce, ErrorCode::Conflict), (&olga, ErrorCode::Invalid)] {
        let refused = service
            .change_user(actor, UserChange::Edit(id, last.revision, demoted.clone()))
            .await;
        assert_eq!(refused.unwrap_err().code, code);
        let refused = service
            .change_user(actor, UserChange::Access(id, UserAction::Disable))
            .await;
        assert_eq!(refused.unwrap_err().code, code);
        let refused = service
            .change_user(
                actor,
                UserChange::Offboard(id, TokensOfLeaver::Disable.clone()),
            )
            .await;
        assert_eq!(refused.unwrap_err().code, code);
    }
    // Somebody who was only invited is no Administrator yet.
    let alfred = person("alfred@wayne.example", Role::Administrator);
    let alfred = UserChange::Invite(None, alfred);
    let invitation = invited(service.change_user(&bruce, alfred).await.unwrap());
    let refused = service
        .change_user(&olga, UserChange::Access(id, UserAction::Disable))
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Invalid);
    accept(&world, &code(&invitation)).await.unwrap();
    service
        .change_user(&olga, UserChange::Access(id, UserAction::Disable))
        .await
        .unwrap();
    // Two who demote each other at the same time: one of them is refused.
    let of = |row: &UserRow| UserForm {
        name: row.user.name.clone(),
        email: row.user.email.clone(),
        role: Role::Viewer,
    };
    let happy = world.user("Happy").await;
    let (one, two) = (
        row(&world, user_id("USR-0000-0001")).await,
        row(&world, user_id("USR-0000-0006")).await,
    );
    let (first, second) = (of(&one), of(&two));
    let (a, b) = tokio::join!(
        service.change_user(
            &happy,
            UserChange::Edit(one.user.id, one.revision, first.clone())
        ),
        service.change_user(
            &tony,
            UserChange::Edit(two.user.id, two.revision, second.clone())
        ),
    );
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    let left: i64 = world
        .ask("SELECT count(*) FROM user WHERE account_id = 'ACC-0000-0001' AND role = 'Administrator'")
        .await;
    assert_eq!(left, 1);
}
#[tokio::test]
async fn sign_ins_are_ended_for_somebody_and_he_may_come_back_until_he_is_disabled() {
    let world = World::sample().await;
    let (_, session) = world.signed_in("happy@stark.example").await;
    let tony = world.user("Tony").await;
    let id = user_id("USR-0000-0006");
    assert_eq!(row(&world, id).await.sign_ins, 1);
    let act = |action| {
        world
            .service
            .change_user(&tony, UserChange::Access(id, action))
    };
    act(UserAction::EndSignIns).await.unwrap();
    assert_eq!(row(&world, id).await.sign_ins, 0);
    assert!(
        world
            .service
            .authenticate(&session.secret)
            .await
            .unwrap()
            .is_none()
    );
    let session = world
        .sign_in("happy@stark.example", PASSWORD)
        .await
        .unwrap();
    act(UserAction::Disable).await.unwrap();
    act(UserAction::Disable).await.unwrap();
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
    act(UserAction::Enable).await.unwrap();
    world.clock.advance(10);
    assert!(world.sign_in("happy@stark.example", PASSWORD).await.is_ok());
    world.clock.advance(9 * HOUR);
    assert_eq!(
        row(&world, id).await.sign_ins,
        0,
        "they are over by themselves"
    );
}
#[tokio::test]
async fn the_tokens_of_somebody_who_leaves_are_disabled_or_handed_over_with_a_record_of_each() {
    for hand_over in [false, true] {
        let world = World::sample().await;
        let happy = world.user("Happy").await;
        let tony = user_id("USR-0000-0001");
        world
            .provision(
                r#"{"tokens":[
                {"id":"TKN-3000-0001","account":"ACC-0000-0001","name":"Second","modules":["billing"],"createdBy":"USR-0000-0001"},
                {"id":"TKN-3000-0002","account":"ACC-0000-0001","name":"Third","modules":["billing"],"createdBy":"USR-0000-0001","status":"Disabled"},
                {"id":"TKN-3000-0003","account":"ACC-0000-0001","name":"Other","modules":["billing"],"createdBy":"USR-0000-0006"}]}"#,
            )
            .await
            .unwrap();
        assert_eq!(row(&world, tony).await.tokens, 3);
        let tokens = if hand_over {
            TokensOfLeaver::HandOver(user_id("USR-0000-0002"))
        } else {
            TokensOfLeaver::Disable
        };
        let changed = world
            .service
            .change_user(&happy, UserChange::Offboard(tony, tokens.clone()))
            .await;
        let expected = if hand_over { 3 } else { 2 };
        assert!(matches!(changed, Ok(UserChanged::Tokens(number)) if number == expected));
        assert_eq!(row(&world, tony).await.status, UserStatus::Disabled);
        let first = world.token(&happy, "TKN-0000-0001").await;
        if hand_over {
            assert_eq!(
                (first.status, first.created.by.name.as_str()),
                (TokenStatus::Active, "Pepper")
            );
            assert_eq!(row(&world, tony).await.tokens, 0);
            assert_eq!(row(&world, user_id("USR-0000-0002")).await.tokens, 3);
        } else {
            assert_eq!(first.status, TokenStatus::Disabled);
            assert_eq!(first.disabled.unwrap().by.name, "Happy");
        }
        let event = if hand_over { "updated" } else { "disabled" };
        let lines: i64 = world
            .ask(&format!("SELECT count(*) FROM audit_record WHERE event = 'platform.accounts.token.{event}' AND actor_name = 'Happy'"))
            .await;
        assert_eq!(lines, if hand_over { 3 } else { 2 });
        let other = world.token(&happy, "TKN-3000-0003").await;
        assert_eq!((other.status, other.revision), (TokenStatus::Active, 1));
        world.service.verify_chain().await.unwrap();
    }
}
#[tokio::test]
async fn tokens_are_handed_over_to_an_active_colleague_only() {
    let world = World::sample().await;
    let happy = world.user("Happy").await;
    let tony = user_id("USR-0000-0001");
    for to in ["USR-0000-0003", "USR-0000-0001", "USR-9999-9999"] {
        let tokens = TokensOfLeaver::HandOver(user_id(to));
        let refused = world
            .service
            .change_user(&happy, UserChange::Offboard(tony, tokens.clone()))
            .await;
        assert!(refused.unwrap_err().field("to").is_some(), "{to}");
    }
    assert_eq!(
        row(&world, tony).await.status,
        UserStatus::Active,
        "nothing was done"
    );
}
