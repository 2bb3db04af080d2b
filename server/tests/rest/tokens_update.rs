//! `PUT /public/v1/accounts/api-tokens/{id}`: only what is sent changes.

use crate::{rest::world::*, support::World};
use serde_json::{Value, json};

async fn put(world: &World, body: Value) -> crate::support::Answer {
    send(world, "PUT", &format!("{TOKENS}/{CLIENT_ID}"), CLIENT, body).await
}

#[tokio::test]
async fn what_is_not_sent_stays() {
    let world = world().await;
    let answer = put(&world, json!({"name": "Renamed"})).await;
    assert_eq!(answer.status, 200);
    let token = answer.json();
    assert_eq!(
        (&token["name"], &token["description"], &token["revision"]),
        (&json!("Renamed"), &json!("first"), &json!(2))
    );
    assert_eq!(token["modules"].as_array().unwrap().len(), 5);
    assert_eq!(answer.header("etag"), "\"2\"");
    let cleared = put(
        &world,
        json!({"description": null, "modules": [{"id": "MOD-1756"}]}),
    )
    .await
    .json();
    assert!(cleared.get("description").is_none());
    let names: Vec<_> = cleared["modules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|module| &module["id"])
        .collect();
    assert_eq!(names, ["MOD-1756", "MOD-0479"]);
}

#[tokio::test]
async fn what_was_read_can_be_sent_back_whole_and_changes_nothing() {
    let world = world().await;
    let read = get(&world, &format!("{TOKENS}/{CLIENT_ID}?select=*"), CLIENT)
        .await
        .json();
    let answer = put(&world, read.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["revision"], 1);
    assert_eq!(put(&world, json!({})).await.json()["revision"], 1);
    let trail = get(&world, &format!("{RECORDS}?object.id={CLIENT_ID}"), CLIENT).await;
    assert_eq!(
        ids(&trail).len(),
        1,
        "a save that changes nothing leaves no record"
    );
}

#[tokio::test]
async fn a_revision_in_the_header_is_honoured() {
    let world = world().await;
    let path = format!("{TOKENS}/{CLIENT_ID}");
    let put = async |revision: &str, name: &str| {
        let mut request = request("PUT", &path, CLIENT, Some(&json!({"name": name})));
        request
            .headers_mut()
            .insert("if-match", revision.parse().unwrap());
        world.send(request).await.status
    };
    assert_eq!(put("\"1\"", "One").await, 200);
    assert_eq!(put("\"1\"", "Two").await, 412);
    assert_eq!(put("W/\"2\"", "Two").await, 412);
    assert_eq!(put("nonsense", "Two").await, 400);
    assert_eq!(put("*", "Three").await, 200);
    let mut request = request("POST", &format!("{path}/disable"), CLIENT, None);
    request
        .headers_mut()
        .insert("if-match", "\"1\"".parse().unwrap());
    assert_eq!(world.send(request).await.status, 412);
    assert_eq!(get(&world, &path, CLIENT).await.json()["name"], "Three");
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_saved() {
    let world = world().await;
    for (body, key) in [
        (json!({"name": ""}), "name"),
        (json!({"name": null}), "name"),
        (json!({"name": ["x"]}), "name"),
        (json!({"description": "x\u{0}"}), "description"),
        (
            json!({"icon": "/public/v1/accounts/api-tokens/TKN-0001-0004/icon"}),
            "icon",
        ),
        (json!({"modules": [{"id": "MOD-9999"}]}), "modules"),
        (json!({"modules": [null]}), "modules[0]"),
    ] {
        let answer = put(&world, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(
            answer.json()["errors"].get(key).is_some(),
            "{body}: {}",
            answer.text()
        );
    }
    assert_eq!(
        get(&world, &format!("{TOKENS}/{CLIENT_ID}"), CLIENT)
            .await
            .json()["revision"],
        1
    );
}

#[tokio::test]
async fn a_change_is_recorded_with_before_and_after() {
    let world = world().await;
    put(&world, json!({"name": "Renamed"})).await;
    let path = format!("{RECORDS}?event=platform.accounts.token.updated&select=documents");
    let trail = get(&world, &path, CLIENT).await.json();
    assert_eq!(
        trail["data"][0]["documents"],
        json!({"changes": [{"field": "name", "before": "Client robot", "after": "Renamed"}]})
    );
    assert_eq!(trail["data"][0]["revision"], 2);
}
