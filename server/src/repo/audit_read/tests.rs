use super::*;
use crate::repo::{Db, DbSettings};
use sea_orm::{DbBackend, StatementBuilder};
use tempfile::TempDir;

async fn database() -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
    let db = Db::open(&DbSettings { url }).await.unwrap();
    db.migrate().await.unwrap();
    (folder, db)
}

/// What SQLite does for this question, one step in a line.
async fn plan(db: &Db, question: &impl StatementBuilder) -> String {
    let mut statement = question.build(&DbBackend::Sqlite);
    statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let steps = db.read().query_all_raw(statement).await.unwrap();
    let steps = steps
        .iter()
        .map(|step| step.try_get::<String>("", "detail"));
    steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

const CURSORS: [AuditCursor; 3] = [
    AuditCursor::Newest,
    AuditCursor::Before(70_000),
    AuditCursor::After(70_000),
];

fn filter(of: &[&str], by: &[&str], walled: bool) -> AuditFilter {
    let ids =
        |ids: &[&str]| (!ids.is_empty()).then(|| ids.iter().map(|id| (*id).to_owned()).collect());
    AuditFilter {
        scope: AuditScope {
            account: AccountId::from_number(1).filter(|_| walled),
        },
        named: false,
        objects: ids(of),
        actors: ids(by),
        event: None,
        from: None,
        until: None,
    }
}

/// A page is read along an index in the order of the answer, from its place on: its cost does not grow with the
/// number of lines, of this object or of all.
#[tokio::test]
async fn a_page_is_read_along_an_index_and_never_sorted() {
    let (_folder, db) = database().await;
    let token = ["TKN-0000-0001"];
    let person = ["USR-0000-0001"];
    for (filter, index) in [
        (filter(&token, &[], false), "object_id=?"),
        (filter(&token, &[], true), "account_id=? AND object_id=?"),
        (filter(&[], &person, false), "actor_id=?"),
        (filter(&[], &person, true), "=?"),
        (filter(&token, &person, false), "=?"),
        (filter(&[], &[], true), "account_id=?"),
    ] {
        for cursor in CURSORS {
            for event in [None, Some("platform.accounts.token.revealed".to_owned())] {
                let filter = AuditFilter {
                    event: event.clone(),
                    ..filter.clone()
                };
                let branches = filter.branches();
                let [only] = branches.as_slice() else {
                    panic!("{branches:?}")
                };
                let plan = plan(&db, &stretch(only.clone(), cursor, 26).into_query()).await;
                let wanted = if event.is_some() { "=?" } else { index };
                assert!(
                    plan.starts_with("SEARCH audit_record USING INDEX ix_audit_record_"),
                    "{plan}"
                );
                assert!(plan.contains(wanted), "{filter:?} {cursor:?}: {plan}");
                assert!(
                    !plan.contains("TEMP B-TREE"),
                    "{filter:?} {cursor:?}: {plan}"
                );
                assert_eq!(plan.lines().count(), 1, "{plan}");
            }
        }
    }
}

#[tokio::test]
async fn the_whole_trail_is_read_along_its_numbers() {
    let (_folder, db) = database().await;
    for cursor in CURSORS {
        let everything = filter(&[], &[], false).branches().remove(0);
        let plan = plan(&db, &stretch(everything, cursor, 26).into_query()).await;
        // The numbers are the table's own order, so that "SCAN" ends with the page.
        let wanted = match cursor {
            AuditCursor::Newest => "SCAN audit_record",
            AuditCursor::Before(_) => "SEARCH audit_record USING INTEGER PRIMARY KEY (rowid<?)",
            AuditCursor::After(_) => "SEARCH audit_record USING INTEGER PRIMARY KEY (rowid>?)",
        };
        assert_eq!(plan, wanted);
    }
}

#[tokio::test]
async fn many_objects_are_read_along_the_same_index_each() {
    let (_folder, db) = database().await;
    let ids = ["TKN-0000-0001", "TKN-0000-0002", "USR-0000-0001"];
    for (walled, by) in [
        (false, "object_id=?"),
        (true, "account_id=? AND object_id=?"),
    ] {
        for cursor in CURSORS {
            let branches = filter(&ids, &[], walled).branches();
            let plan = plan(&db, &union(&branches, cursor, 26).unwrap()).await;
            assert_eq!(
                plan.matches("INDEX ix_audit_record_").count(),
                ids.len(),
                "{plan}"
            );
            assert_eq!(plan.matches(by).count(), ids.len(), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
