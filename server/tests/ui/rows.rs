//! How many rows a page of the list has, as the browser's cookie remembers it.

use crate::support::{Caller, World};

/// The size that the page has chosen in its field.
async fn chosen(world: &World, path: &str, rows: &str) -> String {
    let session = world.cookie(Caller::Admin).await.unwrap();
    let cookie = format!("{session}; rows={rows}");
    let page = world.get(path, Some(&cookie)).await.text();
    let field = page.split_once("name=\"size\"").unwrap().1;
    let before = field.split_once(" selected").unwrap().0;
    let value = before.rsplit_once("value=\"").unwrap().1;
    value.trim_end_matches('"').to_owned()
}

#[tokio::test]
async fn the_number_of_rows_is_the_one_last_chosen_unless_the_address_says_another() {
    let world = World::new().await;
    let list = "/settings/api-tokens";
    assert_eq!(chosen(&world, list, "25").await, "25");
    assert_eq!(
        chosen(&world, "/settings/api-tokens?size=5", "25").await,
        "5"
    );
    assert_eq!(
        chosen(&world, "/settings/api-tokens?size=10", "25").await,
        "10"
    );
    assert_eq!(
        chosen(&world, "/settings/api-tokens?size=7", "25").await,
        "25"
    );
    for nonsense in ["", "7", "-1", "1000000000", "ten"] {
        assert_eq!(chosen(&world, list, nonsense).await, "10", "{nonsense}");
    }
}
