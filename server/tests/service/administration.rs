//! Modules and accounts as Operations change them, and what that takes from tokens.

use crate::world::{World, token_id};
use app::{
    domain::{
        account::{AccountChange, AccountForm, AccountId, AccountRow, AccountStatus, AccountType},
        directory::{DirectoryQuery, Loss, Outcome},
        module::{ModuleChange, ModuleForm, ModuleId, ModuleRow, ModuleSettings},
        page::PageRequest,
        token::TokenStatus,
    },
    error::ErrorCode,
    port::{Actor, Administration as _, Console as _},
};

const STARK: &str = "ACC-0000-0001";

fn module_id(text: &str) -> ModuleId {
    text.parse().unwrap()
}

fn account_id(text: &str) -> AccountId {
    text.parse().unwrap()
}

fn everything() -> DirectoryQuery {
    DirectoryQuery {
        page: PageRequest {
            number: 1,
            size: 100,
        },
        ..DirectoryQuery::default()
    }
}

async fn modules(world: &World, actor: &Actor) -> Vec<ModuleRow> {
    let found = world.service.list_module_rows(actor, &everything()).await;
    found.unwrap().rows
}

async fn module(world: &World, actor: &Actor, id: &str) -> ModuleRow {
    let rows = modules(world, actor).await.into_iter();
    rows.into_iter()
        .find(|row| row.id == module_id(id))
        .unwrap()
}

async fn account(world: &World, actor: &Actor, id: &str) -> AccountRow {
    let found = world.service.list_account_rows(actor, &everything()).await;
    let mut rows = found.unwrap().rows.into_iter();
    rows.find(|row| row.account.id == account_id(id)).unwrap()
}

fn form(row: &AccountRow) -> AccountForm {
    AccountForm {
        name: row.account.name.clone(),
        kind: row.account.kind,
        modules: row.modules.clone(),
    }
}

fn loss(outcome: Outcome) -> Loss {
    match outcome {
        Outcome::Loses(loss) => loss,
        Outcome::Done => panic!("it was done"),
    }
}

/// The modules of a token, by id.
async fn held(world: &World, token: &str) -> Vec<String> {
    let operator = world.user("Olga").await;
    let token = world.token(&operator, token).await;
    let mut ids: Vec<_> = token.modules.iter().map(|module| module.id).collect();
    ids.sort();
    ids.iter().map(ModuleId::to_string).collect()
}

fn new_module(code: &str) -> ModuleForm {
    ModuleForm {
        name: "Search".into(),
        code: code.into(),
        description: "Finds things.".into(),
        account_types: vec![AccountType::Vendor, AccountType::Client],
        settings: ModuleSettings {
            configurable: true,
            ..ModuleSettings::default()
        },
    }
}

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

fn olga_account(olga: &Actor) -> AccountId {
    match &olga.who {
        app::port::Who::User(user) => user.account.id,
        _ => panic!("Olga is a person"),
    }
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
