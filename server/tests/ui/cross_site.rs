//! What another site can make a browser send.

use crate::support::{Caller, ORIGIN, PASSWORD, World, encode, page, with_cookie};
use axum::{
    body::Body,
    http::{Method, Request},
};

/// A form post to sign out, with these headers and a session.
async fn sign_out(world: &World, headers: &[(&str, &str)]) -> u16 {
    let cookie = world.cookie(Caller::Admin).await;
    let mut request = Request::post("/sign-out")
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world
        .send(
            with_cookie(request, cookie.as_deref())
                .body(Body::empty())
                .unwrap(),
        )
        .await
        .status
}

#[tokio::test]
async fn only_our_own_pages_can_act_for_a_person() {
    let world = World::new().await;
    for (status, headers) in [
        (303, &[("sec-fetch-site", "same-origin")][..]),
        (303, &[("sec-fetch-site", "none")]),
        (
            303,
            &[("sec-fetch-site", "same-origin"), ("origin", ORIGIN)],
        ),
        (303, &[("origin", ORIGIN)]),
        (403, &[("sec-fetch-site", "cross-site")]),
        (403, &[("sec-fetch-site", "same-site")]),
        (403, &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)]),
        (403, &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)]),
        (403, &[("sec-fetch-site", "")]),
        (403, &[("sec-fetch-site", "SAME-ORIGIN")]),
        (403, &[("origin", "https://evil.example")]),
        (403, &[("origin", "null")]),
        (403, &[("origin", "http://127.0.0.1:3001")]),
        (403, &[]),
    ] {
        assert_eq!(sign_out(&world, headers).await, status, "{headers:?}");
    }
}

#[tokio::test]
async fn a_refused_request_changes_nothing() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let request = Request::post("/sign-out")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = world
        .send(
            with_cookie(request, cookie.as_deref())
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["code"], "forbidden");
    assert_eq!(
        world
            .get("/settings/api-tokens", cookie.as_deref())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_program_without_cookies_need_not_say_where_it_is() {
    let world = World::new().await;
    let request = Request::post("/sign-in")
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    let body = encode(&[("email", Caller::Admin.email()), ("password", PASSWORD)]);
    assert_eq!(
        world
            .send(request.body(Body::from(body)).unwrap())
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn another_site_cannot_sign_a_person_in() {
    let world = World::new().await;
    let request = Request::post("/sign-in")
        .header("host", "127.0.0.1:3000")
        .header("origin", "https://evil.example")
        .header("content-type", "application/x-www-form-urlencoded");
    let body = encode(&[("email", Caller::Admin.email()), ("password", PASSWORD)]);
    let answer = world.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!((answer.status, answer.session()), (403, None));
}

#[tokio::test]
async fn a_server_function_takes_json_from_our_own_origin_only() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for (status, kind, site) in [
        (200, "application/json", "same-origin"),
        (200, "application/json; charset=utf-8", "same-origin"),
        (403, "application/json", "cross-site"),
        (403, "text/plain", "cross-site"),
        (415, "text/plain", "same-origin"),
        (415, "application/x-www-form-urlencoded", "same-origin"),
        (415, "multipart/form-data; boundary=x", "same-origin"),
        (415, "application/jsonx", "same-origin"),
        (415, "", "same-origin"),
    ] {
        let request = Request::post("/fn/list_sign_ins")
            .header("sec-fetch-site", site)
            .header("content-type", kind);
        let request = with_cookie(request, cookie.as_deref())
            .body(Body::from("{}"))
            .unwrap();
        assert_eq!(world.send(request).await.status, status, "{kind} {site}");
    }
}

#[tokio::test]
async fn every_server_function_is_post_and_known_to_the_router() {
    let world = World::new().await;
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() >= 5, "{functions:?}");
    for (path, method) in functions {
        assert_eq!(method, Method::POST, "{path}");
        assert!(path.starts_with("/fn/"), "{path}");
        assert_eq!(world.get(path, None).await.status, 405, "{path}");
    }
}

#[tokio::test]
async fn no_answer_lets_another_site_read_it() {
    let world = World::new().await;
    let request = page("/settings/api-tokens")
        .header("origin", "https://evil.example")
        .body(Body::empty())
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert!(answer.header("vary").contains("Origin"));
}

#[tokio::test]
async fn a_link_from_another_site_loads_the_page_again_once_and_then_asks_to_sign_in() {
    let world = World::new().await;
    let from_elsewhere = |cookie: Option<&str>| {
        let request = Request::get("/settings/api-tokens?page=2")
            .header("sec-fetch-site", "cross-site")
            .header("accept", "text/html");
        with_cookie(request, cookie).body(Body::empty()).unwrap()
    };
    let first = world.send(from_elsewhere(None)).await;
    assert_eq!(first.status, 200);
    assert!(first.text().contains("http-equiv=\"refresh\"") && !first.text().contains("<script"));
    let mark = first.set_cookie("reloaded").unwrap();
    assert!(
        mark.contains("SameSite=Lax") && mark.contains("Max-Age=10"),
        "{mark}"
    );
    // Signed in: the reload comes from our own page, so the session comes along.
    let session = world.cookie(Caller::Admin).await.unwrap();
    let again = world
        .get(
            "/settings/api-tokens?page=2",
            Some(&format!("reloaded=1; {session}")),
        )
        .await;
    assert_eq!(again.status, 200);
    assert!(again.set_cookie("reloaded").unwrap().contains("Max-Age=0"));
    // Not signed in: asked to, and brought back afterwards.
    let again = world
        .get("/settings/api-tokens?page=2", Some("reloaded=1"))
        .await;
    assert_eq!(
        (again.status, again.location()),
        (303, "/sign-in?next=%2Fsettings%2Fapi%2Dtokens%3Fpage%3D2")
    );
    // A browser that still says cross-site is not sent round for ever.
    let again = world.send(from_elsewhere(Some("reloaded=1"))).await;
    assert_eq!(again.status, 303);
    assert!(again.set_cookie("reloaded").unwrap().contains("Max-Age=0"));
}
