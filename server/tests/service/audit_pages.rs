//! Reading the audit trail: who sees which records, and in which order.

use crate::world::{NOON, World, form, token_id};
use app::{
    domain::{
        audit::{AUDIT_PAGE, AuditCursor, AuditPage, AuditQuery},
        token::TokenEdit,
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};
use std::collections::BTreeSet;

pub async fn page(world: &World, actor: &Actor, query: &AuditQuery) -> AuditPage {
    world.service.list_audit(actor, query).await.unwrap()
}

fn seqs(page: &AuditPage) -> Vec<i64> {
    page.rows.iter().map(|row| row.seq).collect()
}

pub fn of(object: &str) -> AuditQuery {
    AuditQuery {
        object: object.into(),
        ..AuditQuery::default()
    }
}

pub fn by(actor: &str) -> AuditQuery {
    AuditQuery {
        actor: actor.into(),
        ..AuditQuery::default()
    }
}

fn at(cursor: AuditCursor, query: &AuditQuery) -> AuditQuery {
    AuditQuery {
        cursor,
        ..query.clone()
    }
}

pub async fn rename(world: &World, actor: &Actor, id: &str, name: &str) {
    let token = world.token(actor, id).await;
    let edit = TokenEdit {
        name: name.into(),
        ..form(&token)
    };
    world.edit(actor, id, &edit).await;
}

/// As many records more of this object and account as it says, as some other part of Latchkey would write them.
async fn fill(world: &World, count: i64, object: &str, account: &str) {
    world
        .execute(&format!(
            "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < {count}) \
             INSERT INTO audit_record (seq, id, at, event, actor_kind, actor_id, actor_name, request_id, app_version, \
             object_type, object_id, object_name, account_id, outcome, summary, changes, key_kid, hash) \
             SELECT last + n, printf('AUD-9999-0000-%04d-%04d', (last + n) / 10000, (last + n) % 10000), \
             {}, 'platform.accounts.token.updated', 'user', 'USR-0000-0001', 'Tony', '', '0', 'Token', '{object}', \
             'Filled', '{account}', 'done', 'filled ' || (last + n), '[]', 'k', zeroblob(32) \
             FROM more, (SELECT MAX(seq) AS last FROM audit_record)",
            NOON.0
        ))
        .await;
}

#[tokio::test]
async fn an_account_is_a_wall_for_its_trail_and_operations_see_over_it() {
    let world = World::sample().await;
    world.signed_in("bruce@wayne.example").await;
    for name in ["Tony", "Pepper", "Bruce", "Olga", "Oscar"] {
        let actor = world.user(name).await;
        let mut seen = BTreeSet::new();
        for row in page(&world, &actor, &AuditQuery::default()).await.rows {
            let account: Option<String> = world
                .ask(&format!(
                    "SELECT account_id FROM audit_record WHERE seq = {}",
                    row.seq
                ))
                .await;
            seen.insert(account);
            assert!(world.service.get_audit_record(&actor, row.id).await.is_ok());
        }
        let own = match name {
            "Bruce" => Some("ACC-0000-0002"),
            "Tony" | "Pepper" => Some("ACC-0000-0001"),
            _ => None,
        };
        match own {
            Some(own) => assert_eq!(seen, BTreeSet::from([Some(own.to_owned())]), "{name}"),
            None => assert!(seen.len() >= 3, "{name}: {seen:?}"),
        }
    }
}

#[tokio::test]
async fn the_record_of_another_account_does_not_exist() {
    let world = World::sample().await;
    let (tony, bruce) = (world.user("Tony").await, world.user("Bruce").await);
    let row = page(&world, &tony, &AuditQuery::default())
        .await
        .rows
        .remove(0);
    let refused = world
        .service
        .get_audit_record(&bruce, row.id)
        .await
        .unwrap_err();
    let nothing = "AUD-1111-1111-1111-1111".parse().unwrap();
    let nowhere = world
        .service
        .get_audit_record(&bruce, nothing)
        .await
        .unwrap_err();
    assert_eq!(refused, nowhere);
    assert_eq!(refused.code, ErrorCode::NotFound);
    // Nor by any filter.
    for query in [
        of("TKN-0000-0001"),
        of("robot"),
        of("ACC-0000-0001"),
        of("stark"),
        by("USR-0000-0001"),
        by("tony"),
        by("tony@stark.example"),
    ] {
        assert_eq!(page(&world, &bruce, &query).await.rows, [], "{query:?}");
        assert_eq!(
            page(&world, &bruce, &at(AuditCursor::After(0), &query))
                .await
                .rows,
            []
        );
    }
}

#[tokio::test]
async fn the_account_concerned_sees_what_operations_do_in_it() {
    let world = World::sample().await;
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    rename(&world, &olga, "TKN-0000-0001", "Robot by Olga").await;
    for query in [
        AuditQuery::default(),
        by("olga"),
        by("USR-0000-0004"),
        of("by olga"),
    ] {
        let seen = page(&world, &tony, &query).await.rows;
        assert_eq!(seen[0].actor.name, "Olga", "{query:?}");
        assert_eq!(seen[0].object.id, "TKN-0000-0001");
    }
    // But not her e-mail address, which nothing shows him.
    assert_eq!(page(&world, &tony, &by("olga@ops")).await.rows, []);
    assert_eq!(page(&world, &olga, &by("olga@ops")).await.rows.len(), 1);
}

#[tokio::test]
async fn a_page_is_full_and_knows_what_lies_on_either_side() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let size = i64::from(AUDIT_PAGE);
    fill(&world, 2 * size + 3, "TKN-0000-0001", "ACC-0000-0001").await;
    let all = of("TKN-0000-0001");
    let last: i64 = world.ask("SELECT MAX(seq) FROM audit_record").await;
    let first = page(&world, &olga, &all).await;
    assert_eq!(
        seqs(&first),
        (last - size + 1..=last).rev().collect::<Vec<_>>()
    );
    assert_eq!(first.newer, None);
    assert_eq!(first.older, Some(AuditCursor::Before(last - size + 1)));
    let second = page(&world, &olga, &at(first.older.unwrap(), &all)).await;
    assert_eq!(seqs(&second)[0], last - size);
    assert_eq!(second.newer, Some(AuditCursor::After(last - size)));
    let third = page(&world, &olga, &at(second.older.unwrap(), &all)).await;
    // Three that were put in, and the one of the token's beginning.
    assert_eq!((third.rows.len(), third.older), (4, None));
    // And back: the rows just newer, the newest of them first.
    let back = page(&world, &olga, &at(third.newer.unwrap(), &all)).await;
    assert_eq!(
        (seqs(&back), back.newer, back.older),
        (seqs(&second), second.newer, second.older)
    );
    let top = page(&world, &olga, &at(back.newer.unwrap(), &all)).await;
    assert_eq!(
        (seqs(&top), top.newer, top.older),
        (seqs(&first), first.newer, first.older)
    );
}

