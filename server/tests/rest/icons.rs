//! `GET` and `PUT /public/v1/accounts/api-tokens/{id}/icon`.

use crate::{
    rest::world::*,
    support::{Answer, World},
};
use axum::{body::Body, http::Request};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use serde_json::json;

fn png(side: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let pixels = vec![200; (side * side * 3) as usize];
    PngEncoder::new(&mut file)
        .write_image(&pixels, side, side, ExtendedColorType::Rgb8)
        .unwrap();
    file
}

async fn put(world: &World, secret: &str, file: Vec<u8>) -> Answer {
    let request = Request::put(format!("{TOKENS}/{WEAK_ID}/icon"))
        .header("authorization", format!("Bearer {secret}"))
        .header("content-type", "image/png")
        .body(Body::from(file))
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn a_picture_is_set_read_shown_and_taken_away() {
    let world = world().await;
    let path = format!("{TOKENS}/{WEAK_ID}");
    assert_eq!(
        get(&world, &format!("{path}/icon"), CLIENT).await.status,
        404
    );
    let answer = put(&world, CLIENT, png(8)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["icon"], format!("{path}/icon"));
    assert_eq!(answer.json()["revision"], 2);
    let icon = get(&world, &format!("{path}/icon"), CLIENT).await;
    assert_eq!(
        (icon.status, icon.header("content-type")),
        (200, "image/png")
    );
    assert_eq!(&icon.body[1..4], b"PNG");
    let with = get(&world, &format!("{TOKENS}?ne(icon,null())"), CLIENT).await;
    assert_eq!(ids(&with), [WEAK_ID]);
    let by_address = get(&world, &format!("{TOKENS}?icon='{path}/icon'"), CLIENT).await;
    assert_eq!(ids(&by_address), [WEAK_ID]);
    let gone = send(&world, "PUT", &path, CLIENT, json!({"icon": ""}))
        .await
        .json();
    assert!(gone.get("icon").is_none());
    assert_eq!(
        get(&world, &format!("{path}/icon"), CLIENT).await.status,
        404
    );
}

#[tokio::test]
async fn what_is_no_picture_or_not_one_s_own_is_refused() {
    let world = world().await;
    for file in [b"<svg/>".to_vec(), Vec::new(), png(5_000)] {
        let answer = put(&world, CLIENT, file).await;
        assert_eq!(answer.status, 400);
        assert!(
            answer.json()["errors"].get("icon").is_some(),
            "{}",
            answer.text()
        );
    }
    assert_eq!(
        put(&world, CLIENT, vec![0; 6 * 1_024 * 1_024]).await.status,
        413
    );
    assert_eq!(put(&world, VENDOR, png(8)).await.status, 404);
    assert_eq!(put(&world, WEAK, png(8)).await.status, 403);
    let path = format!("{TOKENS}/{WEAK_ID}");
    assert_eq!(get(&world, &path, CLIENT).await.json()["revision"], 1);
    assert_eq!(put(&world, CLIENT, png(8)).await.status, 200);
    assert_eq!(
        get(&world, &format!("{path}/icon"), VENDOR).await.status,
        404
    );
}
