//! Filling tables with very many rows: without the indexes that only questions need, which are built again at the end, each
//! in one go and in its own order, and without counting and listing each row for itself.

use super::lists::{KEEPERS_OF_NEW, TAKE_STOCK};
use crate::repo::{StoreError, WriteTx};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

/// With fewer new rows a change of the schema is not worth it.
const MANY: usize = 5_000;
/// Kibibytes that the connection may keep in memory meanwhile, so that rows find their places without the disk; and what it
/// may keep otherwise.
const ROOM: i32 = 262_144;
const USUAL_ROOM: i32 = 2_000;

/// Tables that are being filled.
#[derive(Debug)]
#[must_use = "the indexes are missing until it ends"]
pub(crate) struct Filling {
    /// How the indexes and the triggers that were dropped are made.
    dropped: Vec<String>,
    /// Whether what these triggers keep has to be made anew.
    unkept: bool,
}

impl Filling {
    /// Makes these tables ready for so many rows, of which those that the first table holds may be some. In tables that hold
    /// fewer than are new, indexes are dropped, all but the unique ones, on which rules rest. When the transaction is rolled
    /// back, they are there as before.
    pub(crate) async fn begin(
        tx: &WriteTx,
        tables: &[&str],
        rows: usize,
    ) -> Result<Self, StoreError> {
        let mut dropped = Vec::new();
        let Some(first) = tables.first().filter(|_| is_sqlite(tx)) else {
            return Ok(Self {
                dropped,
                unkept: false,
            });
        };
        let new = rows - count_rows(tx, first, rows).await?;
        if new < MANY {
            return Ok(Self {
                dropped,
                unkept: false,
            });
        }
        keep_in_memory(tx, ROOM).await?;
        for table in tables {
            if count_rows(tx, table, new).await? == new {
                continue;
            }
            for (name, sql) in indexes(tx, table).await? {
                tx.execute_unprepared(&format!("DROP INDEX \"{name}\""))
                    .await?;
                dropped.push(sql);
            }
        }
        let mut unkept = false;
        if count_rows(tx, first, new).await? < new {
            for name in KEEPERS_OF_NEW {
                if let Some(sql) = trigger(tx, name).await? {
                    tx.execute_unprepared(&format!("DROP TRIGGER \"{name}\""))
                        .await?;
                    dropped.push(sql);
                    unkept = true;
                }
            }
        }
        Ok(Self { dropped, unkept })
    }

    /// Counts and lists what there is, and builds the indexes again.
    pub(crate) async fn end(self, tx: &WriteTx) -> Result<(), StoreError> {
        if self.unkept {
            for sql in TAKE_STOCK.into_iter().flatten() {
                tx.execute_unprepared(sql).await?;
            }
        }
        for sql in &self.dropped {
            tx.execute_unprepared(sql).await?;
        }
        if is_sqlite(tx) {
            keep_in_memory(tx, USUAL_ROOM).await?;
        }
        Ok(())
    }
}

fn is_sqlite(tx: &WriteTx) -> bool {
    tx.get_database_backend() == DbBackend::Sqlite
}

async fn keep_in_memory(tx: &WriteTx, kibibytes: i32) -> Result<(), StoreError> {
    tx.execute_unprepared(&format!("PRAGMA cache_size = -{kibibytes}"))
        .await?;
    Ok(())
}

/// The indexes of a table that are not unique: their names, and how they are made.
async fn indexes(tx: &WriteTx, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT made.name, made.sql FROM pragma_index_list(?) AS listed \
               JOIN sqlite_schema AS made ON made.name = listed.name \
               WHERE listed.origin = 'c' AND NOT listed.\"unique\" ORDER BY made.rowid";
    let backend = tx.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = tx.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// How the trigger of this name is made.
async fn trigger(tx: &WriteTx, name: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?";
    let backend = tx.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [name.into()]);
    let row = tx.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// How many rows a table has, counted up to `most`.
async fn count_rows(tx: &WriteTx, table: &str, most: usize) -> Result<usize, StoreError> {
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {most})");
    let statement = Statement::from_string(tx.get_database_backend(), sql);
    let row = tx.query_one_raw(statement).await?;
    let number: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(usize::try_from(number.unwrap_or(0)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::{Db, DbSettings, token_writes::FILLED};

    async fn db(folder: &tempfile::TempDir) -> Db {
        let url = format!("sqlite://{}", folder.path().join("a.db").display());
        Db::open(&DbSettings { url }).await.unwrap()
    }

    async fn schema(tx: &WriteTx) -> Vec<(String, String)> {
        let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name";
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let rows = tx.query_all_raw(statement).await.unwrap();
        let pair = |row: &sea_orm::QueryResult| {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
            )
        };
        rows.iter().map(pair).collect()
    }

    #[tokio::test]
    async fn indexes_that_no_rule_needs_are_away_while_tables_are_filled_and_back_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder).await;
        db.migrate().await.unwrap();
        let tx = db.begin_write().await.unwrap();
        let before = schema(&tx).await;
        let filling = Filling::begin(&tx, &FILLED, MANY).await.unwrap();
        let meanwhile = schema(&tx).await;
        let gone = before.iter().filter(|one| !meanwhile.contains(one));
        let gone: Vec<_> = gone.map(|(name, _)| name.as_str()).collect();
        for table in FILLED {
            let index = format!("ix_{table}_");
            assert!(gone.iter().any(|name| name.starts_with(&index)), "{table}");
        }
        let may_go = |name: &&str| name.starts_with("ix_") || KEEPERS_OF_NEW.contains(name);
        assert!(gone.iter().all(may_go), "{gone:?}");
        assert!(
            KEEPERS_OF_NEW.iter().all(|name| gone.contains(name)),
            "{gone:?}"
        );
        filling.end(&tx).await.unwrap();
        assert_eq!(schema(&tx).await, before);
        drop(Filling::begin(&tx, &FILLED, MANY).await.unwrap());
        drop(tx);
        // What was not committed has dropped nothing.
        assert_eq!(schema(&db.begin_write().await.unwrap()).await, before);
    }

    #[tokio::test]
    async fn a_table_that_holds_more_than_is_new_keeps_its_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder).await;
        let tx = db.begin_write().await.unwrap();
        for sql in [
            "CREATE TABLE small (n INTEGER PRIMARY KEY, a)",
            "CREATE TABLE large (n INTEGER PRIMARY KEY, a)",
            "CREATE INDEX of_small ON small (a)",
            "CREATE INDEX of_large ON large (a)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO small SELECT i, 1 FROM n",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO large SELECT i, 1 FROM n",
        ] {
            tx.execute_unprepared(sql).await.unwrap();
        }
        for (tables, rows, dropped) in [
            (["small", "large"], 7_999, 0),
            (["small", "large"], 8_000, 1),
            (["small", "large"], 33_001, 2),
            (["large", "small"], 34_999, 0),
            (["large", "small"], 35_000, 1),
        ] {
            let filling = Filling::begin(&tx, &tables, rows).await.unwrap();
            assert_eq!(filling.dropped.len(), dropped, "{tables:?} {rows}");
            filling.end(&tx).await.unwrap();
        }
    }
}
