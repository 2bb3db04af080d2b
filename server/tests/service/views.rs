//! Saved views: who sees, changes, shares and deletes which, and which one a list begins with.

use crate::world::{World, origin};
use app::{
    domain::{
        program::CurrentToken,
        view::{ListName, NewView, SavedView, ViewEdit, ViewId},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Console as _, Who},
};
use std::sync::Arc;

/// A view of the tokens, as the page sends it.
pub fn new(name: &str, shared: bool) -> NewView {
    NewView {
        list: ListName::Tokens,
        name: name.into(),
        query: "status=Active".into(),
        shared,
    }
}

/// The view as it stands, to be changed.
pub fn edit(view: &SavedView) -> ViewEdit {
    ViewEdit {
        revision: view.revision,
        name: view.name.clone(),
        query: view.query.clone(),
        shared: view.shared,
    }
}

pub fn renamed(view: &SavedView, name: &str) -> ViewEdit {
    ViewEdit {
        name: name.into(),
        ..edit(view)
    }
}

pub async fn kept(world: &World, actor: &Actor, name: &str) -> SavedView {
    let kept = world.service.create_view(actor, &new(name, false)).await;
    kept.unwrap()
}

pub async fn shared(world: &World, actor: &Actor, name: &str) -> SavedView {
    let kept = world.service.create_view(actor, &new(name, true)).await;
    kept.unwrap()
}

pub async fn names(world: &World, actor: &Actor) -> Vec<String> {
    let views = world.service.list_views(actor, ListName::Tokens).await;
    views.unwrap().into_iter().map(|view| view.name).collect()
}

async fn found(world: &World, actor: &Actor, id: ViewId) -> SavedView {
    let views = world.service.list_views(actor, ListName::Tokens).await;
    let mut views = views.unwrap().into_iter();
    views.find(|view| view.id == id).unwrap()
}

async fn default_of(world: &World, actor: &Actor) -> Option<String> {
    let view = world
        .service
        .get_default_view(actor, ListName::Tokens)
        .await;
    view.unwrap().map(|view| {
        assert!(view.is_default);
        view.name
    })
}

async fn choose(world: &World, actor: &Actor, id: ViewId) -> Result<(), ApiError> {
    world
        .service
        .set_default_view(actor, ListName::Tokens, Some(id))
        .await
}

/// What the actor is answered who edits, deletes and chooses this view.
async fn answers(world: &World, actor: &Actor, view: &SavedView) -> [ErrorCode; 3] {
    let change = renamed(view, "Mine now");
    let edited = world.service.edit_view(actor, view.id, &change).await;
    let chosen = choose(world, actor, view.id).await;
    let deleted = world.service.delete_view(actor, view.id).await;
    [
        edited.unwrap_err().code,
        deleted.unwrap_err().code,
        chosen.unwrap_err().code,
    ]
}

#[tokio::test]
async fn everybody_keeps_views_of_his_own_and_nobody_else_finds_them() {
    let world = World::sample().await;
    let everybody = ["Tony", "Pepper", "Happy", "Bruce", "Olga", "Oscar"];
    for name in everybody {
        let owner = world.user(name).await;
        let view = kept(&world, &owner, "Mine").await;
        assert!(
            view.mine && view.may_change && !view.shared && !view.is_default,
            "{view:?}"
        );
        assert_eq!((view.owner.name.as_str(), view.revision), (name, 1));
        for other in everybody.into_iter().filter(|other| *other != name) {
            let other = world.user(other).await;
            assert_eq!(
                answers(&world, &other, &view).await,
                [ErrorCode::NotFound; 3]
            );
        }
        assert_eq!(names(&world, &owner).await, ["Mine"]);
        let own = renamed(&view, "Still mine");
        let edited = world
            .service
            .edit_view(&owner, view.id, &own)
            .await
            .unwrap();
        assert_eq!((edited.name.as_str(), edited.revision), ("Still mine", 2));
        world.service.delete_view(&owner, view.id).await.unwrap();
        assert_eq!(
            answers(&world, &owner, &view).await,
            [ErrorCode::NotFound; 3]
        );
    }
}

