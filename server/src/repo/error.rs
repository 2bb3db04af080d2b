//! What can go wrong in the store, sorted by what the caller can do about it.

use super::sqlite;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// A failure of the store. Its text is for the log, never for a caller.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// The library that reads the file has a known fault that loses data.
    #[error(
        "SQLite {found} is too old: at least {wanted} is needed, because older ones can lose committed writes"
    )]
    OldSqlite {
        /// The version that is linked.
        found: String,
        /// The oldest good one.
        wanted: &'static str,
    },
    /// A setting that safety rests on did not take.
    #[error("the database did not accept {name}={wanted}; it says {found}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// The address names a database that this version does not know.
    #[error("the database address must begin with sqlite: (this version knows no other database)")]
    Unsupported,
    /// The process ends, or has a fault.
    #[error("a commit was interrupted; whether it was made is not known")]
    Interrupted,
    /// A row holds what nothing here writes.
    #[error("the database holds {value:?} where {what} should be")]
    Corrupt {
        /// What should have been there.
        what: &'static str,
        /// What is.
        value: String,
    },
}

/// What a failure means for whoever waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreTrouble {
    /// There is no room left to write.
    Full,
    /// Nothing can be written, for another reason than room.
    ReadOnly,
    /// Others were in the way for longer than one waits.
    Busy,
    /// The question was ended, because finding its answer took too long.
    Slow,
    /// Anything else.
    Other,
}

impl StoreError {
    /// What this failure means for whoever waits.
    #[must_use]
    pub fn trouble(&self) -> StoreTrouble {
        match self {
            Self::Database(DbErr::ConnectionAcquire(_)) => StoreTrouble::Busy,
            Self::Database(
                DbErr::Exec(RuntimeErr::SqlxError(error))
                | DbErr::Query(RuntimeErr::SqlxError(error))
                | DbErr::Conn(RuntimeErr::SqlxError(error)),
            ) => {
                let code = error
                    .as_database_error()
                    .and_then(sqlx::error::DatabaseError::code);
                code.map_or(StoreTrouble::Other, |code| trouble_of(&code))
            }
            _ => StoreTrouble::Other,
        }
    }

    /// Whether a row was found but holds something of another kind than its columns do.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Corrupt { .. } | Self::Database(DbErr::Type(_)) => true,
            Self::Database(DbErr::Query(RuntimeErr::SqlxError(error))) => {
                matches!(
                    error.as_ref(),
                    sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)
                )
            }
            _ => false,
        }
    }

    /// Whether a row with this key was there already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
    }
}

fn trouble_of(code: &str) -> StoreTrouble {
    match code {
        // PostgreSQL: disk_full, read_only_sql_transaction, lock_not_available, serialization_failure.
        "53100" => StoreTrouble::Full,
        "25006" => StoreTrouble::ReadOnly,
        "55P03" | "40001" => StoreTrouble::Busy,
        // query_canceled.
        "57014" => StoreTrouble::Slow,
        _ => sqlite::trouble(code),
    }
}
