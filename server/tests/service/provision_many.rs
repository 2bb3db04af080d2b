//! Provisioning of many tokens, which are made a few hundred at a time.

use crate::world::{SAMPLE, World, origin, token_id};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use server::{env::SeededRandom, secret::token::TokenSecret};

/// How many tokens are made together.
const TOGETHER: usize = 500;

fn secret(seed: usize) -> String {
    let random = SeededRandom::new(1_000_000 + seed as u64);
    let secret = TokenSecret::generate("lk", &random).unwrap();
    secret.expose().to_owned()
}

/// So many tokens of Stark's, every other one with a secret.
fn tokens(count: usize) -> Vec<Value> {
    let token = |number: usize| {
        let secret = (number % 2 == 1).then(|| secret(number));
        json!({
            "id": format!("TKN-{:04}-{:04}", 1_000 + number / 10_000, number % 10_000),
            "account": "ACC-0000-0001", "name": format!("Robot {number}"), "modules": ["billing"], "secret": secret,
            "lastAccessAt": number.is_multiple_of(3).then_some("2026-11-20T08:00:00Z"),
        })
    };
    (0..count).map(token).collect()
}

fn file(tokens: &[Value]) -> String {
    json!({ "tokens": tokens }).to_string()
}

/// Rows of everything that making tokens fills.
async fn rows(world: &World) -> [i64; 5] {
    let mut rows = [0; 5];
    let tables = [
        "api_token",
        "token_secret",
        "token_module",
        "token_access",
        "audit_record",
    ];
    for (count, table) in rows.iter_mut().zip(tables) {
        *count = world.ask(&format!("SELECT count(*) FROM {table}")).await;
    }
    rows
}

async fn refusal(world: &World, tokens: &[Value]) -> String {
    let before = rows(world).await;
    let error = world.provision(&file(tokens)).await.unwrap_err();
    assert_eq!(rows(world).await, before);
    error.to_string()
}

#[tokio::test]
async fn every_number_of_tokens_is_made_whole() {
    for count in [0, 1, 499, 500, 501, 1_001] {
        let world = World::sample().await;
        let before = rows(&world).await;
        let report = world.provision(&file(&tokens(count))).await.unwrap();
        assert_eq!(report.tokens, count);
        assert_eq!(report.made_secrets.len(), count.div_ceil(2));
        let made = i64::try_from(count).unwrap();
        let after = rows(&world).await;
        let more: Vec<_> = after
            .iter()
            .zip(before)
            .map(|(after, before)| after - before)
            .collect();
        // Billing, and the module that every token has.
        // Every token has a row of its use, used or not.
        assert_eq!(more, [made, made, 2 * made, made, made]);
        assert_eq!(world.service.verify_chain().await.unwrap(), after[4]);
        let lines: String = world
            .ask("SELECT coalesce(group_concat(object_id ORDER BY seq), '') FROM audit_record WHERE object_id LIKE 'TKN-1%'")
            .await;
        let ids = tokens(count)
            .into_iter()
            .map(|token| token["id"].as_str().unwrap().to_owned());
        assert_eq!(lines, ids.collect::<Vec<_>>().join(","));
    }
}

#[tokio::test]
async fn secrets_of_many_tokens_are_their_own() {
    let world = World::sample().await;
    let tokens = tokens(TOGETHER + 20);
    let report = world.provision(&file(&tokens)).await.unwrap();
    world.service.learn_secrets().await;
    let made = report.made_secrets.iter();
    let made = made.map(|(id, secret)| (id.to_string(), secret.expose_secret().to_owned()));
    let given = tokens.iter().filter_map(|token| {
        let secret = token["secret"].as_str()?;
        Some((token["id"].as_str()?.to_owned(), secret.to_owned()))
    });
    for (id, secret) in made.chain(given) {
        let found = world
            .service
            .authenticate_program(&secret, None, &origin())
            .await;
        assert_eq!(found.unwrap().unwrap().id, token_id(&id));
    }
}

#[tokio::test]
async fn a_token_stands_in_a_file_once() {
    let world = World::sample().await;
    for (first, again) in [(0, 1), (3, 499), (499, 500), (0, 1_002), (700, 701)] {
        let mut tokens = tokens(1_003);
        tokens[again]["id"] = tokens[first]["id"].clone();
        let error = refusal(&world, &tokens).await;
        let place = format!("tokens[{again}].id: ");
        assert!(error.starts_with(&place), "{error}");
    }
}

#[tokio::test]
async fn a_secret_stands_in_a_file_once() {
    let world = World::sample().await;
    for (first, again) in [(1, 2), (3, 499), (499, 500), (1, 1_002)] {
        let mut tokens = tokens(1_003);
        tokens[again]["secret"] = tokens[first]["secret"].clone();
        let error = refusal(&world, &tokens).await;
        let place = format!("tokens[{again}].secret: ");
        assert!(error.starts_with(&place), "{error}");
    }
}

#[tokio::test]
async fn a_secret_that_a_token_has_is_refused_wherever_it_stands() {
    let world = World::sample().await;
    let mut old = tokens(1);
    old[0]["secret"] = secret(9_999).into();
    world.provision(&file(&old)).await.unwrap();
    for place in [1, 499, 500, 700] {
        let mut tokens = tokens(701);
        tokens[place]["secret"] = secret(9_999).into();
        tokens[0]["secret"] = Value::Null;
        let error = refusal(&world, &tokens).await;
        let place = format!("tokens[{place}].secret: ");
        assert!(error.starts_with(&place), "{error}");
    }
}

