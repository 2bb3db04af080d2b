//! Saved views: what may stand in one, how many there may be, and what happens when two people change one.

use crate::{
    views::{edit, kept, names, new, renamed, shared},
    world::World,
};
use app::{
    domain::view::{ListName, NewView, ViewEdit},
    error::ErrorCode,
    port::{Actor, Console as _},
};

/// The sentence beside `field` with which `new` is refused.
async fn complaint(world: &World, actor: &Actor, new: &NewView, field: &str) -> String {
    let refused = world.service.create_view(actor, new).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    refused.field(field).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_view_is_kept_without_the_page_and_with_its_name_tidied() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let sent = NewView {
        query: "?page=3&search=a%20b&view=VIW-0000-0001&size=50".into(),
        ..new("  Large   pages ", false)
    };
    let view = world.service.create_view(&tony, &sent).await.unwrap();
    assert_eq!(
        (view.name.as_str(), view.query.as_str()),
        ("Large pages", "search=a%20b&size=50")
    );
    let change = ViewEdit {
        query: "size=100&page=2".into(),
        ..renamed(&view, " Larger  pages")
    };
    let edited = world.service.edit_view(&tony, view.id, &change).await;
    let edited = edited.unwrap();
    assert_eq!(
        (edited.name.as_str(), edited.query.as_str()),
        ("Larger pages", "size=100")
    );
}

#[tokio::test]
async fn both_fields_of_a_view_are_complained_of_at_once_and_nothing_is_saved() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let view = kept(&world, &tony, "Mine").await;
    let bad = ViewEdit {
        query: format!("search={}", "x".repeat(8_192)),
        ..renamed(&view, " ")
    };
    let refused = world.service.edit_view(&tony, view.id, &bad).await;
    let refused = refused.unwrap_err();
    let fields: Vec<_> = refused.fields.iter().map(|error| &error.field).collect();
    assert_eq!((refused.code, fields.len()), (ErrorCode::Invalid, 2));
    assert!(refused.field("name").is_some() && refused.field("query").is_some());
    assert_eq!(names(&world, &tony).await, ["Mine"]);
}

#[tokio::test]
async fn a_secret_is_kept_in_no_view_neither_in_its_name_nor_encoded_in_its_query() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let secret = format!("lk_{}", "a1".repeat(18));
    let by_name = complaint(&world, &tony, &new(&secret, false), "name").await;
    assert!(by_name.contains("secret"), "{by_name}");
    let view = kept(&world, &tony, "Mine").await;
    let encoded = secret.replace('_', "%5F");
    for query in [
        format!("search={secret}"),
        format!("filter=eq(name,{encoded})"),
    ] {
        let sent = NewView {
            query: query.clone(),
            ..new("Other", false)
        };
        let by_query = complaint(&world, &tony, &sent, "query").await;
        assert!(by_query.contains("secret"), "{by_query}");
        let change = ViewEdit {
            query,
            ..edit(&view)
        };
        let refused = world.service.edit_view(&tony, view.id, &change).await;
        assert!(refused.unwrap_err().field("query").is_some());
    }
    let rows: i64 = world.ask("SELECT COUNT(*) FROM list_view").await;
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn one_person_has_no_two_views_of_one_name_for_one_list() {
    let world = World::sample().await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    let first = kept(&world, &tony, "Übung").await;
    let sentence = complaint(&world, &tony, &new("übung", false), "name").await;
    assert!(sentence.contains("You have another view"), "{sentence}");
    let audit = NewView {
        list: ListName::Audit,
        ..new("Übung", false)
    };
    world.service.create_view(&tony, &audit).await.unwrap();
    kept(&world, &happy, "Übung").await;
    // Another spelling of its own name is free.
    let spelt = renamed(&first, "ÜBUNG");
    let spelt = world.service.edit_view(&tony, first.id, &spelt).await;
    assert_eq!(spelt.unwrap().name, "ÜBUNG");
    let ours = shared(&world, &tony, "Ours").await;
    for (actor, who) in [(&tony, "You have"), (&happy, "Tony")] {
        let clash = renamed(&ours, "übung");
        let refused = world.service.edit_view(actor, ours.id, &clash).await;
        let refused = refused.unwrap_err();
        let sentence = refused.field("name").unwrap();
        assert!(sentence.starts_with(who), "{sentence}");
    }
}