#[tokio::test]
async fn a_shared_view_is_seen_in_the_account_and_does_not_exist_in_another() {
    let world = World::sample().await;
    let view = shared(&world, &world.user("Tony").await, "Ours").await;
    for (name, may_change) in [("Pepper", false), ("Happy", true)] {
        let seen = found(&world, &world.user(name).await, view.id).await;
        assert_eq!((seen.mine, seen.may_change), (false, may_change), "{name}");
        assert_eq!(seen.owner.name, "Tony");
    }
    // Operations see every token, but not how others look at theirs.
    for name in ["Bruce", "Olga", "Oscar"] {
        let actor = world.user(name).await;
        assert_eq!(names(&world, &actor).await, [""; 0], "{name}");
        assert_eq!(
            answers(&world, &actor, &view).await,
            [ErrorCode::NotFound; 3]
        );
    }
}

#[tokio::test]
async fn a_viewer_shares_nothing_and_changes_nothing_that_is_shared() {
    let world = World::sample().await;
    let (tony, pepper) = (world.user("Tony").await, world.user("Pepper").await);
    let refused = world.service.create_view(&pepper, &new("Ours", true)).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let mine = kept(&world, &pepper, "Mine").await;
    let sharing = ViewEdit {
        shared: true,
        ..edit(&mine)
    };
    let refused = world.service.edit_view(&pepper, mine.id, &sharing).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let ours = shared(&world, &tony, "Ours").await;
    let change = renamed(&ours, "Theirs");
    let refused = world.service.edit_view(&pepper, ours.id, &change).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let refused = world.service.delete_view(&pepper, ours.id).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(names(&world, &pepper).await, ["Mine", "Ours"]);
}

#[tokio::test]
async fn an_administrator_changes_and_deletes_what_another_shared() {
    let world = World::sample().await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    let view = shared(&world, &tony, "Ours").await;
    let change = ViewEdit {
        query: "status=Disabled".into(),
        ..renamed(&view, "Everybody's")
    };
    let edited = world.service.edit_view(&happy, view.id, &change).await;
    let edited = edited.unwrap();
    assert_eq!(
        (edited.owner.name.as_str(), edited.mine, edited.revision),
        ("Tony", false, 2)
    );
    let seen = found(&world, &tony, view.id).await;
    assert_eq!(
        (seen.name.as_str(), seen.query.as_str(), seen.mine),
        ("Everybody's", "status=Disabled", true)
    );
    world.service.delete_view(&happy, view.id).await.unwrap();
    assert_eq!(names(&world, &tony).await, [""; 0]);
}

#[tokio::test]
async fn only_its_owner_stops_sharing_a_view_and_then_it_is_nobody_else_s_default() {
    let world = World::sample().await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    let view = shared(&world, &tony, "Ours").await;
    for actor in [&tony, &happy] {
        choose(&world, actor, view.id).await.unwrap();
    }
    let stopping = ViewEdit {
        shared: false,
        ..edit(&view)
    };
    let refused = world.service.edit_view(&happy, view.id, &stopping).await;
    let refused = refused.unwrap_err();
    let sentence = refused.field("shared").unwrap();
    assert!(
        sentence.contains("Tony") && sentence.contains("Delete"),
        "{sentence}"
    );
    assert_eq!(default_of(&world, &happy).await.as_deref(), Some("Ours"));
    let stopped = world.service.edit_view(&tony, view.id, &stopping).await;
    let stopped = stopped.unwrap();
    assert!(!stopped.shared && stopped.is_default);
    assert_eq!(names(&world, &happy).await, [""; 0]);
    assert_eq!(default_of(&world, &happy).await, None);
    // Shared again, it is on offer, but nobody's choice.
    let again = ViewEdit {
        shared: true,
        ..edit(&stopped)
    };
    world
        .service
        .edit_view(&tony, view.id, &again)
        .await
        .unwrap();
    assert_eq!(default_of(&world, &happy).await, None);
    assert_eq!(default_of(&world, &tony).await.as_deref(), Some("Ours"));
}

