//! All that only SQLite knows: how its connections are made safe, what its error numbers mean, and how its audit
//! trail is closed to changes and a deleted token to life. The rest of `repo` speaks to any database.

pub(crate) mod copying;
pub(super) mod filling;
pub(crate) mod lists;

use super::{StoreError, StoreTrouble};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
    sqlx::Connection as _,
};
use std::time::{Duration, Instant};

/// How many connections read at the same time.
const READERS: u32 = 4;
/// How many more read long lists, so that nobody else waits for those.
const LISTERS: u32 = 3;
/// How many more find out whose a secret is, so that verification waits for nobody else.
const FINDERS: u32 = 2;
/// How long one question about a long list may take. What takes longer is ended, and not only given up: else its connection would be lost
/// to everybody until it is through.
const QUESTION: Duration = Duration::from_secs(5);
/// Steps of the database's machine between two looks at the clock.
const STEPS: i32 = 5_000;
/// How long one waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// The oldest version without the fault that loses committed writes.
const OLDEST: [u32; 3] = [3, 51, 3];
const OLDEST_TEXT: &str = "3.51.3";

/// What the writer is told, and what it must answer when it is asked. `synchronous=FULL`, because with less
/// a power cut can undo the end of a token.
const WRITER: [(&str, &str, &str); 8] = [
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("busy_timeout", "5000", "5000"),
    ("foreign_keys", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("mmap_size", "0", "0"),
    ("journal_size_limit", "67108864", "67108864"),
];
/// The same for readers.
const READER: [(&str, &str, &str); 4] = [
    ("query_only", "ON", "1"),
    ("busy_timeout", "5000", "5000"),
    ("trusted_schema", "OFF", "0"),
    ("mmap_size", "0", "0"),
];

/// Makes the audit trail append-only for a program with a fault (L-8). Who may speak SQL can drop the triggers; what
/// he changes then breaks the chain, and only a copy of its head kept elsewhere shows that its end was cut (L-11).
pub(crate) const APPEND_ONLY_AUDIT: [&str; 2] = [
    "CREATE TRIGGER audit_record_keeps_lines BEFORE UPDATE ON audit_record \
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    "CREATE TRIGGER audit_record_loses_none BEFORE DELETE ON audit_record \
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
];

/// The same for an insert that takes a line's place: what it removes fires no trigger of removing.
pub(crate) const AUDIT_PLACES: &str = "CREATE TRIGGER audit_record_replaces_none BEFORE INSERT ON audit_record \
     WHEN EXISTS (SELECT 1 FROM audit_record WHERE seq = NEW.seq OR id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END";

/// The same for who sees a line: only accounts that the line itself names, whose names its hash covers.
pub(crate) const AUDIT_VIEWERS: [&str; 3] = [
    "CREATE TRIGGER audit_viewer_is_named BEFORE INSERT ON audit_viewer \
     WHEN NOT EXISTS (SELECT 1 FROM audit_record WHERE seq = NEW.seq \
     AND instr(',' || viewers || ',', ',' || NEW.account_id || ',') > 0) \
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    "CREATE TRIGGER audit_viewer_stays BEFORE UPDATE ON audit_viewer \
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    "CREATE TRIGGER audit_viewer_goes_not BEFORE DELETE ON audit_viewer \
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
];

/// The life of a token, for a program with a fault (rule 1): Deleted is for good, with its secret; the row stays, so
/// that neither its id nor its secret can come back (T-30); a reveal policy is only ever tightened (T-29).
pub(crate) const TOKEN_LIFE: [&str; 6] = [
    "CREATE TRIGGER api_token_stays_deleted BEFORE UPDATE ON api_token WHEN OLD.status = 'Deleted' \
     BEGIN SELECT RAISE(ABORT, 'a deleted token stays as it is'); END",
    "CREATE TRIGGER api_token_stays_itself BEFORE UPDATE OF id, account_id ON api_token \
     WHEN NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id \
     BEGIN SELECT RAISE(ABORT, 'a token stays what and whose it is'); END",
    "CREATE TRIGGER api_token_replaces_none BEFORE INSERT ON api_token \
     WHEN EXISTS (SELECT 1 FROM api_token WHERE id = NEW.id OR lookup = NEW.lookup) \
     BEGIN SELECT RAISE(ABORT, 'the row of a token stays'); END",
    "CREATE TRIGGER api_token_keeps_its_row BEFORE DELETE ON api_token \
     BEGIN SELECT RAISE(ABORT, 'the row of a token stays'); END",
    "CREATE TRIGGER api_token_stays_tight BEFORE UPDATE OF reveal ON api_token \
     WHEN NEW.reveal <> OLD.reveal AND (NEW.reveal = 'always' OR OLD.reveal = 'never') \
     BEGIN SELECT RAISE(ABORT, 'a reveal policy is only ever tightened'); END",
    "CREATE TRIGGER token_secret_stays_away BEFORE INSERT ON token_secret \
     WHEN EXISTS (SELECT 1 FROM api_token WHERE id = NEW.token_id AND (status = 'Deleted' OR reveal = 'never')) \
     BEGIN SELECT RAISE(ABORT, 'the secret of this token is not to be stored'); END",
];

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Write,
    Read,
    /// Reading long lists, each question within [`QUESTION`].
    List,
    /// Finding out whose a secret is.
    Find,
    /// Hearing of what others changed.
    Follow,
}

