//! `POST /public/v1/accounts/api-tokens`.

use crate::{rest::world::*, support::World};
use serde_json::{Value, json};

fn body() -> Value {
    json!({"account": {"id": "ACC-0001-0002"}, "name": "Robot 2", "modules": [{"id": "MOD-0478"}]})
}

fn with(name: &str, value: Value) -> Value {
    let mut body = body();
    body[name] = value;
    body
}

#[tokio::test]
async fn the_answer_has_the_secret_and_no_other_answer_has() {
    let world = world().await;
    let answer = send(&world, "POST", TOKENS, CLIENT, body()).await;
    assert_eq!(answer.status, 201);
    let token = answer.json();
    let (id, secret) = (
        token["id"].as_str().unwrap(),
        token["token"].as_str().unwrap(),
    );
    assert_eq!(answer.header("location"), format!("{TOKENS}/{id}"));
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(
        (&token["revision"], &token["status"]),
        (&json!(1), &json!("Active"))
    );
    assert_eq!(token["$meta"]["omitted"], json!(["audit"]));
    for path in [
        format!("{TOKENS}/{id}"),
        format!("{TOKENS}/{id}?select=token,*"),
        TOKENS.to_owned(),
    ] {
        let other = get(&world, &path, CLIENT).await.text();
        assert!(
            !other.contains(secret) && !other.contains("\"token\""),
            "{path}"
        );
    }
    // It has no module that opens anything, but it is known.
    assert_eq!(get(&world, TOKENS, secret).await.status, 403);
}

#[tokio::test]
async fn a_program_stands_as_the_creator_here_and_in_the_console() {
    let world = world().await;
    let (id, _) = added(&world, CLIENT, body()).await;
    let token = get(&world, &format!("{TOKENS}/{id}?select=audit"), CLIENT)
        .await
        .json();
    assert_eq!(
        token["audit"]["created"]["by"],
        json!({"id": CLIENT_ID, "name": "Client robot"})
    );
    let cookie = world.cookie(crate::support::Caller::Admin).await;
    let list = world
        .get(
            "/settings/api-tokens?order=-audit.created.at",
            cookie.as_deref(),
        )
        .await;
    assert!(list.text().contains("Client robot"));
    let trail = get(&world, &format!("{RECORDS}?object.id={id}"), CLIENT)
        .await
        .json();
    assert_eq!(trail["data"][0]["actor"]["id"], CLIENT_ID);
    assert_eq!(trail["data"][0]["event"], "platform.accounts.token.created");
}

#[tokio::test]
async fn without_modules_it_gets_those_by_default_and_always_the_fixed_ones() {
    let world = world().await;
    let modules = async |modules: Value| {
        let answer = send(&world, "POST", TOKENS, CLIENT, with("modules", modules))
            .await
            .json();
        let rows = answer["modules"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(modules(Value::Null).await, ["MOD-0479", "MOD-0480"]);
    assert_eq!(modules(json!([])).await, ["MOD-0479"]);
    assert_eq!(
        modules(json!([{"id": "MOD-0478", "name": "whatever"}])).await,
        ["MOD-0478", "MOD-0479"]
    );
}

#[tokio::test]
async fn what_a_client_sends_beyond_is_passed_over() {
    let world = world().await;
    let answer = send(&world, "POST", TOKENS, CLIENT, json!({
        "account": {"id": "ACC-0001-0002", "name": "x"}, "name": " Robot 2 ", "icon": "", "description": null,
        "modules": [], "extensions": null, "id": "TKN-1111-1111", "status": "Deleted", "revision": 9, "token": "x",
    })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let token = answer.json();
    assert_eq!(
        (&token["name"], &token["status"], &token["revision"]),
        (&json!("Robot 2"), &json!("Active"), &json!(1))
    );
    assert_ne!(token["id"], "TKN-1111-1111");
    assert!(token.get("description").is_none());
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let world = world().await;
    for (body, status, key) in [
        (json!({"name": "x"}), 400, "account.id"),
        (json!({}), 400, "name"),
        (json!({}), 400, "account.id"),
        (
            with("account", json!({"id": "nonsense"})),
            400,
            "account.id",
        ),
        (with("account", json!("ACC-0001-0002")), 400, "account"),
        (with("name", json!("")), 400, "name"),
        (with("name", json!("x".repeat(201))), 400, "name"),
        (with("name", json!(5)), 400, "name"),
        (with("name", json!("a\u{202e}b")), 400, "name"),
        (
            with("description", json!("x".repeat(2_001))),
            400,
            "description",
        ),
        (
            with("icon", json!("https://example.com/x.png")),
            400,
            "icon",
        ),
        (with("modules", json!([{"id": "MOD-9999"}])), 400, "modules"),
        (with("modules", json!([{"id": "x"}])), 400, "modules"),
        (with("modules", json!([{}])), 400, "modules"),
        (with("modules", json!("MOD-0478")), 400, "modules"),
        (with("modules", json!([5])), 400, "modules[0]"),
        (
            with("account", json!({"id": "ACC-0001-0003"})),
            403,
            "account.id",
        ),
        (
            with("account", json!({"id": "ACC-9999-9999"})),
            403,
            "account.id",
        ),
    ] {
        let answer = send(&world, "POST", TOKENS, CLIENT, body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        let problem = answer.json();
        assert!(problem["errors"].get(key).is_some(), "{body}: {problem}");
    }
    let unknown = send(
        &world,
        "POST",
        TOKENS,
        OPS,
        with("account", json!({"id": "ACC-9999-9999"})),
    )
    .await;
    assert_eq!(
        (
            unknown.status,
            unknown.json()["errors"].get("account.id").is_some()
        ),
        (400, true)
    );
    assert_eq!(
        ids(&get(&world, TOKENS, CLIENT).await).len(),
        2,
        "nothing was added"
    );
}

async fn keyed(world: &World, key: &str, body: Value) -> crate::support::Answer {
    let mut request = request("POST", TOKENS, CLIENT, Some(&body));
    request
        .headers_mut()
        .insert("idempotency-key", key.parse().unwrap());
    world.send(request).await
}

#[tokio::test]
async fn the_same_key_adds_one_token_and_answers_with_its_secret_again() {
    let world = world().await;
    let first = keyed(&world, "\"8e03978e\"", body()).await;
    let again = keyed(&world, "\"8e03978e\"", body()).await;
    assert_eq!((first.status, again.status), (201, 201));
    let (first, again) = (first.json(), again.json());
    assert_eq!(
        (&first["id"], &first["token"]),
        (&again["id"], &again["token"])
    );
    let records = get(
        &world,
        &format!(
            "{RECORDS}?object.id={}&order=timestamp",
            again["id"].as_str().unwrap()
        ),
        CLIENT,
    )
    .await
    .json();
    let events: Vec<_> = records["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        events,
        [
            "platform.accounts.token.created",
            "platform.accounts.token.revealed"
        ],
        "the second answer is recorded"
    );
    let other = keyed(&world, "\"8e03978e\"", with("name", json!("Another"))).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["title"], "Unprocessable Content");
    world.clock.advance(11 * 60);
    let late = keyed(&world, "\"8e03978e\"", body()).await;
    assert_eq!((late.status, late.json().get("token")), (201, None));
    world.clock.advance(24 * 3_600);
    let anew = keyed(&world, "\"8e03978e\"", body()).await.json();
    assert_ne!(anew["id"], first["id"]);
    for bad in ["", &"x".repeat(256)] {
        assert_eq!(keyed(&world, bad, body()).await.status, 400);
    }
}
