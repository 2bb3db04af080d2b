//! The list of tokens: pages, orders, search, walls.

use crate::world::{World, by, filtered, search};
use app::{
    domain::{
        lifecycle::TokenAction,
        page::{PageRequest, Total},
        token::{Allowed, TokenStatus},
        token_query::{TokenColumn, TokenQuery},
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};
use serde_json::json;

/// Twelve tokens of Wayne's, with names, times and creators in different orders and some of them equal.
async fn twelve() -> (World, Actor) {
    let world = World::sample().await;
    let names = [
        "ähre", "Zebra", "alpha", "Alpha", "beta", "Übung", "delta", "100%", "a_b", "axb", "日本",
        "omega",
    ];
    let tokens: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let day = 1 + index * 7 % 12;
            json!({
                "id": format!("TKN-0001-{:04}", index + 1), "account": "ACC-0000-0002", "name": name,
                "status": if index % 3 == 0 { "Disabled" } else { "Active" },
                "createdBy": if index % 4 == 0 { None } else { Some("USR-0000-0003") },
                "createdAt": format!("2026-05-{day:02}T10:00:00Z"),
                "lastAccessAt": (index % 2 == 0).then(|| format!("2026-06-{day:02}T10:00:00Z")),
            })
        })
        .collect();
    world
        .provision(&json!({ "tokens": tokens }).to_string())
        .await
        .unwrap();
    let bruce = world.user("Bruce").await;
    (world, bruce)
}

fn sized(query: TokenQuery, size: u32) -> TokenQuery {
    TokenQuery {
        page: PageRequest { number: 1, size },
        ..query
    }
}

#[tokio::test]
async fn every_order_sorts_its_column_and_pages_never_overlap() {
    let (world, bruce) = twelve().await;
    for column in TokenColumn::ALL {
        let up = world.rows(&bruce, &sized(by(column, false), 5)).await;
        let down = world.rows(&bruce, &sized(by(column, true), 5)).await;
        let ids = |rows: &[app::domain::token::TokenSummary]| -> Vec<_> {
            rows.iter().map(|row| row.id).collect()
        };
        let mut backwards = ids(&down);
        backwards.reverse();
        assert_eq!(ids(&up), backwards, "{column:?}");
        assert_eq!(up.len(), 13, "{column:?}");
        let sorted = up.windows(2).all(|pair| match column {
            TokenColumn::Name => pair[0].name.to_lowercase() <= pair[1].name.to_lowercase(),
            TokenColumn::CreatedBy => pair[0].created_by.name <= pair[1].created_by.name,
            TokenColumn::CreatedAt => pair[0].created_at <= pair[1].created_at,
            TokenColumn::LastAccess => pair[0].last_access_at <= pair[1].last_access_at,
            TokenColumn::Status => pair[0].status.as_str() <= pair[1].status.as_str(),
        });
        assert!(sorted, "{column:?}");
    }
}

#[tokio::test]
async fn never_used_tokens_come_last_in_descending_order() {
    let (world, bruce) = twelve().await;
    let rows = world.rows(&bruce, &by(TokenColumn::LastAccess, true)).await;
    let first_never = rows
        .iter()
        .position(|row| row.last_access_at.is_none())
        .unwrap();
    assert!(
        first_never > 0
            && rows[first_never..]
                .iter()
                .all(|row| row.last_access_at.is_none())
    );
}

#[tokio::test]
async fn names_that_differ_only_in_case_stand_by_id() {
    let (world, bruce) = twelve().await;
    let rows = world.rows(&bruce, &by(TokenColumn::Name, false)).await;
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    let alpha = names.iter().position(|name| *name == "alpha").unwrap();
    assert_eq!(names[alpha + 1], "Alpha");
}

#[tokio::test]
async fn a_search_finds_names_and_ids_in_any_case_and_takes_no_wildcards() {
    let (world, bruce) = twelve().await;
    let found = [
        ("ALPHA", 2),
        ("ÄHRE", 1),
        ("übung", 1),
        ("日本", 1),
        ("a_b", 1),
        ("100%", 1),
        ("%", 1),
        ("_", 1),
        ("\\", 0),
        ("  omega ", 1),
        ("tkn-0001-0003", 1),
        ("0001-00", 12),
        ("TKN-0000-0001", 0),
        ("nothing", 0),
        ("", 13),
        ("a\0b", 0),
    ];
    for (text, count) in found {
        assert_eq!(
            world.ids(&bruce, &search(text)).await.len(),
            count,
            "{text:?}"
        );
    }
    assert_eq!(
        world.ids(&bruce, &search(&"x".repeat(100_000))).await.len(),
        0
    );
}

#[tokio::test]
async fn a_page_beyond_the_end_is_the_last_one() {
    let (world, bruce) = twelve().await;
    let query = TokenQuery {
        page: PageRequest {
            number: 99,
            size: 5,
        },
        ..TokenQuery::default()
    };
    let page = world.page(&bruce, &query).await;
    assert_eq!(
        (page.number, page.size, page.total, page.rows.len()),
        (3, 5, Total::Exact(13), 3)
    );
    assert_eq!(page.span(), Some((11, 13)));
    let none = TokenQuery {
        search: "nothing".into(),
        ..query
    };
    let page = world.page(&bruce, &none).await;
    assert_eq!(
        (page.number, page.total, page.rows.len()),
        (1, Total::Exact(0), 0)
    );
}

