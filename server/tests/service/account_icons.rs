//! Logos of accounts: who gives one, who sees it, what is recorded, and that one in use stays.

use crate::{
    administering::{STARK, account, account_id, form},
    icons::picture,
    world::{World, origin, token_id},
};
use app::{
    domain::{
        account::{AccountChange, AccountForm, AccountType},
        directory::Outcome,
        icon::IconId,
        module::ACCESS_MANAGEMENT,
        program::{CurrentToken, HeldModule},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Administration as _, Who},
};
use std::sync::Arc;

const WAYNE: &str = "ACC-0000-0002";
const ROBOT: &str = "TKN-0000-0001";

/// Gives the account this logo, or takes it away.
async fn give(
    world: &World,
    actor: &Actor,
    id: &str,
    icon: Option<&IconId>,
) -> Result<Outcome, ApiError> {
    let olga = world.user("Olga").await;
    let row = account(world, &olga, id).await;
    let edit = AccountForm {
        icon: icon.cloned(),
        ..form(&row)
    };
    let change = AccountChange::Edit(row.account.id, row.revision, edit, 0);
    world.service.change_account(actor, change).await
}

async fn seen(
    world: &World,
    actor: &Actor,
    id: &str,
    icon: Option<&IconId>,
) -> Result<Vec<u8>, ErrorCode> {
    let seen = world.service.get_account_icon(actor, account_id(id), icon);
    seen.await.map_err(|error| error.code)
}

/// A program of this account with these modules.
fn program(of: &Actor, modules: &[&str]) -> Actor {
    let Who::User(user) = &of.who else {
        panic!("{of:?}")
    };
    let modules = modules.iter().map(|code| HeldModule {
        id: "MOD-1756".parse().unwrap(),
        code: (*code).to_owned(),
    });
    let token = CurrentToken {
        id: token_id(ROBOT),
        name: "Robot 1".into(),
        account: user.account.clone(),
        modules: modules.collect(),
    };
    Actor {
        who: Who::Token(Arc::new(token)),
        sign_in: None,
        origin: origin(),
    }
}

async fn last_changes(world: &World) -> serde_json::Value {
    let changes: String = world
        .ask("SELECT changes FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    serde_json::from_str(&changes).unwrap()
}

#[tokio::test]
async fn a_logo_is_given_changed_and_taken_away_with_a_line_in_the_trail_for_each() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let first = world.upload(&olga, picture(1)).await.unwrap();
    let second = world.upload(&olga, picture(2)).await.unwrap();
    let steps = [
        (Some(&first), "", first.to_string()),
        (Some(&second), &*first.to_string(), second.to_string()),
        (None, &*second.to_string(), String::new()),
    ];
    for (number, (icon, before, after)) in steps.into_iter().enumerate() {
        assert_eq!(give(&world, &olga, STARK, icon).await, Ok(Outcome::Done));
        let row = account(&world, &olga, STARK).await;
        assert_eq!(row.account.icon.as_ref(), icon);
        let revision = number + 2;
        assert_eq!(row.revision, i64::try_from(revision).unwrap());
        let line = format!("platform.accounts.account.updated done Olga {STARK} {revision}");
        assert_eq!(world.last_line().await, line);
        let expected = serde_json::json!([{"field": "icon", "before": before, "after": after}]);
        assert_eq!(last_changes(&world).await, expected);
        let token = world.token(&olga, ROBOT).await;
        assert_eq!(token.account.icon.as_ref(), icon, "as its tokens show it");
    }
    let before = world.last_line().await;
    assert_eq!(give(&world, &olga, STARK, None).await, Ok(Outcome::Done));
    assert_eq!(world.last_line().await, before, "nothing changed");
    world.service.verify_chain().await.unwrap();
}

#[tokio::test]
async fn an_account_can_be_added_with_its_logo() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(1)).await.unwrap();
    let new = AccountForm {
        name: "New".into(),
        kind: AccountType::Client,
        modules: Vec::new(),
        icon: Some(icon.clone()),
    };
    let made = world.service.change_account(&olga, AccountChange::Add(new));
    made.await.unwrap();
    let id: String = world.ask("SELECT id FROM account WHERE name = 'New'").await;
    let row = account(&world, &olga, &id).await;
    assert_eq!(row.account.icon, Some(icon.clone()));
    let told = serde_json::json!({"field": "icon", "before": null, "after": icon.to_string()});
    let changes = last_changes(&world).await;
    assert!(changes.as_array().unwrap().contains(&told), "{changes}");
}

#[tokio::test]
async fn a_name_that_changes_leaves_the_logo_and_so_does_a_module_that_is_retired() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(1)).await.unwrap();
    give(&world, &olga, WAYNE, Some(&icon)).await.unwrap();
    let row = account(&world, &olga, WAYNE).await;
    let edit = AccountForm {
        name: "Wayne Enterprises".into(),
        ..form(&row)
    };
    let change = AccountChange::Edit(row.account.id, row.revision, edit, 0);
    world.service.change_account(&olga, change).await.unwrap();
    let retire = app::domain::module::ModuleChange::Retire("MOD-0004".parse().unwrap(), 9);
    world.service.change_module(&olga, retire).await.unwrap();
    let row = account(&world, &olga, WAYNE).await;
    assert_eq!(row.account.icon, Some(icon));
    assert_eq!(row.account.name, "Wayne Enterprises");
}

