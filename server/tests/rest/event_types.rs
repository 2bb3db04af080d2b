//! `/public/v1/audit/event-types`: which there are for whom, and what each account calls them.

use crate::{rest::world::*, support::World};
use serde_json::{Value, json};

async fn find(world: &World, key: &str, secret: &str) -> Vec<Value> {
    let answer = get(world, &format!("{EVENT_TYPES}?key={key}"), secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn latchkey_s_own_are_there_from_the_start_and_others_with_their_first_record() {
    let world = world().await;
    let own = find(&world, "platform.accounts.token.created", CLIENT).await;
    assert_eq!(own[0]["name"], "API token added");
    assert_eq!(find(&world, "extensions.crm.synced", VENDOR).await.len(), 0);
    send(&world, "POST", RECORDS, VENDOR, json!({
        "event": "extensions.crm.synced", "object": {"id": "ACC-0001-0003"}, "summary": "s", "details": "d",
    }))
    .await;
    let new = find(&world, "extensions.crm.synced", VENDOR).await;
    assert_eq!(new[0]["name"], "extensions.crm.synced");
    assert_eq!(find(&world, "extensions.crm.synced", OPS).await, new);
    assert_eq!(
        find(&world, "extensions.crm.synced", CLIENT).await.len(),
        0,
        "other accounts do not hear of it"
    );
    let path = format!("{EVENT_TYPES}/{}", new[0]["id"].as_str().unwrap());
    assert_eq!(get(&world, &path, VENDOR).await.status, 200);
    assert_eq!(get(&world, &path, CLIENT).await.status, 404);
    assert_eq!(
        send(&world, "PUT", &path, CLIENT, json!({"name": "x"}))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_account_s_name_for_it_is_its_own_and_operations_speak_for_the_rest() {
    let world = world().await;
    let key = "platform.accounts.token.created";
    let id = find(&world, key, OPS).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("{EVENT_TYPES}/{id}");
    let name = async |secret: &str| {
        find(&world, key, secret).await[0]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let renamed = send(&world, "PUT", &path, VENDOR, json!({"name": "Ours"})).await;
    assert_eq!(
        (renamed.status, &renamed.json()["name"]),
        (200, &json!("Ours"))
    );
    assert_eq!(
        (name(VENDOR).await, name(CLIENT).await),
        ("Ours".into(), "API token added".into())
    );
    send(
        &world,
        "PUT",
        &path,
        OPS,
        json!({"name": "Everybody's", "description": "When one is added"}),
    )
    .await;
    assert_eq!(
        (name(VENDOR).await, name(CLIENT).await),
        ("Ours".into(), "Everybody's".into())
    );
    let vendor_s = get(&world, &path, VENDOR).await.json();
    assert_eq!(
        vendor_s,
        json!({"id": id, "key": key, "name": "Ours", "description": "When one is added", "$meta": {"omitted": []}})
    );
    assert_eq!(
        find(&world, &format!("{key}&name=Ours"), VENDOR)
            .await
            .len(),
        1
    );
    assert_eq!(
        find(&world, &format!("{key}&name=Ours"), CLIENT)
            .await
            .len(),
        0
    );
    let trail = get(
        &world,
        &format!("{RECORDS}?event=platform.audit.event-type.updated"),
        CLIENT,
    )
    .await;
    assert_eq!(
        ids(&trail).len(),
        0,
        "what the Vendor did, the Client does not see"
    );
    let trail = get(
        &world,
        &format!("{RECORDS}?event=platform.audit.event-type.updated"),
        VENDOR,
    )
    .await;
    assert_eq!(ids(&trail).len(), 1);
}

#[tokio::test]
async fn the_key_stays_and_texts_are_not_empty() {
    let world = world().await;
    let id = find(&world, "platform.accounts.token.created", VENDOR).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("{EVENT_TYPES}/{id}");
    for (body, key) in [
        (json!({"key": "x"}), "key"),
        (json!({"key": null, "name": "x"}), "key"),
        (json!({"name": ""}), "name"),
        (json!({"description": " "}), "description"),
        (json!({"name": 5}), "name"),
    ] {
        let answer = send(&world, "PUT", &path, VENDOR, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert!(
            answer.json()["errors"].get(key).is_some(),
            "{body}: {}",
            answer.text()
        );
    }
    assert_eq!(
        send(&world, "PUT", &path, VENDOR, json!({})).await.status,
        200
    );
    for method in ["POST", "DELETE"] {
        assert_eq!(act(&world, method, &path, OPS).await.status, 405);
    }
}

#[tokio::test]
async fn one_account_s_many_kinds_of_events_do_not_show_in_the_answers_to_others() {
    let world = world().await;
    let record = async |secret: &str, object: &str, event: String| {
        let body =
            json!({"event": event, "object": {"id": object}, "summary": "s", "details": "d"});
        send(&world, "POST", RECORDS, secret, body).await.status
    };
    assert_eq!(
        record(OPS, "PRD-1234-1234", "extensions.ops.first".into()).await,
        201
    );
    for number in 0..200 {
        assert_eq!(
            record(
                VENDOR,
                "ACC-0001-0003",
                format!("extensions.vendor.e{number}")
            )
            .await,
            201
        );
    }
    // Whether somebody else has such a kind makes no difference.
    for event in ["extensions.ops.first", "extensions.nobody.has-it"] {
        assert_eq!(
            record(VENDOR, "ACC-0001-0003", event.into()).await,
            400,
            "{event}"
        );
    }
    assert_eq!(
        record(VENDOR, "ACC-0001-0003", "extensions.vendor.e7".into()).await,
        201
    );
    assert_eq!(
        record(OPS, "PRD-1234-1234", "extensions.ops.second".into()).await,
        201
    );
}
