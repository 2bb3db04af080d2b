//! The page of oneself: what it shows, one's own name, and light or dark. It works without script.

use crate::support::{Answer, Caller, World};

const PROFILE: &str = "/profile";

/// The revision that the page's form would send.
fn revision(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"revision\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn save(world: &World, cookie: Option<&str>, revision: &str, name: &str) -> Answer {
    let fields = [("revision", revision), ("name", name)];
    world.post(PROFILE, cookie, &fields).await
}

#[tokio::test]
async fn each_person_sees_himself_and_who_changes_the_rest() {
    let world = World::new().await;
    let (viewer, admin) = (
        "Ask an Administrator of your account",
        "another Administrator",
    );
    for (caller, name, role, account, whom) in [
        (
            Caller::Admin,
            "Ada",
            "Administrator",
            "Client · ACC-0001-0002",
            admin,
        ),
        (
            Caller::Viewer,
            "Vic",
            "Viewer",
            "Client · ACC-0001-0002",
            viewer,
        ),
        (
            Caller::Operator,
            "Olga",
            "Administrator",
            "Operations · ACC-0001-0001",
            admin,
        ),
    ] {
        let cookie = world.cookie(caller).await;
        let page = world.get(PROFILE, cookie.as_deref()).await;
        assert_eq!(page.status, 200, "{caller:?}");
        for said in [name, role, account, whom, caller.email()] {
            assert!(page.text().contains(said), "{caller:?}: {said}");
        }
        let name_field = format!("value=\"{name}\"");
        assert!(page.text().contains(&name_field), "{caller:?}");
        assert!(
            !page.text().contains("/pkg/latchkey.js"),
            "it needs no script"
        );
    }
}

#[tokio::test]
async fn a_name_is_saved_and_the_page_says_so_once() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Viewer).await.unwrap();
    let page = world.get(PROFILE, Some(&cookie)).await;
    let answer = save(&world, Some(&cookie), &revision(&page), "Vic <b>Vega</b>").await;
    assert_eq!((answer.status, answer.location()), (303, PROFILE));
    let mark = answer.set_cookie("name-saved").unwrap();
    assert!(
        mark.contains("HttpOnly") && mark.contains("Max-Age=10"),
        "{mark}"
    );
    let both = format!("{cookie}; name-saved=1");
    let page = world.get(PROFILE, Some(&both)).await;
    assert!(
        page.text().contains("Your name is saved."),
        "{}",
        page.text()
    );
    assert!(
        page.text().contains("Vic &lt;b&gt;Vega&lt;/b&gt;") && !page.text().contains("<b>Vega")
    );
    let forgotten = page.set_cookie("name-saved").unwrap();
    assert!(forgotten.contains("Max-Age=0"), "{forgotten}");
    let other = world.get("/profile/password", Some(&both)).await;
    assert!(!other.text().contains("Your name is saved."));
    let again = world
        .get(&format!("{PROFILE}?name-saved=1"), Some(&cookie))
        .await;
    assert!(
        !again.text().contains("Your name is saved."),
        "no link can make it say so"
    );
}

#[tokio::test]
async fn a_wrong_name_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    let answer = save(&world, cookie.as_deref(), "1", "  ").await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("The name is empty."),
        "{}",
        answer.text()
    );
    assert_eq!(revision(&answer), "1");
    let long = "x".repeat(201);
    let answer = save(&world, cookie.as_deref(), "1", &long).await;
    assert!(answer.text().contains(&format!("value=\"{long}\"")));
    assert!(
        answer.text().contains(">Ada<"),
        "what is saved still stands there"
    );
}

#[tokio::test]
async fn of_two_pages_the_older_one_says_what_is_saved_by_now_and_saves_when_asked_once_more() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Admin).await;
    assert_eq!(
        save(&world, cookie.as_deref(), "1", "Ada L.").await.status,
        303
    );
    let answer = save(&world, cookie.as_deref(), "1", "Ada Lovelace").await;
    assert_eq!(answer.status, 412);
    let text = answer.text();
    assert!(text.contains("while this page was open"), "{text}");
    assert!(text.contains(">Ada L.<"), "what is saved");
    assert!(text.contains("value=\"Ada Lovelace\""), "what was typed");
    let again = save(
        &world,
        cookie.as_deref(),
        &revision(&answer),
        "Ada Lovelace",
    )
    .await;
    assert_eq!(again.status, 303);
    let page = world.get(PROFILE, cookie.as_deref()).await;
    assert!(page.text().contains(">Ada Lovelace<"));
}

#[tokio::test]
async fn a_theme_is_kept_in_the_cookie_that_the_menu_keeps_it_in() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Viewer).await.unwrap();
    for (sent, kept) in [
        ("dark", "dark"),
        ("light", "light"),
        ("system", "system"),
        ("x; Domain=y", "system"),
    ] {
        let answer = world
            .post("/profile/theme", Some(&cookie), &[("theme", sent)])
            .await;
        assert_eq!((answer.status, answer.location()), (303, PROFILE));
        let line = format!("theme={kept}; Path=/; Max-Age=31536000; SameSite=Lax");
        assert_eq!(answer.set_cookie("theme"), Some(line.as_str()));
        let page = world
            .get(PROFILE, Some(&format!("{cookie}; theme={kept}")))
            .await;
        assert!(page.text().contains(&format!("data-theme=\"{kept}\"")));
        let chosen = format!("value=\"{kept}\" checked");
        assert!(page.text().contains(&chosen), "{}", page.text());
        assert_eq!(page.text().matches(" checked").count(), 1, "{kept}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_sign_in_and_a_form_of_another_site_does_nothing() {
    let world = World::new().await;
    for path in [PROFILE, "/profile/theme"] {
        let answer = world
            .post(path, None, &[("name", "x"), ("theme", "dark")])
            .await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, "/sign-in?next=%2Fprofile"),
            "{path}"
        );
        assert_eq!(answer.set_cookie("theme"), None);
    }
    let cookie = world.cookie(Caller::Admin).await;
    for path in [PROFILE, "/profile/theme"] {
        let mut request = crate::support::form(
            path,
            cookie.as_deref(),
            &[("revision", "1"), ("name", "Mallory")],
        );
        let site = "cross-site".parse().unwrap();
        request.headers_mut().insert("sec-fetch-site", site);
        assert_eq!(world.send(request).await.status, 403, "{path}");
    }
    let page = world.get(PROFILE, cookie.as_deref()).await;
    assert!(page.text().contains(">Ada<"));
}
