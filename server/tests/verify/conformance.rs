//! Bearer tokens as RFC 6750 has them, at each door that takes them.

use super::world::*;
use crate::support::{Answer, World};
use axum::{
    body::Body,
    http::{Request, header::AUTHORIZATION, request::Builder},
};

const REST: &str = "/public/v1/accounts/api-tokens";

/// The doors, each with a request that lacks only the credential.
fn doors() -> [Builder; 3] {
    [
        Request::get(VERIFY),
        Request::post(INTROSPECT).header("content-type", "application/x-www-form-urlencoded"),
        Request::get(REST),
    ]
}

async fn answers(world: &World, credential: &[&str]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for door in doors() {
        let door = credential
            .iter()
            .fold(door, |door, value| door.header(AUTHORIZATION, *value));
        answers.push(world.send(door.body(Body::from("token=x")).unwrap()).await);
    }
    answers
}

/// Section 3.1: "If the request lacks any authentication information, the resource server SHOULD NOT include an error code".
#[tokio::test]
async fn without_a_credential_the_challenge_names_no_error() {
    for answer in answers(&world().await, &[]).await {
        assert_eq!(answer.status, 401);
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer realm="Latchkey""#
        );
    }
}

#[tokio::test]
async fn a_credential_that_opens_nothing_is_an_invalid_token() {
    let world = world().await;
    let unknown = format!("Bearer {NOBODY}");
    for credential in [
        &*unknown,
        "Bearer lk_x",
        "Bearer ",
        "Bearer",
        "Basic dXNlcjpwYXNz",
        "lk_x",
        "",
    ] {
        for answer in answers(&world, &[credential]).await {
            assert_eq!(answer.status, 401, "{credential}");
            assert_eq!(
                answer.header("www-authenticate"),
                r#"Bearer realm="Latchkey", error="invalid_token""#,
                "{credential}"
            );
        }
    }
}

/// RFC 9110, section 11.1: the name of a scheme is case-insensitive.
#[tokio::test]
async fn the_scheme_may_be_written_in_any_case() {
    let world = world().await;
    for scheme in ["bearer", "BEARER", "BeArEr"] {
        let credential = format!("{scheme} {GATEWAY}");
        for answer in answers(&world, &[&credential]).await {
            assert_eq!(answer.status, 200, "{scheme}");
        }
    }
}

/// Section 3.1: more than one way to pass the token. A gateway cannot pass 400 on, so it hears 401.
#[tokio::test]
async fn several_credentials_are_refused() {
    let credential = format!("Bearer {GATEWAY}");
    let answers = answers(&world().await, &[&credential, &credential]).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [401, 400, 400]);
    for answer in &answers[1..] {
        let challenge = answer.header("www-authenticate");
        assert!(challenge.contains(r#"error="invalid_request""#));
    }
}

/// Section 3.1: `scope` with what is needed.
#[tokio::test]
async fn a_missing_module_is_an_insufficient_scope() {
    let world = world().await;
    let scopes = ["catalog reports", "token-verification", "access-management"];
    for (door, scope) in doors().into_iter().zip(scopes) {
        let mut request = door
            .header(AUTHORIZATION, format!("Bearer {SINGLE}"))
            .body(Body::from("token=x"))
            .unwrap();
        if request.uri().path() == VERIFY {
            *request.uri_mut() = format!("{VERIFY}?module=catalog&module=reports")
                .parse()
                .unwrap();
        }
        let answer = world.send(request).await;
        assert_eq!(answer.status, 403);
        assert_eq!(
            answer.header("www-authenticate"),
            format!(r#"Bearer realm="Latchkey", error="insufficient_scope", scope="{scope}""#)
        );
    }
}

/// Section 5.2: tokens in addresses are kept in logs and histories.
#[tokio::test]
async fn a_token_in_the_address_is_no_credential() {
    let world = world().await;
    for door in doors() {
        let mut request = door.body(Body::from("token=x")).unwrap();
        let path = request.uri().path().to_owned();
        *request.uri_mut() = format!("{path}?access_token={GATEWAY}").parse().unwrap();
        assert_eq!(world.send(request).await.status, 401, "{path}");
    }
}
