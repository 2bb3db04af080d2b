//! Accounts as Operations change them, and what that takes from tokens.

use crate::{
    administering::*,
    world::{World, token_id},
};
use app::{
    domain::{
        account::{AccountChange, AccountForm, AccountId, AccountStatus, AccountType},
        directory::Outcome,
        module::{ModuleChange, ModuleForm, ModuleSettings},
        token::TokenStatus,
    },
    error::ErrorCode,
    port::{Actor, Administration as _, Console as _},
};

#[tokio::test]
async fn only_administrators_of_operations_define_modules_and_change_accounts() {
    let world = World::sample().await;
    for name in ["Tony", "Pepper", "Oscar"] {
        let actor = &world.user(name).await;
        let service = &world.service;
        let id = module_id("MOD-0001");
        let stark = account_id(STARK);
        let new = AccountForm {
            name: "New".into(),
            kind: AccountType::Client,
            modules: Vec::new(),
            icon: None,
        };
        let answers = [
            service
                .change_module(actor, ModuleChange::Define(new_module("search")))
                .await
                .err(),
            service
                .change_module(actor, ModuleChange::Edit(id, 1, new_module("x"), 9))
                .await
                .err(),
            service
                .change_module(actor, ModuleChange::Retire(id, 9))
                .await
                .err(),
            service
                .change_account(actor, AccountChange::Add(new.clone()))
                .await
                .err(),
            service
                .change_account(actor, AccountChange::Edit(stark, 1, new.clone(), 9))
                .await
                .err(),
            service
                .change_account(actor, AccountChange::Status(stark, AccountStatus::Disabled))
                .await
                .err(),
        ];
        for answer in answers {
            assert_eq!(answer.unwrap().code, ErrorCode::Forbidden, "{name}");
        }
    }
    assert_eq!(
        world.ask::<i64>("SELECT sum(revision) FROM module").await,
        9
    );
    let tony = world.user("Tony").await;
    let refused = world.service.list_account_rows(&tony, &everything()).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
}
#[tokio::test]
async fn an_account_that_loses_a_module_takes_it_from_its_tokens_in_the_same_step() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let stark = account(&world, &olga, STARK).await;
    assert_eq!((stark.users, stark.tokens, stark.modules.len()), (3, 1, 4));
    let mut edit = form(&stark);
    edit.modules.retain(|id| *id != module_id("MOD-0001"));
    edit.name = "Stark Industries".into();
    let save = async |agreed| {
        let id = stark.account.id;
        let saved = world
            .service
            .change_account(
                &olga,
                AccountChange::Edit(id, stark.revision, edit.clone(), agreed),
            )
            .await;
        saved.unwrap()
    };
    assert_eq!(loss(save(0).await).tokens, 1);
    assert_eq!(account(&world, &olga, STARK).await.account.name, "Stark");
    assert_eq!(save(1).await, Outcome::Done);
    assert_eq!(held(&world, "TKN-0000-0001").await, ["MOD-0003"]);
    let now = account(&world, &olga, STARK).await;
    assert_eq!(
        (now.account.name.as_str(), now.modules.len()),
        ("Stark Industries", 3)
    );
    let changes: String = world
        .ask("SELECT changes FROM audit_record WHERE event = 'platform.accounts.account.updated'")
        .await;
    assert!(changes.contains("\"field\":\"name\"") && changes.contains("\"field\":\"modules\""));
}
#[tokio::test]
async fn a_module_that_every_token_has_reaches_those_of_an_account_that_gets_it() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let wayne = account(&world, &olga, "ACC-0000-0002").await;
    let mut edit = form(&wayne);
    edit.modules.push(module_id("MOD-0003"));
    world
        .service
        .change_account(
            &olga,
            AccountChange::Edit(wayne.account.id, wayne.revision, edit.clone(), 0),
        )
        .await
        .unwrap();
    assert_eq!(
        held(&world, "TKN-0000-0009").await,
        ["MOD-0003", "MOD-0005"]
    );
    // And one that no token is to have any more leaves them.
    let health = module(&world, &olga, "MOD-0003").await;
    let edit = ModuleForm {
        settings: ModuleSettings::default(),
        ..health.form.clone()
    };
    let save = async |agreed| {
        let saved = world
            .service
            .change_module(
                &olga,
                ModuleChange::Edit(health.id, health.revision, edit.clone(), agreed),
            )
            .await;
        saved.unwrap()
    };
    assert_eq!(loss(save(1).await).tokens, 2);
    assert_eq!(save(2).await, Outcome::Done);
    assert_eq!(held(&world, "TKN-0000-0009").await, ["MOD-0005"]);
    assert_eq!(held(&world, "TKN-0000-0001").await, ["MOD-0001"]);
}
#[tokio::test]
async fn a_module_that_is_not_for_a_type_of_account_cannot_be_given_to_one() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    for (modules, wrong) in [
        (vec![module_id("MOD-1757")], true),
        (vec![module_id("MOD-9999")], true),
        (vec![module_id("MOD-1756")], false),
    ] {
        let new = AccountForm {
            name: "New".into(),
            kind: AccountType::Client,
            modules,
            icon: None,
        };
        let made = world
            .service
            .change_account(&olga, AccountChange::Add(new.clone()))
            .await;
        let refused = made
            .err()
            .is_some_and(|error| error.field("modules").is_some());
        assert_eq!(refused, wrong, "{new:?}");
    }
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM account").await, 4);
}
#[tokio::test]
async fn people_of_a_disabled_account_are_signed_out_and_stay_out_and_its_tokens_go_on() {
    let world = World::sample().await;
    let (tony, session) = world.signed_in("tony@stark.example").await;
    let olga = world.user("Olga").await;
    let stark = account_id(STARK);
    world
        .service
        .change_account(&olga, AccountChange::Status(stark, AccountStatus::Disabled))
        .await
        .unwrap();
    assert_eq!(
        world.service.authenticate(&session.secret).await.unwrap(),
        None
    );
    assert!(
        world
            .sign_in("tony@stark.example", crate::world::PASSWORD)
            .await
            .is_err()
    );
    assert_eq!(
        world.token(&olga, "TKN-0000-0001").await.status,
        TokenStatus::Active
    );
    // Whatever he began before is refused too.
    let late = world
        .service
        .change_token_status(
            &tony,
            token_id("TKN-0000-0001"),
            app::domain::lifecycle::TokenAction::Disable,
            None,
        )
        .await;
    assert_eq!(late.unwrap_err().code, ErrorCode::Unauthenticated);
    world
        .service
        .change_account(&olga, AccountChange::Status(stark, AccountStatus::Active))
        .await
        .unwrap();
    world.clock.advance(10);
    assert!(
        world
            .sign_in("tony@stark.example", crate::world::PASSWORD)
            .await
            .is_ok()
    );
    assert_eq!(
        world.service.authenticate(&session.secret).await.unwrap(),
        None,
        "the sign-in that was ended does not come back"
    );
    let own = olga_account(&olga);
    let refused = world
        .service
        .change_account(&olga, AccountChange::Status(own, AccountStatus::Disabled))
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
}
#[tokio::test]
async fn a_loss_of_very_many_tokens_is_taken_whole() {
    let world = World::sample().await;
    let tokens: Vec<_> = (1..=1_203)
        .map(|number| {
            serde_json::json!({
                "id": format!("TKN-2000-{number:04}"), "account": STARK, "name": format!("Robot {number}"),
                "modules": ["billing"], "status": if number % 2 == 0 { "Disabled" } else { "Active" },
            })
        })
        .collect();
    world
        .provision(&serde_json::json!({ "tokens": tokens }).to_string())
        .await
        .unwrap();
    let olga = world.user("Olga").await;
    let id = module_id("MOD-0001");
    let told = world
        .service
        .change_module(&olga, ModuleChange::Retire(id, 1_203))
        .await;
    assert_eq!(loss(told.unwrap()).tokens, 1_204);
    world
        .service
        .change_module(&olga, ModuleChange::Retire(id, 1_204))
        .await
        .unwrap();
    for (count, expected) in [
        (
            "SELECT count(*) FROM token_module WHERE module_id = 'MOD-0001'",
            0,
        ),
        (
            "SELECT count(*) FROM api_token WHERE revision = 2 AND updated_by = 'USR-0000-0004'",
            1_204,
        ),
        (
            "SELECT count(*) FROM audit_record WHERE event = 'platform.accounts.token.updated' AND object_revision = 2",
            1_204,
        ),
        (
            "SELECT coalesce(sum(tokens), 0) FROM token_tally WHERE module_id = 'MOD-0001'",
            0,
        ),
    ] {
        assert_eq!(world.ask::<i64>(count).await, expected, "{count}");
    }
    world.service.verify_chain().await.unwrap();
}

fn olga_account(olga: &Actor) -> AccountId {
    match &olga.who {
        app::port::Who::User(user) => user.account.id,
        _ => panic!("Olga is a person"),
    }
}
