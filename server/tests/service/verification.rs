//! What is changed in any way holds for the next question about a secret, and only what is changed is read again.

use crate::{
    administering::{STARK, account, form, module, module_id},
    bulk::{begin, order, these, through},
    keys::{secret, with_tokens},
    world::{World, origin, token_id},
};
use app::{
    domain::{
        account::{AccountChange, AccountId, AccountRef, AccountStatus, AccountType},
        bulk::BulkAction,
        directory::Outcome,
        lifecycle::TokenAction::{Delete, Disable, Enable},
        module::{ModuleChange, ModuleId, PLATFORM_ACCOUNT_MANAGEMENT, TOKEN_VERIFICATION},
        program::{CurrentToken, HeldModule},
        user::{TokensOfLeaver, UserChange, UserChanged},
    },
    port::{Actor, Administration as _, Who},
};
use server::service::{ConsoleService, Verdict, Wanted};
use std::sync::Arc;

const ONE: &str = "TKN-0001-0001";
const TWO: &str = "TKN-0001-0002";
const BILLING: &str = "MOD-0001";
const CATALOG: &str = "MOD-0002";

/// What verification says of a secret when this module is wanted.
pub async fn said(service: &ConsoleService, secret: &str, module: &str) -> &'static str {
    let wanted = Wanted::all([module]);
    match service.verify(secret, &wanted, None).await.unwrap() {
        Verdict::Allowed(_) => "allowed",
        Verdict::ModuleMissing(_) => "module missing",
        Verdict::NoSuchModule(_) => "no such module",
        Verdict::Unknown => "unknown",
        Verdict::Inactive => "inactive",
    }
}

/// A program of Operations that may ask about all tokens.
pub fn asking_program() -> Actor {
    let modules = [
        (1_759, TOKEN_VERIFICATION),
        (1_757, PLATFORM_ACCOUNT_MANAGEMENT),
    ];
    let held = modules.map(|(number, code)| HeldModule {
        id: ModuleId::from_number(number).unwrap(),
        code: code.to_owned(),
    });
    let token = CurrentToken {
        id: token_id("TKN-9999-9999"),
        name: "Asking".to_owned(),
        account: AccountRef {
            id: AccountId::from_number(3).unwrap(),
            name: "Platform".to_owned(),
            kind: AccountType::Operations,
            status: AccountStatus::Active,
            icon: None,
        },
        modules: held.into(),
    };
    Actor {
        who: Who::Token(Arc::new(token)),
        sign_in: None,
        origin: origin(),
    }
}

/// Whatever introspection tells of a secret.
pub async fn told(service: &ConsoleService, secret: &str) -> Option<Arc<CurrentToken>> {
    let told = service.introspect(&asking_program(), secret).await;
    told.unwrap().map(|told| told.token)
}

/// Two tokens of Stark for billing, which are in memory, and a third of somebody else.
async fn remembered() -> World {
    let world = with_tokens(2).await;
    let other = format!(
        r#"{{"tokens":[{{"id":"TKN-0001-0003","account":"ACC-0000-0002","name":"Other","modules":["shipping"],"secret":"{}"}}]}}"#,
        secret(3)
    );
    world.provision(&other).await.unwrap();
    world.service.learn_secrets().await;
    world.service.follow_changes().await;
    for (number, module) in [(1, "billing"), (2, "billing"), (3, "shipping")] {
        let answer = said(&world.service, &secret(number), module).await;
        assert_eq!(answer, "allowed");
    }
    world
}

fn questions(world: &World) -> u64 {
    world.service.figures().index.misses
}

async fn rename(world: &World, service: &ConsoleService, name: &str) {
    let olga = world.user("Olga").await;
    let stark = account(world, &olga, STARK).await;
    let mut edit = form(&stark);
    name.clone_into(&mut edit.name);
    let change = AccountChange::Edit(stark.account.id, stark.revision, edit, 0);
    let saved = service.change_account(&olga, change).await;
    assert_eq!(saved.unwrap(), Outcome::Done);
}

#[tokio::test]
async fn introspection_tells_an_account_s_name_and_status_as_they_are() {
    let world = remembered().await;
    let before = questions(&world);
    rename(&world, &world.service, "Stark Industries").await;
    let told_now = told(&world.service, &secret(1)).await.unwrap();
    assert_eq!(told_now.account.name, "Stark Industries");
    let olga = world.user("Olga").await;
    for status in [AccountStatus::Disabled, AccountStatus::Active] {
        let change = AccountChange::Status(told_now.account.id, status);
        world.service.change_account(&olga, change).await.unwrap();
        let told = told(&world.service, &secret(1)).await.unwrap();
        assert_eq!(told.account.status, status);
    }
    // The tokens of others are as they were.
    assert_eq!(
        said(&world.service, &secret(3), "shipping").await,
        "allowed"
    );
    assert_eq!(questions(&world), before + 3);
}

