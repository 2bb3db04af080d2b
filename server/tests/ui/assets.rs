//! The files of the browser's half.

use crate::support::{World, page};
use axum::{body::Body, http::Request};
use server::http::assets;

#[tokio::test]
async fn the_mark_is_a_picture_that_may_do_nothing() {
    let world = World::new().await;
    let answer = world.get("/favicon.svg", None).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "image/svg+xml")
    );
    assert!(answer.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn an_unknown_file_is_not_found_and_no_path_leaves_the_folder() {
    let world = World::new().await;
    for path in [
        "/pkg/none.js",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/%2e%2e/Cargo.toml",
        "/pkg/..%2f..%2fCargo.toml",
        "/pkg//etc/passwd",
    ] {
        assert_eq!(world.get(path, None).await.status, 404, "{path}");
    }
}

/// The site is built before the tests of a release; in a clean clone there is nothing to serve yet.
#[tokio::test]
async fn a_built_file_is_served_compressed_tagged_and_pinned_by_its_version() {
    let world = World::new().await;
    let plain = world.get("/pkg/latchkey.css", None).await;
    if plain.status == 404 {
        return;
    }
    assert_eq!(plain.header("cache-control"), "no-cache");
    assert_eq!(
        plain.header("vary").split(", ").next(),
        Some("Accept-Encoding")
    );
    let tag = plain.header("etag").to_owned();
    let again = page("/pkg/latchkey.css")
        .header("if-none-match", &tag)
        .body(Body::empty())
        .unwrap();
    let again = world.send(again).await;
    assert_eq!(
        (again.status, again.body.len(), again.header("etag")),
        (304, 0, tag.as_str())
    );
    let pinned = world
        .get(&format!("/pkg/latchkey.css?v={}", assets::version()), None)
        .await;
    assert_eq!(
        pinned.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let stale = world.get("/pkg/latchkey.css?v=0", None).await;
    assert_eq!(stale.header("cache-control"), "no-cache");
    let head = Request::head("/pkg/latchkey.css")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(head).await.status, 200);
    let small = page("/pkg/latchkey.css")
        .header("accept-encoding", "gzip, br")
        .body(Body::empty())
        .unwrap();
    let small = world.send(small).await;
    if small.header("content-encoding") == "br" {
        assert_ne!(
            small.header("etag"),
            tag,
            "each encoding has a tag of its own"
        );
        assert!(small.body.len() < plain.body.len());
        assert_eq!(world.get("/pkg/latchkey.css.br", None).await.status, 404);
    }
}
