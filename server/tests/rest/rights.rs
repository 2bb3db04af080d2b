//! What a token may give: never more than it has (rule 3).

use super::world::*;
use serde_json::{Value, json};

fn new(modules: Value) -> Value {
    json!({"account": {"id": "ACC-0001-0002"}, "name": "New", "modules": modules})
}

#[tokio::test]
async fn a_token_gives_no_module_that_it_does_not_have() {
    let world = world().await;
    let (_, small) = added(&world, CLIENT, new(json!([{"id": "MOD-1756"}]))).await;
    let refused = send(
        &world,
        "POST",
        TOKENS,
        &small,
        new(json!([{"id": "MOD-0478"}])),
    )
    .await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.json()["errors"]["modules"][0]
            .as_str()
            .unwrap()
            .contains("MOD-0478 Billing")
    );
    assert_eq!(
        send(
            &world,
            "POST",
            TOKENS,
            &small,
            new(json!([{"id": "MOD-1756"}]))
        )
        .await
        .status,
        201
    );
    // By default it would get Reports.
    assert_eq!(
        send(&world, "POST", TOKENS, &small, new(Value::Null))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_token_makes_neither_itself_nor_another_one_mightier() {
    let world = world().await;
    let (own, small) = added(&world, CLIENT, new(json!([{"id": "MOD-1756"}]))).await;
    let give = json!({"modules": [{"id": "MOD-1756"}, {"id": "MOD-1758"}]});
    for id in [&*own, WEAK_ID] {
        let refused = send(
            &world,
            "PUT",
            &format!("{TOKENS}/{id}"),
            &small,
            give.clone(),
        )
        .await;
        assert_eq!(refused.status, 403, "{id}");
    }
    // One that has more keeps it through an edit that does not touch it.
    let renamed = send(
        &world,
        "PUT",
        &format!("{TOKENS}/{CLIENT_ID}"),
        &small,
        json!({"name": "Renamed"}),
    )
    .await;
    assert_eq!(renamed.json()["modules"].as_array().unwrap().len(), 5);
    // To take a module away is no way to give it back.
    let taken = send(
        &world,
        "PUT",
        &format!("{TOKENS}/{CLIENT_ID}"),
        &small,
        json!({"modules": [{"id": "MOD-1756"}]}),
    )
    .await;
    assert_eq!(taken.status, 200);
    let back = send(
        &world,
        "PUT",
        &format!("{TOKENS}/{CLIENT_ID}"),
        &small,
        give,
    )
    .await;
    assert_eq!(back.status, 403);
}

#[tokio::test]
async fn a_token_enables_none_that_has_more_than_itself() {
    let world = world().await;
    let (_, small) = added(&world, CLIENT, new(json!([{"id": "MOD-1756"}]))).await;
    let path = format!("{TOKENS}/{CLIENT_ID}");
    assert_eq!(
        act(&world, "POST", &format!("{path}/disable"), &small)
            .await
            .status,
        200
    );
    assert_eq!(
        act(&world, "POST", &format!("{path}/enable"), &small)
            .await
            .status,
        403
    );
    assert_eq!(
        act(
            &world,
            "POST",
            &format!("{TOKENS}/{WEAK_ID}/disable"),
            &small
        )
        .await
        .status,
        200
    );
    assert_eq!(
        act(
            &world,
            "POST",
            &format!("{TOKENS}/{WEAK_ID}/enable"),
            &small
        )
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn refusals_stand_in_the_trail_of_the_account() {
    let world = world().await;
    let (own, small) = added(&world, CLIENT, new(json!([{"id": "MOD-1756"}]))).await;
    send(
        &world,
        "PUT",
        &format!("{TOKENS}/{WEAK_ID}"),
        &small,
        json!({"modules": [{"id": "MOD-1758"}]}),
    )
    .await;
    let trail = get(&world, &format!("{RECORDS}?actor.id={own}"), CLIENT)
        .await
        .json();
    assert_eq!(
        trail["data"][0]["summary"],
        "Updating the API token \"Weak robot\" refused"
    );
}

#[tokio::test]
async fn an_operations_token_without_the_module_stays_in_its_account() {
    let world = world().await;
    let home = json!({"account": {"id": "ACC-0001-0001"}, "name": "Home", "modules": [{"id": "MOD-1756"}, {"id": "MOD-1758"}]});
    let (own, secret) = added(&world, OPS, home).await;
    let mut seen = ids(&get(&world, TOKENS, &secret).await);
    seen.sort();
    let mut want = vec![OPS_ID.to_owned(), own];
    want.sort();
    assert_eq!(seen, want);
    assert_eq!(
        get(&world, &format!("{TOKENS}/{CLIENT_ID}"), &secret)
            .await
            .status,
        404
    );
    assert_eq!(
        send(&world, "POST", TOKENS, &secret, new(json!([])))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_missing_module_is_named() {
    let world = world().await;
    for (path, code) in [
        (TOKENS, "access-management"),
        (MODULES, "access-management"),
        (RECORDS, "audit-trail"),
        (EVENT_TYPES, "audit-trail"),
    ] {
        let answer = get(&world, path, WEAK).await;
        assert_eq!(answer.status, 403, "{path}");
        assert!(
            answer
                .header("www-authenticate")
                .contains(&format!("error=\"insufficient_scope\", scope=\"{code}\"")),
            "{path}"
        );
        assert!(answer.json()["detail"].as_str().unwrap().contains(code));
    }
}
