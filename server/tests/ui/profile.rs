//! One's own password and sign-ins.

use crate::support::{Caller, PASSWORD, World};

const NEW: &str = "river copper window 7";
const TOKENS: &str = "/settings/api-tokens";

#[tokio::test]
async fn a_new_password_ends_every_other_sign_in_and_keeps_this_one() {
    let world = World::new().await;
    let (here, elsewhere) = (
        world.cookie(Caller::Admin).await,
        world.cookie(Caller::Admin).await,
    );
    let fields = [("current", PASSWORD), ("password", NEW)];
    let answer = world
        .post("/profile/password", here.as_deref(), &fields)
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/profile/password")
    );
    let renewed = answer.session();
    assert_ne!(renewed, here);
    assert!(answer.set_cookie("password-changed").is_some());
    let both = format!("{}; password-changed=1", renewed.clone().unwrap());
    let page = world.get(answer.location(), Some(&both)).await;
    assert!(
        page.text().contains("Your password is changed."),
        "{}",
        page.text()
    );
    let said = page.set_cookie("password-changed").unwrap();
    assert!(said.contains("Max-Age=0"), "{said}");
    for gone in [here, elsewhere] {
        assert_eq!(world.get(TOKENS, gone.as_deref()).await.status, 303);
    }
    let old = world
        .post(
            "/sign-in",
            None,
            &[("email", Caller::Admin.email()), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(old.status, 401);
}

#[tokio::test]
async fn a_wrong_or_weak_password_is_refused_beside_its_field() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let answer = world
        .post(
            "/profile/password",
            cookie.as_deref(),
            &[("current", PASSWORD), ("password", "short")],
        )
        .await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("The password is too short."),
        "{}",
        answer.text()
    );
    let answer = world
        .post(
            "/profile/password",
            cookie.as_deref(),
            &[("current", "x"), ("password", NEW)],
        )
        .await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("This is not your current password."),
        "{}",
        answer.text()
    );
    assert!(
        !answer.text().contains(NEW),
        "a password is never shown again"
    );
    assert_eq!(world.get(TOKENS, cookie.as_deref()).await.status, 200);
}

#[tokio::test]
async fn one_sign_in_or_all_others_can_be_ended() {
    let world = World::new().await;
    let (here, there, third) = (
        world.cookie(Caller::Admin).await,
        world.cookie(Caller::Admin).await,
        world.cookie(Caller::Admin).await,
    );
    let list = world
        .call("/fn/list_sign_ins", there.as_deref(), "{}")
        .await
        .json();
    let current = list
        .as_array()
        .unwrap()
        .iter()
        .find(|sign_in| sign_in["current"] == true)
        .unwrap();
    let handle = current["handle"].as_str().unwrap();
    let answer = world
        .post(
            "/profile/sign-ins/end",
            here.as_deref(),
            &[("handle", handle)],
        )
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/profile/sign-ins")
    );
    assert_eq!(world.get(TOKENS, there.as_deref()).await.status, 303);
    assert_eq!(world.get(TOKENS, third.as_deref()).await.status, 200);
    // Ended already, as after Back: nothing to complain about.
    assert_eq!(
        world
            .post(
                "/profile/sign-ins/end",
                here.as_deref(),
                &[("handle", handle)]
            )
            .await
            .status,
        303
    );
    world
        .post(
            "/profile/sign-ins/end",
            here.as_deref(),
            &[("all_others", "1")],
        )
        .await;
    assert_eq!(world.get(TOKENS, third.as_deref()).await.status, 303);
    assert_eq!(world.get(TOKENS, here.as_deref()).await.status, 200);
}

#[tokio::test]
async fn nobody_ends_a_stranger_s_sign_in() {
    let world = World::new().await;
    let (viewer, admin) = (
        world.cookie(Caller::Viewer).await,
        world.cookie(Caller::Admin).await,
    );
    let list = world
        .call("/fn/list_sign_ins", admin.as_deref(), "{}")
        .await
        .json();
    let handle = list[0]["handle"].as_str().unwrap();
    world
        .post(
            "/profile/sign-ins/end",
            viewer.as_deref(),
            &[("handle", handle)],
        )
        .await;
    assert_eq!(world.get(TOKENS, admin.as_deref()).await.status, 200);
}

#[tokio::test]
async fn a_link_cannot_make_the_page_say_that_the_password_was_changed() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let page = world
        .get("/profile/password?changed=1", cookie.as_deref())
        .await;
    assert!(!page.text().contains("Your password is changed."));
}

#[tokio::test]
async fn whoever_has_to_wait_is_told_for_how_long_in_the_header_too() {
    let world = World::new().await;
    let fields = [("email", Caller::Admin.email()), ("password", "wrong")];
    let first = world.post("/sign-in", None, &fields).await;
    assert_eq!((first.status, first.header("retry-after")), (401, ""));
    let second = world.post("/sign-in", None, &fields).await;
    assert_eq!((second.status, second.header("retry-after")), (429, "1"));
}
