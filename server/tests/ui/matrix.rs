//! Every route by every kind of caller. A route that is not in the table fails the test.

use crate::{
    icons::picture,
    support::{Caller, PASSWORD, TOKEN, World},
};
use app::domain::{
    audit::AuditQuery, directory::DirectoryQuery, module::ModuleForm, token_query::TokenQuery,
};
use serde_json::json;
use std::collections::BTreeSet;

/// The account of the token.
const ACCOUNT: &str = "ACC-0001-0002";

/// A view that nobody keeps.
const VIEW: &str = "VIW-1234-1234";

/// What a route answers to nobody, an Administrator, a Viewer of the same account, and an operator.
struct Row(&'static str, &'static str, [u16; 4]);

/// Nobody is sent to sign in; everyone else sees the page.
const PAGE: [u16; 4] = [303, 200, 200, 200];
const OPEN: [u16; 4] = [200; 4];
/// A function that nobody may call.
const KNOWN: [u16; 4] = [401, 200, 200, 200];
/// A function for Administrators of the token's own account.
const OWN_ADMIN: [u16; 4] = [401, 200, 403, 403];

const TABLE: &[Row] = &[
    Row("GET", "/livez", OPEN),
    Row("GET", "/readyz", OPEN),
    Row("GET", "/favicon.svg", OPEN),
    Row("GET", "/docs", OPEN),
    Row("GET", "/pkg/{*path}", [404; 4]),
    Row("GET", "/", [303; 4]),
    Row("GET", "/sign-in", [200, 303, 303, 303]),
    Row("POST", "/sign-in", [401; 4]),
    Row("GET", "/sign-out", [405; 4]),
    Row("POST", "/sign-out", [303; 4]),
    Row("GET", "/setup", [404; 4]),
    Row("POST", "/setup", [404; 4]),
    Row("GET", "/settings/api-tokens", PAGE),
    Row("GET", "/settings/api-tokens/export.csv", PAGE),
    Row("GET", "/settings/api-tokens/export.ndjson", PAGE),
    Row("GET", "/settings/api-tokens/{id}", PAGE),
    Row(
        "GET",
        "/settings/api-tokens/{id}/edit",
        [303, 200, 403, 200],
    ),
    Row("GET", "/settings/api-tokens/add", [303, 200, 403, 200]),
    Row("GET", "/settings/api-tokens/changes", PAGE),
    Row(
        "GET",
        "/settings/api-tokens/changes/{id}",
        [303, 404, 404, 404],
    ),
    Row(
        "GET",
        "/settings/api-tokens/{id}/icon/{icon}",
        [401, 404, 404, 404],
    ),
    Row(
        "GET",
        "/settings/accounts/{id}/icon/{icon}",
        [401, 404, 404, 404],
    ),
    Row("GET", "/uploads/icon", [405; 4]),
    Row("POST", "/uploads/icon", [401, 200, 403, 200]),
    Row("GET", "/settings/audit-trail", PAGE),
    Row("GET", "/settings/modules", PAGE),
    Row("GET", "/settings/users", [303, 200, 403, 200]),
    Row("GET", "/settings/accounts", [303, 403, 403, 200]),
    Row("GET", "/invitation", [403; 4]),
    Row("POST", "/invitation", [403; 4]),
    Row("GET", "/profile", PAGE),
    Row("POST", "/profile", [303, 422, 422, 422]),
    Row("GET", "/profile/theme", [405; 4]),
    Row("POST", "/profile/theme", [303; 4]),
    Row("GET", "/profile/password", PAGE),
    Row("POST", "/profile/password", [303, 422, 422, 422]),
    Row("GET", "/profile/sign-ins", PAGE),
    Row("POST", "/profile/sign-ins/end", [303; 4]),
    Row("GET", "/help/add-api-token", PAGE),
    Row("GET", "/help/edit-api-token", PAGE),
    Row("GET", "/help/api-token-secret", PAGE),
    Row("GET", "/help/disable-enable-delete-api-token", PAGE),
    Row("GET", "/help/change-several-api-tokens", PAGE),
    Row("GET", "/help/audit-trail", PAGE),
    Row("GET", "/help/find-api-tokens", PAGE),
    Row("GET", "/help/users", PAGE),
    Row("GET", "/help/modules", PAGE),
    Row("GET", "/help/accounts", PAGE),
    Row("POST", "/fn/get_help", KNOWN),
    Row("POST", "/fn/list_sign_ins", KNOWN),
    Row("POST", "/fn/list_tokens", KNOWN),
    Row("POST", "/fn/count_tokens", KNOWN),
    Row("POST", "/fn/list_filter_choices", KNOWN),
    Row("POST", "/fn/get_token", KNOWN),
    Row("POST", "/fn/get_token_form", [401, 200, 403, 200]),
    Row("POST", "/fn/edit_token", [401, 422, 403, 422]),
    Row("POST", "/fn/get_new_token_form", [401, 200, 403, 200]),
    Row("POST", "/fn/create_token", [401, 422, 403, 422]),
    Row("POST", "/fn/change_token_status", [401, 409, 403, 409]),
    Row("POST", "/fn/change_tokens", [401, 200, 403, 200]),
    Row("POST", "/fn/get_bulk_change", [401, 404, 404, 404]),
    Row("POST", "/fn/stop_bulk_change", [401, 404, 403, 404]),
    Row("POST", "/fn/list_bulk_changes", KNOWN),
    Row("POST", "/fn/list_bulk_results", [401, 404, 404, 404]),
    Row("POST", "/fn/reveal_secret", OWN_ADMIN),
    Row("POST", "/fn/note_secret_copied", OWN_ADMIN),
    Row("POST", "/fn/confirm_password", KNOWN),
    Row("POST", "/fn/list_audit", KNOWN),
    Row("POST", "/fn/list_token_audit", KNOWN),
    Row("POST", "/fn/get_audit_record", [401, 404, 404, 404]),
    Row("POST", "/fn/list_views", KNOWN),
    Row("POST", "/fn/create_view", [401, 422, 403, 422]),
    Row("POST", "/fn/edit_view", [401, 404, 404, 404]),
    Row("POST", "/fn/delete_view", [401, 404, 404, 404]),
    Row("POST", "/fn/set_default_view", KNOWN),
    Row("POST", "/fn/list_module_rows", KNOWN),
    Row("POST", "/fn/change_module", [401, 403, 403, 422]),
    Row("POST", "/fn/list_account_rows", [401, 403, 403, 200]),
    Row("POST", "/fn/list_module_offers", [401, 403, 403, 200]),
    Row("POST", "/fn/change_account", [401, 403, 403, 422]),
    Row("POST", "/fn/list_user_rows", [401, 200, 403, 200]),
    Row("POST", "/fn/change_user", [401, 422, 403, 422]),
    Row("POST", "/fn/{*rest}", [404; 4]),
    // For programs: a sign-in opens neither.
    Row("GET", "/auth/verify", [401; 4]),
    Row("POST", "/oauth2/introspect", [401; 4]),
];

