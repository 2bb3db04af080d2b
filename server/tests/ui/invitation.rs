//! Accepting an invitation in the browser: a plain form behind a one-time address.

use crate::support::{Caller, World};
use serde_json::json;

/// Invites somebody, and gives the path that opens his invitation.
async fn invited(world: &World) -> String {
    let admin = world.cookie(Caller::Admin).await;
    let form = json!({"name": "Rhodey", "email": "rhodey@example.com", "role": "Viewer"});
    let body = json!({"change": {"Invite": [null, form]}}).to_string();
    let answer = world.call("/fn/change_user", admin.as_deref(), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let invitation = answer.json();
    let address = invitation["Invited"]["address"].as_str().unwrap();
    address[address.find("/invitation").unwrap()..].to_owned()
}

fn code(path: &str) -> &str {
    path.split_once("code=").unwrap().1
}

#[tokio::test]
async fn the_page_says_who_is_invited_and_opens_with_the_code_only() {
    let world = World::new().await;
    let path = invited(&world).await;
    let page = world.get(&path, None).await;
    assert_eq!(page.status, 200);
    for said in ["Rhodey", "rhodey@example.com", code(&path)] {
        assert!(page.text().contains(said), "{said}");
    }
    assert!(
        !page.text().contains("hydrate("),
        "a page about passwords has no script of ours"
    );
    assert!(page.header("cache-control").contains("no-store"));
    for other in ["/invitation", "/invitation?code=", "/invitation?code=lki_x"] {
        let answer = world.get(other, None).await;
        assert_eq!(answer.status, 403, "{other}");
        assert!(answer.text().contains("Ask whoever invited you"), "{other}");
    }
}

#[tokio::test]
async fn a_weak_password_shows_the_page_again_and_a_good_one_signs_in_once() {
    let world = World::new().await;
    let path = invited(&world).await;
    let send = async |password: &'static str| {
        let fields = [("code", code(&path)), ("password", password)];
        world.post("/invitation", None, &fields).await
    };
    let weak = send("short").await;
    assert_eq!(weak.status, 422);
    assert!(weak.text().contains("too short") && weak.text().contains("Rhodey"));
    assert!(
        !weak.text().contains("short\""),
        "the password is not shown again"
    );
    let good = send("tide lamp orbit 42").await;
    assert_eq!(
        (good.status, good.location()),
        (303, "/settings/api-tokens")
    );
    assert!(good.session().is_some());
    assert_eq!(send("tide lamp orbit 42").await.status, 403);
    assert_eq!(world.get(&path, None).await.status, 403);
}
