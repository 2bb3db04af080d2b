//! Pictures on their way in and out (I-25 to I-28).

use crate::support::{Caller, TOKEN, World, page, with_cookie};
use app::domain::icon::FILE_MAX;
use axum::{
    body::{Body, Bytes},
    http::{Request, request::Builder},
};
use hyper::body::Frame;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::{
    convert::Infallible,
    io::Cursor,
    pin::Pin,
    task::{Context, Poll},
};

/// A small PNG.
pub fn picture() -> Vec<u8> {
    let pixels = RgbImage::from_pixel(12, 6, Rgb([200, 0, 100]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(pixels)
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    file.into_inner()
}

fn large(length: usize) -> Vec<u8> {
    let mut file = picture();
    file.resize(length, 0);
    file
}

fn request(cookie: Option<&str>) -> Builder {
    let request = Request::post("/uploads/icon")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "image/png")
        .header("accept", "application/json");
    with_cookie(request, cookie)
}

/// Gives the token this picture and says under which address it is.
async fn shown(world: &World, cookie: Option<&str>, icon: &str) -> String {
    let edit = format!(
        r#"{{"id":"{TOKEN}","edit":{{"revision":1,"name":"Robot 1","description":"","icon":"{icon}","reveal":"always","modules":["MOD-0478"]}}}}"#
    );
    let saved = world.call("/fn/edit_token", cookie, &edit).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    format!("/settings/api-tokens/{TOKEN}/icon/{icon}")
}

async fn uploaded(world: &World, cookie: Option<&str>) -> String {
    let answer = world.upload(cookie, "image/png", picture()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_picture_comes_back_as_what_it_was_made_into_and_can_do_nothing() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let icon = uploaded(&world, cookie.as_deref()).await;
    assert_eq!(icon.len(), 64);
    let path = shown(&world, cookie.as_deref(), &icon).await;
    for caller in [Caller::Admin, Caller::Viewer, Caller::Operator] {
        let cookie = world.cookie(caller).await;
        let answer = world.get(&path, cookie.as_deref()).await;
        assert_eq!(answer.status, 200, "{caller:?}");
        assert!(answer.body.starts_with(b"\x89PNG"));
        for (name, value) in [
            ("content-type", "image/png"),
            ("x-content-type-options", "nosniff"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'; sandbox",
            ),
            ("cross-origin-resource-policy", "same-origin"),
            ("content-disposition", "inline; filename=\"logo.png\""),
            ("cache-control", "private, max-age=31536000, immutable"),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
    }
}

#[tokio::test]
async fn a_picture_is_for_people_who_are_signed_in_and_see_its_token() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let icon = uploaded(&world, cookie.as_deref()).await;
    let before = format!("/settings/api-tokens/{TOKEN}/icon/{icon}");
    assert_eq!(
        world.get(&before, cookie.as_deref()).await.status,
        404,
        "no token shows it"
    );
    let path = shown(&world, cookie.as_deref(), &icon).await;
    let stranger = world.get(&path, None).await;
    assert_eq!(stranger.status, 401);
    assert_eq!(stranger.header("cache-control"), "no-store");
    let upper = icon.to_uppercase();
    let other = "0".repeat(64);
    for (id, icon) in [
        (TOKEN, other.as_str()),
        (TOKEN, upper.as_str()),
        (TOKEN, "logo.png"),
        (TOKEN, "..%2f..%2fetc%2fpasswd"),
        ("TKN-9999-9999", icon.as_str()),
        ("nonsense", icon.as_str()),
    ] {
        let path = format!("/settings/api-tokens/{id}/icon/{icon}");
        let answer = world.get(&path, cookie.as_deref()).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn the_content_decides_and_a_wrong_one_is_told_beside_the_field() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for kind in [
        "image/png",
        "IMAGE/PNG",
        "image/svg+xml",
        "image/jpeg",
        "application/octet-stream",
        "image/png; name=x",
    ] {
        let answer = world.upload(cookie.as_deref(), kind, picture()).await;
        assert_eq!(answer.status, 200, "{kind}");
    }
    for file in [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"GIF89a".to_vec(),
        Vec::new(),
        picture()[..40].to_vec(),
    ] {
        let answer = world.upload(cookie.as_deref(), "image/png", file).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["code"], "invalid");
        assert_eq!(answer.json()["fields"][0]["field"], "icon");
    }
}

#[tokio::test]
async fn only_a_file_is_taken_and_only_from_our_own_page() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
        "image/",
        "images/png",
        "ima",
        "",
    ] {
        let answer = world.upload(cookie.as_deref(), kind, picture()).await;
        assert_eq!(answer.status, 415, "{kind}");
        assert!(answer.text().contains("image/*"), "{}", answer.text());
    }
    for site in [Some("cross-site"), Some("same-site"), None] {
        let request = Request::post("/uploads/icon").header("content-type", "image/png");
        let request = site.into_iter().fold(request, |request, site| {
            request.header("sec-fetch-site", site)
        });
        let request = with_cookie(request, cookie.as_deref());
        let answer = world
            .send(request.body(Body::from(picture())).unwrap())
            .await;
        assert_eq!(answer.status, 403, "{site:?}");
    }
}

#[tokio::test]
async fn five_mebibytes_are_taken_and_one_byte_more_is_refused_with_words() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let whole = world
        .upload(cookie.as_deref(), "image/png", large(FILE_MAX))
        .await;
    assert_eq!(whole.status, 200, "{}", whole.text());
    let told = request(cookie.as_deref())
        .header("content-length", FILE_MAX + 1)
        .body(Body::from(large(FILE_MAX + 1)));
    let hidden = request(cookie.as_deref()).body(Body::new(Parts(large(FILE_MAX + 1))));
    for request in [told, hidden] {
        let answer = world.send(request.unwrap()).await;
        assert_eq!(answer.status, 413);
        let message = answer.json()["message"].to_string();
        assert!(message.contains("5 MiB"), "{message}");
    }
}

/// A file in parts, without saying how many, as with chunked encoding.
struct Parts(Vec<u8>);

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let rest = self.0.len().saturating_sub(64 * 1024);
        let part = self.0.split_off(rest);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(part)))))
    }
}

#[tokio::test]
async fn no_other_address_takes_more_than_a_form() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for path in [
        "/uploads/icon/",
        "/uploads//icon",
        "//uploads/icon",
        "/uploads/%69con",
        "/UPLOADS/ICON",
        "/uploads/icon/x",
        "/fn/reveal_secret",
    ] {
        let mut request = request(cookie.as_deref())
            .body(Body::from(large(65 * 1024)))
            .unwrap();
        *request.uri_mut() = path.parse().unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status, 413, "{path}");
        assert!(answer.text().contains("64 KiB"), "{path}");
    }
}

#[tokio::test]
async fn a_stranger_is_refused_before_his_file_is_read() {
    let world = World::new().await;
    for length in [picture().len(), FILE_MAX, 3 * FILE_MAX] {
        let answer = world.upload(None, "image/png", large(length)).await;
        assert_eq!(answer.status, 401, "{length}");
    }
    let asked = page("/uploads/icon").body(Body::empty()).unwrap();
    assert_eq!(world.send(asked).await.status, 405);
}