#[tokio::test]
async fn a_page_that_is_just_full_has_nothing_older() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    fill(
        &world,
        i64::from(AUDIT_PAGE) - 1,
        "TKN-0000-0001",
        "ACC-0000-0001",
    )
    .await;
    let page = page(&world, &olga, &of("TKN-0000-0001")).await;
    assert_eq!((page.rows.len(), page.older), (25, None));
}

#[tokio::test]
async fn a_place_beyond_either_end_shows_the_way_back() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let all = AuditQuery::default();
    let last: i64 = world.ask("SELECT MAX(seq) FROM audit_record").await;
    let beyond = page(&world, &olga, &at(AuditCursor::After(last), &all)).await;
    assert_eq!((beyond.rows.len(), beyond.newer), (0, None));
    let back = page(&world, &olga, &at(beyond.older.unwrap(), &all)).await;
    assert_eq!(back.rows, page(&world, &olga, &all).await.rows);
    let before = page(&world, &olga, &at(AuditCursor::Before(1), &all)).await;
    assert_eq!((before.rows.len(), before.older), (0, None));
    let forth = page(&world, &olga, &at(before.newer.unwrap(), &all)).await;
    assert_eq!(seqs(&forth).last(), Some(&1));
    for far in [i64::MIN, i64::MAX] {
        page(&world, &olga, &at(AuditCursor::Before(far), &all)).await;
        page(&world, &olga, &at(AuditCursor::After(far), &all)).await;
    }
    let high = page(&world, &olga, &at(AuditCursor::Before(i64::MAX), &all)).await;
    assert_eq!((high.newer, high.rows[0].seq), (None, last));
}

#[tokio::test]
async fn several_objects_of_one_name_make_one_order() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    for _ in 0..4 {
        fill(&world, 10, "TKN-0000-0001", "ACC-0000-0001").await;
        fill(&world, 10, "TKN-0000-0009", "ACC-0000-0002").await;
        fill(&world, 1, "USR-0000-0003", "ACC-0000-0002").await;
    }
    // "Robot 1", "Bat", "Tony", "Stark" and others have a t.
    let query = of("t");
    let mut found = Vec::new();
    let mut cursor = Some(AuditCursor::Newest);
    while let Some(place) = cursor {
        let page = page(&world, &olga, &at(place, &query)).await;
        found.extend(seqs(&page));
        cursor = page.older;
    }
    assert!(found.is_sorted_by(|one, other| one > other), "{found:?}");
    let with_t: i64 = world
        .ask(
            "SELECT COUNT(*) FROM audit_record WHERE object_id IN \
             (SELECT id FROM api_token WHERE name_fold LIKE '%t%' UNION SELECT id FROM user WHERE name_fold LIKE '%t%' \
             UNION SELECT id FROM account WHERE name_fold LIKE '%t%' UNION SELECT id FROM module WHERE name_fold LIKE '%t%')",
        )
        .await;
    assert_eq!(i64::try_from(found.len()).unwrap(), with_t);
    assert!(with_t > 80);
    let mut upwards = Vec::new();
    let mut cursor = Some(AuditCursor::After(0));
    while let Some(place) = cursor {
        let page = page(&world, &olga, &at(place, &query)).await;
        upwards.splice(0..0, seqs(&page));
        cursor = page.newer;
    }
    assert_eq!(upwards, found);
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_change_the_order() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    rename(&world, &tony, "TKN-0000-0001", "one").await;
    world.clock.advance(-3 * 86_400);
    rename(&world, &tony, "TKN-0000-0001", "two").await;
    let rows = page(&world, &tony, &of("TKN-0000-0001")).await.rows;
    let names: Vec<_> = rows.iter().map(|row| row.object.name.as_str()).collect();
    assert_eq!(names, ["two", "one", "Robot 1"]);
    world.service.verify_chain().await.unwrap();
}

