//! Every route of programs by every kind of caller. A route that is not in the table fails the test.

use crate::{rest::world::*, support::World};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a route answers to nobody, to a secret that opens nothing, to a token without modules, and to those of a Client,
/// a Vendor and Operations.
struct Row(&'static str, &'static str, [u16; 6]);

const READ: [u16; 6] = [401, 401, 403, 200, 200, 200];

const TABLE: &[Row] = &[
    Row("GET", "/public/v1/accounts/api-tokens", READ),
    Row(
        "POST",
        "/public/v1/accounts/api-tokens",
        [401, 401, 403, 201, 403, 201],
    ),
    Row(
        "GET",
        "/public/v1/accounts/api-tokens/{id}",
        [401, 401, 403, 200, 404, 200],
    ),
    Row(
        "PUT",
        "/public/v1/accounts/api-tokens/{id}",
        [401, 401, 403, 200, 404, 200],
    ),
    Row(
        "DELETE",
        "/public/v1/accounts/api-tokens/{id}",
        [401, 401, 403, 204, 404, 204],
    ),
    Row(
        "POST",
        "/public/v1/accounts/api-tokens/{id}/enable",
        [401, 401, 403, 400, 404, 400],
    ),
    Row(
        "POST",
        "/public/v1/accounts/api-tokens/{id}/disable",
        [401, 401, 403, 200, 404, 200],
    ),
    Row(
        "GET",
        "/public/v1/accounts/api-tokens/{id}/icon",
        [401, 401, 403, 404, 404, 404],
    ),
    // No picture.
    Row(
        "PUT",
        "/public/v1/accounts/api-tokens/{id}/icon",
        [401, 401, 403, 400, 404, 400],
    ),
    Row(
        "GET",
        "/public/v1/accounts/accounts/{account}/icon",
        [401, 401, 403, 404, 404, 404],
    ),
    Row("GET", "/public/v1/accounts/modules", READ),
    Row("GET", "/public/v1/accounts/modules/{module}", READ),
    Row("GET", "/public/v1/audit/records", READ),
    Row(
        "POST",
        "/public/v1/audit/records",
        [401, 401, 403, 403, 403, 201],
    ),
    Row(
        "GET",
        "/public/v1/audit/records/{record}",
        [401, 401, 403, 404, 404, 404],
    ),
    Row("GET", "/public/v1/audit/event-types", READ),
    Row(
        "GET",
        "/public/v1/audit/event-types/{type}",
        [401, 401, 404, 404, 404, 404],
    ),
    Row(
        "PUT",
        "/public/v1/audit/event-types/{type}",
        [401, 401, 404, 404, 404, 404],
    ),
    Row("GET", "/public/v1", [401, 401, 404, 404, 404, 404]),
    Row("GET", "/public/v1/", [401, 401, 404, 404, 404, 404]),
    Row(
        "GET",
        "/public/v1/catalog/products",
        [401, 401, 404, 404, 404, 404],
    ),
    Row(
        "POST",
        "/public/v1/catalog/products",
        [401, 401, 404, 404, 404, 404],
    ),
    Row(
        "DELETE",
        "/public/v1/accounts/modules",
        [401, 401, 405, 405, 405, 405],
    ),
    Row(
        "GET",
        "/public/v1/accounts/api-tokens/{id}/enable",
        [401, 401, 405, 405, 405, 405],
    ),
    Row(
        "GET",
        "/public/v1/accounts/api-tokens/",
        [401, 401, 404, 404, 404, 404],
    ),
    Row(
        "GET",
        "/public/v1//accounts/api-tokens",
        [401, 401, 404, 404, 404, 404],
    ),
    Row(
        "GET",
        "/public/v1/accounts/%61pi-tokens",
        [401, 401, 404, 404, 404, 404],
    ),
    Row("GET", "/public/v1/openapi.json", [200; 6]),
    Row("GET", "/docs", [200; 6]),
];

