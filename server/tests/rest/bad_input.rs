//! What no program should send: every answer is a problem, none is our fault, none says what we know inside.

use crate::{
    rest::world::*,
    support::{Answer, World},
};
use axum::{body::Body, http::Request};
use serde_json::json;

async fn raw(world: &World, body: &str, kind: &str) -> Answer {
    let request = Request::post(TOKENS)
        .header("authorization", format!("Bearer {CLIENT}"))
        .header("content-type", kind)
        .body(Body::from(body.to_owned()))
        .unwrap();
    world.send(request).await
}

fn is_problem(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status);
    for name in ["type", "title", "detail", "traceId", "errors"] {
        assert!(problem.get(name).is_some(), "{problem}");
    }
    let id = answer.header("x-request-id");
    assert!(
        problem["traceId"].as_str().unwrap().contains(id),
        "{problem}"
    );
    let text = answer.text().to_lowercase();
    for inside in ["sqlite", "serde", "select ", "panicked", "src/", "expected"] {
        assert!(!text.contains(inside), "{inside}: {text}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let world = world().await;
    let deep = format!("{{\"name\":{}", "[".repeat(60_000));
    let wide = format!(
        "{{\"modules\":[{}]}}",
        vec!["{\"id\":\"MOD-0478\"}"; 3_000].join(",")
    );
    for (body, kind, status) in [
        ("", "application/json", 400),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("null", "application/json", 400),
        ("\"x\"", "application/json", 400),
        ("{\"name\":\"x\"}}", "application/json", 400),
        ("{\"name\":\"a\",\"name\":\"b\"}", "application/json", 400),
        ("{\"name\":1e999}", "application/json", 400),
        ("{\"name\":\"\\ud800\"}", "application/json", 400),
        (&deep, "application/json", 400),
        (&wide, "application/json", 400),
        ("name=x", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
        ("{}", "", 415),
    ] {
        let answer = raw(&world, body, kind).await;
        assert_eq!(
            answer.status,
            status,
            "{body:.60} {kind}: {}",
            answer.text()
        );
        is_problem(&answer);
        assert!(
            answer.body.len() < 2_000,
            "nothing of the body comes back: {body:.60}"
        );
    }
    let large = raw(
        &world,
        &format!("{{\"name\":\"{}\"}}", "x".repeat(70_000)),
        "application/json",
    )
    .await;
    assert_eq!(large.status, 413);
    is_problem(&large);
    for kind in [
        "text/json",
        "application/merge-patch+json",
        "application/json; charset=utf-8",
    ] {
        let answer = raw(
            &world,
            "{\"account\":{\"id\":\"ACC-0001-0002\"},\"name\":\"x\"}",
            kind,
        )
        .await;
        assert_eq!(answer.status, 201, "{kind}: {}", answer.text());
    }
}

#[tokio::test]
async fn values_come_back_cut_short_or_not_at_all() {
    let world = world().await;
    for query in [
        format!("gt(revision,{})", "x".repeat(10_000)),
        format!("{}=1", "x".repeat(10_000)),
        format!("{}(1)", "x".repeat(10_000)),
        format!("any({},x=1)", "x".repeat(10_000)),
        format!("order={}", "x".repeat(10_000)),
    ] {
        let answer = get(&world, &format!("{TOKENS}?{query}"), CLIENT).await;
        assert_eq!(answer.status, 400);
        is_problem(&answer);
        assert!(answer.body.len() < 1_200, "{}", answer.text());
    }
}

#[tokio::test]
async fn an_answer_with_many_faults_stays_small() {
    let world = world().await;
    let terms: Vec<_> = (0..900).map(|n| format!("unknown{n}=1")).collect();
    let answer = get(&world, &format!("{TOKENS}?{}", terms.join("&")), CLIENT).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.len() < 20_000, "{}", answer.body.len());
}

#[tokio::test]
async fn methods_that_there_are_not_are_told_which_there_are() {
    let world = world().await;
    for (method, path, allow) in [
        ("PATCH", TOKENS, "GET,HEAD,POST"),
        ("OPTIONS", TOKENS, "GET,HEAD,POST"),
        ("TRACE", TOKENS, "GET,HEAD,POST"),
        ("POST", MODULES, "GET,HEAD"),
    ] {
        let answer = act(&world, method, path, CLIENT).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        is_problem(&answer);
    }
    let head = act(&world, "HEAD", TOKENS, CLIENT).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn the_secret_in_the_address_or_the_body_opens_nothing() {
    let world = world().await;
    assert_eq!(
        get(&world, &format!("{TOKENS}?access_token={CLIENT}"), "")
            .await
            .status,
        401
    );
    assert_eq!(
        send(&world, "POST", TOKENS, "", json!({"access_token": CLIENT}))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn two_headers_are_refused_and_a_long_one_is_nobody() {
    let world = world().await;
    let mut request = request("GET", TOKENS, CLIENT, None);
    request
        .headers_mut()
        .append("authorization", format!("Bearer {OPS}").parse().unwrap());
    let answer = world.send(request).await;
    assert_eq!(answer.status, 400);
    is_problem(&answer);
    let long = get(&world, TOKENS, &"x".repeat(20_000)).await;
    assert_eq!(long.status, 401);
    is_problem(&long);
}

#[tokio::test]
async fn a_browser_s_page_of_another_site_is_refused_as_a_problem() {
    let world = world().await;
    let mut request = request("POST", TOKENS, CLIENT, Some(&json!({})));
    request
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = world.send(request).await;
    assert_eq!(answer.status, 403);
    is_problem(&answer);
}

#[tokio::test]
async fn whatever_a_program_accepts_it_gets_a_problem_and_no_page() {
    let world = world().await;
    let mut request = request("GET", &format!("{TOKENS}/x"), CLIENT, None);
    request
        .headers_mut()
        .insert("accept", "text/html".parse().unwrap());
    is_problem(&world.send(request).await);
}