#[tokio::test]
async fn the_page_of_a_token_has_its_records_only_whatever_the_query_says() {
    let world = World::sample().await;
    let (tony, bruce, pepper) = (
        world.user("Tony").await,
        world.user("Bruce").await,
        world.user("Pepper").await,
    );
    rename(&world, &tony, "TKN-0000-0001", "Robot 2").await;
    let id = token_id("TKN-0000-0001");
    for actor in [&tony, &pepper] {
        let page = world
            .service
            .list_token_audit(actor, id, &of("TKN-0000-0009"))
            .await
            .unwrap();
        assert_eq!(page.rows.len(), 2);
        assert!(page.rows.iter().all(|row| row.object.id == "TKN-0000-0001"));
    }
    let refused = world
        .service
        .list_token_audit(&bruce, id, &AuditQuery::default())
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
    let created = AuditQuery {
        event: "platform.accounts.token.created".into(),
        ..AuditQuery::default()
    };
    let page = world
        .service
        .list_token_audit(&tony, id, &created)
        .await
        .unwrap();
    assert_eq!(page.rows.len(), 1);
}

#[tokio::test]
async fn a_record_says_all_that_is_known_and_nothing_secret() {
    let world = World::sample().await;
    let (tony, session) = world.signed_in("tony@stark.example").await;
    rename(&world, &tony, "TKN-0000-0001", "Robot \"2\"").await;
    let row = page(&world, &tony, &AuditQuery::default())
        .await
        .rows
        .remove(0);
    let details = world.service.get_audit_record(&tony, row.id).await.unwrap();
    assert_eq!(details.row, row);
    assert_eq!(details.ip.as_deref(), Some("192.0.2.1"));
    assert_eq!(details.user_agent.as_deref(), Some("a browser"));
    assert_eq!(details.auth_method.as_deref(), Some("session"));
    assert_eq!(details.request_id, "request-1");
    let change = &details.changes[0];
    assert_eq!(
        (
            change.field.as_str(),
            change.before.as_deref(),
            change.after.as_deref()
        ),
        ("name", Some("Robot 1"), Some("Robot \"2\""))
    );
    let json: serde_json::Value = serde_json::from_str(&details.json).unwrap();
    assert_eq!(json["id"], row.id.to_string());
    assert_eq!(json["seq"], row.seq);
    assert_eq!(json["at"], "2026-11-24T12:00:00.000Z");
    assert_eq!(json["object"]["revision"], 2);
    assert_eq!(json["actor"]["id"], "USR-0000-0001");
    assert_eq!(json["account"], "ACC-0000-0001");
    assert_eq!(json["outcome"], "done");
    assert_eq!(json["address"], "192.0.2.1");
    assert_eq!(json["changes"][0]["before"], "Robot 1");
    assert!(
        details.json.starts_with("{\n  \"id\": "),
        "{}",
        details.json
    );
    let secret = session.secret.expose();
    assert!(!details.json.contains(secret.as_str()));
    // Nor the address of the installation's own proxy.
    assert!(!details.json.contains("192.0.2.2"));
}

#[tokio::test]
async fn a_refusal_is_shown_as_one_with_its_reason() {
    let world = World::sample().await;
    let pepper = world.user("Pepper").await;
    let token = world.token(&pepper, "TKN-0000-0001").await;
    let edit = TokenEdit {
        name: "mine".into(),
        ..form(&token)
    };
    world.refused(&pepper, "TKN-0000-0001", &edit).await;
    let tony = world.user("Tony").await;
    let row = page(&world, &tony, &of("TKN-0000-0001"))
        .await
        .rows
        .remove(0);
    assert!(row.refused);
    let details = world.service.get_audit_record(&tony, row.id).await.unwrap();
    assert!(details.reason.is_some());
    assert!(details.json.contains("\"outcome\": \"refused\""));
}
