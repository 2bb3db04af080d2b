//! The store: connections, transactions, and one file of queries for each kind of thing.
//!
//! Owns: all SQL. Queries are free functions over any connection; `find_` gives an `Option`, `list_` many,
//! `insert_` and `update_` change. It must not know who asks or whether he may: that is `service`'s. No type of
//! the database library leaves it but behind [`WriteTx`] and what [`Db::read`] gives.

mod anchors;
mod error;
mod stamps;
mod statements;
mod tx;

pub(crate) mod account_rows;
pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod audit_read;
pub(crate) mod bearers;
pub(crate) mod bulk;
pub(crate) mod bulk_items;
pub(crate) mod creators;
mod directory;
pub(crate) mod event_types;
pub(crate) mod filter;
pub(crate) mod icons;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod listing;
pub(crate) mod memory;
pub(crate) mod module_rows;
pub(crate) mod modules;
pub(crate) mod record_lists;
pub(crate) mod restoring;
pub(crate) mod secrets;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod sqlite;
pub(crate) mod throttle;
pub(crate) mod token_batches;
pub(crate) mod token_lists;
pub(crate) mod token_pages;
pub(crate) mod token_requests;
pub(crate) mod token_uses;
pub(crate) mod token_writes;
pub(crate) mod tokens;
pub(crate) mod user_rows;
pub(crate) mod users;
pub(crate) mod views;

pub use error::{StoreError, StoreTrouble};
pub use restoring::Standings;
pub(crate) use sqlite::filling::Filling;
pub(crate) use stamps::Stamp;
pub(crate) use statements::Statements;
pub use token_uses::{UseCount, UseOutcome};
// What queries run on, under a name of our own: nothing outside names the library.
pub(crate) use sea_orm::ConnectionTrait as Conn;
pub use tx::WriteTx;

use crate::migration::Migrator;
use memory::Memory;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, StreamTrait,
    sea_query::{Expr, Query},
};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error as WordError};
use std::{
    path::Path,
    str::FromStr,
    sync::{self, Arc},
    time::Duration,
};

/// How long closing may take: whoever still reads is waited for no longer.
const CLOSING: Duration = Duration::from_secs(3);

/// Where the database is.
#[derive(Debug, Clone)]
pub struct DbSettings {
    /// Its address, as in `sqlite:///var/lib/latchkey/latchkey.db`.
    pub url: String,
}

/// The open database: one connection that writes, several that read, some of them long lists, some only whose a secret is
///
#[derive(Debug, Clone)]
pub struct Db {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
    listers: DatabaseConnection,
    finders: DatabaseConnection,
    followers: DatabaseConnection,
    memory: Arc<Memory>,
}

/// How many connections of a kind there are.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// What they are for.
    pub purpose: &'static str,
    /// Those that are open.
    pub open: u32,
    /// Those of them that wait for work.
    pub idle: usize,
}

impl Db {
    /// Opens the database, making its file when it is missing, and checks that it is safe to use (R-1…R-3).
    ///
    /// # Errors
    /// Unreachable, of an unknown kind, too old, or without a setting that safety rests on.
    pub async fn open(settings: &DbSettings) -> Result<Self, StoreError> {
        if !settings.url.starts_with("sqlite:") {
            return Err(StoreError::Unsupported);
        }
        let [writer, readers, listers, finders, followers] = sqlite::open(&settings.url).await?;
        Ok(Self {
            writer,
            readers,
            listers,
            finders,
            followers,
            memory: Arc::default(),
        })
    }

