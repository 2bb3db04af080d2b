//! A secret on its way to the one person who may see it (T-24, T-28).

use crate::support::{Caller, TOKEN, World};

const SHOW: &str = r#"{"id":"TKN-1234-1234","purpose":"Show"}"#;

#[tokio::test]
async fn a_secret_is_answered_to_a_post_and_kept_in_no_cache() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let answer = world
        .call("/fn/reveal_secret", cookie.as_deref(), SHOW)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let secret = answer.json().as_str().unwrap().to_owned();
    assert!(secret.starts_with("lk_") && secret.len() == 39);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("content-type"), "application/json");
    let asked = format!("/fn/reveal_secret?id={TOKEN}&purpose=Show");
    assert_eq!(world.get(&asked, cookie.as_deref()).await.status, 405);
    // Nowhere else, with and without the eye open.
    for path in [
        "/settings/api-tokens".to_owned(),
        format!("/settings/api-tokens/{TOKEN}"),
        format!("/settings/api-tokens/{TOKEN}?tab=audit-trail"),
        format!("/settings/api-tokens/{TOKEN}/edit"),
        "/settings/audit-trail".to_owned(),
    ] {
        let page = world.get(&path, cookie.as_deref()).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains(&secret[7..]), "{path}");
    }
}

#[tokio::test]
async fn an_old_password_is_asked_for_and_then_the_secret_is_shown() {
    let world = World::with(&[("reauth_minutes", "1")]).await;
    let cookie = world.cookie(Caller::Admin).await;
    world.clock.advance(61);
    let answer = world
        .call("/fn/reveal_secret", cookie.as_deref(), SHOW)
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["code"], "password_needed");
    assert_eq!(answer.header("cache-control"), "no-store");
    for (password, status) in [("wrong", 422), ("tide lamp orbit 42", 429)] {
        let body = format!(r#"{{"password":"{password}"}}"#);
        let answer = world
            .call("/fn/confirm_password", cookie.as_deref(), &body)
            .await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(!answer.text().contains(password));
    }
    world.clock.advance(1);
    let answer = world
        .call(
            "/fn/confirm_password",
            cookie.as_deref(),
            r#"{"password":"tide lamp orbit 42"}"#,
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = world
        .call("/fn/reveal_secret", cookie.as_deref(), SHOW)
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_setting_of_the_installation_holds() {
    let world = World::with(&[("reveal", "once")]).await;
    let cookie = world.cookie(Caller::Admin).await;
    for status in [200, 409] {
        let answer = world
            .call("/fn/reveal_secret", cookie.as_deref(), SHOW)
            .await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let world = World::with(&[("reveal", "never")]).await;
    let cookie = world.cookie(Caller::Admin).await;
    let answer = world
        .call("/fn/reveal_secret", cookie.as_deref(), SHOW)
        .await;
    assert_eq!(answer.status, 409);
}