/// A body that a signed-in caller could send.
fn json(path: &str) -> serde_json::Value {
    match path {
        "/fn/list_tokens" => json!({"query": TokenQuery::default()}),
        "/fn/count_tokens" => json!({"query": TokenQuery::default(), "all": false}),
        "/fn/get_token" | "/fn/get_token_form" | "/fn/note_secret_copied" => json!({"id": TOKEN}),
        // With an empty name, which is refused to whoever may edit.
        "/fn/edit_token" => json!({"id": TOKEN, "edit": {
            "revision": 1, "name": "", "description": "", "icon": null, "reveal": "always", "modules": [],
        }}),
        "/fn/get_new_token_form" => json!({"account": ACCOUNT}),
        "/fn/create_token" => json!({"new": {
            "account": ACCOUNT, "name": "", "description": "", "icon": null, "reveal": "always", "modules": [],
            "key": "0123456789abcdef",
        }}),
        // A step that an Active token cannot take.
        "/fn/change_token_status" => json!({"id": TOKEN, "action": "Enable"}),
        // Nothing is agreed to, so nothing is begun.
        "/fn/change_tokens" => json!({"order": {
            "action": {"Step": "Disable"}, "choice": {"These": [TOKEN]},
        }, "agreed": null}),
        "/fn/get_bulk_change" | "/fn/stop_bulk_change" => json!({"id": "BLK-1234-1234"}),
        "/fn/list_bulk_results" => {
            json!({"id": "BLK-1234-1234", "query": DirectoryQuery::default()})
        }
        "/fn/reveal_secret" => json!({"id": TOKEN, "purpose": "Show"}),
        "/fn/confirm_password" => json!({"password": PASSWORD}),
        "/fn/list_audit" => json!({"query": AuditQuery::default()}),
        "/fn/list_token_audit" => json!({"id": TOKEN, "query": AuditQuery::default()}),
        "/fn/get_audit_record" => json!({"id": "AUD-0000-0000-0000"}),
        "/fn/list_views" | "/fn/set_default_view" => json!({"list": "tokens"}),
        // Shared, and with an empty name, which is refused to whoever may share.
        "/fn/create_view" => json!({"new": {
            "list": "tokens", "name": "", "query": "", "shared": true,
        }}),
        "/fn/edit_view" => json!({"id": VIEW, "edit": {
            "revision": 1, "name": "", "query": "", "shared": false,
        }}),
        "/fn/delete_view" => json!({"id": VIEW}),
        "/fn/get_help" => json!({"address": "/help/users"}),
        "/fn/list_module_rows"
        | "/fn/list_account_rows"
        | "/fn/list_user_rows"
        | "/fn/list_bulk_changes" => {
            json!({"query": DirectoryQuery::default()})
        }
        // With empty names, which are refused to whoever may save.
        "/fn/change_module" => json!({"change": {"Define": ModuleForm::default()}}),
        "/fn/change_account" => json!({"change": {"Add": {
            "name": "", "kind": "Client", "modules": [],
        }}}),
        "/fn/change_user" => json!({"change": {"Invite": [null, {
            "name": "", "email": "", "role": "Viewer",
        }]}}),
        _ => json!({}),
    }
}

