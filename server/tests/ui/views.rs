//! Saved views over HTTP: what the page sends and gets.

use crate::support::{Caller, World};
use serde_json::{Value, json};

async fn call(world: &World, caller: Caller, name: &str, body: Value) -> (u16, Value) {
    let cookie = world.cookie(caller).await;
    let path = format!("/fn/{name}");
    let answer = world
        .call(&path, cookie.as_deref(), &body.to_string())
        .await;
    let value = serde_json::from_str(&answer.text()).unwrap_or(Value::Null);
    (answer.status, value)
}

fn new(shared: bool) -> Value {
    json!({"new": {
        "list": "tokens", "name": "Active ones", "query": "?status=Active&page=2", "shared": shared,
    }})
}

fn edit(name: &str) -> Value {
    json!({"revision": 1, "name": name, "query": "status=Active", "shared": true})
}

#[tokio::test]
async fn a_view_travels_under_these_words() {
    let world = World::new().await;
    let (status, view) = call(&world, Caller::Admin, "create_view", new(true)).await;
    assert_eq!(status, 200, "{view}");
    let id = view["id"].clone();
    assert!(id.as_str().unwrap().starts_with("VIW-"), "{view}");
    let mut expected = json!({
        "id": id, "list": "tokens", "name": "Active ones", "query": "status=Active", "shared": true, "mine": true,
        "owner": {"id": "USR-0001-0001", "name": "Ada"}, "may_change": true, "is_default": false, "revision": 1,
    });
    assert_eq!(view, expected);
    let chosen = json!({"list": "tokens", "id": id});
    assert_eq!(
        call(&world, Caller::Viewer, "set_default_view", chosen)
            .await
            .0,
        200
    );
    for (member, value) in [("mine", false), ("may_change", false), ("is_default", true)] {
        expected[member] = value.into();
    }
    let asked = json!({"list": "tokens"});
    let listed = call(&world, Caller::Viewer, "list_views", asked).await;
    assert_eq!(listed, (200, json!([expected])));
}

#[tokio::test]
async fn each_caller_is_answered_as_his_role_and_account_say() {
    let world = World::new().await;
    let (_, view) = call(&world, Caller::Admin, "create_view", new(true)).await;
    let id = &view["id"];
    for (caller, status) in [
        (Caller::Anonymous, 401),
        (Caller::Viewer, 403),
        (Caller::Operator, 404),
        (Caller::Admin, 200),
    ] {
        let change = json!({"id": id, "edit": edit(&format!("By {caller:?}"))});
        let (answered, _) = call(&world, caller, "edit_view", change).await;
        assert_eq!(answered, status, "{caller:?}");
    }
    let outdated = json!({"id": id, "edit": edit("Again")});
    let (status, refusal) = call(&world, Caller::Admin, "edit_view", outdated).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("conflict")));
    for (caller, status) in [
        (Caller::Anonymous, 401),
        (Caller::Viewer, 403),
        (Caller::Operator, 404),
        (Caller::Admin, 200),
        (Caller::Admin, 404),
    ] {
        let (answered, _) = call(&world, caller, "delete_view", json!({"id": id})).await;
        assert_eq!(answered, status, "{caller:?}");
    }
}

#[tokio::test]
async fn text_that_is_no_view_s_id_is_answered_as_one_that_does_not_exist() {
    let world = World::new().await;
    let mut answers = Vec::new();
    for id in [
        "VIW-9999-9999",
        "VIW-0000-0000",
        "TKN-1234-1234",
        "nonsense",
        "",
    ] {
        for (name, body) in [
            ("edit_view", json!({"id": id, "edit": edit("Other")})),
            ("delete_view", json!({"id": id})),
            ("set_default_view", json!({"list": "tokens", "id": id})),
        ] {
            let (status, mut refusal) = call(&world, Caller::Admin, name, body).await;
            refusal.as_object_mut().unwrap().remove("request_id");
            answers.push((status, refusal));
        }
    }
    assert_eq!(answers[0].0, 404);
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn a_list_that_is_none_and_a_member_that_is_not_asked_for_are_not_understood() {
    let world = World::new().await;
    let mut owned = new(false);
    owned["new"]["owner"] = "USR-0001-0002".into();
    let mut other_list = new(false);
    other_list["new"]["list"] = "users".into();
    let mut revised = edit("Other");
    revised["mine"] = true.into();
    for (name, body) in [
        ("list_views", json!({"list": "Tokens"})),
        ("create_view", owned),
        ("create_view", other_list),
        ("edit_view", json!({"id": "VIW-0000-0001", "edit": revised})),
        ("set_default_view", json!({"list": "", "id": null})),
    ] {
        let (status, _) = call(&world, Caller::Admin, name, body.clone()).await;
        assert_eq!(status, 400, "{name} {body}");
    }
}
