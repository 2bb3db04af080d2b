//! Enable, disable, delete: the table of states, for those who see Deleted tokens and those who do not.

use crate::{rest::world::*, support::World};
use serde_json::json;

async fn step(world: &World, action: &str, secret: &str) -> u16 {
    let path = format!("{TOKENS}/{WEAK_ID}");
    match action {
        "delete" => act(world, "DELETE", &path, secret).await.status,
        "update" => {
            send(world, "PUT", &path, secret, json!({"name": "x"}))
                .await
                .status
        }
        _ => {
            act(world, "POST", &format!("{path}/{action}"), secret)
                .await
                .status
        }
    }
}

#[tokio::test]
async fn steps_are_taken_from_where_they_begin_only() {
    let world = world().await;
    for (action, status) in [
        ("enable", 400),
        ("disable", 200),
        ("disable", 400),
        ("update", 200),
        ("enable", 200),
        ("disable", 200),
        ("delete", 204),
        ("delete", 404),
        ("enable", 404),
        ("disable", 404),
        ("update", 404),
    ] {
        assert_eq!(step(&world, action, CLIENT).await, status, "{action}");
    }
    for action in ["enable", "disable", "delete", "update"] {
        assert_eq!(
            step(&world, action, OPS).await,
            400,
            "{action} of a Deleted token by Operations"
        );
    }
    let seen = get(&world, &format!("{TOKENS}/{WEAK_ID}"), OPS)
        .await
        .json();
    assert_eq!(seen["status"], "Deleted");
    assert_eq!(
        get(&world, &format!("{TOKENS}/{WEAK_ID}"), CLIENT)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_step_answers_with_the_token_and_takes_no_body() {
    let world = world().await;
    let path = format!("{TOKENS}/{WEAK_ID}/disable");
    let answer = send(&world, "POST", &path, CLIENT, json!({"anything": true})).await;
    assert_eq!(answer.status, 200);
    let token = answer.json();
    assert_eq!(
        (&token["id"], &token["status"], &token["revision"]),
        (&json!(WEAK_ID), &json!("Disabled"), &json!(2))
    );
    let stamp = get(
        &world,
        &format!("{TOKENS}/{WEAK_ID}?select=audit.disabled"),
        CLIENT,
    )
    .await
    .json();
    assert_eq!(
        stamp["audit"],
        json!({"disabled": {"at": "2026-04-15T12:34:00.000Z", "by": {"id": CLIENT_ID, "name": "Client robot"}}})
    );
}

#[tokio::test]
async fn a_token_that_is_not_active_gets_the_answer_of_an_unknown_one() {
    let world = world().await;
    let answer = async |secret: &str| {
        let mut request = request("GET", TOKENS, secret, None);
        request.headers_mut().insert("x-test", "1".parse().unwrap());
        let answer = world.send(request).await;
        let mut problem = answer.json();
        problem["traceId"] = json!(null);
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| *name != "x-request-id")
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        (answer.status, problem, headers)
    };
    let unknown = answer(UNKNOWN).await;
    assert_eq!(
        (unknown.0, &unknown.1["title"]),
        (401, &json!("Authentication Failed"))
    );
    assert_eq!(answer("lk_nonsense").await, unknown);
    assert_eq!(answer(&"x".repeat(5_000)).await, unknown);
    step(&world, "disable", CLIENT).await;
    assert_eq!(answer(WEAK).await, unknown);
    step(&world, "enable", CLIENT).await;
    assert_eq!(answer(WEAK).await.0, 403);
    step(&world, "delete", CLIENT).await;
    assert_eq!(answer(WEAK).await, unknown);
}

#[tokio::test]
async fn a_token_may_end_itself() {
    let world = world().await;
    assert_eq!(
        act(&world, "DELETE", &format!("{TOKENS}/{CLIENT_ID}"), CLIENT)
            .await
            .status,
        204
    );
    assert_eq!(get(&world, TOKENS, CLIENT).await.status, 401);
}