async fn status(world: &World, Row(method, pattern, _): &Row, cookie: Option<&str>) -> u16 {
    let path = pattern
        .replace("{id}", TOKEN)
        .replace("{icon}", &"0".repeat(64))
        .replace("{*path}", "none.js")
        .replace("{*rest}", "none");
    let answer = match *method {
        "GET" => world.get(&path, cookie).await,
        _ if path.starts_with("/fn/") => {
            let body = json(&path).to_string();
            world.call(&path, cookie, &body).await
        }
        _ if path == "/uploads/icon" => world.upload(cookie, "image/png", picture()).await,
        _ => world.post(&path, cookie, &[]).await,
    };
    answer.status
}

#[tokio::test]
async fn every_route_answers_every_caller_as_the_table_says() {
    let shared = World::new().await;
    let mut wrong = Vec::new();
    for (place, caller) in Caller::ALL.into_iter().enumerate() {
        for row in TABLE {
            // A world of its own: some routes end the sign-in or count as a failed try.
            let changes = row.0 == "POST" && !row.1.starts_with("/fn/");
            let world = if changes {
                &World::new().await
            } else {
                &shared
            };
            let cookie = world.cookie(caller).await;
            let status = status(world, row, cookie.as_deref()).await;
            if status != row.2[place] {
                wrong.push(format!(
                    "{} {} by {caller:?}: {status}, not {}",
                    row.0, row.1, row.2[place]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_route_that_is_not_in_the_table_does_not_exist() {
    let world = World::new().await;
    let listed: BTreeSet<_> = TABLE.iter().map(|row| row.1.to_owned()).collect();
    // axum offers no list of its routes but prints them.
    let printed = format!("{:?}", world.router);
    let routed: BTreeSet<_> = printed
        .split('"')
        .filter(|part| part.starts_with('/') && !part.starts_with("/public/v1"))
        .map(str::to_owned)
        .collect();
    assert!(
        routed.len() > 10,
        "the routes are no longer printed: {printed}"
    );
    let unlisted: Vec<_> = routed
        .iter()
        .filter(|path| !listed.contains(*path) && !path.contains("__private"))
        .collect();
    assert!(unlisted.is_empty(), "not in the table: {unlisted:?}");
    let gone: Vec<_> = listed.difference(&routed).collect();
    assert!(gone.is_empty(), "in the table, but not routed: {gone:?}");
}

#[tokio::test]
async fn a_token_of_another_account_does_not_exist() {
    let world = World::new().await;
    let operator = world.cookie(Caller::Operator).await;
    let admin = world.cookie(Caller::Admin).await;
    let path = format!("/settings/api-tokens/{TOKEN}");
    assert_eq!(
        world.get(&path, operator.as_deref()).await.status,
        200,
        "operators see every account"
    );
    for path in [
        "/settings/api-tokens/TKN-9999-9999",
        "/settings/api-tokens/nonsense",
        "/settings/api-tokens/TKN-0000-0000",
    ] {
        let answer = world.get(path, admin.as_deref()).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn other_spellings_of_a_path_open_nothing() {
    let world = World::new().await;
    let status = |path: &'static str| world.get(path, None);
    for path in [
        "//settings/api-tokens",
        "/settings//api-tokens",
        "/settings/./api-tokens",
        "/x/../settings/api-tokens",
        "/settings/api-tokens/",
        "/settings%2fapi-tokens",
        "/%73ettings/api-tokens",
        "/SETTINGS/API-TOKENS",
    ] {
        let answer = status(path).await;
        assert!(
            [303, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.text().contains("Robot 1"), "{path}");
    }
}
