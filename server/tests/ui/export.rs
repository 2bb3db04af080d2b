//! The list of tokens as a file: who gets which rows, in which form, and how many files at the same time (I-30).

use crate::support::{Answer, Caller, PASSWORD, World, page, with_cookie};
use axum::{body::Body, response::Response};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tower::ServiceExt as _;

const CSV: &str = "/settings/api-tokens/export.csv";
const NDJSON: &str = "/settings/api-tokens/export.ndjson";
/// More than are read at a time.
const MANY: usize = 520;

/// Two accounts with tokens of hard names, and as many more of the first one as are wanted.
async fn world(more: usize) -> World {
    let mut tokens = String::new();
    for number in 0..more {
        let last = if number % 3 == 0 {
            format!(
                r#", "lastAccessAt": "2026-03-{:02}T10:00:00Z""#,
                number % 28 + 1
            )
        } else {
            String::new()
        };
        let status = if number % 2 == 0 {
            "Active"
        } else {
            "Disabled"
        };
        let _ = write!(
            tokens,
            r#", {{"id": "TKN-5000-{number:04}", "account": "ACC-0001-0002", "name": "Many {}", "status": "{status}"{last}}}"#,
            number % 7
        );
    }
    let file = format!(
        r#"{{
        "modules": [
            {{"id": "MOD-0478", "name": "Billing", "code": "billing"}},
            {{"id": "MOD-0479", "name": "@mail", "code": "mail"}}
        ],
        "accounts": [
            {{"id": "ACC-0001-0001", "name": "Operations", "type": "Operations", "modules": []}},
            {{"id": "ACC-0001-0002", "name": "Stark, \"Industries\"", "type": "Client", "modules": ["billing", "mail"]}},
            {{"id": "ACC-0001-0003", "name": "Wayne", "type": "Client", "modules": []}}
        ],
        "users": [
            {{"id": "USR-0001-0001", "account": "ACC-0001-0002", "name": "+Ada", "email": "admin@example.com", "role": "Administrator", "password": "{PASSWORD}"}},
            {{"id": "USR-0001-0002", "account": "ACC-0001-0002", "name": "Vic", "email": "viewer@example.com", "role": "Viewer", "password": "{PASSWORD}"}},
            {{"id": "USR-0001-0003", "account": "ACC-0001-0001", "name": "Olga", "email": "operator@example.com", "role": "Administrator", "password": "{PASSWORD}"}}
        ],
        "tokens": [
            {{"id": "TKN-1000-0001", "account": "ACC-0001-0002", "name": "=HYPERLINK(\"http://x\",\"y\")", "description": "one, \"two\"\nthree", "modules": ["billing", "mail"], "createdBy": "USR-0001-0001", "createdAt": "2026-01-02T03:04:05Z", "lastAccessAt": "2026-02-03T04:05:06Z"}},
            {{"id": "TKN-1000-0002", "account": "ACC-0001-0002", "name": "Ünï 🤖", "description": "-1", "status": "Disabled", "createdAt": "2026-01-01T00:00:00Z"}},
            {{"id": "TKN-1000-0003", "account": "ACC-0001-0002", "name": "Gone", "createdAt": "2026-01-01T00:00:00Z"}},
            {{"id": "TKN-2000-0001", "account": "ACC-0001-0003", "name": "Of others", "createdAt": "2026-01-01T00:00:00Z"}}
            {tokens}
        ]
    }}"#
    );
    let world = World::provisioned(&file, &[]).await;
    delete(&world, "TKN-1000-0003").await;
    world
}

async fn delete(world: &World, id: &str) {
    let cookie = world.cookie(Caller::Admin).await;
    let body = json!({"id": id, "action": "Delete"}).to_string();
    let deleted = world
        .call("/fn/change_token_status", cookie.as_deref(), &body)
        .await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
}

async fn get(world: &World, caller: Caller, path: &str) -> Answer {
    let cookie = world.cookie(caller).await;
    world.get(path, cookie.as_deref()).await
}

/// A file that is on its way: its head is there, and nothing of its body was read.
async fn begun(world: &World, cookie: Option<&str>) -> Response {
    let request = with_cookie(page(CSV), cookie).body(Body::empty()).unwrap();
    world.router.clone().oneshot(request).await.unwrap()
}

/// The rows of a table below its headings.
fn table(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
    rows.collect()
}