#[tokio::test]
async fn an_owner_who_is_an_administrator_no_longer_leaves_what_he_shared_as_it_is() {
    let world = World::sample().await;
    let view = shared(&world, &world.user("Tony").await, "Ours").await;
    world
        .execute("UPDATE user SET role = 'Viewer' WHERE name = 'Tony'")
        .await;
    let tony = world.user("Tony").await;
    let seen = found(&world, &tony, view.id).await;
    assert!(seen.mine && !seen.may_change);
    let refused = world.service.delete_view(&tony, view.id).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn programs_and_latchkey_itself_have_no_views() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let view = shared(&world, &tony, "Ours").await;
    let Who::User(user) = &tony.who else {
        panic!("{tony:?}")
    };
    let program = CurrentToken {
        id: "TKN-0000-0001".parse().unwrap(),
        name: "Robot 1".into(),
        account: user.account.clone(),
        modules: Vec::new(),
    };
    for who in [Who::Token(Arc::new(program)), Who::System] {
        let actor = Actor {
            who,
            sign_in: None,
            origin: origin(),
        };
        let service = &world.service;
        assert_eq!(
            answers(&world, &actor, &view).await,
            [ErrorCode::Forbidden; 3]
        );
        let listed = service.list_views(&actor, ListName::Tokens).await;
        assert_eq!(listed.unwrap_err().code, ErrorCode::Forbidden);
        let created = service.create_view(&actor, &new("Mine", false)).await;
        assert_eq!(created.unwrap_err().code, ErrorCode::Forbidden);
        let chosen = service.get_default_view(&actor, ListName::Tokens).await;
        assert_eq!(chosen.unwrap_err().code, ErrorCode::Forbidden);
    }
}

#[tokio::test]
async fn one_s_own_views_come_first_each_by_name_in_any_case_and_lists_are_apart() {
    let world = World::sample().await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    for name in ["zebra", "Alpha"] {
        shared(&world, &happy, name).await;
    }
    for name in ["Übung", "beta", "Delta"] {
        kept(&world, &tony, name).await;
    }
    let audit = NewView {
        list: ListName::Audit,
        ..new("Audit", false)
    };
    world.service.create_view(&tony, &audit).await.unwrap();
    assert_eq!(
        names(&world, &tony).await,
        ["beta", "Delta", "Übung", "Alpha", "zebra"]
    );
    let listed = world.service.list_views(&tony, ListName::Audit).await;
    let listed = listed.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].name.as_str(), listed[0].list),
        ("Audit", ListName::Audit)
    );
}

#[tokio::test]
async fn a_default_is_per_person_and_list_and_may_be_a_shared_view() {
    let world = World::sample().await;
    let (tony, pepper) = (world.user("Tony").await, world.user("Pepper").await);
    let ours = shared(&world, &tony, "Ours").await;
    let mine = kept(&world, &pepper, "Mine").await;
    assert_eq!(default_of(&world, &pepper).await, None);
    for (view, name) in [(&ours, "Ours"), (&mine, "Mine"), (&ours, "Ours")] {
        choose(&world, &pepper, view.id).await.unwrap();
        assert_eq!(default_of(&world, &pepper).await.as_deref(), Some(name));
    }
    assert!(found(&world, &pepper, ours.id).await.is_default);
    assert!(!found(&world, &tony, ours.id).await.is_default);
    assert_eq!(default_of(&world, &tony).await, None);
    let service = &world.service;
    let of_audit = service.get_default_view(&pepper, ListName::Audit).await;
    assert_eq!(of_audit.unwrap(), None);
    let other_list = service
        .set_default_view(&pepper, ListName::Audit, Some(mine.id))
        .await;
    assert_eq!(other_list.unwrap_err().code, ErrorCode::NotFound);
    for _ in 0..2 {
        let none = service
            .set_default_view(&pepper, ListName::Tokens, None)
            .await;
        none.unwrap();
        assert_eq!(default_of(&world, &pepper).await, None);
    }
}

#[tokio::test]
async fn whoever_began_with_a_view_that_is_deleted_begins_with_none() {
    let world = World::sample().await;
    let (tony, pepper) = (world.user("Tony").await, world.user("Pepper").await);
    let view = shared(&world, &tony, "Ours").await;
    for actor in [&tony, &pepper] {
        choose(&world, actor, view.id).await.unwrap();
    }
    world.service.delete_view(&tony, view.id).await.unwrap();
    for actor in [&tony, &pepper] {
        assert_eq!(default_of(&world, actor).await, None);
    }
    let left: i64 = world.ask("SELECT COUNT(*) FROM list_view_default").await;
    assert_eq!(left, 0);
}
