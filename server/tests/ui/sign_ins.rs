//! One's own sign-ins, by the device and the place that each was begun with.

use crate::support::{Caller, PASSWORD, World, form};

const SIGN_INS: &str = "/profile/sign-ins";
const FIREFOX: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// The page as the person sees it who signs in with a client that says this of itself.
async fn page(world: &World, said: &[u8]) -> String {
    let fields = [("email", Caller::Viewer.email()), ("password", PASSWORD)];
    let mut request = form("/sign-in", None, &fields);
    let said = said.try_into().unwrap();
    request.headers_mut().insert("user-agent", said);
    let cookie = world.send(request).await.session();
    let page = world.get(SIGN_INS, cookie.as_deref()).await;
    assert_eq!(page.status, 200);
    page.text()
}

/// What stands in the cell of the device, without the marks between its parts.
fn cell(page: &str) -> String {
    let (_, rows) = page.split_once("<tbody>").unwrap();
    let (_, cell) = rows.split_once("<td>").unwrap();
    cell.split_once("</td>").unwrap().0.replace("<!>", "")
}

#[tokio::test]
async fn a_device_is_told_in_words_with_its_own_words_beneath() {
    let world = World::new().await;
    let page = page(&world, FIREFOX.as_bytes()).await;
    let told = format!("Firefox on Windows<small><bdi>{FIREFOX}</bdi></small>");
    assert_eq!(cell(&page), told);
    assert!(page.contains("This one"), "{page}");
}

#[tokio::test]
async fn a_client_that_says_nothing_is_an_unknown_device() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Viewer).await;
    let page = world.get(SIGN_INS, cookie.as_deref()).await.text();
    assert!(cell(&page).starts_with("Unknown device<small>"), "{page}");
}

#[tokio::test]
async fn whatever_a_client_says_of_itself_does_no_harm() {
    for (said, seen) in [
        (
            "<script>alert(1)</script>Firefox/9".to_owned(),
            "&lt;script&gt;alert(1)&lt;/script&gt;Firefox/9",
        ),
        (
            "\u{202e}xoferiF\u{2066}/1\t\"'>".to_owned(),
            "\u{fffd}xoferiF\u{fffd}/1\u{fffd}",
        ),
        ("\u{1f98a}".repeat(2_000), "\u{1f98a}</bdi>"),
        ("x".repeat(7_000), "xxx</bdi>"),
    ] {
        let world = World::new().await;
        let page = page(&world, said.as_bytes()).await;
        let cell = cell(&page);
        assert!(cell.contains(seen), "{cell}");
        assert!(cell.len() < 700, "{}", cell.len());
        for bad in ["<script>alert", "\u{202e}", "\u{2066}"] {
            assert!(!page.contains(bad), "{page}");
        }
    }
}

#[tokio::test]
async fn words_that_are_no_text_are_shown_as_far_as_they_are() {
    let world = World::new().await;
    let page = page(&world, b"\xff\xfeFirefox/140.0 (Windows NT 10.0)").await;
    let cell = cell(&page);
    assert!(cell.starts_with("Firefox on Windows<small>"), "{cell}");
}
