//! When the database is away, nobody is let in of whom it is not certain, and nobody is told that his secret is bad.

use super::world::*;
use axum::http::{Request, header::AUTHORIZATION};
use std::sync::{Arc, Mutex};

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

/// Lines of the log as they are written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn look_ups_that_fail_are_told_once_a_second_however_many_there_are() {
    let world = world().await;
    world.service.learn_secrets().await;
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::ERROR)
        .with_writer(move || writer.clone())
        .finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    world.service.close().await;
    for told in 1..3 {
        for _ in 0..5 {
            assert_eq!(verify(&world, "", DOUBLE).await.status, 503);
            assert_eq!(introspect(&world, SERVICE, SINGLE).await.status, 503);
        }
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), told, "{text}");
        world.clock.advance(1);
    }
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
