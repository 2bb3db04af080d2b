//! Signing in and out in a browser without script.

use crate::support::{Caller, PASSWORD, World, encode};
use axum::{body::Body, http::Request};

const TOKENS: &str = "/settings/api-tokens";

fn credentials(caller: Caller) -> [(&'static str, &'static str); 2] {
    [("email", caller.email()), ("password", PASSWORD)]
}

#[tokio::test]
async fn signing_in_leads_to_the_tokens_with_a_cookie_that_scripts_cannot_read() {
    let world = World::new().await;
    let answer = world
        .post("/sign-in", None, &credentials(Caller::Admin))
        .await;
    assert_eq!((answer.status, answer.location()), (303, TOKENS));
    let line = answer.set_cookie("sid").unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(line.contains(attribute), "{line}");
    }
    let page = world.get(TOKENS, answer.session().as_deref()).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Robot 1"));
}

#[tokio::test]
async fn over_tls_the_cookie_has_its_stricter_name() {
    let world = World::with(&[("public_url", "https://tokens.example.com")]).await;
    let answer = world
        .post("/sign-in", None, &credentials(Caller::Admin))
        .await;
    assert!(
        answer
            .set_cookie("__Host-sid")
            .unwrap()
            .contains("; Secure"),
        "{answer:?}"
    );
    assert!(answer.set_cookie("sid").is_none());
}

#[tokio::test]
async fn the_page_that_was_asked_for_comes_after_signing_in() {
    let world = World::new().await;
    let asked = world.get("/help/edit-api-token?x=1", None).await;
    assert_eq!(
        (asked.status, asked.location()),
        (303, "/sign-in?next=%2Fhelp%2Fedit%2Dapi%2Dtoken%3Fx%3D1")
    );
    let page = world.get(asked.location(), None).await;
    assert!(
        page.text().contains("value=\"/help/edit-api-token?x=1\""),
        "{}",
        page.text()
    );
    let fields = [
        &credentials(Caller::Admin)[..],
        &[("next", "/help/edit-api-token?x=1")],
    ]
    .concat();
    assert_eq!(
        world.post("/sign-in", None, &fields).await.location(),
        "/help/edit-api-token?x=1"
    );
}

#[tokio::test]
async fn no_next_address_leads_off_our_site() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\r\nx: y",
        "javascript:alert(1)",
        "/ü",
        "/sign-out",
    ] {
        let fields = [&credentials(Caller::Viewer)[..], &[("next", next)]].concat();
        assert_eq!(
            world.post("/sign-in", None, &fields).await.location(),
            TOKENS,
            "{next:?}"
        );
        let path = format!("/sign-in?{}", encode(&[("next", next)]));
        assert_eq!(
            world.get(&path, cookie.as_deref()).await.location(),
            TOKENS,
            "{next:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again_with_the_address_kept() {
    let world = World::new().await;
    let fields = [
        ("email", "admin@example.com"),
        ("password", "wrong horse battery"),
        ("next", "/help/edit-api-token"),
    ];
    let answer = world.post("/sign-in", None, &fields).await;
    assert_eq!((answer.status, answer.session()), (401, None));
    let html = answer.text();
    assert!(
        html.contains("The e-mail address or the password is not right."),
        "{html}"
    );
    assert!(
        html.contains("value=\"admin@example.com\"")
            && html.contains("value=\"/help/edit-api-token\""),
        "{html}"
    );
    assert!(!html.contains("wrong horse"), "{html}");
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer() {
    let world = World::new().await;
    let wrong = world
        .post(
            "/sign-in",
            None,
            &[("email", "admin@example.com"), ("password", "x")],
        )
        .await;
    let unknown = world
        .post(
            "/sign-in",
            None,
            &[("email", "nobody@example.com"), ("password", "x")],
        )
        .await;
    assert_eq!(wrong.status, unknown.status);
    let plain = |html: String| html.replace("admin@", "nobody@").len();
    assert_eq!(plain(wrong.text()), plain(unknown.text()));
}

#[tokio::test]
async fn too_many_wrong_tries_have_to_wait() {
    let world = World::new().await;
    for _ in 0..2 {
        world
            .post(
                "/sign-in",
                None,
                &[("email", "admin@example.com"), ("password", "x")],
            )
            .await;
    }
    let answer = world
        .post("/sign-in", None, &credentials(Caller::Admin))
        .await;
    assert_eq!(answer.status, 429);
    world.clock.advance(24 * 3_600);
    assert_eq!(
        world
            .post("/sign-in", None, &credentials(Caller::Admin))
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn a_script_signs_in_without_leaving_its_page() {
    let world = World::new().await;
    let send = |password: &str| {
        let body = encode(&[("email", "admin@example.com"), ("password", password)]);
        Request::post("/sign-in")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(Body::from(body))
            .unwrap()
    };
    let answer = world.send(send(PASSWORD)).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert!(answer.session().is_some());
    let answer = world.send(send("x")).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "unauthenticated");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_leaves_nothing_behind() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let answer = world.post("/sign-out", cookie.as_deref(), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in"));
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(answer.set_cookie("sid").unwrap().contains("Max-Age=0"));
    assert_eq!(world.get(TOKENS, cookie.as_deref()).await.status, 303);
    assert_eq!(
        world
            .call("/fn/list_sign_ins", cookie.as_deref(), "{}")
            .await
            .status,
        401
    );
    // Once more, as after a double click.
    assert_eq!(
        world.post("/sign-out", cookie.as_deref(), &[]).await.status,
        303
    );
}

#[tokio::test]
async fn signing_in_again_ends_the_sign_in_it_replaces() {
    let world = World::new().await;
    let first = world.cookie(Caller::Admin).await;
    let second = world
        .post("/sign-in", first.as_deref(), &credentials(Caller::Viewer))
        .await
        .session();
    assert_eq!(world.get(TOKENS, first.as_deref()).await.status, 303);
    assert_eq!(world.get(TOKENS, second.as_deref()).await.status, 200);
}

#[tokio::test]
async fn a_session_that_was_not_used_for_half_an_hour_is_over() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    world.clock.advance(29 * 60);
    assert_eq!(world.get(TOKENS, cookie.as_deref()).await.status, 200);
    world.clock.advance(31 * 60);
    assert_eq!(world.get(TOKENS, cookie.as_deref()).await.status, 303);
}

#[tokio::test]
async fn whoever_is_signed_in_need_not_sign_in() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    assert_eq!(
        world.get("/sign-in", cookie.as_deref()).await.location(),
        TOKENS
    );
    assert_eq!(world.get("/", cookie.as_deref()).await.location(), TOKENS);
}

#[tokio::test]
async fn nonsense_in_the_session_cookie_is_no_session_and_no_error() {
    let world = World::new().await;
    for cookie in [
        "sid=",
        "sid=x",
        &format!("sid={}", "A".repeat(43)),
        "sid=\"; DROP TABLE",
        "=;=;",
    ] {
        assert_eq!(
            world.get(TOKENS, Some(cookie)).await.status,
            303,
            "{cookie}"
        );
    }
    let good = world.cookie(Caller::Admin).await.unwrap();
    assert_eq!(
        world
            .get(TOKENS, Some(&format!("sid=x; {good}")))
            .await
            .status,
        200
    );
}