    /// Brings the schema up to date. A schema newer than this program is refused.
    ///
    /// # Errors
    /// A step failed; the database is as it was before that step.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::up(&self.writer, None).await?)
    }

    /// Whether the database answers a reader.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.readers
            .query_one(&Query::select().expr(Expr::val(1)).take())
            .await?;
        Ok(())
    }

    /// Whether an installation lives here already. Also answers before the first [`Db::migrate`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_instance(&self) -> Result<bool, StoreError> {
        if !SchemaManager::new(&self.readers)
            .has_table("instance")
            .await?
        {
            return Ok(false);
        }
        Ok(setup::find_instance(&self.readers).await?.is_some())
    }

    /// Closes every connection, for every clone of this handle, after what lies beside the file was moved into it
    ///
    pub async fn close(&self) {
        if tokio::time::timeout(CLOSING, self.settle_and_close())
            .await
            .is_err()
        {
            tracing::warn!(
                "the database was not closed in time; its write-ahead log is kept beside it"
            );
        }
    }

    async fn settle_and_close(&self) {
        close_pool(self.readers.clone()).await;
        close_pool(self.listers.clone()).await;
        close_pool(self.finders.clone()).await;
        close_pool(self.followers.clone()).await;
        if let Err(error) = sqlite::settle(&self.writer).await {
            tracing::warn!(%error, "the write-ahead log was not moved into the database; it is kept beside it");
        }
        close_pool(self.writer.clone()).await;
    }

    /// A connection for questions.
    pub(crate) fn read(&self) -> &(impl ConnectionTrait + use<>) {
        &self.readers
    }

    /// A connection for questions about long lists. One that takes too long is ended.
    pub(crate) fn list(&self) -> &(impl ConnectionTrait + StreamTrait + use<>) {
        &self.listers
    }

    /// The connection for hearing of what others changed: nobody else makes that wait.
    pub(crate) fn follow(&self) -> &(impl ConnectionTrait + use<>) {
        &self.followers
    }

    /// A connection for finding out whose a secret is: no page and no list makes that wait.
    pub(crate) fn find(&self) -> &(impl ConnectionTrait + use<>) {
        &self.finders
    }

    /// What this process remembers of the database.
    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// How many connections of each kind there are.
    #[must_use]
    pub fn connections(&self) -> [Connections; 5] {
        let pools = [
            ("write", &self.writer),
            ("read", &self.readers),
            ("list", &self.listers),
            ("find", &self.finders),
            ("follow", &self.followers),
        ];
        pools.map(|(purpose, pool)| {
            let pool = pool.get_sqlite_connection_pool();
            Connections {
                purpose,
                open: pool.size(),
                idle: pool.num_idle(),
            }
        })
    }

    /// Begins to write. Whoever else writes is waited for, so that nothing read in here can go stale.
    ///
    /// # Errors
    /// The database failed, or others wrote for too long.
    pub(crate) async fn begin_write(&self) -> Result<WriteTx, StoreError> {
        let transaction = sqlite::begin(&self.writer).await?;
        Ok(WriteTx::new(transaction, Arc::clone(&self.memory)))
    }
}

impl DbSettings {
    /// The database in this file.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        Self {
            url: sqlite::copying::url_of(path),
        }
    }

    /// Writes all that is committed into `file`, which is empty or missing, as one whole database, beside whoever writes.
    /// It is not on the disk for certain yet.
    ///
    /// # Errors
    /// The database cannot be read, or the file not be written.
    pub async fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        if !self.url.starts_with("sqlite:") {
            return Err(StoreError::Unsupported);
        }
        sqlite::copying::copy_into(&self.url, file).await
    }
}

/// An open database that is only looked at: nothing in it is changed, nor is its schema brought up to date.
#[derive(Debug)]
pub struct ReadOnlyDb(DatabaseConnection);

impl ReadOnlyDb {
    /// Opens the database. A file that is missing is not made.
    ///
    /// # Errors
    /// Unreachable, of an unknown kind, or too old.
    pub async fn open(settings: &DbSettings) -> Result<Self, StoreError> {
        if !settings.url.starts_with("sqlite:") {
            return Err(StoreError::Unsupported);
        }
        Ok(Self(sqlite::open_to_read(&settings.url).await?))
    }

    /// Closes every connection.
    pub async fn close(self) {
        close_pool(self.0).await;
    }

    /// A connection for questions.
    pub(crate) fn read(&self) -> &impl ConnectionTrait {
        &self.0
    }
}

/// The keys that rows of this database name.
///
/// # Errors
/// The database failed.
pub async fn keys_named(db: &ReadOnlyDb) -> Result<Vec<String>, StoreError> {
    let mut kids = tokens::list_kids(db.read()).await?;
    kids.extend(audit::list_kids(db.read()).await?);
    Ok(kids)
}

async fn close_pool(pool: DatabaseConnection) {
    if let Err(error) = pool.close().await {
        tracing::warn!(%error, "a database connection did not close cleanly");
    }
}

/// The word in a column as the type that owns it.
fn word<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    T::deserialize(text.into_deserializer()).map_err(|_: WordError| StoreError::Corrupt {
        what,
        value: text.to_owned(),
    })
}

/// The id in a column.
fn id<T: FromStr>(what: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt {
        what,
        value: text.to_owned(),
    })
}
