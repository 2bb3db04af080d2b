//! Introspection: what a service asks, and what it hears (RFC 7662, H-3).

use super::world::*;
use axum::{
    body::Body,
    http::{Request, header::AUTHORIZATION},
};
use serde_json::json;

#[tokio::test]
async fn a_good_token_of_one_s_own_account_is_described() {
    let answer = introspect(&world().await, SERVICE, SINGLE).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.json(),
        json!({
            "active": true,
            "scope": "billing",
            "token_type": "Bearer",
            "sub": "ACC-0001-0002",
            "jti": SINGLE_ID,
            "iss": "http://127.0.0.1:3000",
            "iat": 1_767_323_045,
            "x_name": "Zoë's robot",
            "x_account": {"id": "ACC-0001-0002", "name": "Stark Industries"},
            "x_modules": [{"id": "MOD-0478", "code": "billing"}],
        })
    );
}

#[tokio::test]
async fn of_any_other_secret_nothing_is_told_but_that_it_is_not_active() {
    let world = world().await;
    let nothing = introspect(&world, SERVICE, NOBODY).await;
    assert_eq!(nothing.text(), r#"{"active":false}"#);
    for secret in [DISABLED, DELETED, OTHER, GATEWAY, "lk_x", "", "%FF", "a+b"] {
        let answer = introspect(&world, SERVICE, secret).await;
        assert_eq!(
            (answer.status, answer.text()),
            (200, nothing.text()),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn who_acts_in_all_accounts_may_ask_about_all() {
    let world = world().await;
    for secret in [SINGLE, OTHER, GATEWAY] {
        let answer = introspect(&world, GATEWAY, secret).await;
        assert_eq!(answer.json()["active"], true, "{secret}");
    }
    let answer = introspect(&world, GATEWAY, DISABLED).await;
    assert_eq!(answer.text(), r#"{"active":false}"#);
}

#[tokio::test]
async fn asking_needs_a_token_with_the_module() {
    let world = world().await;
    let lacking = introspect(&world, SINGLE, SINGLE).await;
    assert_eq!(lacking.status, 403);
    assert_eq!(
        lacking.header("www-authenticate"),
        r#"Bearer realm="Latchkey", error="insufficient_scope", scope="token-verification""#
    );
    for by in [NOBODY, DISABLED, DELETED, "lk_x"] {
        let refused = introspect(&world, by, SINGLE).await;
        assert_eq!(refused.status, 401, "{by}");
        assert!(!refused.text().contains("active"), "{by}");
    }
}

#[tokio::test]
async fn the_secret_to_ask_about_stands_in_the_form_once() {
    let world = world().await;
    for form in [
        "",
        "tokens=x",
        "access_token=x",
        &format!("token={SINGLE}&token={SINGLE}"),
        &format!("token=&token={SINGLE}"),
    ] {
        let answer = world.send(question(SERVICE, form)).await;
        assert_eq!(answer.status, 400, "{form}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.text().contains(SINGLE), "{form}");
    }
    let hinted = format!("token_type_hint=access_token&token={SINGLE}&x=y");
    let answer = world.send(question(SERVICE, &hinted)).await;
    assert_eq!(answer.json()["active"], true);
    // Not in the address, where logs would keep it.
    let request = Request::post(format!("{INTROSPECT}?token={SINGLE}"))
        .header(AUTHORIZATION, format!("Bearer {SERVICE}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(request).await.status, 400);
}

#[tokio::test]
async fn a_question_in_another_form_or_by_another_method_is_none() {
    let world = world().await;
    for (kind, body) in [
        ("application/json", format!(r#"{{"token":"{SINGLE}"}}"#)),
        ("text/plain", format!("token={SINGLE}")),
        ("multipart/form-data; boundary=x", String::new()),
    ] {
        let request = Request::post(INTROSPECT)
            .header(AUTHORIZATION, format!("Bearer {SERVICE}"))
            .header("content-type", kind)
            .body(Body::from(body));
        assert_eq!(world.send(request.unwrap()).await.status, 415, "{kind}");
    }
    let request = Request::get(format!("{INTROSPECT}?token={SINGLE}"))
        .header(AUTHORIZATION, format!("Bearer {SERVICE}"));
    let answer = sent(&world, request).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    let large = format!("token={}", "x".repeat(70_000));
    assert_eq!(world.send(question(SERVICE, &large)).await.status, 413);
}

#[tokio::test]
async fn a_service_s_own_secret_counts_in_the_header_only() {
    let world = world().await;
    let form = format!("token={SINGLE}&client_id=x&client_secret={SERVICE}&access_token={SERVICE}");
    let request = Request::post(INTROSPECT)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form));
    let answer = world.send(request.unwrap()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="Latchkey""#
    );
}

#[tokio::test]
async fn services_have_no_limit_by_token_and_strangers_one_by_address() {
    let world = with(&[
        ("rate_limit_token", "1"),
        ("rate_limit_address", "3"),
        ("trusted_proxies", "10.0.0.0/8"),
    ])
    .await;
    let ask = |peer: &str| {
        let mut request = question(SERVICE, &format!("token={SINGLE}"));
        let peer: std::net::SocketAddr = format!("{peer}:1").parse().unwrap();
        request
            .extensions_mut()
            .insert(axum::extract::ConnectInfo(peer));
        request
    };
    for status in [200, 200, 200, 429] {
        assert_eq!(world.send(ask("192.0.2.1")).await.status, status);
    }
    for _ in 0..8 {
        assert_eq!(world.send(ask("10.0.0.1")).await.status, 200);
    }
}