#[tokio::test]
async fn only_administrators_of_operations_give_one() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(1)).await.unwrap();
    for name in ["Tony", "Pepper", "Oscar"] {
        let actor = world.user(name).await;
        let refused = give(&world, &actor, STARK, Some(&icon)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Forbidden, "{name}");
    }
    let program = program(&olga, &[ACCESS_MANAGEMENT]);
    let refused = give(&world, &program, STARK, Some(&icon)).await;
    assert!(refused.is_err());
    assert_eq!(account(&world, &olga, STARK).await.account.icon, None);
}

#[tokio::test]
async fn its_own_people_and_operations_see_it_and_for_others_it_is_not_there() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(1)).await.unwrap();
    let other = world.upload(&olga, picture(2)).await.unwrap();
    let missing = Err(ErrorCode::NotFound);
    assert_eq!(seen(&world, &olga, STARK, Some(&icon)).await, missing);
    give(&world, &olga, STARK, Some(&icon)).await.unwrap();
    for name in ["Tony", "Pepper", "Happy", "Olga", "Oscar"] {
        let actor = world.user(name).await;
        assert!(
            seen(&world, &actor, STARK, Some(&icon)).await.is_ok(),
            "{name}"
        );
        assert!(seen(&world, &actor, STARK, None).await.is_ok(), "{name}");
        assert_eq!(seen(&world, &actor, STARK, Some(&other)).await, missing);
        assert_eq!(seen(&world, &actor, WAYNE, Some(&icon)).await, missing);
    }
    let bruce = world.user("Bruce").await;
    for icon in [Some(&icon), None] {
        assert_eq!(seen(&world, &bruce, STARK, icon).await, missing);
        assert_eq!(seen(&world, &bruce, "ACC-9999-9999", icon).await, missing);
    }
    let tony = world.user("Tony").await;
    let may = program(&tony, &[ACCESS_MANAGEMENT]);
    assert!(seen(&world, &may, STARK, None).await.is_ok());
    assert_eq!(seen(&world, &may, WAYNE, None).await, missing);
    let may_not = program(&tony, &[]);
    let refused = seen(&world, &may_not, STARK, None).await;
    assert_eq!(refused, Err(ErrorCode::ModuleNeeded));
    let blind = program(&olga, &[ACCESS_MANAGEMENT]);
    assert_eq!(
        seen(&world, &blind, STARK, None).await,
        missing,
        "Operations without the module that sees all"
    );
}

#[tokio::test]
async fn a_logo_in_use_is_never_dropped_and_one_that_was_taken_away_is() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(1)).await.unwrap();
    give(&world, &olga, STARK, Some(&icon)).await.unwrap();
    world.upload(&olga, picture(2)).await.unwrap();
    world.clock.advance(86_401);
    world.upload(&olga, picture(3)).await.unwrap();
    assert_eq!(world.kept().await, 2, "the one in use, and the newest");
    assert!(seen(&world, &olga, STARK, Some(&icon)).await.is_ok());
    give(&world, &olga, STARK, None).await.unwrap();
    world.clock.advance(86_401);
    world.upload(&olga, picture(4)).await.unwrap();
    assert_eq!(world.kept().await, 1);
}

#[tokio::test]
async fn a_logo_in_use_does_not_count_among_those_that_nothing_shows() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(0)).await.unwrap();
    give(&world, &olga, STARK, Some(&icon)).await.unwrap();
    for shade in 1..=20 {
        world.upload(&olga, picture(shade)).await.unwrap();
    }
    let refused = world.upload(&olga, picture(21)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooManyRequests);
}

#[tokio::test]
async fn nobody_uses_the_picture_of_somebody_else() {
    let world = World::sample().await;
    let (olga, bruce) = (world.user("Olga").await, world.user("Bruce").await);
    let bruces = world.upload(&bruce, picture(1)).await.unwrap();
    let unknown: IconId = "0".repeat(64).parse().unwrap();
    for icon in [&bruces, &unknown] {
        let refused = give(&world, &olga, STARK, Some(icon)).await.unwrap_err();
        assert!(refused.field("icon").is_some(), "{refused:?}");
    }
    // For the account whose person sent it, it is there.
    give(&world, &olga, WAYNE, Some(&bruces)).await.unwrap();
    // The logo of an account is for its own tokens, and for no others'.
    let icon = world.upload(&olga, picture(2)).await.unwrap();
    let (tony, mut edit) = (
        world.user("Tony").await,
        crate::world::form(&world.token(&olga, ROBOT).await),
    );
    edit.icon = Some(icon.clone());
    let refused = world.refused(&tony, ROBOT, &edit).await;
    assert!(refused.field("icon").is_some(), "{refused:?}");
    give(&world, &olga, STARK, Some(&icon)).await.unwrap();
    world.give(&tony, ROBOT, Some(icon.clone())).await;
    let mut edit = crate::world::form(&world.token(&bruce, "TKN-0000-0009").await);
    edit.icon = Some(icon);
    let refused = world.refused(&bruce, "TKN-0000-0009", &edit).await;
    assert!(refused.field("icon").is_some(), "{refused:?}");
}

#[tokio::test]
async fn whoever_was_first_counts_and_the_other_is_told() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let icon = world.upload(&olga, picture(1)).await.unwrap();
    let row = account(&world, &olga, STARK).await;
    give(&world, &olga, STARK, Some(&icon)).await.unwrap();
    let edit = AccountForm {
        name: "Other".into(),
        ..form(&row)
    };
    let late = AccountChange::Edit(row.account.id, row.revision, edit, 0);
    let refused = world.service.change_account(&olga, late).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Outdated);
    let now = account(&world, &olga, STARK).await.account;
    assert_eq!((now.name.as_str(), now.icon), ("Stark", Some(icon)));
}