#[tokio::test]
async fn a_row_shows_account_modules_creator_and_last_use() {
    let world = World::sample().await;
    let rows = world
        .rows(&world.user("Tony").await, &TokenQuery::default())
        .await;
    insta::assert_json_snapshot!(rows, @r#"
    [
      {
        "id": "TKN-0000-0001",
        "name": "Robot 1",
        "account": {
          "id": "ACC-0000-0001",
          "name": "Stark",
          "kind": "Client",
          "status": "Active"
        },
        "modules": [
          {
            "id": "MOD-0001",
            "name": "Billing"
          },
          {
            "id": "MOD-0003",
            "name": "Health"
          }
        ],
        "created_by": {
          "id": "USR-0000-0001",
          "name": "Tony"
        },
        "created_at": 1776256440000000,
        "last_access_at": 1795161600000000,
        "status": "Active",
        "icon": null,
        "revision": 1,
        "allowed": {
          "edit": true,
          "actions": [
            "Disable",
            "Delete"
          ],
          "name_to_delete": true
        }
      }
    ]
    "#);
}

#[tokio::test]
async fn an_account_cannot_see_count_or_open_anothers_tokens() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    assert_eq!(
        world.ids(&tony, &TokenQuery::default()).await,
        ["TKN-0000-0001"]
    );
    assert_eq!(world.ids(&tony, &search("Bat")).await.len(), 0);
    let foreign = "TKN-0000-0009".parse().unwrap();
    let missing = "TKN-9999-9999".parse().unwrap();
    let (a, b) = (
        world.service.get_token(&tony, foreign).await,
        world.service.get_token(&tony, missing).await,
    );
    assert_eq!(a.as_ref().unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(
        a, b,
        "what is not there and what belongs to others look the same"
    );
    let form = world
        .service
        .get_token_form(&tony, foreign)
        .await
        .unwrap_err();
    assert_eq!(form.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn operations_see_every_account() {
    let world = World::sample().await;
    for name in ["Olga", "Oscar"] {
        let operator = world.user(name).await;
        assert_eq!(
            world.ids(&operator, &TokenQuery::default()).await.len(),
            2,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_deleted_token_exists_for_operations_only() {
    let world = World::sample().await;
    world
        .execute("UPDATE api_token SET status = 'Deleted' WHERE id = 'TKN-0000-0001'")
        .await;
    let id = "TKN-0000-0001".parse().unwrap();
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    assert_eq!(world.ids(&tony, &TokenQuery::default()).await.len(), 0);
    assert_eq!(
        world.service.get_token(&tony, id).await.unwrap_err().code,
        ErrorCode::NotFound
    );
    let token = world.service.get_token(&olga, id).await.unwrap();
    assert_eq!(
        (token.status, token.allowed),
        (TokenStatus::Deleted, Allowed::default())
    );
    assert_eq!(
        world
            .service
            .get_token_form(&olga, id)
            .await
            .unwrap_err()
            .code,
        ErrorCode::NotFound
    );
}

fn standing(status: TokenStatus) -> TokenQuery {
    filtered(&format!("status={}", status.as_str()))
}

fn of_account(number: u64) -> TokenQuery {
    filtered(&format!("account.id=ACC-0000-{number:04}"))
}

#[tokio::test]
async fn the_list_can_be_narrowed_to_one_status_and_leaves_deleted_tokens_out_by_itself() {
    let (world, bruce) = twelve().await;
    world
        .step(&bruce, "TKN-0001-0002", TokenAction::Delete)
        .await
        .unwrap();
    let (olga, oscar) = (world.user("Olga").await, world.user("Oscar").await);
    for actor in [&bruce, &olga, &oscar] {
        let all = world.ids(actor, &of_account(2)).await;
        assert!(all.len() == 12 && !all.contains(&"TKN-0001-0002".to_owned()));
        assert_eq!(
            world
                .ids(actor, &standing(TokenStatus::Disabled))
                .await
                .len(),
            4
        );
    }
    assert_eq!(
        world
            .ids(&bruce, &standing(TokenStatus::Active))
            .await
            .len(),
        8
    );
    for (actor, deleted) in [
        (&bruce, vec![]),
        (&olga, vec!["TKN-0001-0002"]),
        (&oscar, vec!["TKN-0001-0002"]),
    ] {
        assert_eq!(
            world.ids(actor, &standing(TokenStatus::Deleted)).await,
            deleted
        );
    }
}

#[tokio::test]
async fn the_list_can_be_narrowed_to_an_account_by_whoever_sees_it() {
    let world = World::sample().await;
    let (tony, oscar) = (world.user("Tony").await, world.user("Oscar").await);
    for (actor, account, found) in [
        (&oscar, 1, vec!["TKN-0000-0001"]),
        (&oscar, 2, vec!["TKN-0000-0009"]),
        (&oscar, 3, vec![]),
        (&oscar, 77, vec![]),
        (&tony, 1, vec!["TKN-0000-0001"]),
        (&tony, 2, vec![]),
        (&tony, 77, vec![]),
    ] {
        let page = world.page(actor, &of_account(account)).await;
        let ids: Vec<_> = page.rows.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(
            (ids, page.total),
            (
                found.iter().map(ToString::to_string).collect(),
                Total::Exact(found.len() as u64)
            ),
            "{account}"
        );
    }
}

#[tokio::test]
async fn details_show_all_but_the_secret() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let token = world.token(&tony, "TKN-0000-0001").await;
    assert_eq!(token.api_endpoint, "http://127.0.0.1:3000/public/v1/");
    assert!(
        token.hint.starts_with("lk_") && token.hint.len() == 7,
        "{}",
        token.hint
    );
    assert_eq!(
        (token.revision, token.allowed.edit, token.updated),
        (1, true, None)
    );
    let viewed = world
        .token(&world.user("Pepper").await, "TKN-0000-0001")
        .await;
    assert_eq!(viewed.allowed, Allowed::default());
}
