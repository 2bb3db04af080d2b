//! First start.

use crate::support::{World, form};
use std::sync::Arc;

fn fields<'a>(code: &'a str, email: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("code", code),
        ("name", "Ada"),
        ("email", email),
        ("account", "Operations"),
        ("password", "tide lamp orbit 42"),
    ]
}

#[tokio::test]
async fn before_set_up_nothing_else_answers() {
    let (world, code) = World::empty().await;
    for path in ["/livez", "/readyz", "/favicon.svg"] {
        assert_eq!(world.get(path, None).await.status, 200, "{path}");
    }
    assert_eq!(world.get("/pkg/none.js", None).await.status, 404);
    for path in [
        "/",
        "/sign-in",
        "/settings/api-tokens",
        "/nowhere",
        "/help/edit-api-token",
    ] {
        let answer = world.get(path, None).await;
        assert_eq!(answer.status, 503, "{path}");
        assert!(answer.text().contains("not set up yet"), "{path}");
        assert!(!answer.text().contains(&code), "{path}");
    }
    assert_eq!(world.post("/sign-in", None, &[]).await.status, 503);
    assert_eq!(world.call("/fn/list_tokens", None, "{}").await.status, 503);
}

#[tokio::test]
async fn the_set_up_page_opens_with_the_code_only() {
    let (world, code) = World::empty().await;
    for path in [
        "/setup",
        "/setup?code=",
        "/setup?code=x",
        &format!("/setup?code=lks_{}", "A".repeat(43)),
    ] {
        let answer = world.get(path, None).await;
        assert_eq!(answer.status, 403, "{path}");
        assert!(answer.text().contains("Start Latchkey again"), "{path}");
    }
    let path = format!("/setup?code={code}");
    let page = world.get(&path, None).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(&format!("value=\"{code}\"")));
    world.clock.advance(3_601);
    assert_eq!(world.get(&path, None).await.status, 403, "an hour later");
}

#[tokio::test]
async fn set_up_signs_the_first_administrator_in_and_is_gone_for_ever() {
    let (world, code) = World::empty().await;
    let file = world.data.join("setup-address.txt");
    std::fs::write(&file, "x").unwrap();
    let answer = world
        .post("/setup", None, &fields(&code, "ada@example.com"))
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/settings/api-tokens")
    );
    assert!(!file.exists());
    assert_eq!(
        world
            .get("/settings/api-tokens", answer.session().as_deref())
            .await
            .status,
        200
    );
    for path in ["/setup".to_owned(), format!("/setup?code={code}")] {
        assert_eq!(world.get(&path, None).await.status, 404);
        assert_eq!(
            world.get(&path, answer.session().as_deref()).await.status,
            404
        );
    }
    assert_eq!(
        world
            .post("/setup", None, &fields(&code, "eve@example.com"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn wrong_fields_are_named_and_what_was_typed_is_kept() {
    let (world, code) = World::empty().await;
    let mut fields = fields(&code, "no address");
    fields[4].1 = "short";
    let answer = world.post("/setup", None, &fields).await;
    assert_eq!(answer.status, 422);
    let html = answer.text();
    for kept in [
        "no address",
        "The password is too short",
        "This is not an e-mail address",
        "value=\"Operations\"",
        &code,
    ] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    assert!(!html.contains("value=\"short\""));
}

#[tokio::test]
async fn a_wrong_code_neither_opens_nor_burns_the_right_one() {
    let (world, code) = World::empty().await;
    for wrong in ["", "x", &format!("lks_{}", "A".repeat(43)), "a b%&\"<>"] {
        assert_eq!(
            world
                .post("/setup", None, &fields(wrong, "eve@example.com"))
                .await
                .status,
            403,
            "{wrong}"
        );
    }
    assert_eq!(
        world
            .post("/setup", None, &fields(&code, "ada@example.com"))
            .await
            .status,
        303
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_at_once_exactly_one_becomes_the_administrator() {
    let (world, code) = World::empty().await;
    let world = Arc::new(world);
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let world = Arc::clone(&world);
            let email = format!("user{number}@example.com");
            let request = form("/setup", None, &fields(&code, &email));
            tokio::spawn(async move { world.send(request).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 303).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [303, 404].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(world.service.list_users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_added_on_the_host_ends_set_up_too() {
    let (world, code) = World::empty().await;
    let new = server::service::NewUser {
        name: "Ada".into(),
        email: "ada@example.com".into(),
        role: app::domain::user::Role::Administrator,
        account: None,
        password: "tide lamp orbit 42".into(),
    };
    world.service.add_user(new).await.unwrap();
    assert_eq!(world.get("/sign-in", None).await.status, 200);
    assert_eq!(
        world.get(&format!("/setup?code={code}"), None).await.status,
        404
    );
}