#[tokio::test]
async fn a_name_that_another_process_gave_an_account_is_told_at_the_next_look() {
    let world = remembered().await;
    let before = questions(&world);
    rename(&world, &*world.beside(77).await, "Stark Industries").await;
    world.service.follow_changes().await;
    let told = told(&world.service, &secret(1)).await.unwrap();
    assert_eq!(told.account.name, "Stark Industries");
    assert_eq!(
        said(&world.service, &secret(3), "shipping").await,
        "allowed"
    );
    assert_eq!(questions(&world), before + 1);
}

#[tokio::test]
async fn what_is_changed_of_a_module_or_what_an_account_gets_empties_no_memory() {
    let world = remembered().await;
    let olga = world.user("Olga").await;
    let before = questions(&world);
    let row = module(&world, &olga, BILLING).await;
    let mut edit = row.form.clone();
    edit.description = "Invoices".to_owned();
    let mut new = row.form.clone();
    (new.name, new.code) = ("Stock".to_owned(), "stock".to_owned());
    assert_eq!(
        said(&world.service, &secret(1), "stock").await,
        "no such module"
    );
    for change in [
        ModuleChange::Edit(row.id, row.revision, edit, 0),
        ModuleChange::Define(new),
        ModuleChange::Retire(module_id(CATALOG), 0),
        ModuleChange::BringBack(module_id(CATALOG)),
    ] {
        let done = world.service.change_module(&olga, change).await;
        assert_eq!(done.unwrap(), Outcome::Done);
    }
    let stark = account(&world, &olga, STARK).await;
    let mut edit = form(&stark);
    edit.modules.push(module_id(CATALOG));
    let change = AccountChange::Edit(stark.account.id, stark.revision, edit, 0);
    world.service.change_account(&olga, change).await.unwrap();
    // Its own changes, too, the server reads from the trail.
    world.service.follow_changes().await;
    for (number, module) in [(1, "billing"), (2, "billing"), (3, "shipping")] {
        let answer = said(&world.service, &secret(number), module).await;
        assert_eq!(answer, "allowed");
    }
    assert_eq!(questions(&world), before);
    // A new module's code is one that there is.
    assert_eq!(
        said(&world.service, &secret(1), "stock").await,
        "module missing"
    );
}

#[tokio::test]
async fn tokens_of_an_account_that_loses_a_module_lose_it_at_once() {
    let world = remembered().await;
    let olga = world.user("Olga").await;
    let stark = account(&world, &olga, STARK).await;
    let mut edit = form(&stark);
    edit.modules.retain(|id| *id != module_id(BILLING));
    let change = AccountChange::Edit(stark.account.id, stark.revision, edit, 3);
    let saved = world.service.change_account(&olga, change).await;
    assert_eq!(saved.unwrap(), Outcome::Done);
    for number in [1, 2] {
        assert_eq!(
            said(&world.service, &secret(number), "billing").await,
            "module missing"
        );
    }
}

#[tokio::test]
async fn tokens_lose_a_module_that_is_retired_at_once() {
    let world = remembered().await;
    let olga = world.user("Olga").await;
    let change = ModuleChange::Retire(module_id(BILLING), 3);
    let done = world.service.change_module(&olga, change).await;
    assert_eq!(done.unwrap(), Outcome::Done);
    for number in [1, 2] {
        assert_eq!(
            said(&world.service, &secret(number), "billing").await,
            "module missing"
        );
    }
}

#[tokio::test]
async fn what_is_done_to_several_tokens_holds_at_once() {
    let world = remembered().await;
    let tony = world.user("Tony").await;
    for (action, module, answer) in [
        (BulkAction::Step(Disable), "billing", "inactive"),
        (BulkAction::Step(Enable), "billing", "allowed"),
        (
            BulkAction::Take(module_id(BILLING)),
            "billing",
            "module missing",
        ),
        (BulkAction::Give(module_id(CATALOG)), "catalog", "allowed"),
        (BulkAction::Step(Delete), "catalog", "inactive"),
    ] {
        let change = begin(&world, &tony, &order(action, these(&[ONE, TWO]))).await;
        through(&world, &tony, &change).await;
        for number in [1, 2] {
            let said = said(&world.service, &secret(number), module).await;
            assert_eq!(said, answer, "{action:?}");
        }
    }
    assert_eq!(
        said(&world.service, &secret(3), "shipping").await,
        "allowed"
    );
}

#[tokio::test]
async fn the_tokens_of_somebody_who_leaves_are_refused_at_once() {
    let world = remembered().await;
    let made = format!(
        r#"{{"tokens":[{{"id":"TKN-0001-0004","account":"ACC-0000-0001","name":"Hers","modules":["billing"],
            "createdBy":"USR-0000-0006","secret":"{}"}}]}}"#,
        secret(4)
    );
    world.provision(&made).await.unwrap();
    assert_eq!(said(&world.service, &secret(4), "billing").await, "allowed");
    let tony = world.user("Tony").await;
    let happy = "USR-0000-0006".parse().unwrap();
    let change = UserChange::Offboard(happy, TokensOfLeaver::Disable);
    let changed = world.service.change_user(&tony, change).await;
    assert!(matches!(changed, Ok(UserChanged::Tokens(1))));
    assert_eq!(
        said(&world.service, &secret(4), "billing").await,
        "inactive"
    );
    assert_eq!(said(&world.service, &secret(1), "billing").await, "allowed");
}