#[tokio::test]
async fn of_several_wrong_tokens_the_first_is_named() {
    let world = World::sample().await;
    let mut old = tokens(1);
    old[0]["secret"] = secret(9_999).into();
    world.provision(&file(&old)).await.unwrap();
    for (taken, nameless) in [(3, 7), (7, 3), (499, 500), (600, 20)] {
        let mut tokens = tokens(701);
        tokens[taken]["secret"] = secret(9_999).into();
        tokens[nameless]["name"] = " ".into();
        let error = refusal(&world, &tokens).await;
        let first = if taken < nameless {
            format!("tokens[{taken}].secret: ")
        } else {
            format!("tokens[{nameless}].name: ")
        };
        assert!(error.starts_with(&first), "{error}");
    }
}

#[tokio::test]
async fn those_that_exist_are_compared_and_the_others_made_in_the_order_of_the_file() {
    let world = World::sample().await;
    let mut tokens = tokens(1_200);
    let old: Vec<_> = tokens.iter().step_by(300).cloned().collect();
    world.provision(&file(&old)).await.unwrap();
    for token in &mut tokens {
        token["description"] = "New".into();
    }
    tokens[450]["modules"] = json!(["billing", "internals"]);
    let report = world.provision(&file(&tokens)).await.unwrap();
    assert_eq!(report.tokens, 1_196);
    let different =
        |place: usize| format!("tokens[{place}].description: \"\" stays; the file says \"New\".");
    assert_eq!(
        report.differences,
        [
            different(0),
            different(300),
            "tokens[450].modules[1]: the module Internals is given to no token and was left out."
                .into(),
            different(600),
            different(900),
        ]
    );
    let report = world.provision(&file(&tokens)).await.unwrap();
    assert_eq!((report.tokens, report.differences.len()), (0, 5));
    world.service.verify_chain().await.unwrap();
}

/// So many that indexes are dropped meanwhile.
#[tokio::test]
async fn whatever_comes_of_very_many_tokens_the_indexes_are_there_afterwards() {
    let world = World::empty().await;
    let schema = async || -> String {
        world
            .ask("SELECT group_concat(name || ' ' || coalesce(sql, ''), char(10) ORDER BY name) FROM sqlite_schema")
            .await
    };
    let before = schema().await;
    let mut file: Value = serde_json::from_str(SAMPLE).unwrap();
    let mut all = tokens(5_001);
    all[5_000]["name"] = " ".into();
    file["tokens"] = all.clone().into();
    let error = world.provision(&file.to_string()).await.unwrap_err();
    assert!(
        error.to_string().starts_with("tokens[5000].name: "),
        "{error}"
    );
    assert_eq!(rows(&world).await, [0; 5]);
    assert_eq!(schema().await, before);
    all[5_000]["name"] = "Last".into();
    file["tokens"] = all.into();
    assert_eq!(
        world.provision(&file.to_string()).await.unwrap().tokens,
        5_001
    );
    assert_eq!(schema().await, before);
    let answer: String = world.ask("PRAGMA integrity_check").await;
    assert_eq!(answer, "ok");
    world.service.verify_chain().await.unwrap();
}

/// So many that the triggers which list and count each token are away meanwhile.
#[tokio::test]
async fn very_many_tokens_are_listed_and_counted_beside_those_that_were_there() {
    let world = World::sample().await;
    let old = "SELECT group_concat(token_id || ' ' || account_id || ' ' || alive || ' ' || coalesce(last_access_at, '-') \
               || ' ' || uses, char(10) ORDER BY token_id) FROM token_access WHERE token_id NOT LIKE 'TKN-1%'";
    let robots = "SELECT count(*) FROM token_text('name:\"rob\" AND name:\"bot\"')";
    let (uses, found): (String, i64) = (world.ask(old).await, world.ask(robots).await);
    world.provision(&file(&tokens(5_100))).await.unwrap();
    assert_eq!(world.ask::<String>(old).await, uses);
    assert_eq!(world.ask::<i64>(robots).await, found + 5_100);
    let differ = |what: &str| format!("SELECT count(*) FROM ({what})");
    for wrong in [
        "SELECT 1 FROM api_token LEFT JOIN token_access ON token_id = id \
         WHERE token_access.account_id IS NOT api_token.account_id OR token_access.alive IS NOT (status <> 'Deleted')",
        "SELECT 1 FROM api_token JOIN token_access ON token_id = id WHERE name LIKE 'Robot %' AND id LIKE 'TKN-1%' \
         AND (last_access_at IS NULL) <> (CAST(substr(name, 7) AS INTEGER) % 3 <> 0)",
        "SELECT rowid FROM token_text EXCEPT SELECT CAST(replace(substr(id, 5), '-', '') AS INTEGER) FROM api_token",
        "SELECT CAST(replace(substr(id, 5), '-', '') AS INTEGER) FROM api_token EXCEPT SELECT rowid FROM token_text",
        "SELECT account_id, status, count(*) FROM api_token GROUP BY 1, 2 \
         EXCEPT SELECT account_id, status, tokens FROM token_tally WHERE module_id = ''",
        "SELECT module_id, account_id, status, count(*) FROM token_module JOIN api_token ON id = token_id GROUP BY 1, 2, 3 \
         EXCEPT SELECT module_id, account_id, status, tokens FROM token_tally",
    ] {
        assert_eq!(world.ask::<i64>(&differ(wrong)).await, 0, "{wrong}");
    }
}
