//! `GET /public/v1/accounts/api-tokens` and one of them: envelopes, paging, select, walls.

use super::world::*;
use serde_json::{Value, json};

async fn listed(path: &str, secret: &str) -> Value {
    let world = world().await;
    let answer = get(&world, path, secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_page_has_its_place_and_says_what_was_left_out() {
    let page = listed(&format!("{TOKENS}?limit=1&offset=1&order=name"), CLIENT).await;
    assert_eq!(
        page["$meta"],
        json!({"pagination": {"offset": 1, "limit": 1, "total": 2}, "omitted": ["audit"]})
    );
    assert_eq!(
        page["data"],
        json!([{
            "id": WEAK_ID, "name": "Weak robot", "revision": 1, "status": "Active",
            "account": {"id": "ACC-0001-0002", "name": "Stark Industries", "type": "Client", "status": "Active"},
            "modules": [
                {"id": "MOD-0479", "name": "Health", "code": "health", "revision": 1, "settings": {"configurable": false, "default": true, "paid": false}},
            ],
        }])
    );
}

#[tokio::test]
async fn only_operations_see_other_accounts() {
    let world = world().await;
    let seen = async |secret: &str| ids(&get(&world, &format!("{TOKENS}?order=id"), secret).await);
    assert_eq!(seen(CLIENT).await, [CLIENT_ID, WEAK_ID]);
    assert_eq!(seen(VENDOR).await, [VENDOR_ID]);
    assert_eq!(seen(OPS).await, [OPS_ID, CLIENT_ID, VENDOR_ID, WEAK_ID]);
    // A filter is no way round the wall.
    for filter in [
        "account.id=ACC-0001-0001",
        "id=TKN-0001-0001|id=TKN-0001-0003",
        "not(id=x)|id=TKN-0001-0001",
    ] {
        let seen = ids(&get(&world, &format!("{TOKENS}?{filter}"), CLIENT).await);
        assert!(
            seen.iter().all(|id| id == CLIENT_ID || id == WEAK_ID),
            "{filter}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn a_limit_is_capped_and_the_answer_says_at_what() {
    for (query, limit) in [
        ("", 100),
        ("limit=1000", 100),
        ("limit=0", 0),
        ("limit=7", 7),
    ] {
        let page = listed(&format!("{TOKENS}?{query}"), CLIENT).await;
        assert_eq!(page["$meta"]["pagination"]["limit"], limit, "{query}");
        assert_eq!(page["$meta"]["pagination"]["total"], 2, "{query}");
        assert_eq!(
            page["data"].as_array().unwrap().is_empty(),
            limit == 0,
            "{query}"
        );
    }
    let page = listed(&format!("{TOKENS}?offset=999999"), CLIENT).await;
    assert_eq!(page["data"], json!([]));
}

#[tokio::test]
async fn one_token_comes_with_what_is_asked_for() {
    let whole = listed(
        &format!("{TOKENS}/{CLIENT_ID}?select=%2Baudit%2C-modules"),
        CLIENT,
    )
    .await;
    assert_eq!(
        whole,
        json!({
            "id": CLIENT_ID, "name": "Client robot", "description": "first", "revision": 1, "status": "Active",
            // By this very question.
            "lastAccessAt": "2026-04-15T12:34:00.000Z",
            "account": {"id": "ACC-0001-0002", "name": "Stark Industries", "type": "Client", "status": "Active"},
            "audit": {"created": {"at": "2026-01-02T03:04:05.678Z", "by": {"id": "USR-0001-0001", "name": "Ada"}}},
            "$meta": {"omitted": ["modules"]},
        })
    );
    let named = listed(
        &format!("{TOKENS}/{CLIENT_ID}?select=-*,modules.name"),
        CLIENT,
    )
    .await;
    assert_eq!(
        named["modules"][0],
        json!({"id": "MOD-1756", "name": "Access Management"})
    );
    assert!(named.get("name").is_none() && named["id"] == CLIENT_ID);
}

#[tokio::test]
async fn what_is_no_id_and_what_is_another_account_s_are_equally_not_there() {
    let world = world().await;
    let mut answers = Vec::new();
    for id in [
        "nonsense",
        "TKN-9999-9999",
        OPS_ID,
        VENDOR_ID,
        "x%20y",
        "TKN-0000-0000",
        "%FF",
    ] {
        let answer = get(&world, &format!("{TOKENS}/{id}"), CLIENT).await;
        assert_eq!(answer.status, 404, "{id}");
        let mut problem = answer.json();
        assert_eq!(problem["title"], "Not Found");
        problem["traceId"] = Value::Null;
        answers.push(problem.to_string());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn the_last_use_of_a_token_is_seen_by_programs_and_in_the_console() {
    let world = world().await;
    get(&world, TOKENS, WEAK).await;
    world.clock.advance(60);
    get(&world, TOKENS, WEAK).await;
    world.service.write_uses().await;
    let token = get(&world, &format!("{TOKENS}/{WEAK_ID}"), CLIENT)
        .await
        .json();
    assert_eq!(token["lastAccessAt"], "2026-04-15T12:35:00.000Z");
    assert_eq!(token["revision"], 1);
    let cookie = world.cookie(crate::support::Caller::Admin).await;
    let page = world
        .get(
            &format!("/settings/api-tokens/{WEAK_ID}"),
            cookie.as_deref(),
        )
        .await;
    assert!(
        page.text().contains("2026-04-15T12:35:00.000Z"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn the_console_s_list_takes_the_same_filter() {
    let world = world().await;
    let cookie = world.cookie(crate::support::Caller::Admin).await;
    let page = async |filter: &str| {
        let path = format!("/settings/api-tokens?filter={filter}");
        world.get(&path, cookie.as_deref()).await
    };
    let found = page("ilike(name,*WEAK*)").await.text();
    assert!(
        found.contains("Weak robot") && !found.contains("Client robot"),
        "{found}"
    );
    let wrong = page("bogus%3D1").await;
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.text().contains("bogus: Invalid property path."),
        "{}",
        wrong.text()
    );
}
