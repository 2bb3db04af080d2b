//! Programs of three accounts, each with its token.

use crate::support::{Answer, World};
use axum::{
    body::Body,
    http::{
        Request,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
};
use serde_json::Value;

/// A token of Operations with every module.
pub const OPS: &str = "lk_MWUVsv9W9wS0BKjjlTRLdut8adqiV91U76RB";
/// Its id.
pub const OPS_ID: &str = "TKN-0001-0001";
/// A token of a Client.
pub const CLIENT: &str = "lk_gSlgAzjSW1V0Se2eMYVTQIAEy4DqaQ40O9C1";
/// Its id.
pub const CLIENT_ID: &str = "TKN-0001-0002";
/// A token of a Vendor.
pub const VENDOR: &str = "lk_kf39zecpbvu258y0FlSskCyC0M7mcC0Q8WQu";
/// Its id.
pub const VENDOR_ID: &str = "TKN-0001-0003";
/// A token of the Client without modules.
pub const WEAK: &str = "lk_cCwDOCLLGolj6bJ46u8LI8H2iMFrCZ30PHZp";
/// Its id.
pub const WEAK_ID: &str = "TKN-0001-0004";
/// A token that is well formed and nobody's.
pub const UNKNOWN: &str = "lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

pub const TOKENS: &str = "/public/v1/accounts/api-tokens";
pub const MODULES: &str = "/public/v1/accounts/modules";
pub const RECORDS: &str = "/public/v1/audit/records";
pub const EVENT_TYPES: &str = "/public/v1/audit/event-types";

const FILE: &str = r#"{
 "modules":[
  {"id":"MOD-0478","name":"Billing","code":"billing","description":"Invoices"},
  {"id":"MOD-0479","name":"Health","code":"health","settings":{"default":true,"configurable":false}},
  {"id":"MOD-0480","name":"Reports","code":"reports","accountTypes":["Client"],"settings":{"default":true,"paid":true}}],
 "accounts":[
  {"id":"ACC-0001-0001","name":"Operations","type":"Operations","modules":["access-management","platform-account-management","audit-trail","token-verification","billing"]},
  {"id":"ACC-0001-0002","name":"Stark Industries","type":"Client","modules":["access-management","audit-trail","billing","health","reports"]},
  {"id":"ACC-0001-0003","name":"Wayne","type":"Vendor","modules":["access-management","audit-trail","billing"]}],
 "users":[
  {"id":"USR-0001-0001","account":"ACC-0001-0002","name":"Ada","email":"admin@example.com","role":"Administrator","password":"tide lamp orbit 42"}],
 "tokens":[
  {"id":"TKN-0001-0001","account":"ACC-0001-0001","name":"Ops robot","modules":["access-management","platform-account-management","audit-trail","billing"],"secret":"lk_MWUVsv9W9wS0BKjjlTRLdut8adqiV91U76RB"},
  {"id":"TKN-0001-0002","account":"ACC-0001-0002","name":"Client robot","description":"first","modules":["access-management","audit-trail","billing","reports"],"secret":"lk_gSlgAzjSW1V0Se2eMYVTQIAEy4DqaQ40O9C1","createdBy":"USR-0001-0001","createdAt":"2026-01-02T03:04:05.678Z"},
  {"id":"TKN-0001-0003","account":"ACC-0001-0003","name":"Vendor robot","modules":["access-management","audit-trail"],"secret":"lk_kf39zecpbvu258y0FlSskCyC0M7mcC0Q8WQu"},
  {"id":"TKN-0001-0004","account":"ACC-0001-0002","name":"Weak robot","modules":[],"secret":"lk_cCwDOCLLGolj6bJ46u8LI8H2iMFrCZ30PHZp","createdBy":"USR-0001-0001","createdAt":"2026-02-02T00:00:00.000Z"}]}"#;

/// The world, without limits of requests.
pub async fn world() -> World {
    with(&[("rate_limit_token", "0"), ("rate_limit_address", "0")]).await
}

/// The world with these settings.
pub async fn with(settings: &[(&'static str, &str)]) -> World {
    World::provisioned(FILE, settings).await
}

/// A request as a program sends it.
pub fn request(method: &str, path: &str, secret: &str, body: Option<&Value>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !secret.is_empty() {
        request = request.header(AUTHORIZATION, format!("Bearer {secret}"));
    }
    match body {
        Some(body) => request
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    }
    .unwrap()
}

pub async fn get(world: &World, path: &str, secret: &str) -> Answer {
    world.send(request("GET", path, secret, None)).await
}

pub async fn send(world: &World, method: &str, path: &str, secret: &str, body: Value) -> Answer {
    world.send(request(method, path, secret, Some(&body))).await
}

/// A call without a body.
pub async fn act(world: &World, method: &str, path: &str, secret: &str) -> Answer {
    world.send(request(method, path, secret, None)).await
}

/// The ids of the rows of a list.
pub fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let rows = body["data"].as_array().unwrap_or_else(|| panic!("{body}"));
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Adds a token and gives its id and secret.
pub async fn added(world: &World, by: &str, body: Value) -> (String, String) {
    let answer = send(world, "POST", TOKENS, by, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let token = answer.json();
    let text = |name: &str| token[name].as_str().unwrap().to_owned();
    (text("id"), text("token"))
}
