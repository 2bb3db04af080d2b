//! The audit trail as a browser without script sees it.

use crate::support::{Answer, Caller, TOKEN, World};

const TRAIL: &str = "/settings/audit-trail";
const UPDATED: &str = "platform.accounts.token.updated";

/// The page without the marks that Leptos leaves between texts.
async fn page(world: &World, path: &str, cookie: Option<&str>) -> (u16, String) {
    let answer = world.get(path, cookie).await;
    (answer.status, seen(&answer))
}

fn seen(answer: &Answer) -> String {
    // What the page carries for its script is no part of what is seen.
    let text = answer.text().replace("<!>", "").replace("<!---->", "");
    let shown = text.split("__RESOLVED_RESOURCES").next();
    shown.unwrap_or_default().replace("&amp;", "&")
}

/// The first link of the page to a record.
fn record_link(page: &str) -> String {
    let links = page.split("href=\"").skip(1);
    let mut links = links.filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.contains("record=AUD-"));
    link.unwrap_or_else(|| panic!("no record in {page}"))
        .to_owned()
}

/// An Administrator renames the token.
async fn rename(world: &World, name: &str) -> Option<String> {
    let cookie = world.cookie(Caller::Admin).await;
    let body = format!(
        r#"{{"id":"{TOKEN}","edit":{{"revision":1,"icon":null,"name":"{name}","description":"","reveal":"always","modules":["MOD-0478"]}}}}"#
    );
    let answer = world.call("/fn/edit_token", cookie.as_deref(), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    cookie
}

#[tokio::test]
async fn the_trail_of_an_account_names_event_object_and_person_and_leads_to_each_record() {
    let world = World::new().await;
    let cookie = rename(&world, "Robot <i>2</i>").await;
    let (status, trail) = page(&world, TRAIL, cookie.as_deref()).await;
    assert_eq!(status, 200);
    for text in [
        "API token updated",
        UPDATED,
        "Robot &lt;i&gt;2&lt;/i&gt;",
        "Ada",
        "USR-0001-0001",
        "View details",
    ] {
        assert!(trail.contains(text), "{text} in {trail}");
    }
    assert!(!trail.contains("<i>2</i>"), "{trail}");
    let filtered = format!("{TRAIL}?object=&actor=ada&event={UPDATED}&from=&to=");
    let (_, trail) = page(&world, &filtered, cookie.as_deref()).await;
    assert_eq!(trail.matches("View details").count(), 1, "{trail}");
    assert!(trail.contains("Clear filters"), "{trail}");

    let (status, record) = page(&world, &record_link(&trail), cookie.as_deref()).await;
    assert_eq!(status, 200);
    for text in [
        "<dialog",
        "Audit record",
        "<del>1</del>",
        "<ins>&lt;i&gt;2&lt;/i&gt;</ins>",
        "The record as JSON",
    ] {
        assert!(record.contains(text), "{text} in {record}");
    }
    let close = format!("href=\"{TRAIL}?actor=ada&event={UPDATED}\"");
    assert!(record.contains(&close), "{close} in {record}");
}

#[tokio::test]
async fn a_tokens_tab_has_its_own_records_also_behind_the_edit_dialog() {
    let world = World::new().await;
    let cookie = rename(&world, "Robot 2").await;
    let details = format!("/settings/api-tokens/{TOKEN}");
    let (status, tab) = page(
        &world,
        &format!("{details}?tab=audit-trail"),
        cookie.as_deref(),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(tab.matches("View details").count(), 2, "{tab}");
    let link = record_link(&tab);
    assert!(link.starts_with(&details), "{link}");
    let (_, record) = page(&world, &link, cookie.as_deref()).await;
    assert!(record.contains("<ins>2</ins>"), "{record}");
    let behind = format!("{details}/edit?tab=audit-trail");
    let (_, edit) = page(&world, &behind, cookie.as_deref()).await;
    assert_eq!(edit.matches("View details").count(), 2, "{edit}");
    assert!(edit.contains("Edit API token"), "{edit}");
    let (_, general) = page(&world, &details, cookie.as_deref()).await;
    assert!(!general.contains("View details"), "{general}");
}

#[tokio::test]
async fn filters_that_nothing_fits_and_records_that_do_not_exist_are_told_apart() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Viewer).await;
    for query in [
        "actor=nobody%20at%20all",
        "event=platform.nothing",
        "from=2026-02-30",
    ] {
        let (status, trail) = page(&world, &format!("{TRAIL}?{query}"), cookie.as_deref()).await;
        assert_eq!(status, 200);
        assert!(trail.contains("No match"), "{query}: {trail}");
    }
    for id in ["AUD-0000-0000-0000-0001", "nonsense", "%3Cscript%3E"] {
        let (status, record) =
            page(&world, &format!("{TRAIL}?record={id}"), cookie.as_deref()).await;
        assert_eq!(status, 404, "{id}");
        assert!(record.contains("Not found"), "{id}: {record}");
        assert!(record.contains("View details"), "{id}: {record}");
    }
}

#[tokio::test]
async fn no_record_of_another_account_is_in_reach() {
    let world = World::new().await;
    let operator = world.cookie(Caller::Operator).await;
    let (_, all) = page(
        &world,
        &format!("{TRAIL}?object=ACC-0001-0001"),
        operator.as_deref(),
    )
    .await;
    let link = record_link(&all);
    let viewer = world.cookie(Caller::Viewer).await;
    assert_eq!(page(&world, &link, operator.as_deref()).await.0, 200);
    assert_eq!(page(&world, &link, viewer.as_deref()).await.0, 404);
}

#[tokio::test]
async fn an_address_says_which_columns_of_the_trail_are_shown_and_every_link_keeps_it() {
    let world = World::new().await;
    let cookie = rename(&world, "Robot 2").await;
    let layout = "columns=actor%2Cevent%7E200&fit=content";
    for (path, columns) in [
        (
            format!("{TRAIL}?object={TOKEN}&{layout}"),
            ["Date", "Actor", "Event", "Actions"],
        ),
        (
            format!("/settings/api-tokens/{TOKEN}?tab=audit-trail&{layout}"),
            ["Date", "Actor", "Event", "Actions"],
        ),
    ] {
        let (status, trail) = page(&world, &path, cookie.as_deref()).await;
        assert_eq!(status, 200);
        let heads = trail.split("<th ").skip(1);
        let heads: Vec<_> = heads
            .filter_map(|head| head.split("aria-label=\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(heads, columns, "{path}");
        assert!(trail.contains("<col width=\"200\""), "{trail}");
        let link = record_link(&trail);
        assert!(link.contains(layout), "{link}");
        let (status, record) = page(&world, &link, cookie.as_deref()).await;
        assert_eq!(status, 200);
        assert!(record.contains("Audit record"), "{record}");
        assert!(record.contains(&format!("href=\"{path}\"")), "the way back");
    }
    let narrowed = format!("{TRAIL}?object={TOKEN}&{layout}");
    let (_, trail) = page(&world, &narrowed, cookie.as_deref()).await;
    assert!(
        trail.contains(&format!("href=\"{TRAIL}?{layout}\"")),
        "clear filters"
    );
    for field in [
        "name=\"columns\" value=\"actor,event~200\"",
        "name=\"fit\" value=\"content\"",
    ] {
        assert!(trail.contains(field), "{field} in {trail}");
    }
}
