//! Lists as streams (`MPT-Streaming`).

use crate::{
    rest::world::*,
    support::{Answer, World},
};
use axum::http::HeaderValue;
use serde_json::{Value, json};

async fn stream(world: &World, path: &str, secret: &str, accept: &str) -> Answer {
    let mut request = request("GET", path, secret, None);
    let headers = request.headers_mut();
    headers.insert("mpt-streaming", HeaderValue::from_static("true"));
    if !accept.is_empty() {
        headers.insert("accept", accept.parse().unwrap());
    }
    world.send(request).await
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let rows: Vec<Value> = answer
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answer.header("mpt-item-count"), rows.len().to_string());
    rows
}

#[tokio::test]
async fn every_list_comes_as_lines_or_as_one_object() {
    let world = world().await;
    for path in [TOKENS, MODULES, RECORDS, EVENT_TYPES] {
        let page = get(&world, &format!("{path}?limit=100&order=id"), OPS)
            .await
            .json();
        let answer = stream(
            &world,
            &format!("{path}?order=id"),
            OPS,
            "application/jsonl",
        )
        .await;
        assert_eq!(answer.header("content-type"), "application/jsonl");
        assert_eq!(answer.header("mpt-streaming"), "true");
        assert_eq!(json!(lines(&answer)), page["data"], "{path}");
        let whole = stream(&world, &format!("{path}?order=id"), OPS, "application/json").await;
        assert_eq!(whole.header("content-type"), "application/json");
        let whole = whole.json();
        assert_eq!(whole["data"], page["data"], "{path}");
        assert_eq!(
            whole["$meta"]["omitted"], page["$meta"]["omitted"],
            "{path}"
        );
        assert_eq!(
            whole["$meta"]["pagination"]["total"], page["$meta"]["pagination"]["total"],
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_stream_has_more_rows_than_a_page_and_as_many_as_are_asked_for() {
    let world = world().await;
    for number in 0..450 {
        added(&world, OPS, json!({"account": {"id": "ACC-0001-0002"}, "name": format!("Robot {number}"), "modules": []})).await;
    }
    let count = async |query: &str| {
        let path = format!("{TOKENS}?{query}");
        lines(&stream(&world, &path, CLIENT, "application/jsonl").await).len()
    };
    assert_eq!(count("").await, 452);
    assert_eq!(count("limit=-1").await, 452);
    assert_eq!(count("limit=250&order=name").await, 250);
    assert_eq!(count("limit=9999").await, 452);
    assert_eq!(count("limit=0").await, 0);
    assert_eq!(count("ilike(name,*robot%201*)&select=-*,name").await, 111);
}

#[tokio::test]
async fn what_is_no_stream_is_refused_before_it_begins() {
    let world = world().await;
    for (query, accept, status) in [
        ("offset=1", "application/jsonl", 400),
        ("limit=-2", "application/jsonl", 400),
        ("bogus=1", "application/jsonl", 400),
        ("", "text/csv", 406),
        ("", "application/x-ndjson", 406),
    ] {
        let answer = stream(&world, &format!("{TOKENS}?{query}"), CLIENT, accept).await;
        assert_eq!(answer.status, status, "{query} {accept}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert_eq!(
        stream(&world, TOKENS, "", "application/jsonl").await.status,
        401
    );
    assert_eq!(
        stream(&world, TOKENS, WEAK, "application/jsonl")
            .await
            .status,
        403
    );
    assert_eq!(lines(&stream(&world, TOKENS, CLIENT, "").await).len(), 2);
}

/// Reads a stream piece by piece.
async fn pieces(world: &World, path: &str, secret: &str) -> (u16, axum::body::Body) {
    use tower::ServiceExt as _;
    let mut request = request("GET", path, secret, None);
    request
        .headers_mut()
        .insert("mpt-streaming", HeaderValue::from_static("true"));
    let response = world.router.clone().oneshot(request).await.unwrap();
    (response.status().as_u16(), response.into_body())
}

#[tokio::test]
async fn a_token_that_is_disabled_reads_no_further() {
    use http_body_util::BodyExt as _;
    let world = world().await;
    for number in 0..250 {
        added(&world, OPS, json!({"account": {"id": "ACC-0001-0002"}, "name": format!("Robot {number}"), "modules": []})).await;
    }
    let (status, mut body) = pieces(&world, TOKENS, CLIENT).await;
    assert_eq!(status, 200);
    // The head, and the first rows.
    assert!(body.frame().await.unwrap().is_ok() && body.frame().await.unwrap().is_ok());
    assert_eq!(
        act(
            &world,
            "POST",
            &format!("{TOKENS}/{CLIENT_ID}/disable"),
            OPS
        )
        .await
        .status,
        200
    );
    assert!(
        body.frame().await.unwrap().is_err(),
        "the stream is cut, not ended"
    );
}

#[tokio::test]
async fn one_token_takes_two_places_and_leaves_the_others() {
    let world = world().await;
    let (first, _one) = pieces(&world, TOKENS, CLIENT).await;
    let (second, _other) = pieces(&world, RECORDS, CLIENT).await;
    let (third, _) = pieces(&world, TOKENS, CLIENT).await;
    assert_eq!((first, second, third), (200, 200, 503));
    assert_eq!(pieces(&world, TOKENS, VENDOR).await.0, 200);
}

#[tokio::test]
async fn a_row_that_is_gone_meanwhile_is_marked_and_counted() {
    use app::domain::listing::ListQuery;
    use app::port::{Actor, Console as _, Origin, Who};
    let world = world().await;
    // What a stream does when it is opened and when it goes on, with a change in between.
    let origin = Origin::default();
    let token = world
        .service
        .authenticate_program(CLIENT, None, &origin)
        .await
        .unwrap()
        .unwrap();
    let actor = Actor {
        who: Who::Token(token),
        sign_in: None,
        origin,
    };
    let ids = world
        .service
        .list_token_ids(&actor, &ListQuery::default(), 10)
        .await
        .unwrap();
    assert_eq!(ids.len(), 2);
    act(&world, "DELETE", &format!("{TOKENS}/{WEAK_ID}"), CLIENT).await;
    let still = world.service.list_tokens_by_id(&actor, &ids).await.unwrap();
    assert_eq!(still.len(), 1);
    assert_eq!(still[0].id.to_string(), CLIENT_ID);
}