fn body(method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("POST", "/public/v1/accounts/api-tokens") => Some(json!({
            "account": {"id": "ACC-0001-0002"}, "name": "New", "modules": [{"id": "MOD-0478"}],
        })),
        ("PUT", path) if path.ends_with("/icon") => None,
        ("PUT", _) => Some(json!({"name": "Renamed"})),
        ("POST", "/public/v1/audit/records") => Some(json!({
            "event": "extensions.crm.synced", "object": {"id": "PRD-1234-1234"}, "summary": "s", "details": "d",
        })),
        _ => None,
    }
}

async fn status(world: &World, Row(method, pattern, _): &Row, secret: &str) -> u16 {
    let path = pattern
        .replace("{id}", WEAK_ID)
        .replace("{account}", "ACC-0001-0002")
        .replace("{module}", "MOD-1756")
        .replace("{record}", "AUD-0000-0000-0000-0001")
        .replace("{type}", "EVT-000-000");
    let body = body(method, &path);
    let answer = world
        .send(request(method, &path, secret, body.as_ref()))
        .await;
    if answer.status >= 400 {
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    answer.status
}

#[tokio::test]
async fn every_route_answers_every_program_as_the_table_says() {
    let mut wrong = Vec::new();
    let shared = world().await;
    for (place, caller) in ["", UNKNOWN, WEAK, CLIENT, VENDOR, OPS]
        .into_iter()
        .enumerate()
    {
        for row in TABLE {
            let world = if row.0 == "GET" {
                &shared
            } else {
                &world().await
            };
            let status = status(world, row, caller).await;
            if status != row.2[place] {
                wrong.push(format!(
                    "{} {} by {place}: {status}, not {}",
                    row.0, row.1, row.2[place]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_route_that_is_not_in_the_table_does_not_exist() {
    let world = world().await;
    let listed: BTreeSet<_> = TABLE
        .iter()
        .map(|row| {
            row.1
                .replace("{account}", "{id}")
                .replace("{module}", "{id}")
                .replace("{record}", "{id}")
                .replace("{type}", "{id}")
        })
        .collect();
    // axum offers no list of its routes but prints them.
    let printed = format!("{:?}", world.router);
    let routed: BTreeSet<_> = printed
        .split('"')
        .filter(|part| part.starts_with("/public/"))
        .map(str::to_owned)
        .collect();
    assert!(
        routed.len() > 8,
        "the routes are no longer printed: {printed}"
    );
    let unlisted: Vec<_> = routed
        .iter()
        .filter(|path| !listed.contains(*path) && !path.contains("{*rest}"))
        .collect();
    assert!(unlisted.is_empty(), "not in the table: {unlisted:?}");
}

#[tokio::test]
async fn a_cookie_opens_nothing_here_and_beside_a_token_is_refused() {
    let world = world().await;
    let session = world.cookie(crate::support::Caller::Admin).await.unwrap();
    let mut with_cookie = request("GET", TOKENS, "", None);
    with_cookie
        .headers_mut()
        .insert("cookie", session.parse().unwrap());
    assert_eq!(world.send(with_cookie).await.status, 401);
    let mut both = request("GET", TOKENS, CLIENT, None);
    both.headers_mut()
        .insert("cookie", session.parse().unwrap());
    let answer = world.send(both).await;
    assert_eq!(answer.status, 400);
    assert!(
        answer
            .header("www-authenticate")
            .contains("invalid_request")
    );
}

#[tokio::test]
async fn a_token_opens_no_page_of_the_console() {
    let world = world().await;
    for path in ["/settings/api-tokens", "/settings/audit-trail"] {
        assert_eq!(get(&world, path, OPS).await.status, 303, "{path}");
    }
    let call = send(
        &world,
        "POST",
        "/fn/list_tokens",
        OPS,
        json!({"query": app::domain::token_query::TokenQuery::default()}),
    )
    .await;
    assert_eq!(call.status, 401);
}
