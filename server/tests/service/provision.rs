//! Provisioning from a file.

use crate::world::{PASSWORD, SAMPLE, World};
use app::{
    domain::{audit::AuditQuery, module::ModuleChange, token_query::TokenQuery},
    port::{Administration as _, Console as _},
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use server::{
    env::SeededRandom,
    provision::{ProvisionError, ProvisionFile},
    secret::token::TokenSecret,
};

/// `SAMPLE` with `value` in the place that `pointer` names.
fn with(pointer: &str, value: Value) -> String {
    let mut file: Value = serde_json::from_str(SAMPLE).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(name.to_owned(), value)),
        Value::Array(array) => array[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer}"),
    }
    file.to_string()
}

async fn counts(world: &World) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "module",
        "account",
        "user",
        "api_token",
        "token_module",
        "audit_record",
    ] {
        counts.push(world.ask(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    counts
}

#[tokio::test]
async fn a_file_makes_what_is_missing_and_records_it() {
    let world = World::empty().await;
    let report = world.provision(SAMPLE).await.unwrap();
    assert_eq!(
        (report.modules, report.accounts, report.users, report.tokens),
        (5, 3, 6, 2)
    );
    assert!(report.differences.is_empty());
    assert_eq!(report.made_secrets.len(), 2);
    assert_eq!(counts(&world).await, [9, 3, 6, 2, 3, 16]);
    assert_eq!(world.service.verify_chain().await.unwrap(), 16);
    let actor: String = world
        .ask("SELECT DISTINCT actor_kind || ' ' || actor_name FROM audit_record")
        .await;
    assert_eq!(actor, "system Latchkey");
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let world = World::sample().await;
    let before = counts(&world).await;
    let report = world.provision(SAMPLE).await.unwrap();
    assert_eq!(
        (report.modules, report.accounts, report.users, report.tokens),
        (0, 0, 0, 0)
    );
    assert!(
        report.differences.is_empty() && report.made_secrets.is_empty(),
        "{:?}",
        report.differences
    );
    assert_eq!(counts(&world).await, before);
}

#[tokio::test]
async fn what_exists_is_left_alone_and_the_difference_is_told() {
    let world = World::sample().await;
    world
        .execute("UPDATE api_token SET status = 'Deleted' WHERE id = 'TKN-0000-0009'")
        .await;
    let mut file: Value = serde_json::from_str(SAMPLE).unwrap();
    file["modules"][0]["name"] = "Bills".into();
    file["accounts"][1]["modules"] = json!([]);
    file["users"][1]["role"] = "Administrator".into();
    file["users"][1]["email"] = "PEPPER@stark.example".into();
    file["tokens"][0]["name"] = "Robot 3".into();
    // Wayne keeps its module here, so its token may still name it.
    let report = world.provision(&file.to_string()).await.unwrap();
    assert_eq!(
        report.differences,
        [
            "modules[0].name: \"Billing\" stays; the file says \"Bills\".",
            "accounts[1].modules: \"shipping\" stays; the file says \"\".",
            "users[1].role: \"Viewer\" stays; the file says \"Administrator\".",
            "tokens[0].name: \"Robot 1\" stays; the file says \"Robot 3\".",
            "tokens[1].status: \"Deleted\" stays; the file says \"Active\".",
        ]
    );
    let status: String = world
        .ask("SELECT status FROM api_token WHERE id = 'TKN-0000-0009'")
        .await;
    assert_eq!(status, "Deleted");
}

#[tokio::test]
async fn a_wrong_entry_refuses_the_whole_file_and_says_where() {
    let secret = "lk_0000000000000000000000000000000000xx";
    for (pointer, value, place) in [
        ("/modules/0/code", json!("Not A Code"), "modules[0].code: "),
        ("/modules/1/id", json!("MOD-0001"), "modules[1].id: "),
        (
            "/modules/1/settings",
            json!({"defaul": true}),
            "modules[1].settings.defaul: ",
        ),
        ("/accounts/0/id", json!("ACC-1"), "accounts[0].id: "),
        ("/accounts/0/type", json!("Customer"), "accounts[0].type: "),
        (
            "/accounts/0/modules/1",
            json!("nothing"),
            "accounts[0].modules[1]: ",
        ),
        (
            "/accounts/0/modules/1",
            json!("MOD-1757"),
            "accounts[0].modules[1]: ",
        ),
        (
            "/accounts/0/status",
            json!("Active"),
            "accounts[0].status: ",
        ),
        (
            "/users/0/account",
            json!("ACC-0000-0009"),
            "users[0].account: ",
        ),
        ("/users/0/email", json!("tony"), "users[0].email: "),
        ("/users/1/id", json!("USR-0000-0001"), "users[1].id: "),
        ("/users/0/password", json!("short"), "users[0].password: "),
        ("/users/0/role", json!("Owner"), "users[0].role: "),
        ("/tokens/0/name", json!(" "), "tokens[0].name: "),
        ("/tokens/0/name", Value::Null, "tokens[0].name: "),
        (
            "/tokens/0/modules",
            json!(["billing", "shipping"]),
            "tokens[0].modules[1]: ",
        ),
        ("/tokens/0/secret", json!(secret), "tokens[0].secret: "),
        ("/tokens/0/status", json!("Deleted"), "tokens[0].status: "),
        (
            "/tokens/0/createdBy",
            json!("USR-9999-9999"),
            "tokens[0].createdBy: ",
        ),
        (
            "/tokens/1/createdAt",
            json!("yesterday"),
            "tokens[1].createdAt: ",
        ),
        ("/auditRecords", json!([{}]), "auditRecords[0]: "),
        (
            "/auditRecords",
            json!([record("ACC-9999-9999")]),
            "auditRecords[0].viewers[0]: ",
        ),
        ("/token", json!([]), "token: "),
    ] {
        let world = World::empty().await;
        let error = world.provision(&with(pointer, value)).await.unwrap_err();
        assert!(matches!(error, ProvisionError::Wrong { .. }));
        let text = error.to_string();
        assert!(text.starts_with(place), "{pointer}: {text}");
        assert!(!text.contains(secret), "{text}");
        assert_eq!(counts(&world).await, [4, 0, 0, 0, 0, 0], "{pointer}");
    }
}

fn record(viewer: &str) -> Value {
    json!({
        "id": "AUD-1234-1234-1234-1234", "event": "extensions.crm.synced", "type": "Public", "viewers": [viewer],
        "object": {"id": "PRD-1234-1234", "name": "CRM", "objectType": "Product"}, "summary": "Synchronised",
        "details": "{{product.name}} is up to date", "documents": {"product": {"name": "CRM"}},
    })
}

#[tokio::test]
async fn audit_records_are_added_once_and_seen_by_their_viewers() {
    let world = World::sample().await;
    let file = json!({"auditRecords": [record("ACC-0000-0001")]}).to_string();
    assert_eq!(world.provision(&file).await.unwrap().records, 1);
    assert_eq!(world.provision(&file).await.unwrap().records, 0);
    let trail = async |who: &str| {
        let actor = world.user(who).await;
        let query = AuditQuery {
            event: "extensions.crm.synced".into(),
            ..AuditQuery::default()
        };
        world.service.list_audit(&actor, &query).await.unwrap().rows
    };
    let seen = trail("Tony").await;
    assert_eq!(seen[0].object.name, "CRM");
    assert_eq!(seen[0].id.to_string(), "AUD-1234-1234-1234-1234");
    assert!(trail("Bruce").await.is_empty());
    assert_eq!(trail("Olga").await.len(), 1);
}

#[tokio::test]
async fn null_is_the_same_as_absent_and_an_empty_file_is_fine() {
    let world = World::empty().await;
    world.provision("{}").await.unwrap();
    world
        .provision(
            r#"{"modules":null,"accounts":[],"users":null,"tokens":null,"auditRecords":null}"#,
        )
        .await
        .unwrap();
    for (pointer, value) in [
        ("/modules/0/settings", Value::Null),
        ("/modules/0/description", Value::Null),
        ("/tokens/0/createdBy", Value::Null),
        ("/tokens/0/modules", Value::Null),
        ("/tokens/0/secret", Value::Null),
        ("/users/0/password", Value::Null),
        ("/users/0/id", Value::Null),
    ] {
        let world = World::empty().await;
        let mut file: Value = serde_json::from_str(&with(pointer, value)).unwrap();
        file["tokens"][0]["createdBy"] = Value::Null;
        world.provision(&file.to_string()).await.unwrap();
    }
    for text in ["", "[", "[]", "{} x", "null"] {
        assert!(world.provision(text).await.is_err(), "{text}");
    }
}

#[tokio::test]
async fn modules_without_a_choice_are_given_by_their_default_whatever_the_file_says() {
    let world = World::empty().await;
    world
        .provision(&with(
            "/tokens/0/modules",
            json!(["internals", "MOD-0001", "billing"]),
        ))
        .await
        .unwrap();
    let token = world
        .token(&world.user("Tony").await, "TKN-0000-0001")
        .await;
    assert_eq!(
        token
            .modules
            .iter()
            .map(|module| module.code.as_str())
            .collect::<Vec<_>>(),
        ["billing", "health"]
    );
}

#[tokio::test]
async fn secrets_and_passwords_are_nowhere_readable_in_the_files() {
    let world = World::empty().await;
    let secret = TokenSecret::generate("lk", &SeededRandom::new(7)).unwrap();
    let mut file: Value =
        serde_json::from_str(&with("/tokens/0/secret", json!(secret.expose()))).unwrap();
    file["users"][0]["password"] = PASSWORD.into();
    let report = world.provision(&file.to_string()).await.unwrap();
    assert_eq!(report.made_secrets.len(), 1);
    let made = report.made_secrets[0].1.expose_secret();
    assert!(TokenSecret::parse("lk", made).is_ok());
    let folder = world.file().parent().unwrap().to_owned();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        files += 1;
        for canary in [&secret.expose()[7..], &made[7..], PASSWORD] {
            let found = bytes
                .windows(canary.len())
                .any(|window| window == canary.as_bytes());
            assert!(!found, "a secret is readable in the database");
        }
    }
    assert!(files >= 2);
    world.sign_in("tony@stark.example", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_secret_serves_one_token_only() {
    let world = World::sample().await;
    let secret = TokenSecret::generate("lk", &SeededRandom::new(7)).unwrap();
    let token = |id: &str| {
        json!({"tokens": [{"id": id, "account": "ACC-0000-0001", "name": "x", "secret": secret.expose()}]}).to_string()
    };
    world.provision(&token("TKN-0000-0002")).await.unwrap();
    let error = world.provision(&token("TKN-0000-0003")).await.unwrap_err();
    assert!(
        error.to_string().starts_with("tokens[0].secret: "),
        "{error}"
    );
    let again = world.provision(&token("TKN-0000-0002")).await.unwrap();
    assert!(again.differences.is_empty());
}

#[tokio::test]
async fn dates_and_creators_are_taken_from_the_file() {
    let world = World::sample().await;
    let rows = world
        .rows(&world.user("Tony").await, &TokenQuery::default())
        .await;
    assert_eq!(rows[0].created_at.to_string(), "2026-04-15T12:34:00.000Z");
    assert_eq!(
        rows[0].last_access_at.unwrap().to_string(),
        "2026-11-20T08:00:00.000Z"
    );
    assert_eq!(rows[0].created_by.id, "USR-0000-0001");
}

#[tokio::test]
async fn a_module_that_no_token_gets_is_not_dropped_without_a_word() {
    let world = World::empty().await;
    let file = with("/tokens/0/modules", json!(["billing", "internals"]));
    let told = "tokens[0].modules[1]: the module Internals is given to no token and was left out.";
    for _ in 0..2 {
        let report = world.provision(&file).await.unwrap();
        assert_eq!(report.differences, [told]);
    }
}

#[tokio::test]
async fn a_token_s_maker_is_never_somebody_of_another_account() {
    let world = World::empty().await;
    let foreign = with("/tokens/0/createdBy", json!("USR-0000-0003"));
    let error = world.provision(&foreign).await.unwrap_err().to_string();
    assert!(error.starts_with("tokens[0].createdBy: "), "{error}");
    let operator = with("/tokens/0/createdBy", json!("USR-0000-0004"));
    world.provision(&operator).await.unwrap();
}

#[test]
fn a_password_in_the_wrong_place_is_not_quoted_in_the_log() {
    for value in [json!(PASSWORD), json!(4711)] {
        let error = ProvisionFile::parse(with("/users/0", value)).err().unwrap();
        let error = error.to_string();
        assert!(error.starts_with("users[0]: invalid type: "), "{error}");
        assert!(
            !error.contains(PASSWORD) && !error.contains("4711"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_exists_is_not_checked_against_a_module_that_was_retired_or_taken_since() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let retire = ModuleChange::Retire("MOD-0001".parse().unwrap(), 1);
    world.service.change_module(&olga, retire).await.unwrap();
    // As at a start with the setting `provision`.
    let report = world.provision(SAMPLE).await.unwrap();
    assert_eq!(
        report.differences,
        [
            "modules[0].retired: \"true\" stays; the file says \"false\".",
            "accounts[0].modules: \"catalog, health, internals\" stays; the file says \"billing, catalog, health, internals\".",
            "tokens[0].modules: \"health\" stays; the file says \"billing, health\".",
        ]
    );
    // What would be made is checked.
    for (list, entry, told) in [
        (
            "accounts",
            json!({"id": "ACC-0000-0009", "name": "New", "type": "Client", "modules": ["billing"]}),
            "The module Billing is retired.",
        ),
        (
            "tokens",
            json!({"id": "TKN-0000-0008", "account": "ACC-0000-0001", "name": "New", "modules": ["billing"]}),
            "The account ACC-0000-0001 does not have the module Billing.",
        ),
    ] {
        let file = json!({ list: [entry] }).to_string();
        let error = world.provision(&file).await.unwrap_err();
        assert!(
            matches!(&error, ProvisionError::Wrong { path, message }
                if *path == format!("{list}[0].modules[0]") && message == told),
            "{error}"
        );
    }
}
