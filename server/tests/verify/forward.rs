//! Forward authentication: what a gateway asks, and what it hears (H-4).

use super::world::*;
use axum::{
    body::Body,
    http::{Request, header::AUTHORIZATION},
};

#[tokio::test]
async fn a_good_token_is_let_in_and_told_to_the_service_behind() {
    let answer = verify(&world().await, "?module=billing", SINGLE).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("x-token-id"), SINGLE_ID);
    assert_eq!(answer.header("x-token-name"), "Zo%C3%AB%27s%20robot");
    assert_eq!(answer.header("x-token-account"), "ACC-0001-0002");
    assert_eq!(answer.header("x-token-modules"), "billing");
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = verify(&world().await, "", DOUBLE).await;
    assert_eq!(
        answer.header("x-token-modules"),
        "billing,catalog,access-management"
    );
}

#[tokio::test]
async fn every_token_hears_what_its_modules_and_state_say() {
    let world = world().await;
    for (secret, query, status) in [
        (SINGLE, "", 200),
        (SINGLE, "?module=billing", 200),
        (SINGLE, "?module=catalog", 403),
        (SINGLE, "?module=billing&module=catalog", 403),
        (SINGLE, "?any=billing&any=catalog", 200),
        (SINGLE, "?any=catalog", 403),
        (SINGLE, "?module=billing&any=catalog", 403),
        (DOUBLE, "?module=billing&module=catalog", 200),
        (DOUBLE, "?module=catalog&any=billing&any=reports", 200),
        (NARROW, "", 200),
        (NARROW, "?module=billing", 403),
        (OTHER, "?module=billing", 200),
        (DISABLED, "?module=billing", 401),
        (DISABLED, "", 401),
        (DELETED, "", 401),
        (NOBODY, "", 401),
        ("lk_x", "", 401),
        ("", "", 401),
        // What a client appends behind a gateway's own words asks for nothing.
        (
            SINGLE,
            "?module=billing&path=/x?module=catalog&any=reports",
            200,
        ),
        (SINGLE, "?module=catalog&path=/x?module=billing", 403),
        (SINGLE, "?path=/x&module=billing", 403),
    ] {
        let answer = verify(&world, query, secret).await;
        assert_eq!(answer.status, status, "{secret} {query}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_set_up_wrongly_lets_nobody_in() {
    let world = world().await;
    for query in [
        "?module=biling",
        "?module=",
        "?module",
        "?module=billing&module=biling",
        "?any=billing&any=biling",
        "?module=BILLING",
        "?module=billing%20",
        "?module=billing,catalog",
        "?modul=billing",
        "?require=billing",
        "?module=billing&x=1",
        "?module=%FF",
        "?module=MOD-0478",
    ] {
        let answer = verify(&world, query, SINGLE).await;
        assert_eq!(answer.status, 403, "{query}");
    }
}

/// Which modules there are in an installation is not for every token to hear.
#[tokio::test]
async fn a_client_cannot_tell_a_module_that_it_lacks_from_one_that_does_not_exist() {
    let world = world().await;
    let [lacking, none] = [
        verify(&world, "?module=reports", SINGLE).await,
        verify(&world, "?module=reportz", SINGLE).await,
    ];
    assert_eq!(lacking.body, none.body);
    let scope = |code: &str| {
        format!(r#"Bearer realm="Latchkey", error="insufficient_scope", scope="{code}""#)
    };
    assert_eq!(lacking.header("www-authenticate"), scope("reports"));
    assert_eq!(none.header("www-authenticate"), scope("reportz"));
    // What is no code at all does not come back.
    let answer = verify(&world, "?module=%22,x=%22", SINGLE).await;
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="Latchkey", error="insufficient_scope""#
    );
}

#[tokio::test]
async fn a_refusal_of_a_secret_is_the_same_whatever_is_wrong_with_it() {
    let world = world().await;
    let same = verify(&world, "?module=billing", NOBODY).await;
    assert_eq!(same.header("content-type"), "application/problem+json");
    assert_eq!(same.json()["title"], "Authentication Failed");
    let long = format!("lk_{}", "x".repeat(5_000));
    for secret in [
        DISABLED,
        DELETED,
        "lk_x",
        "",
        "§",
        &long,
        &NOBODY.to_lowercase(),
        &NOBODY[..38],
    ] {
        let answer = verify(&world, "?module=billing", secret).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.headers, same.headers, "{secret}");
        assert_eq!(answer.body, same.body, "{secret}");
    }
    // Nor does it tell whether the module exists.
    let answer = verify(&world, "?module=biling", NOBODY).await;
    assert_eq!((answer.headers, answer.body), (same.headers, same.body));
}

#[tokio::test]
async fn any_method_hears_the_same() {
    let world = world().await;
    for method in [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND",
    ] {
        let request = asking("?module=billing", SINGLE).method(method);
        let answer = sent(&world, request).await;
        assert_eq!(answer.status, 200, "{method}");
        assert_eq!(answer.header("x-token-id"), SINGLE_ID, "{method}");
        let request = Request::builder().method(method).uri(VERIFY);
        assert_eq!(sent(&world, request).await.status, 401, "{method}");
    }
}

#[tokio::test]
async fn cookies_origins_and_bodies_do_not_matter() {
    let world = world().await;
    let request = asking("?module=billing", SINGLE)
        .method("POST")
        .header("cookie", "sid=stolen; __Host-sid=stolen")
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "multipart/form-data")
        .header("content-length", "9999999999")
        .header("expect", "100-continue");
    let answer = world
        .send(request.body(Body::from("not read")).unwrap())
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn a_secret_counts_in_the_header_only() {
    let world = world().await;
    for query in [
        format!("?access_token={SINGLE}"),
        format!("?token={SINGLE}"),
        format!("?module=billing&path=/x?access_token={SINGLE}"),
    ] {
        let request = Request::get(format!("{VERIFY}{query}"));
        assert_eq!(sent(&world, request).await.status, 401, "{query}");
    }
    let request = Request::post(VERIFY)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("access_token={SINGLE}")));
    assert_eq!(world.send(request.unwrap()).await.status, 401);
    for name in [
        "x-api-key",
        "proxy-authorization",
        "x-forwarded-authorization",
        "cookie",
    ] {
        let request = Request::get(VERIFY).header(name, format!("Bearer {SINGLE}"));
        assert_eq!(sent(&world, request).await.status, 401, "{name}");
    }
}