/// The writer, the readers, the readers of long lists, of secrets and of changes of the file in `url`, which is made when
/// it is missing.
pub(super) async fn open(url: &str) -> Result<[DatabaseConnection; 5], StoreError> {
    let writer = connect(url, Use::Write).await?;
    check_version(&writer).await?;
    check_settings(&writer, &WRITER).await?;
    Ok([
        writer,
        reading(url, Use::Read).await?,
        reading(url, Use::List).await?,
        reading(url, Use::Find).await?,
        reading(url, Use::Follow).await?,
    ])
}

async fn reading(url: &str, purpose: Use) -> Result<DatabaseConnection, StoreError> {
    let readers = connect(url, purpose).await?;
    check_settings(&readers, &READER).await?;
    Ok(readers)
}

/// Readers alone, for whoever must not change anything. A file that is missing is not made.
pub(super) async fn open_to_read(url: &str) -> Result<DatabaseConnection, StoreError> {
    let readers = reading(url, Use::Read).await?;
    check_version(&readers).await?;
    Ok(readers)
}

/// Begins a transaction that is the only one to write from its first statement on.
pub(super) async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    writer.begin_with_options(options).await
}

/// Moves what lies in the write-ahead log into the file and empties the log, so that the file alone is a whole
/// database.
pub(super) async fn settle(writer: &DatabaseConnection) -> Result<(), StoreError> {
    ask(writer, "PRAGMA wal_checkpoint(TRUNCATE)").await?;
    Ok(())
}

async fn connect(url: &str, purpose: Use) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(url);
    // Statements carry names and addresses of people: neither logs nor spans see them (I-33).
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false);
    let read_only = purpose != Use::Write;
    let most = match purpose {
        Use::Write | Use::Follow => 1,
        Use::Read => READERS,
        Use::List => LISTERS,
        Use::Find => FINDERS,
    };
    options.max_connections(most).min_connections(1);
    options
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None);
    if purpose == Use::Write {
        // After a commit that failed, as on a full disk, SQLite has rolled back by itself, but the library still counts a
        // transaction. What is begun then only seems to be committed. Such a connection is closed, and a new one opened.
        options.map_sqlx_sqlite_before_acquire(|conn, _| {
            Box::pin(async move { Ok(!conn.is_in_transaction()) })
        });
    }
    if purpose == Use::List {
        options.map_sqlx_sqlite_before_acquire(|conn, _| {
            Box::pin(async move {
                let end = Instant::now() + QUESTION;
                let mut handle = conn.lock_handle().await?;
                handle.set_progress_handler(STEPS, move || Instant::now() < end);
                Ok(true)
            })
        });
    }
    let settings: &'static [(&str, &str, &str)] = if read_only { &READER } else { &WRITER };
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = if read_only {
            sqlite.read_only(true)
        } else {
            sqlite.create_if_missing(true)
        };
        settings.iter().fold(sqlite, |sqlite, (name, value, _)| {
            sqlite.pragma(*name, *value)
        })
    });
    Ok(Database::connect(options).await?)
}

