//! What every response says to the browser.

use crate::support::{Answer, Caller, TOKEN, World, page, with_cookie};
use axum::{body::Body, http::Request};

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, rest) = policy
        .split_once("'nonce-")
        .unwrap_or_else(|| panic!("no nonce: {policy}"));
    rest.split('\'').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_response_carries_the_protecting_headers() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for path in [
        "/livez",
        "/sign-in",
        "/settings/api-tokens",
        "/nowhere",
        "/pkg/nothing.js",
        "/favicon.svg",
        "/fn/nothing",
    ] {
        let answer = world.get(path, cookie.as_deref()).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            (
                "permissions-policy",
                "camera=(), microphone=(), geolocation=()",
            ),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "{path}: no TLS here"
        );
    }
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_with_it() {
    let world = World::with(&[("public_url", "https://tokens.example.com")]).await;
    assert_eq!(
        world
            .get("/livez", None)
            .await
            .header("strict-transport-security"),
        "max-age=63072000; includeSubDomains"
    );
}

#[tokio::test]
async fn pages_and_answers_are_kept_in_no_cache() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for path in ["/settings/api-tokens", "/sign-in", "/nowhere", "/livez"] {
        assert_eq!(
            world
                .get(path, cookie.as_deref())
                .await
                .header("cache-control"),
            "no-store",
            "{path}"
        );
    }
    let answer = world
        .call("/fn/list_sign_ins", cookie.as_deref(), "{}")
        .await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, "no-store")
    );
}

#[tokio::test]
async fn what_is_no_page_may_do_nothing() {
    let world = World::new().await;
    for answer in [
        world.get("/livez", None).await,
        world.call("/fn/list_sign_ins", None, "{}").await,
    ] {
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'; sandbox"
        );
    }
}

#[tokio::test]
async fn a_page_s_nonce_is_in_its_policy_and_in_nonce_attributes_only() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for path in [
        "/settings/api-tokens",
        &format!("/settings/api-tokens/{TOKEN}"),
        "/sign-in",
    ] {
        let answer = world.get(path, cookie.as_deref()).await;
        if answer.status == 303 {
            continue;
        }
        let (nonce, html) = (nonce(&answer), answer.text());
        assert!(nonce.len() >= 22, "{nonce}");
        let attributes = html.matches(&format!("nonce=\"{nonce}\"")).count();
        assert!(attributes > 0, "{path}");
        assert_eq!(html.matches(&nonce).count(), attributes, "{path}");
        assert!(
            !html.contains(" style="),
            "{path}: a style attribute is against the policy"
        );
        for part in html.split("<script").skip(1) {
            assert!(
                part.split('>').next().unwrap().contains(&nonce),
                "{path}: a script without the nonce"
            );
        }
    }
}

#[tokio::test]
async fn no_two_pages_share_a_nonce() {
    let world = World::new().await;
    assert_ne!(
        nonce(&world.get("/sign-in", None).await),
        nonce(&world.get("/sign-in", None).await)
    );
}

#[tokio::test]
async fn an_unknown_method_is_refused_with_what_is_allowed() {
    let world = World::new().await;
    for (method, path, allow) in [
        ("DELETE", "/settings/api-tokens", "GET,HEAD"),
        ("GET", "/sign-out", "POST"),
        ("PUT", "/sign-in", "GET,HEAD,POST"),
        ("TRACE", "/livez", "GET,HEAD"),
        ("GET", "/fn/list_tokens", "POST"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000");
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_page_for_people_and_json_for_programs() {
    let world = World::new().await;
    let answer = world.get("/fn/nothing", None).await;
    assert_eq!(answer.status, 404);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(
        answer.text().contains(answer.header("x-request-id"))
            && answer.text().contains("/pkg/latchkey.css")
    );
    let answer = world.call("/fn/nothing", None, "{}").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (404, "application/json")
    );
    assert_eq!(answer.json()["code"], "not_found");
    assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
}

#[tokio::test]
async fn the_theme_in_the_cookie_is_the_theme_of_the_page() {
    let world = World::new().await;
    for (cookie, theme) in [
        ("theme=dark", "dark"),
        ("theme=light", "light"),
        ("theme=\"><script>", "system"),
    ] {
        let request = with_cookie(page("/sign-in"), Some(cookie))
            .body(Body::empty())
            .unwrap();
        let html = world.send(request).await.text();
        assert!(
            html.contains(&format!("data-theme=\"{theme}\"")),
            "{cookie}"
        );
    }
}
