//! Requests that are too much, or of the wrong kind (I-21).

use crate::support::{Caller, PASSWORD, World, encode, form, page, with_cookie};
use axum::{
    body::{Body, Bytes},
    http::Request,
};
use hyper::body::Frame;
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

const KIB: usize = 1024;

fn function(body: Body, cookie: Option<&str>) -> Request<Body> {
    let request = Request::post("/fn/get_token")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .header("accept", "application/json");
    with_cookie(request, cookie).body(body).unwrap()
}

/// So many kibibytes of blanks, without saying how many, as with chunked encoding.
struct Chunks(usize);

impl hyper::body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.0 == 0 {
            return Poll::Ready(None);
        }
        self.0 -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b' '; KIB])))))
    }
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused_with_words_and_one_of_64_kib_is_not() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let padded = |length: usize| {
        let json = r#"{"id":"TKN-1234-1234"}"#;
        format!("{json}{}", " ".repeat(length - json.len()))
    };
    let fits = world
        .send(function(Body::from(padded(64 * KIB)), cookie.as_deref()))
        .await;
    assert_eq!(fits.status, 200, "{}", fits.text());
    for length in [64 * KIB + 1, 1_024 * KIB, 10 * 1_024 * KIB] {
        let answer = world
            .send(function(Body::from(padded(length)), cookie.as_deref()))
            .await;
        assert_eq!(answer.status, 413);
        assert!(
            answer.json()["message"]
                .as_str()
                .unwrap()
                .contains("64 KiB")
        );
    }
}

#[tokio::test]
async fn a_body_that_hides_its_length_is_counted_while_it_comes() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let answer = world
        .send(function(Body::new(Chunks(65)), cookie.as_deref()))
        .await;
    assert_eq!(answer.status, 413);
    let answer = world
        .send(function(Body::new(Chunks(64)), cookie.as_deref()))
        .await;
    assert_ne!(answer.status, 413);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused_with_a_page() {
    let world = World::new().await;
    let answer = world
        .send(form("/sign-in", None, &[("email", &"a".repeat(65 * KIB))]))
        .await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("Too large") && answer.text().contains("64 KiB"));
}

#[tokio::test]
async fn an_address_over_8_kib_is_refused() {
    let world = World::new().await;
    let request = |length: usize| {
        page(&format!("/sign-in?{}", "a".repeat(length)))
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(world.send(request(8 * KIB - 9)).await.status, 200);
    assert_eq!(world.send(request(8 * KIB)).await.status, 414);
}

#[tokio::test]
async fn a_request_without_a_path_is_refused_and_harms_nobody() {
    let world = World::new().await;
    for (method, target) in [("OPTIONS", "*"), ("CONNECT", "example.com:443")] {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .body(Body::empty())
            .unwrap();
        let status = world.send(request).await.status;
        assert!(
            status == 400 || status == 403 || status == 405,
            "{method} {target}: {status}"
        );
    }
}

#[tokio::test]
async fn forms_take_forms_only() {
    let world = World::new().await;
    let body = encode(&[("email", Caller::Admin.email()), ("password", PASSWORD)]);
    for kind in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "",
    ] {
        let request = Request::post("/sign-in")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind)
            .body(Body::from(body.clone()))
            .unwrap();
        assert_eq!(world.send(request).await.status, 415, "{kind}");
    }
}

#[tokio::test]
async fn nonsense_in_a_body_is_answered_and_never_our_fault() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let nested = "[".repeat(60 * KIB);
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{\"id\":1}",
        "\u{0}",
        nested.as_str(),
    ] {
        let answer = world
            .send(function(Body::from(body.to_owned()), cookie.as_deref()))
            .await;
        let start: String = body.chars().take(10).collect();
        assert!(
            (400..500).contains(&answer.status),
            "{start:?}: {} {}",
            answer.status,
            answer.text()
        );
    }
    let mut request = form("/sign-in", None, &[]);
    *request.body_mut() = Body::from("email=%ff&password=%zz&next=%0d%0aSet-Cookie:%20x");
    let status = world.send(request).await.status;
    assert!((400..500).contains(&status), "{status}");
}

#[tokio::test]
async fn nobody_gets_every_row_at_once_by_asking_for_a_huge_page() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    for (asked, given) in [(4_294_967_295_u32, 10), (0, 10), (7, 10), (25, 25)] {
        let query = format!(
            r#"{{"query":{{"search":"","order":[{{"column":"Name","descending":false}}],"page":{{"number":1,"size":{asked}}}}}}}"#
        );
        let answer = world
            .call("/fn/list_tokens", cookie.as_deref(), &query)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["page"]["size"], given, "{asked}");
    }
}
