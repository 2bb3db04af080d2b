//! What stands over the list when it is filtered: chips, with the ways to take each of them away.

use crate::support::{Caller, World};

const LIST: &str = "/settings/api-tokens";

async fn page(world: &World, search: &str) -> String {
    let cookie = world.cookie(Caller::Admin).await;
    let answer = world
        .get(&format!("{LIST}?{search}"), cookie.as_deref())
        .await;
    assert_eq!(answer.status, 200, "{search}");
    answer.text()
}

/// The addresses and labels of all chips' ways, in order.
fn ways(page: &str) -> Vec<(String, String)> {
    let links = page
        .split("<a ")
        .filter(|link| link.starts_with("id=\"chip-"));
    let value = |link: &str, name: &str| {
        let (_, after) = link.split_once(&format!("{name}=\"")).unwrap_or_default();
        let value = after.split('"').next().unwrap_or_default();
        value.replace("&amp;", "&")
    };
    links
        .map(|link| {
            let tag = link.split('>').next().unwrap_or_default();
            (value(tag, "href"), value(tag, "aria-label"))
        })
        .collect()
}

fn way(address: &str, label: &str) -> (String, String) {
    (address.to_owned(), label.to_owned())
}

#[tokio::test]
async fn each_condition_is_a_chip_that_leads_to_the_list_without_it() {
    let world = World::new().await;
    let filter = "filter=and(status=Active,ilike(name,*robot*))&size=25&page=2";
    let page = page(&world, filter).await;
    let left = format!("{LIST}?filter=ilike(name%2C'*robot*')&size=25");
    let right = format!("{LIST}?filter=eq(status%2C'Active')&size=25");
    let all = format!("{LIST}?size=25");
    assert_eq!(
        ways(&page),
        [
            way(&left, "Remove: Status is Active"),
            way(&right, "Remove: Name contains “robot”"),
            way(&all, ""),
        ]
    );
    assert!(page.contains(">and</span>"));
}

#[tokio::test]
async fn a_group_is_one_chip_and_modules_are_called_by_name() {
    let world = World::new().await;
    let all = "any(modules,in(id,('MOD-1758','MOD-9999')))";
    let filter = format!("filter=or({all},and(status=Active,lastAccessAt=null()))");
    let page = page(&world, &filter).await;
    let labels: Vec<_> = ways(&page).into_iter().map(|(_, label)| label).collect();
    assert_eq!(
        labels,
        [
            "Remove: Modules include Audit Trail or MOD-9999",
            "Remove: (Status is Active and Last access never)",
            "",
        ]
    );
    assert!(page.contains(">or</span>"));
}

#[tokio::test]
async fn one_condition_has_no_way_to_clear_all_but_with_a_search_it_has() {
    let world = World::new().await;
    let found = page(&world, "filter=status=Active").await;
    assert_eq!(ways(&found), [way(LIST, "Remove: Status is Active")]);
    let found = page(&world, "search=robot&filter=status=Active").await;
    let labels: Vec<_> = ways(&found).into_iter().map(|(_, label)| label).collect();
    assert_eq!(labels, ["Clear search", "Remove: Status is Active", ""]);
}

#[tokio::test]
async fn a_filter_written_by_hand_is_one_chip_with_its_text() {
    let world = World::new().await;
    let page = page(&world, "filter=gt(revision,3)").await;
    assert_eq!(ways(&page), [way(LIST, "Clear filter")]);
    assert!(page.contains("<bdi>gt(revision,3)</bdi>"));
}

#[tokio::test]
async fn a_wrong_filter_leaves_the_tools_and_says_what_is_wrong() {
    let world = World::new().await;
    let page = page(&world, "filter=eq(nonsense,1)").await;
    assert!(page.contains("The filter is wrong"));
    assert!(page.contains("nonsense: Invalid property path."));
    for id in ["filter-tool", "filter-change", "sort-tool", "refresh"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert_eq!(ways(&page), [way(LIST, "Clear filter")]);
}
