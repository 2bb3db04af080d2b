//! Logos of accounts on their way out (I-28).

use crate::{
    icons::picture,
    support::{Caller, TOKEN, World},
};

const STARK: &str = "ACC-0001-0002";

/// Gives the account a logo and says under which address it is.
async fn shown(world: &World) -> String {
    let cookie = world.cookie(Caller::Operator).await;
    let answer = world
        .upload(cookie.as_deref(), "image/png", picture())
        .await;
    let icon = answer.json().as_str().unwrap().to_owned();
    let edit = format!(
        r#"{{"change":{{"Edit":["{STARK}",1,{{"name":"Stark Industries","kind":"Client","modules":["MOD-1756","MOD-0478"],"icon":"{icon}"}},0]}}}}"#
    );
    let saved = world
        .call("/fn/change_account", cookie.as_deref(), &edit)
        .await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    format!("/settings/accounts/{STARK}/icon/{icon}")
}

#[tokio::test]
async fn a_logo_goes_out_to_people_of_the_account_and_of_operations_and_can_do_nothing() {
    let world = World::new().await;
    let path = shown(&world).await;
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
    let stranger = world.get(&path, None).await;
    assert_eq!(stranger.status, 401);
    assert_eq!(stranger.header("cache-control"), "no-store");
}

#[tokio::test]
async fn what_is_no_logo_of_the_account_is_not_there() {
    let world = World::new().await;
    let path = shown(&world).await;
    let icon = path.rsplit('/').next().unwrap();
    let admin = world.cookie(Caller::Admin).await;
    let (other, upper) = ("0".repeat(64), icon.to_uppercase());
    for (id, icon) in [
        (STARK, other.as_str()),
        (STARK, upper.as_str()),
        (STARK, "logo.png"),
        ("ACC-0001-0001", icon),
        ("ACC-9999-9999", icon),
        ("nonsense", icon),
        (TOKEN, icon),
    ] {
        let path = format!("/settings/accounts/{id}/icon/{icon}");
        let answer = world.get(&path, admin.as_deref()).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn the_pages_that_show_an_account_show_its_logo() {
    let world = World::new().await;
    let details = format!("/settings/api-tokens/{TOKEN}");
    let operator = world.cookie(Caller::Operator).await;
    let path = shown(&world).await;
    let image = format!("src=\"{path}\"");
    for page in ["/settings/accounts", &details] {
        let page = world.get(page, operator.as_deref()).await.text();
        assert!(page.contains(&image), "{page}");
    }
    let viewer = world.cookie(Caller::Viewer).await;
    let page = world.get(&details, viewer.as_deref()).await.text();
    assert!(page.contains(&image), "{page}");
}