async fn check_version(conn: &DatabaseConnection) -> Result<(), StoreError> {
    let found = ask(conn, "SELECT sqlite_version()")
        .await?
        .unwrap_or_default();
    let parts: Vec<u32> = found
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    if parts.as_slice() < OLDEST.as_slice() {
        return Err(StoreError::OldSqlite {
            found,
            wanted: OLDEST_TEXT,
        });
    }
    Ok(())
}

async fn check_settings(
    conn: &DatabaseConnection,
    settings: &[(&'static str, &str, &'static str)],
) -> Result<(), StoreError> {
    for &(name, _, wanted) in settings {
        let found = ask(conn, &format!("PRAGMA {name}")).await?;
        // A setting that this SQLite does not know answers nothing, and does nothing.
        let found = found.unwrap_or_else(|| "nothing".to_owned());
        if found != wanted {
            return Err(StoreError::Setting {
                name,
                wanted,
                found,
            });
        }
    }
    Ok(())
}

/// The first column of the first row, a number or a text.
async fn ask(conn: &DatabaseConnection, sql: &str) -> Result<Option<String>, StoreError> {
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let number = row.try_get_by_index::<i64>(0);
    Ok(Some(match number {
        Ok(number) => number.to_string(),
        Err(_) => row.try_get_by_index(0)?,
    }))
}

/// What an error number of SQLite means. The low byte names the kind, the rest says more.
pub(super) fn trouble(code: &str) -> StoreTrouble {
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(13) => StoreTrouble::Full,
        Ok(8 | 10 | 14) => StoreTrouble::ReadOnly,
        Ok(5 | 6) => StoreTrouble::Busy,
        Ok(9) => StoreTrouble::Slow,
        _ => StoreTrouble::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::{Db, DbSettings};

    /// As after a commit for which the disk had no room.
    #[tokio::test]
    async fn what_sqlite_rolled_back_by_itself_leaves_no_connection_that_only_seems_to_commit() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("a.db").display());
        let db = Db::open(&DbSettings { url }).await.unwrap();
        let run = async |sql: &str| {
            let tx = db.begin_write().await.unwrap();
            tx.execute_unprepared(sql).await.unwrap();
            tx
        };
        run("CREATE TABLE t (n INTEGER)")
            .await
            .commit()
            .await
            .unwrap();
        let broken = run("INSERT INTO t VALUES (1)").await;
        broken.execute_unprepared("ROLLBACK").await.unwrap();
        drop(broken);
        drop(run("INSERT INTO t VALUES (2)").await);
        run("INSERT INTO t VALUES (3)")
            .await
            .commit()
            .await
            .unwrap();
        let found = ask(&db.readers, "SELECT group_concat(n) FROM t")
            .await
            .unwrap();
        assert_eq!(found.as_deref(), Some("3"));
        check_settings(&db.writer, &WRITER).await.unwrap();
    }

    #[test]
    fn extended_error_numbers_mean_what_their_low_byte_says() {
        assert_eq!(trouble("13"), StoreTrouble::Full);
        assert_eq!(trouble("1032"), StoreTrouble::ReadOnly);
        assert_eq!(trouble("517"), StoreTrouble::Busy);
        assert_eq!(trouble("9"), StoreTrouble::Slow);
        assert_eq!(trouble("2067"), StoreTrouble::Other);
        assert_eq!(trouble("x"), StoreTrouble::Other);
    }
}