async fn ids(world: &World, caller: Caller, search: &str) -> Vec<String> {
    let path = format!("{NDJSON}?{search}");
    let rows = lines(&get(world, caller, &path).await);
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_table_says_all_that_is_known_of_each_token_and_nothing_a_spreadsheet_would_run() {
    let world = world(0).await;
    let answer = get(&world, Caller::Admin, CSV).await;
    let text = answer.text();
    let head = "id,name,description,status,accountId,accountName,modules,createdById,createdByName,createdAt,\
                updatedAt,lastAccessAt,revision\r\n";
    assert!(text.starts_with(head), "{text}");
    assert_eq!(
        table(&answer),
        [
            [
                "TKN-1000-0001",
                "'=HYPERLINK(\"http://x\",\"y\")",
                "one, \"two\"\nthree",
                "Active",
                "ACC-0001-0002",
                "Stark, \"Industries\"",
                "MOD-0479 @mail; MOD-0478 Billing",
                "USR-0001-0001",
                "'+Ada",
                "2026-01-02T03:04:05.000Z",
                "",
                "2026-02-03T04:05:06.000Z",
                "1",
            ],
            [
                "TKN-1000-0002",
                "Ünï 🤖",
                "'-1",
                "Disabled",
                "ACC-0001-0002",
                "Stark, \"Industries\"",
                "",
                "",
                "Latchkey",
                "2026-01-01T00:00:00.000Z",
                "",
                "",
                "1",
            ],
        ]
    );
    assert!(!text.contains("lk_"), "nothing of a secret: {text}");
}

#[tokio::test]
async fn a_line_has_the_same_as_an_object() {
    let world = world(0).await;
    let answer = get(&world, Caller::Viewer, NDJSON).await;
    let rows = lines(&answer);
    assert_eq!(
        rows[0],
        json!({
            "id": "TKN-1000-0001",
            "name": "=HYPERLINK(\"http://x\",\"y\")",
            "description": "one, \"two\"\nthree",
            "status": "Active",
            "account": {"id": "ACC-0001-0002", "name": "Stark, \"Industries\""},
            "modules": [
                {"id": "MOD-0479", "code": "mail", "name": "@mail"},
                {"id": "MOD-0478", "code": "billing", "name": "Billing"},
            ],
            "createdBy": {"id": "USR-0001-0001", "name": "+Ada"},
            "createdAt": "2026-01-02T03:04:05.000Z",
            "updatedAt": null,
            "lastAccessAt": "2026-02-03T04:05:06.000Z",
            "revision": 1,
        })
    );
    assert_eq!(rows.len(), 2);
    assert!(!answer.text().contains("lk_"));
}

#[tokio::test]
async fn a_file_is_kept_under_a_name_of_ours_and_in_no_cache() {
    let world = world(0).await;
    for (path, kind, name) in [
        (CSV, "text/csv; charset=utf-8", "api-tokens-2026-04-15.csv"),
        (
            NDJSON,
            "application/x-ndjson",
            "api-tokens-2026-04-15.ndjson",
        ),
    ] {
        let answer = get(&world, Caller::Viewer, path).await;
        for (header, value) in [
            ("content-type", kind),
            (
                "content-disposition",
                &format!("attachment; filename=\"{name}\""),
            ),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'; sandbox",
            ),
        ] {
            assert_eq!(answer.header(header), value, "{path}: {header}");
        }
    }
}

#[tokio::test]
async fn a_file_holds_the_tokens_that_its_reader_sees_in_the_list() {
    let world = world(0).await;
    let own = ["TKN-1000-0001", "TKN-1000-0002"];
    assert_eq!(ids(&world, Caller::Admin, "").await, own);
    assert_eq!(ids(&world, Caller::Viewer, "").await, own);
    let of_others = "filter=eq(account.id,%27ACC-0001-0003%27)";
    assert!(ids(&world, Caller::Admin, of_others).await.is_empty());
    assert!(
        ids(&world, Caller::Admin, "filter=status%3DDeleted")
            .await
            .is_empty()
    );
    assert_eq!(
        ids(&world, Caller::Operator, "order=name").await,
        ["TKN-1000-0001", "TKN-2000-0001", "TKN-1000-0002"]
    );
    assert_eq!(
        ids(&world, Caller::Operator, of_others).await,
        ["TKN-2000-0001"]
    );
    assert_eq!(
        ids(&world, Caller::Operator, "filter=status%3DDeleted").await,
        ["TKN-1000-0003"]
    );
}