#[tokio::test]
async fn what_a_client_says_of_its_own_address_changes_no_verdict() {
    let world = world().await;
    for (name, value) in [
        ("x-forwarded-uri", "/auth/verify"),
        ("x-forwarded-uri", "/public?module=billing"),
        ("x-forwarded-method", "OPTIONS"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-original-url", "/healthz"),
        ("x-original-method", "GET"),
        ("x-envoy-original-path", "/healthz"),
        ("forwarded", "for=127.0.0.1"),
        ("x-token-id", SINGLE_ID),
        ("x-token-modules", "catalog"),
    ] {
        let allowed = asking("?module=billing", SINGLE).header(name, value);
        let refused = asking("?module=catalog", SINGLE).header(name, value);
        let nobody = Request::get(VERIFY).header(name, value);
        let allowed = sent(&world, allowed).await;
        assert_eq!(allowed.status, 200, "{name}");
        assert_eq!(allowed.header("x-token-modules"), "billing", "{name}");
        assert_eq!(sent(&world, refused).await.status, 403, "{name}");
        assert_eq!(sent(&world, nobody).await.status, 401, "{name}");
    }
}

#[tokio::test]
async fn two_credentials_are_none() {
    let world = world().await;
    for second in [SINGLE, NOBODY, DOUBLE] {
        let request = asking("", SINGLE).header(AUTHORIZATION, format!("Bearer {second}"));
        let answer = sent(&world, request).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("x-token-id"), "");
    }
    let one_line = asking("", &format!("{SINGLE}, Bearer {SINGLE}"));
    assert_eq!(sent(&world, one_line).await.status, 401);
}

#[tokio::test]
async fn other_spellings_of_the_address_are_other_addresses() {
    let world = world().await;
    for path in [
        "/auth/verify/",
        "/auth//verify",
        "/auth/verify/x",
        "/auth/%76erify",
        "/auth",
    ] {
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {SINGLE}"));
        let answer = sent(&world, request).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("x-token-id"), "", "{path}");
    }
}

#[tokio::test]
async fn a_stranger_that_runs_wild_is_told_to_wait_and_a_gateway_never() {
    let world = with(&[
        ("rate_limit_address", "2"),
        ("trusted_proxies", "10.0.0.0/8"),
    ])
    .await;
    for allowed in [true, true, false] {
        let answer = sent(&world, from("192.0.2.1", asking("", SINGLE))).await;
        assert_eq!(answer.status, if allowed { 200 } else { 429 });
        if !allowed {
            assert_eq!(answer.json()["title"], "Too Many Requests");
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=61).contains(&wait), "{wait}");
        }
    }
    for _ in 0..10 {
        let request = from("10.0.0.1", asking("", SINGLE)).header("x-forwarded-for", "192.0.2.1");
        assert_eq!(sent(&world, request).await.status, 200);
    }
}
