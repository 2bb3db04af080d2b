//! Tokens of several accounts in every state, and gateways that ask about them.

use crate::support::{Answer, World};
use app::{domain::lifecycle::TokenAction, port::Console as _};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{
        Request,
        header::{AUTHORIZATION, CONTENT_TYPE},
        request::Builder,
    },
};
use server::service::system;
use std::net::SocketAddr;

/// A service of Operations that may ask about all accounts.
pub const GATEWAY: &str = "lk_sw0KSZFy2XPBgUm7JydSrm3tdvsemJ0yp1je";
/// A service of the Client that may ask about its own.
pub const SERVICE: &str = "lk_tesl21dIwkfaBd5FHRgKnFNNiHmboK08QAEJ";
pub const SERVICE_ID: &str = "TKN-0002-0002";
/// A token of the Client for billing.
pub const SINGLE: &str = "lk_1pmmKedkSPT7jS9EQSCcS3dwxulfCJ3zKlwa";
pub const SINGLE_ID: &str = "TKN-0002-0003";
/// One for billing and the catalog, which may also manage tokens.
pub const DOUBLE: &str = "lk_V477YhPvirwYBbpKaifSCTbwI1i1B42LPg2B";
pub const DOUBLE_ID: &str = "TKN-0002-0004";
/// One without modules.
pub const NARROW: &str = "lk_zK7nGsWzNHpQQn4FiFMwQSUmjd33qm3UTBrw";
pub const NARROW_ID: &str = "TKN-0002-0005";
/// A disabled one for billing.
pub const DISABLED: &str = "lk_Z7beAnjEUHbK60RgwcFFC3Ka3c210a4GCQXd";
pub const DISABLED_ID: &str = "TKN-0002-0006";
/// A deleted one.
pub const DELETED: &str = "lk_UVZ62oqufnw2eJCHcMaNzLqo6o2izC0PYL7a";
/// One of a Vendor for billing.
pub const OTHER: &str = "lk_TOgAsDXrcKkQZqshOfQsUVQlszwTKa0sYgmn";
/// Well formed and nobody's.
pub const NOBODY: &str = "lk_QAZOWnrGMhaBFWW8VGK3lhePbFVqSl0XcTww";

pub const VERIFY: &str = "/auth/verify";
pub const INTROSPECT: &str = "/oauth2/introspect";

const FILE: &str = r#"{
 "modules":[
  {"id":"MOD-0478","name":"Billing","code":"billing"},
  {"id":"MOD-0479","name":"Catalog","code":"catalog"},
  {"id":"MOD-0480","name":"Reports","code":"reports"}],
 "accounts":[
  {"id":"ACC-0001-0001","name":"Operations","type":"Operations","modules":["access-management","platform-account-management","audit-trail","token-verification"]},
  {"id":"ACC-0001-0002","name":"Stark Industries","type":"Client","modules":["access-management","token-verification","billing","catalog"]},
  {"id":"ACC-0001-0003","name":"Wayne","type":"Vendor","modules":["billing"]}],
 "users":[
  {"id":"USR-0001-0001","account":"ACC-0001-0002","name":"Ada","email":"admin@example.com","role":"Administrator","password":"tide lamp orbit 42"}],
 "tokens":[
  {"id":"TKN-0002-0001","account":"ACC-0001-0001","name":"Gateway","modules":["token-verification","platform-account-management","access-management","audit-trail"],"secret":"lk_sw0KSZFy2XPBgUm7JydSrm3tdvsemJ0yp1je"},
  {"id":"TKN-0002-0002","account":"ACC-0001-0002","name":"Service","modules":["token-verification"],"secret":"lk_tesl21dIwkfaBd5FHRgKnFNNiHmboK08QAEJ"},
  {"id":"TKN-0002-0003","account":"ACC-0001-0002","name":"Zoë's robot","modules":["billing"],"secret":"lk_1pmmKedkSPT7jS9EQSCcS3dwxulfCJ3zKlwa","createdAt":"2026-01-02T03:04:05.678Z"},
  {"id":"TKN-0002-0004","account":"ACC-0001-0002","name":"Double","modules":["access-management","billing","catalog"],"secret":"lk_V477YhPvirwYBbpKaifSCTbwI1i1B42LPg2B"},
  {"id":"TKN-0002-0005","account":"ACC-0001-0002","name":"Narrow","modules":[],"secret":"lk_zK7nGsWzNHpQQn4FiFMwQSUmjd33qm3UTBrw"},
  {"id":"TKN-0002-0006","account":"ACC-0001-0002","name":"Disabled","modules":["billing"],"status":"Disabled","secret":"lk_Z7beAnjEUHbK60RgwcFFC3Ka3c210a4GCQXd"},
  {"id":"TKN-0002-0007","account":"ACC-0001-0002","name":"Deleted","modules":["billing"],"secret":"lk_UVZ62oqufnw2eJCHcMaNzLqo6o2izC0PYL7a"},
  {"id":"TKN-0002-0008","account":"ACC-0001-0003","name":"Other","modules":["billing"],"secret":"lk_TOgAsDXrcKkQZqshOfQsUVQlszwTKa0sYgmn"}]}"#;

/// The world, without limits of requests.
pub async fn world() -> World {
    with(&[("rate_limit_token", "0"), ("rate_limit_address", "0")]).await
}

/// The world with these settings.
pub async fn with(settings: &[(&'static str, &str)]) -> World {
    let world = World::provisioned(FILE, settings).await;
    let id = "TKN-0002-0007".parse().unwrap();
    world
        .service
        .change_token_status(&system(), id, TokenAction::Delete, None)
        .await
        .unwrap();
    world
}

/// A gateway's question with this secret.
pub fn asking(query: &str, secret: &str) -> Builder {
    Request::get(format!("{VERIFY}{query}")).header(AUTHORIZATION, format!("Bearer {secret}"))
}

/// What a gateway hears.
pub async fn verify(world: &World, query: &str, secret: &str) -> Answer {
    sent(world, asking(query, secret)).await
}

/// Sends a request without a body.
pub async fn sent(world: &World, request: Builder) -> Answer {
    world.send(request.body(Body::empty()).unwrap()).await
}

/// A request from this address.
pub fn from(peer: &str, request: Builder) -> Builder {
    let peer: SocketAddr = format!("{peer}:40000").parse().unwrap();
    request.extension(ConnectInfo(peer))
}

/// A service's question about a secret.
pub fn question(by: &str, form: &str) -> Request<Body> {
    Request::post(INTROSPECT)
        .header(AUTHORIZATION, format!("Bearer {by}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

/// What a service hears about a secret.
pub async fn introspect(world: &World, by: &str, secret: &str) -> Answer {
    world.send(question(by, &format!("token={secret}"))).await
}
