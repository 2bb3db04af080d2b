//! The view that a person's list begins with, and the plain list beside it.

use crate::support::{Caller, World};
use serde_json::{Value, json};

const TOKENS: &str = "/settings/api-tokens";
const REMARK: &str = "The saved view in this address does not exist";

/// Keeps a view of the Administrator's with this query; its id.
async fn saved(world: &World, query: &str, shared: bool) -> String {
    let new = json!({"new": {"list": "tokens", "name": "Mine", "query": query, "shared": shared}});
    let answer = call(world, Caller::Admin, "create_view", new).await;
    answer["id"].as_str().unwrap().to_owned()
}

async fn call(world: &World, caller: Caller, name: &str, body: Value) -> Value {
    let cookie = world.cookie(caller).await;
    let path = format!("/fn/{name}");
    let answer = world
        .call(&path, cookie.as_deref(), &body.to_string())
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn begin_with(world: &World, caller: Caller, id: Option<&str>) {
    let chosen = json!({"list": "tokens", "id": id});
    call(world, caller, "set_default_view", chosen).await;
}

/// Status and target of a page.
async fn led(world: &World, caller: Caller, path: &str) -> (u16, String) {
    let cookie = world.cookie(caller).await;
    let answer = world.get(path, cookie.as_deref()).await;
    (answer.status, answer.location().to_owned())
}

#[tokio::test]
async fn the_bare_list_leads_to_the_view_that_the_person_chose_and_to_nobody_else_s() {
    let world = World::new().await;
    let id = saved(&world, "order=name&size=25", true).await;
    assert_eq!(
        led(&world, Caller::Admin, TOKENS).await,
        (200, String::new())
    );
    begin_with(&world, Caller::Admin, Some(&id)).await;
    let address = format!("{TOKENS}?order=name&size=25&view={id}");
    for bare in [TOKENS, "/settings/api-tokens?"] {
        assert_eq!(
            led(&world, Caller::Admin, bare).await,
            (303, address.clone())
        );
    }
    assert_eq!(led(&world, Caller::Viewer, TOKENS).await.0, 200);
    assert_eq!(led(&world, Caller::Operator, TOKENS).await.0, 200);
    begin_with(&world, Caller::Admin, None).await;
    assert_eq!(led(&world, Caller::Admin, TOKENS).await.0, 200);
}

#[tokio::test]
async fn an_address_that_says_anything_is_no_bare_one() {
    let world = World::new().await;
    let id = saved(&world, "", false).await;
    begin_with(&world, Caller::Admin, Some(&id)).await;
    for path in [
        format!("{TOKENS}?view={id}"),
        format!("{TOKENS}?view=plain"),
        format!("{TOKENS}?page=1"),
        format!("{TOKENS}?x"),
        format!("{TOKENS}/add"),
        format!("{TOKENS}/TKN-1234-1234"),
        "/settings/audit-trail".to_owned(),
    ] {
        assert_eq!(led(&world, Caller::Admin, &path).await.0, 200, "{path}");
    }
    let answer = led(&world, Caller::Anonymous, TOKENS).await;
    assert_eq!(answer, (303, "/sign-in".to_owned()));
}

#[tokio::test]
async fn a_default_that_was_deleted_is_the_plain_list_again() {
    let world = World::new().await;
    let id = saved(&world, "search=x", true).await;
    begin_with(&world, Caller::Viewer, Some(&id)).await;
    assert_eq!(led(&world, Caller::Viewer, TOKENS).await.0, 303);
    call(&world, Caller::Admin, "delete_view", json!({"id": id})).await;
    assert_eq!(led(&world, Caller::Viewer, TOKENS).await.0, 200);
}

#[tokio::test]
async fn a_default_that_a_program_saved_without_encoding_is_led_to_as_well() {
    let world = World::new().await;
    let id = saved(&world, "search=Zürich ☃", false).await;
    begin_with(&world, Caller::Admin, Some(&id)).await;
    let (status, address) = led(&world, Caller::Admin, TOKENS).await;
    assert_eq!(status, 303);
    let cookie = world.cookie(Caller::Admin).await;
    let page = world.get(&address, cookie.as_deref()).await.text();
    assert!(page.contains("Zürich ☃"), "{page}");
}

#[tokio::test]
async fn a_view_in_the_address_is_named_over_the_list_and_a_missing_one_is_remarked_on() {
    let world = World::new().await;
    let id = saved(&world, "order=name", false).await;
    let cookie = world.cookie(Caller::Admin).await;
    for (search, title, remarked) in [
        (String::new(), "View: Default view", false),
        ("?view=plain".to_owned(), "View: Default view", false),
        (format!("?order=name&view={id}"), "View: Mine", false),
        (format!("?page=1&order=name&view={id}"), "View: Mine", false),
        (format!("?view={id}"), "View: Mine (changed)", false),
        ("?view=VIW-9999-9999".to_owned(), "View: Default view", true),
        ("?view=nonsense".to_owned(), "View: Default view", true),
    ] {
        let answer = world
            .get(&format!("{TOKENS}{search}"), cookie.as_deref())
            .await;
        assert_eq!(answer.status, 200, "{search}");
        let page = answer.text();
        assert!(
            page.contains(&format!("aria-label=\"{title}\"")),
            "{search}: {page}"
        );
        assert_eq!(page.contains(REMARK), remarked, "{search}");
        assert!(page.contains("Robot 1"), "{search}");
    }
    let viewer = world.cookie(Caller::Viewer).await;
    let page = world
        .get(&format!("{TOKENS}?view={id}"), viewer.as_deref())
        .await;
    assert!(page.text().contains(REMARK), "{}", page.text());
}

#[tokio::test]
async fn over_a_filter_that_is_wrong_the_view_is_named_and_the_rest_is_remarked_on_as_well() {
    let world = World::new().await;
    let id = saved(&world, "", false).await;
    let cookie = world.cookie(Caller::Admin).await;
    let address = format!("{TOKENS}?filter=eq(&order=token&page=9&view={id}");
    let answer = world.get(&address, cookie.as_deref()).await;
    assert_eq!(answer.status, 400);
    let page = answer.text();
    for said in [
        "The filter is wrong",
        "aria-label=\"View: Mine (changed)\"",
        "The list cannot be sorted by “token”.",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("There is no page"), "{page}");
}

#[tokio::test]
async fn an_address_edited_by_hand_shows_the_list_with_a_remark_for_each_thing_it_cannot_have() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for (search, remark) in [
        ("page=-1", "There is no page “-1”. This is page 1."),
        ("page=99", "There is no page 99. This is the last one."),
        (
            "size=1000000000",
            "A page can have 5, 10, 25, 50 or 100 rows, not “1000000000”.",
        ),
        ("order=token", "The list cannot be sorted by “token”."),
        ("columns=gone", "There is no column “gone”."),
        (
            "columns=status,status",
            "The address names “Status” more than once.",
        ),
    ] {
        let answer = world
            .get(&format!("{TOKENS}?{search}"), cookie.as_deref())
            .await;
        assert_eq!(answer.status, 200, "{search}");
        let page = answer.text();
        assert!(
            page.contains(remark) && page.contains("Robot 1"),
            "{search}: {page}"
        );
    }
}
