//! Modules as Operations define, change and retire them, and what that takes from tokens.

use crate::{
    administering::*,
    world::{World, token_id},
};
use app::{
    domain::{
        account::{AccountChange, AccountType},
        directory::{DirectoryQuery, Outcome},
        module::{ModuleChange, ModuleForm},
        page::PageRequest,
        token::TokenStatus,
    },
    error::ErrorCode,
    port::Administration as _,
};

#[tokio::test]
async fn everyone_sees_the_modules_of_his_account_and_how_many_tokens_have_each() {
    let world = World::sample().await;
    for (name, ids) in [
        (
            "Tony",
            &["MOD-0001", "MOD-0002", "MOD-0003", "MOD-0004"][..],
        ),
        ("Pepper", &["MOD-0001", "MOD-0002", "MOD-0003", "MOD-0004"]),
        ("Bruce", &["MOD-0005"]),
    ] {
        let actor = world.user(name).await;
        let rows = modules(&world, &actor).await;
        let found: Vec<_> = rows.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(found, ids, "{name}");
        assert!(rows.iter().all(|row| row.accounts == 1 && !row.may_change));
    }
    let tony = world.user("Tony").await;
    let billing = module(&world, &tony, "MOD-0001").await;
    assert_eq!((billing.tokens, billing.form.code.as_str()), (1, "billing"));
    let olga = world.user("Olga").await;
    let all = modules(&world, &olga).await;
    assert_eq!(
        all.len(),
        9,
        "five of the sample and four that are built in"
    );
    let changeable: Vec<_> = all.iter().filter(|row| row.may_change).collect();
    assert_eq!(changeable.len(), 5);
    let oscar = world.user("Oscar").await;
    assert!(
        modules(&world, &oscar)
            .await
            .iter()
            .all(|row| !row.may_change)
    );
}
#[tokio::test]
async fn a_module_is_found_by_name_code_and_id_in_any_case() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    for (search, found) in [
        ("BILL", 1),
        ("mod-0001", 1),
        ("0001", 1),
        ("access-man", 1),
        ("%", 0),
        ("_", 0),
        ("nothing", 0),
        ("  ", 9),
    ] {
        let query = DirectoryQuery {
            search: search.into(),
            ..everything()
        };
        let page = world.service.list_module_rows(&olga, &query).await.unwrap();
        assert_eq!(page.rows.len(), found, "{search}");
    }
}
#[tokio::test]
async fn a_page_beyond_the_last_is_the_last_and_no_size_is_unbounded() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    for (number, size, place) in [
        (99, 5, (2, 4, 5)),
        (0, 5, (1, 5, 5)),
        (1, 1_000_000, (1, 9, 10)),
    ] {
        let query = DirectoryQuery {
            page: PageRequest { number, size },
            ..DirectoryQuery::default()
        };
        let page = world.service.list_module_rows(&olga, &query).await.unwrap();
        assert_eq!((page.number, page.rows.len(), page.size), place);
    }
}
#[tokio::test]
async fn a_module_that_is_defined_can_be_given() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    world
        .service
        .change_module(&olga, ModuleChange::Define(new_module("search")))
        .await
        .unwrap();
    let rows = modules(&world, &olga).await;
    let made = rows.iter().find(|row| row.form.code == "search").unwrap();
    assert_eq!(
        made.form.account_types,
        [AccountType::Client, AccountType::Vendor]
    );
    assert!(
        world
            .last_line()
            .await
            .starts_with("platform.accounts.module.created done Olga MOD-")
    );
    let stark = account(&world, &olga, STARK).await;
    let mut edit = form(&stark);
    edit.modules.push(made.id);
    let saved = world
        .service
        .change_account(
            &olga,
            AccountChange::Edit(stark.account.id, stark.revision, edit.clone(), 0),
        )
        .await;
    assert_eq!(saved.unwrap(), Outcome::Done);
    let tony = world.user("Tony").await;
    assert_eq!(modules(&world, &tony).await.len(), 5);
}
#[tokio::test]
async fn a_module_s_fields_are_checked_all_at_once() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let bad = ModuleForm {
        name: " ".into(),
        code: "No code".into(),
        description: "x".repeat(2_001),
        account_types: Vec::new(),
        ..new_module("x")
    };
    let error = world
        .service
        .change_module(&olga, ModuleChange::Define(bad))
        .await
        .unwrap_err();
    let fields: Vec<_> = error.fields.iter().map(|field| &*field.field).collect();
    assert_eq!(fields, ["name", "code", "description", "accountTypes"]);
    let taken = world
        .service
        .change_module(&olga, ModuleChange::Define(new_module("billing")))
        .await
        .unwrap_err();
    assert!(taken.field("code").is_some());
}
#[tokio::test]
async fn what_is_built_in_stays_as_it_is() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let id = module_id("MOD-1756");
    let edit = world
        .service
        .change_module(&olga, ModuleChange::Edit(id, 1, new_module("x"), 0))
        .await;
    assert_eq!(edit.unwrap_err().code, ErrorCode::Conflict);
    let retire = world
        .service
        .change_module(&olga, ModuleChange::Retire(id, 9))
        .await;
    assert_eq!(retire.unwrap_err().code, ErrorCode::Conflict);
}
#[tokio::test]
async fn an_edit_on_an_outdated_revision_saves_nothing_and_one_that_changes_nothing_is_none() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let id = module_id("MOD-0001");
    let row = module(&world, &olga, "MOD-0001").await;
    let edit = |name: &str| ModuleForm {
        name: name.into(),
        ..row.form.clone()
    };
    let lines = "SELECT count(*) FROM audit_record";
    let before: i64 = world.ask(lines).await;
    let same = world
        .service
        .change_module(&olga, ModuleChange::Edit(id, 99, edit("Billing"), 0))
        .await;
    assert_eq!(same.unwrap(), Outcome::Done);
    assert_eq!(world.ask::<i64>(lines).await, before);
    let first = world
        .service
        .change_module(
            &olga,
            ModuleChange::Edit(id, row.revision, edit("Invoices"), 0),
        )
        .await;
    assert_eq!(first.unwrap(), Outcome::Done);
    let second = world
        .service
        .change_module(
            &olga,
            ModuleChange::Edit(id, row.revision, edit("Bills"), 0),
        )
        .await;
    assert_eq!(second.unwrap_err().code, ErrorCode::Outdated);
    assert_eq!(
        module(&world, &olga, "MOD-0001").await.form.name,
        "Invoices"
    );
}
#[tokio::test]
async fn the_code_of_a_module_is_for_good_and_its_types_cannot_leave_an_account_behind() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let row = module(&world, &olga, "MOD-0001").await;
    let edit = ModuleForm {
        code: "other".into(),
        description: "New".into(),
        ..row.form.clone()
    };
    let id = row.id;
    world
        .service
        .change_module(&olga, ModuleChange::Edit(id, row.revision, edit, 0))
        .await
        .unwrap();
    assert_eq!(module(&world, &olga, "MOD-0001").await.form.code, "billing");
    let edit = ModuleForm {
        account_types: vec![AccountType::Vendor],
        ..row.form
    };
    let error = world
        .service
        .change_module(&olga, ModuleChange::Edit(id, row.revision + 1, edit, 0))
        .await
        .unwrap_err();
    assert!(
        error
            .field("accountTypes")
            .unwrap()
            .starts_with("1 account")
    );
}
#[tokio::test]
async fn retiring_shows_first_what_tokens_lose_and_then_takes_it_from_all_at_once() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let id = module_id("MOD-0001");
    let told = world
        .service
        .change_module(&olga, ModuleChange::Retire(id, 0))
        .await;
    let loss = loss(told.unwrap());
    assert_eq!((loss.tokens, loss.first.len()), (1, 1));
    assert_eq!(loss.first[0].id, token_id("TKN-0000-0001"));
    assert_eq!(loss.last_access_at, loss.first[0].last_access_at);
    assert!(loss.last_access_at.is_some());
    assert_eq!(
        held(&world, "TKN-0000-0001").await,
        ["MOD-0001", "MOD-0003"]
    );
    let revision = world.token(&olga, "TKN-0000-0001").await.revision;
    let done = world
        .service
        .change_module(&olga, ModuleChange::Retire(id, 1))
        .await;
    assert_eq!(done.unwrap(), Outcome::Done);
    assert_eq!(held(&world, "TKN-0000-0001").await, ["MOD-0003"]);
    let token = world.token(&olga, "TKN-0000-0001").await;
    assert_eq!(
        (token.revision, token.status),
        (revision + 1, TokenStatus::Active)
    );
    assert_eq!(
        world.last_line().await,
        format!(
            "platform.accounts.token.updated done Olga TKN-0000-0001 {}",
            revision + 1
        )
    );
    let change: String = world
        .ask("SELECT changes FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert!(
        change.contains(
            "\"before\":\"MOD-0001 Billing, MOD-0003 Health\",\"after\":\"MOD-0003 Health\""
        ),
        "{change}"
    );
    let tony = world.user("Tony").await;
    assert_eq!(modules(&world, &tony).await.len(), 3);
    let seen: String = world
        .ask("SELECT group_concat(event, ' ') FROM audit_record WHERE account_id = 'ACC-0000-0001' AND actor_name = 'Olga'")
        .await;
    assert_eq!(
        seen,
        "platform.accounts.account.updated platform.accounts.token.updated"
    );
    world.service.verify_chain().await.unwrap();
    // It is there for Operations, can be given to nobody, and comes back without anybody having it.
    assert!(module(&world, &olga, "MOD-0001").await.retired);
    let stark = account(&world, &olga, STARK).await;
    let mut edit = form(&stark);
    edit.modules.push(id);
    let refused = world
        .service
        .change_account(
            &olga,
            AccountChange::Edit(stark.account.id, stark.revision, edit.clone(), 0),
        )
        .await;
    assert!(refused.unwrap_err().field("modules").is_some());
    world
        .service
        .change_module(&olga, ModuleChange::BringBack(id))
        .await
        .unwrap();
    let back = module(&world, &olga, "MOD-0001").await;
    assert_eq!((back.retired, back.accounts, back.tokens), (false, 0, 0));
}

#[tokio::test]
async fn types_of_accounts_in_another_order_are_no_change() {
    let world = World::sample().await;
    let stored = r#"{"modules":[{"id":"MOD-0009","name":"Search","code":"search","accountTypes":["Vendor","Client"]}]}"#;
    world.provision(stored).await.unwrap();
    let olga = world.user("Olga").await;
    let row = module(&world, &olga, "MOD-0009").await;
    let edit = ModuleForm {
        account_types: vec![AccountType::Client, AccountType::Vendor],
        ..row.form
    };
    let lines = "SELECT count(*) FROM audit_record";
    let before: i64 = world.ask(lines).await;
    let change = ModuleChange::Edit(row.id, row.revision, edit, 0);
    let saved = world.service.change_module(&olga, change).await;
    assert_eq!(saved.unwrap(), Outcome::Done);
    assert_eq!(world.ask::<i64>(lines).await, before);
}
