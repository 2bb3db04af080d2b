//! `/public/v1/audit/records`: who sees what, what may be added, texts filled in.

use crate::{
    rest::world::*,
    support::{Answer, World},
};
use serde_json::{Value, json};

fn record(object: &str) -> Value {
    json!({
        "event": "extensions.crm.synced", "object": {"id": object, "name": "Wayne"},
        "summary": "Synchronised {{object.name}}", "details": "{{count}} contacts, {{unknown}} left",
        "actor": {"type": "system", "id": "system"}, "payload": {"key": "value"}, "documents": {"count": 12},
    })
}

async fn add(world: &World, secret: &str, body: Value) -> Answer {
    send(world, "POST", RECORDS, secret, body).await
}

#[tokio::test]
async fn a_vendor_adds_to_what_its_account_has_a_record_of() {
    let world = world().await;
    let answer = add(&world, VENDOR, record("ACC-0001-0003")).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let made = answer.json();
    assert_eq!(made["event"], "extensions.crm.synced");
    assert_eq!(
        made["object"],
        json!({"id": "ACC-0001-0003", "name": "Wayne", "objectType": "Account"})
    );
    assert_eq!(
        made["actor"],
        json!({
            "id": VENDOR_ID, "name": "Vendor robot",
            "account": {"id": "ACC-0001-0003", "name": "Wayne", "accountType": "Vendor"},
        })
    );
    assert_eq!(
        (&made["type"], &made["documents"]),
        (&json!("Public"), &json!({"count": 12}))
    );
    assert_eq!(made["viewers"][0]["id"], "ACC-0001-0003");
    for object in ["ACC-0001-0002", CLIENT_ID, "PRD-1234-1234"] {
        assert_eq!(
            add(&world, VENDOR, record(object)).await.status,
            403,
            "{object}"
        );
    }
    assert_eq!(
        add(&world, CLIENT, record("ACC-0001-0002")).await.status,
        403,
        "a Client adds none"
    );
    let path = format!("{RECORDS}/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&world, &path, VENDOR).await.status, 200);
    assert_eq!(get(&world, &path, CLIENT).await.status, 404);
    assert_eq!(get(&world, &path, OPS).await.status, 200);
    for method in ["PUT", "DELETE"] {
        assert_eq!(
            act(&world, method, &path, OPS).await.status,
            405,
            "records stay as they are"
        );
    }
}

#[tokio::test]
async fn texts_are_filled_in_when_asked_for_and_no_braces_are_left() {
    let world = world().await;
    let made = add(&world, VENDOR, record("ACC-0001-0003")).await.json();
    assert_eq!(made["summary"], "Synchronised {{object.name}}");
    let path = format!("{RECORDS}/{}", made["id"].as_str().unwrap());
    let one = get(&world, &format!("{path}?render%28%29="), VENDOR)
        .await
        .json();
    assert_eq!(
        (&one["summary"], &one["details"]),
        (
            &json!("Synchronised Wayne"),
            &json!("12 contacts, unknown left")
        )
    );
    let list = get(
        &world,
        &format!("{RECORDS}?event=extensions.crm.synced&render()"),
        VENDOR,
    )
    .await
    .json();
    assert_eq!(list["data"][0]["details"], "12 contacts, unknown left");
    assert_eq!(list["$meta"]["omitted"], json!(["documents", "viewers"]));
    assert!(list["data"][0].get("documents").is_none());
}

#[tokio::test]
async fn operations_may_write_of_anything_and_for_themselves() {
    let world = world().await;
    let mut body = record("PRD-1234-1234");
    body["type"] = json!("Private");
    let made = add(&world, OPS, body).await.json();
    assert_eq!(
        (&made["type"], &made["object"]["objectType"]),
        (&json!("Private"), &json!("Product"))
    );
    // What concerns the Client is seen by it, unless it is private.
    let public = add(&world, OPS, record(CLIENT_ID)).await.json();
    let mut body = record(CLIENT_ID);
    body["type"] = json!("private");
    let private = add(&world, OPS, body).await.json();
    let path = |made: &Value| format!("{RECORDS}/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&world, &path(&public), CLIENT).await.status, 200);
    assert_eq!(get(&world, &path(&private), CLIENT).await.status, 404);
    let seen = get(
        &world,
        &format!("{RECORDS}?object.id={CLIENT_ID}&event=extensions.crm.synced"),
        CLIENT,
    )
    .await;
    assert_eq!(ids(&seen), [public["id"].as_str().unwrap()]);
    let cookie = world.cookie(crate::support::Caller::Admin).await;
    let page = world
        .get("/settings/audit-trail", cookie.as_deref())
        .await
        .text();
    assert!(
        page.contains(public["id"].as_str().unwrap())
            && !page.contains(private["id"].as_str().unwrap()),
        "the console keeps to it"
    );
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let world = world().await;
    let with = |name: &str, value: Value| {
        let mut body = record("ACC-0001-0003");
        body[name] = value;
        body
    };
    for (body, key) in [
        (with("id", json!("AUD-1234-1234-1234-1234")), "id"),
        (with("id", Value::Null), "id"),
        (
            with("event", json!("platform.accounts.token.created")),
            "event",
        ),
        (with("event", Value::Null), "event"),
        (
            with("event", json!(format!("extensions.crm.{CLIENT}"))),
            "event",
        ),
        (with("summary", json!(" ")), "summary"),
        (with("details", json!("")), "details"),
        (with("details", json!("a\u{200b}b")), "details"),
        (with("summary", json!(CLIENT)), "summary"),
        (
            with("documents", json!({"a": [{"b": CLIENT}]})),
            "documents",
        ),
        (with("documents", json!({"a": {"self": 1}})), "documents"),
        (with("documents", json!([])), "documents"),
        (with("object", json!({"id": "nonsense"})), "object.id"),
        (with("object", Value::Null), "object.id"),
        (with("type", json!("Secret")), "type"),
    ] {
        let answer = add(&world, VENDOR, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert!(
            answer.json()["errors"].get(key).is_some(),
            "{body}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn records_are_found_by_their_fields() {
    let world = world().await;
    add(&world, VENDOR, record("ACC-0001-0003")).await;
    for (query, count) in [
        ("event=extensions.crm.synced", 1),
        ("ilike(summary,SYNC*)", 1),
        ("ilike(details,*contacts*)", 1),
        ("actor.id=TKN-0001-0003", 1),
        ("actor.account.id=ACC-0001-0003", 1),
        ("actor.account.accountType=vendor", 1),
        (
            "any(viewers,id=ACC-0001-0003)&event=extensions.crm.synced",
            1,
        ),
        ("object.objectType=Account&event=extensions.crm.synced", 1),
        ("type=Public&like(event,extensions.*)", 1),
        ("type=Private", 0),
        ("request.api.ip=null()&like(event,extensions.*)", 1),
        ("ge(timestamp,2100-01-01)", 0),
    ] {
        let answer = get(&world, &format!("{RECORDS}?{query}"), VENDOR).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        assert_eq!(ids(&answer).len(), count, "{query}");
    }
    let barred = get(&world, &format!("{RECORDS}?documents=x"), VENDOR).await;
    assert_eq!(
        barred.json()["errors"],
        json!({"documents": ["Filtering is not permitted."]})
    );
}

#[tokio::test]
async fn the_trail_stays_whole() {
    let world = world().await;
    add(&world, VENDOR, record("ACC-0001-0003")).await;
    add(&world, OPS, record("PRD-1234-1234")).await;
    act(
        &world,
        "POST",
        &format!("{TOKENS}/{WEAK_ID}/disable"),
        CLIENT,
    )
    .await;
    let config = server::config::Config::load(
        None,
        [],
        &std::collections::BTreeMap::from([("data_dir", world.data.display().to_string())]),
    )
    .unwrap();
    let (db, keyring) = server::boot::open_to_read(&config).await.unwrap();
    let whole = server::service::verify_trail(&db, &keyring, None).await;
    assert!(whole.is_ok(), "{whole:?}");
}

#[tokio::test]
async fn a_record_with_many_places_stays_small_when_they_are_filled_in() {
    let world = world().await;
    let mut body = record("ACC-0001-0003");
    body["details"] = json!("{{a}}".repeat(800));
    body["documents"] = json!({"a": "x".repeat(50_000)});
    assert_eq!(add(&world, VENDOR, body).await.status, 201);
    let list = get(
        &world,
        &format!("{RECORDS}?event=extensions.crm.synced&render()"),
        VENDOR,
    )
    .await;
    assert!(list.body.len() < 12_000, "{}", list.body.len());
}

#[tokio::test]
async fn what_a_program_says_of_itself_is_not_kept_when_it_holds_a_secret() {
    let world = world().await;
    let mut request = request("POST", &format!("{TOKENS}/{WEAK_ID}/disable"), CLIENT, None);
    request
        .headers_mut()
        .insert("user-agent", format!("agent {WEAK}").parse().unwrap());
    assert_eq!(world.send(request).await.status, 200);
    let trail = get(&world, RECORDS, CLIENT).await.text();
    assert!(trail.contains("held what looks like a secret") && !trail.contains(WEAK));
}

#[tokio::test]
async fn who_sees_a_record_cannot_be_changed_unnoticed() {
    let world = world().await;
    let file = json!({"auditRecords": [{
        "id": "AUD-1234-1234-1234-1234", "event": "extensions.crm.synced", "object": {"id": "PRD-1234-1234"},
        "summary": "s", "details": "d", "viewers": ["ACC-0001-0002", "ACC-0001-0003"],
    }]});
    let file = server::provision::ProvisionFile::parse(file.to_string()).unwrap();
    server::provision::provision(&world.service, file)
        .await
        .unwrap();
    for secret in [CLIENT, VENDOR] {
        let seen = get(
            &world,
            &format!("{RECORDS}?object.id=PRD-1234-1234&select=viewers"),
            secret,
        )
        .await
        .json();
        assert_eq!(
            seen["data"][0]["viewers"].as_array().unwrap().len(),
            2,
            "{seen}"
        );
    }
    world.service.verify_chain().await.unwrap();
    let sql = |text: &'static str| {
        let url = format!("sqlite://{}", world.data.join("latchkey.db").display());
        async move {
            use sea_orm::ConnectionTrait as _;
            let db = sea_orm::Database::connect(url).await.unwrap();
            db.execute_unprepared(text).await
        }
    };
    for refused in [
        "DELETE FROM audit_viewer",
        "UPDATE audit_viewer SET account_id = 'ACC-0001-0001'",
        "INSERT INTO audit_viewer (account_id, seq) VALUES ('ACC-0001-0001', 1)",
    ] {
        assert!(sql(refused).await.is_err(), "{refused}");
    }
    sql("DROP TRIGGER audit_viewer_goes_not; DELETE FROM audit_viewer")
        .await
        .unwrap();
    let broken = world.service.verify_chain().await.unwrap_err().to_string();
    assert!(broken.contains("AUD-1234-1234-1234-1234"), "{broken}");
}