#[tokio::test]
async fn who_is_not_signed_in_is_asked_to_and_led_back_to_the_list() {
    let world = world(0).await;
    let answer = world.get(&format!("{CSV}?search=a&page=2"), None).await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.location(),
        "/sign-in?next=%2Fsettings%2Fapi%2Dtokens%3Fsearch%3Da%26page%3D2"
    );
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn a_wrong_filter_is_told_on_a_page_and_no_file_is_made() {
    let world = world(0).await;
    for (filter, fault) in [
        ("eq(colour,red)", "colour"),
        ("eq(status", "position"),
        ("ge(audit.created.at,soon)", "soon"),
    ] {
        let path = format!("{CSV}?filter={filter}");
        let answer = get(&world, Caller::Admin, &path).await;
        assert_eq!(answer.status, 400, "{filter}");
        assert_eq!(answer.header("content-disposition"), "");
        assert!(answer.header("content-type").starts_with("text/html"));
        let text = answer.text();
        assert!(text.contains("so nothing was exported"), "{text}");
        assert!(text.contains(fault), "{text}");
    }
}

#[tokio::test]
async fn a_file_of_many_tokens_is_narrowed_and_sorted_as_the_list_is() {
    let world = world(MANY).await;
    let cookie = world.cookie(Caller::Admin).await;
    for search in [
        "",
        "order=name",
        "order=-status,name",
        "order=lastAccessAt",
        "order=-lastAccessAt,status,-name",
        "search=many%203&order=-name",
        "filter=status%3DDisabled&order=lastAccessAt",
    ] {
        let exported = ids(&world, Caller::Admin, search).await;
        let mut listed = Vec::new();
        let mut query = app::href::token_query(search);
        query.page.size = 100;
        loop {
            let body = json!({"query": query}).to_string();
            let answer = world
                .call("/fn/list_tokens", cookie.as_deref(), &body)
                .await;
            let page = answer.json()["page"].clone();
            let rows = page["rows"].as_array().unwrap();
            listed.extend(
                rows.iter()
                    .map(|row| row["id"].as_str().unwrap().to_owned()),
            );
            if page["more"] == false {
                break;
            }
            query.page.number += 1;
        }
        assert!(listed.len() > 70, "{search}: {}", listed.len());
        assert_eq!(exported, listed, "{search}");
        let rows = table(&get(&world, Caller::Admin, &format!("{CSV}?{search}")).await);
        let first: Vec<_> = rows.into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(first, listed, "{search}");
    }
}

#[tokio::test]
async fn a_token_that_is_deleted_while_a_file_is_sent_is_left_out() {
    let world = world(MANY).await;
    let cookie = world.cookie(Caller::Admin).await;
    let file = begun(&world, cookie.as_deref()).await;
    delete(&world, "TKN-1000-0002").await;
    let rows = table(&Answer::read(file).await);
    assert_eq!(rows.len(), MANY + 1);
    assert!(rows.iter().all(|row| row[0] != "TKN-1000-0002"));
}

#[tokio::test]
async fn a_file_breaks_off_when_its_reader_is_signed_out() {
    let world = world(MANY).await;
    let cookie = world.cookie(Caller::Admin).await;
    let file = begun(&world, cookie.as_deref()).await;
    assert_eq!(file.status(), 200);
    assert_eq!(
        world.post("/sign-out", cookie.as_deref(), &[]).await.status,
        303
    );
    assert!(
        file.into_body().collect().await.is_err(),
        "half a file is never taken for a whole one"
    );
}

#[tokio::test]
async fn an_account_gets_two_files_at_the_same_time_and_keeps_none_from_others() {
    let world = world(0).await;
    let [admin, viewer, operator] = [
        world.cookie(Caller::Admin).await,
        world.cookie(Caller::Viewer).await,
        world.cookie(Caller::Operator).await,
    ];
    let first = begun(&world, admin.as_deref()).await;
    let second = begun(&world, viewer.as_deref()).await;
    let refused = world.get(CSV, admin.as_deref()).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text().contains("wait until one of them is done"));
    assert_eq!(world.get(CSV, operator.as_deref()).await.status, 200);
    drop(first);
    assert_eq!(table(&world.get(CSV, admin.as_deref()).await).len(), 2);
    assert_eq!(table(&Answer::read(second).await).len(), 2);
}
