//! An installation that was there before the step has its tokens in every list after it.

use crate::migration::Migrator;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement, TryGetable};
use sea_orm_migration::MigratorTrait as _;

async fn ask<T: TryGetable>(conn: &DatabaseConnection, sql: &str) -> T {
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let row = conn.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// A token of before, as its row was.
fn token(number: u32, name: &str, status: &str, maker: &str) -> String {
    format!(
        "INSERT INTO api_token (id, account_id, name, name_fold, description, status, revision, hint, lookup, pepper_kid, \
         created_at, created_by) VALUES ('TKN-0000-{number:04}', 'ACC-0000-0001', '{name}', lower('{name}'), '', '{status}', \
         1, 'lk_abcd', randomblob(32), 'k', {number}, '{maker}')"
    )
}

async fn before() -> DatabaseConnection {
    let conn = Database::connect("sqlite::memory:").await.unwrap();
    Migrator::up(&conn, Some(4)).await.unwrap();
    for sql in [
        "INSERT INTO account (id, name, name_fold, kind, status, created_at) \
         VALUES ('ACC-0000-0001', 'Stark', 'stark', 'Client', 'Active', 0)",
        "INSERT INTO module (id, code, name, name_fold, description, account_types, is_default, is_configurable, is_paid) \
         VALUES ('MOD-0001', 'billing', 'Billing', 'billing', '', '', 0, 1, 0)",
        "INSERT INTO user (id, account_id, name, name_fold, email, email_key, role, status, created_at) \
         VALUES ('USR-0000-0001', 'ACC-0000-0001', 'Tony', 'tony', 't', 't', 'Viewer', 'Active', 0)",
        &token(1, "Maker", "Active", "USR-0000-0001"),
        &token(2, "Made", "Disabled", "TKN-0000-0001"),
        &token(3, "Gone", "Deleted", ""),
        "INSERT INTO token_access (token_id, last_access_at, last_access_ip, uses) VALUES ('TKN-0000-0002', 7, '::1', 3)",
        "INSERT INTO token_module (token_id, module_id) VALUES ('TKN-0000-0001', 'MOD-0001'), ('TKN-0000-0003', 'MOD-0001')",
    ] {
        conn.execute_unprepared(sql).await.unwrap();
    }
    conn
}

#[tokio::test]
async fn tokens_of_before_stand_in_every_order_tally_and_search() {
    let conn = before().await;
    Migrator::up(&conn, None).await.unwrap();
    let listed = |columns: &str, table: &str| {
        format!("SELECT group_concat({columns}, ' ') FROM (SELECT * FROM {table} ORDER BY 1, 2)")
    };
    for (sql, expected) in [
        (
            listed("creator_fold || alive", "api_token"),
            "tony1 maker1 latchkey0",
        ),
        (
            listed(
                "coalesce(last_access_at, '-') || uses || alive",
                "token_access",
            ),
            "-01 731 -00",
        ),
        (
            listed("token_id", "token_module"),
            "TKN-0000-0001 TKN-0000-0003",
        ),
        (
            listed("module_id || status || tokens", "token_tally"),
            "Active1 Disabled1 Deleted1 MOD-0001Active1 MOD-0001Deleted1",
        ),
    ] {
        let mut found: Vec<String> = ask::<String>(&conn, &sql)
            .await
            .split(' ')
            .map(str::to_owned)
            .collect();
        let mut expected: Vec<_> = expected.split(' ').map(str::to_owned).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{sql}");
    }
    let found: i64 = ask(
        &conn,
        "SELECT rowid FROM token_text WHERE token_text MATCH 'name : \"ade\"'",
    )
    .await;
    assert_eq!(found, 2);
}

#[tokio::test]
async fn what_changes_afterwards_is_counted_and_found() {
    let conn = before().await;
    Migrator::up(&conn, None).await.unwrap();
    for sql in [
        "UPDATE api_token SET status = 'Disabled' WHERE id = 'TKN-0000-0001'",
        "UPDATE api_token SET name = 'Other', name_fold = 'other' WHERE id = 'TKN-0000-0002'",
        "INSERT INTO token_module (token_id, module_id) VALUES ('TKN-0000-0002', 'MOD-0001')",
        "DELETE FROM token_module WHERE token_id = 'TKN-0000-0001'",
        "UPDATE api_token SET status = 'Deleted' WHERE id = 'TKN-0000-0001'",
        &token(4, "Young", "Active", "USR-0000-0001"),
    ] {
        conn.execute_unprepared(sql).await.unwrap();
    }
    // As if all were counted now.
    let wrong: i64 = ask(
        &conn,
        "SELECT count(*) FROM token_tally kept WHERE tokens <> CASE module_id WHEN '' THEN \
         (SELECT count(*) FROM api_token WHERE status = kept.status) ELSE \
         (SELECT count(*) FROM api_token JOIN token_module ON token_id = id WHERE status = kept.status \
         AND token_module.module_id = kept.module_id) END",
    )
    .await;
    assert_eq!(wrong, 0);
    let alive: i64 = ask(&conn, "SELECT sum(alive) FROM token_access").await;
    assert_eq!(alive, 2);
    for (text, rows) in [("oth", 1), ("ade", 0), ("oun", 1)] {
        let sql =
            format!("SELECT count(*) FROM token_text WHERE token_text MATCH 'name : \"{text}\"'");
        assert_eq!(ask::<i64>(&conn, &sql).await, rows, "{text}");
    }
}
