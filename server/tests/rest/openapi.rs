//! The description of the interface, for programs and for people.

use super::world::*;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_description_is_what_was_agreed() {
    let answer = get(&world().await, "/public/v1/openapi.json", "").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json")
    );
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).unwrap());
}

#[tokio::test]
async fn the_page_describes_every_operation_and_runs_no_script() {
    let world = world().await;
    let document = get(&world, "/public/v1/openapi.json", "").await.json();
    let page = get(&world, "/docs", "").await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'nonce-")
    );
    let text = page.text();
    assert!(
        !text.contains("<script") && !text.contains("style=") && !text.contains('`'),
        "{text}"
    );
    let mut ids = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            assert!(text.contains(&format!("id=\"{id}\"")), "{id}");
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
    }
    assert_eq!(ids.len(), 19);
    // Every link on the page leads to something on it.
    for link in text.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(text.contains(&format!("id=\"{target}\"")), "{target}");
    }
}
