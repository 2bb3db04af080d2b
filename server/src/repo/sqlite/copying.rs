//! Copies of the database: how SQLite makes one beside whoever writes, and whether a file is one that can be used.

use super::{ACQUIRE, ask};
use crate::{
    migration::Migrator,
    repo::{ReadOnlyDb, StoreError},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::{ColumnTrait as _, DatabaseConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, Statement,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use std::path::Path;

/// What stands for itself in the path of a database's address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// The address of the database in this file, whatever its name.
pub(crate) fn url_of(path: &Path) -> String {
    let path = path.to_string_lossy();
    format!("sqlite://{}", utf8_percent_encode(&path, PATH))
}

/// Writes all that is committed in the database at `url` into `file`, which is empty or missing, as one whole database.
/// Others may write meanwhile; what they commit is not in it. Nothing is on the disk for certain yet.
pub(crate) async fn copy_into(url: &str, file: &Path) -> Result<(), StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE);
    // Not `query_only`, which would forbid to write the copy as well.
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .read_only(true)
            .pragma("busy_timeout", "5000")
            .pragma("trusted_schema", "OFF")
            .pragma("mmap_size", "0")
    });
    let conn = Database::connect(options).await?;
    let copied = vacuum_into(&conn, file).await;
    conn.close().await?;
    copied
}

async fn vacuum_into(conn: &DatabaseConnection, file: &Path) -> Result<(), StoreError> {
    let path = file.to_string_lossy().into_owned();
    let backend = conn.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, "VACUUM INTO ?", [path.into()]);
    conn.execute_raw(statement).await?;
    Ok(())
}

impl ReadOnlyDb {
    /// What SQLite finds wrong with the file, in its own words; nothing when it is whole.
    ///
    /// # Errors
    /// It cannot even be read.
    pub async fn find_damage(&self) -> Result<Option<String>, StoreError> {
        let found = ask(&self.0, "PRAGMA integrity_check").await?;
        Ok(found.filter(|found| found != "ok"))
    }

    /// The first step of the schema that this program does not know: the database is of a newer one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn find_unknown_step(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT version FROM seaql_migrations ORDER BY version";
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let known = Migrator::migrations();
        for row in self.0.query_all_raw(statement).await? {
            let version: String = row.try_get_by_index(0)?;
            if !known.iter().any(|step| step.name() == version) {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }

    /// Whether it is a database of Latchkey's at all.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_ours(&self) -> Result<bool, StoreError> {
        let schema = SchemaManager::new(&self.0);
        for table in ["seaql_migrations", "instance", "audit_head", "api_token"] {
            if !schema.has_table(table).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many tokens there are that are not deleted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count_tokens(&self) -> Result<u64, StoreError> {
        use crate::entity::api_token::{Column, Entity};
        let living = Entity::find().filter(Column::Status.ne("Deleted"));
        Ok(living.count(&self.0).await?)
    }
}
