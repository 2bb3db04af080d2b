//! When the database is away, nobody is let in of whom it is not certain, and nobody is told that his secret is bad.

use super::world::*;
use axum::http::{Request, header::AUTHORIZATION};

#[tokio::test]
async fn without_the_database_what_is_not_certain_is_unavailable() {
    let world = world().await;
    world.service.learn_secrets().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
    world.service.close().await;
    // A token that is not in memory needs the database.
    let answer = verify(&world, "", DOUBLE).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    // From the moment when changes cannot be read, nothing in memory is certain either, nor what is not in it.
    world.service.follow_changes().await;
    for secret in [SINGLE, DISABLED, NOBODY] {
        assert_eq!(verify(&world, "", secret).await.status, 503, "{secret}");
    }
    assert_eq!(introspect(&world, SERVICE, SINGLE).await.status, 503);
    let rest = crate::rest::world::get(&world, crate::rest::world::TOKENS, DOUBLE).await;
    assert_eq!(rest.status, 503);
    // What is no secret at all, or missing, is so for certain.
    assert_eq!(verify(&world, "", "lk_x").await.status, 401);
    assert_eq!(sent(&world, Request::get(VERIFY)).await.status, 401);
    assert_eq!(sent(&world, Request::get("/readyz")).await.status, 503);
    assert_eq!(sent(&world, Request::get("/livez")).await.status, 200);
}

#[tokio::test]
async fn uses_that_cannot_be_written_wait_and_a_figure_says_so() {
    let world = world().await;
    verify(&world, "", SINGLE).await;
    assert_eq!(world.service.figures().use_write_failures, 0);
    world.service.close().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
    for failures in 1..3 {
        world.service.write_uses().await;
        let figures = world.service.figures();
        assert_eq!(
            (figures.use_write_failures, figures.waiting_uses),
            (failures, 1)
        );
    }
    let text = world.metrics.text(&world.service.figures()).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("latchkey_use_write_failures_total 2"),
        "{text}"
    );
}

#[tokio::test]
async fn a_header_of_any_bytes_is_refused_without_harm() {
    let world = world().await;
    for bytes in [
        &b"Bearer \xff\xfe"[..],
        b"Bearer \tlk_x",
        b"Bearer lk_\x80",
        b"Bearer  ",
        b" Bearer lk_x",
    ] {
        let request = Request::get(VERIFY).header(AUTHORIZATION, bytes);
        assert_eq!(sent(&world, request).await.status, 401, "{bytes:?}");
    }
}