#[tokio::test]
async fn an_outdated_change_is_refused_with_who_was_first_and_when() {
    let world = World::sample().await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    let view = shared(&world, &tony, "Ours").await;
    world.clock.advance(90);
    let theirs = renamed(&view, "Happy's");
    world
        .service
        .edit_view(&happy, view.id, &theirs)
        .await
        .unwrap();
    for (actor, who) in [(&tony, "Happy changed"), (&happy, "You changed")] {
        let mine = renamed(&view, "Another");
        let refused = world.service.edit_view(actor, view.id, &mine).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Conflict);
        assert!(refused.message.starts_with(who), "{}", refused.message);
        assert!(
            refused.message.contains("24 Nov 2026 at 12:01 UTC"),
            "{}",
            refused.message
        );
    }
    assert_eq!(names(&world, &tony).await, ["Happy's"]);
}

#[tokio::test]
async fn the_same_change_sent_again_is_saved_already() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let view = kept(&world, &tony, "Mine").await;
    let change = renamed(&view, "Mine too");
    for _ in 0..2 {
        let edited = world.service.edit_view(&tony, view.id, &change).await;
        assert_eq!(edited.unwrap().revision, 2);
    }
}

#[tokio::test]
async fn a_person_has_at_most_a_hundred_views_and_an_account_as_many_shared() {
    let world = World::sample().await;
    let [tony, happy, bruce] = [
        world.user("Tony").await,
        world.user("Happy").await,
        world.user("Bruce").await,
    ];
    for number in 0..100 {
        let view = NewView {
            list: ListName::ALL[number % 2],
            ..new(&format!("View {number}"), true)
        };
        world.service.create_view(&tony, &view).await.unwrap();
    }
    let refused = world.service.create_view(&tony, &new("Mine", false)).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    assert!(
        refused.message.starts_with("You have 100 saved views"),
        "{}",
        refused.message
    );
    let sentence = complaint(&world, &happy, &new("Ours", true), "shared").await;
    assert!(sentence.starts_with("100 views are shared"), "{sentence}");
    let mine = kept(&world, &happy, "Mine").await;
    let sharing = ViewEdit {
        shared: true,
        ..edit(&mine)
    };
    let refused = world.service.edit_view(&happy, mine.id, &sharing).await;
    assert!(refused.unwrap_err().field("shared").is_some());
    // Another account has room of its own, and one that goes makes room for one.
    shared(&world, &bruce, "Ours").await;
    let views = world.service.list_views(&tony, ListName::Audit).await;
    let gone = views.unwrap()[0].id;
    world.service.delete_view(&happy, gone).await.unwrap();
    let shared = world.service.edit_view(&happy, mine.id, &sharing).await;
    assert!(shared.unwrap().shared);
    kept(&world, &tony, "Mine").await;
}

#[tokio::test]
async fn what_happens_to_views_stands_in_no_audit_trail() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let count = || world.ask::<i64>("SELECT COUNT(*) FROM audit_record");
    let before = count().await;
    let view = shared(&world, &tony, "Ours").await;
    let change = renamed(&view, "Everybody's");
    world
        .service
        .edit_view(&tony, view.id, &change)
        .await
        .unwrap();
    world
        .service
        .set_default_view(&tony, ListName::Tokens, Some(view.id))
        .await
        .unwrap();
    world.service.delete_view(&tony, view.id).await.unwrap();
    assert_eq!(count().await, before);
}
