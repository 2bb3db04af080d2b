//! Checking the audit trail: whether each line is the one that was written, in its place, none left out (L-11).
//!
//! It only reads, a batch at a time and without a transaction, so that it can run beside a server on a trail of any
//! length. Lines that are added meanwhile are not looked at.

use super::{ConsoleService, audit::canonical};
use crate::{
    hex,
    repo::{self, Conn, ReadOnlyDb, StoreError, audit::AuditRow},
    secret::keyring::Keyring,
};
use std::{collections::BTreeSet, fmt, str::FromStr};
use subtle::ConstantTimeEq as _;

/// Lines that are read at a time.
const BATCH: u64 = 500;

/// A trail in which every line is what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeTrail {
    /// How many lines it has.
    pub records: i64,
    /// The hash of the last one, which stands for all of them.
    pub head: [u8; 32],
}

/// A line as it was noted down earlier, outside the database: its number and hash. Whoever holds database and keyring
/// can write the whole trail anew; the lines up to a noted one he cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotedRecord {
    /// Its number.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// `NUMBER:HASH`, as a verification prints it.
impl fmt::Display for NotedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex::encode(&self.hash))
    }
}

/// The text is not `NUMBER:HASH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number, a colon and 64 hexadecimal digits, as `latchkey audit verify` prints them")]
pub struct InvalidNote;

impl FromStr for NotedRecord {
    type Err = InvalidNote;

    fn from_str(text: &str) -> Result<Self, InvalidNote> {
        let (seq, hash) = text.split_once(':').ok_or(InvalidNote)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(InvalidNote)?;
        let hash = hex::decode(hash).ok_or(InvalidNote)?;
        Ok(Self { seq, hash })
    }
}

/// Lines that were noted, by number.
struct Noted(Vec<NotedRecord>);

impl Noted {
    fn new(noted: impl IntoIterator<Item = NotedRecord>) -> Self {
        let mut noted: Vec<_> = noted.into_iter().collect();
        noted.sort_unstable_by_key(|noted| noted.seq);
        Self(noted)
    }

    /// The number of the last one; 0 without any.
    fn last(&self) -> i64 {
        self.0.last().map_or(0, |noted| noted.seq)
    }

    /// Whether one with this number has another hash.
    fn differ(&self, seq: i64, hash: &[u8; 32]) -> bool {
        let from = self.0.partition_point(|noted| noted.seq < seq);
        let same = self.0.iter().skip(from);
        same.take_while(|noted| noted.seq == seq)
            .any(|noted| noted.hash != *hash)
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is none with this number.
    Missing,
    /// It is not what was written, or stood elsewhere.
    Changed,
    /// It names a key that the keyring does not hold.
    UnknownKey(String),
    /// A column holds something of another kind.
    Unreadable,
    /// The trail ends with it, but its head is of another line.
    NotTheHead,
    /// It stands outside the numbers from 1 to the head's.
    Outside,
    /// It is not the one that was noted.
    NotTheNoted,
    /// Others find it than the accounts that it names.
    Viewers,
}

impl Wrong {
    /// The word for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::UnknownKey(_) => "unknown-key",
            Self::Unreadable => "unreadable",
            Self::NotTheHead => "not-the-head",
            Self::Outside => "outside",
            Self::NotTheNoted => "not-the-noted",
            Self::Viewers => "viewers",
        }
    }
}

/// What is wrong, after the name of the line.
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Changed => f.write_str("is not what was written, or not in its place"),
            Self::UnknownKey(kid) => {
                write!(f, "names the key {kid:?}, which the keyring does not hold")
            }
            Self::Unreadable => f.write_str("cannot be read"),
            Self::NotTheHead => f.write_str(
                "is the last one, but not the one with which the trail ended: records after it were removed, or the \
                 head of the trail was changed",
            ),
            Self::Outside => f.write_str("stands outside the trail, as its head has it"),
            Self::Viewers => {
                f.write_str("is shown to other accounts than were written down with it")
            }
            Self::NotTheNoted => f.write_str(
                "is not the one that was noted: the trail was written anew, from this record or an earlier one on",
            ),
        }
    }
}

/// The first line that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// Its number.
    pub seq: i64,
    /// The id that stands in it, if there is one to be read.
    pub id: Option<String>,
    /// What is wrong with it.
    pub wrong: Wrong,
}

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {} ", self.seq)?;
        if let Some(id) = &self.id {
            // Who broke the trail may have put anything here.
            write!(f, "({}) ", id.escape_debug())?;
        }
        self.wrong.fmt(f)
    }
}

/// Why a trail was not found whole.
#[derive(Debug, thiserror::Error)]
pub enum AuditFault {
    /// It is broken, here first.
    #[error("the audit trail is broken: {0}")]
    Broken(BadRecord),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ConsoleService {
    /// Checks every line of the audit trail against the one before it, and gives their number (L-11).
    ///
    /// # Errors
    /// The first line that is not what was written.
    pub async fn verify_chain(&self) -> Result<i64, AuditFault> {
        let whole = verify(self.db.read(), &self.keyring(), None).await?;
        Ok(whole.records)
    }
}

/// The same for a database that nothing else is done with; also that the lines in `noted` are still the same.
///
/// # Errors
/// The first line that is not what was written.
pub async fn verify_trail(
    db: &ReadOnlyDb,
    keyring: &Keyring,
    noted: impl IntoIterator<Item = NotedRecord>,
) -> Result<WholeTrail, AuditFault> {
    verify(db.read(), keyring, noted).await
}

async fn verify(
    conn: &impl Conn,
    keyring: &Keyring,
    noted: impl IntoIterator<Item = NotedRecord>,
) -> Result<WholeTrail, AuditFault> {
    let noted = Noted::new(noted);
    // The ends before the head: what is added between the two must not look as if it stood behind the head.
    let (lowest, highest) = repo::audit::find_ends(conn).await?.unwrap_or((1, 0));
    let (end, head) = head(conn, highest).await?;
    if lowest < 1 {
        return Err(bad(conn, lowest, Wrong::Outside).await);
    }
    let last = walk(conn, keyring, end, &noted).await?;
    if !bool::from(last.as_slice().ct_eq(&head)) {
        return Err(bad(conn, end, Wrong::NotTheHead).await);
    }
    if highest > end {
        return Err(bad(conn, end + 1, Wrong::Outside).await);
    }
    if noted.last() > end {
        return Err(bad(conn, end + 1, Wrong::Missing).await);
    }
    Ok(WholeTrail {
        records: end,
        head: last,
    })
}

/// The number and hash of the head. One that is none fits no line; what is before it can still be checked.
async fn head(conn: &impl Conn, highest: i64) -> Result<(i64, Vec<u8>), StoreError> {
    match repo::audit::find_head(conn).await {
        Ok((seq, hash)) => Ok((seq, hash.to_vec())),
        Err(error) if error.is_unreadable() => Ok((highest, Vec::new())),
        Err(error) => Err(error),
    }
}

/// Checks the lines from 1 to `end` and gives the hash of the last.
async fn walk(
    conn: &impl Conn,
    keyring: &Keyring,
    end: i64,
    noted: &Noted,
) -> Result<[u8; 32], AuditFault> {
    let (mut seq, mut previous, mut batch) = (0, [0_u8; 32], BATCH);
    while seq < end {
        let lines = match repo::audit::list_after(conn, seq, batch).await {
            // One of them cannot be read; alone, each shows whether it is the one.
            Err(error) if error.is_unreadable() && batch > 1 => {
                batch = 1;
                continue;
            }
            Err(error) if error.is_unreadable() => {
                return Err(bad(conn, seq + 1, Wrong::Unreadable).await);
            }
            lines => lines?,
        };
        if lines.first().is_none_or(|(row, _)| row.seq > end) {
            return Err(bad(conn, seq + 1, Wrong::Missing).await);
        }
        let last = lines.last().map_or(seq, |(row, _)| row.seq);
        let found = repo::record_lists::list_viewers(conn, seq + 1, last).await?;
        for (row, hash) in lines.into_iter().take_while(|(row, _)| row.seq <= end) {
            previous = match check(keyring, seq + 1, &previous, &row, &hash, noted) {
                Ok(hash) => hash,
                Err(wrong) => return Err(bad(conn, seq + 1, wrong).await),
            };
            seq = row.seq;
            if !is_seen_as_written(&row, &found) {
                return Err(bad(conn, seq, Wrong::Viewers).await);
            }
        }
    }
    Ok(previous)
}

/// Whether a line is found by the accounts that it names, and by no others.
fn is_seen_as_written(row: &AuditRow, found: &[(i64, String)]) -> bool {
    let named: BTreeSet<_> = row
        .viewers
        .iter()
        .flat_map(|viewers| viewers.split(','))
        .collect();
    let found = found.iter().filter(|(seq, _)| *seq == row.seq);
    let found: BTreeSet<_> = found.map(|(_, account)| account.as_str()).collect();
    named == found
}

/// The hash of `row`, if it follows `previous` as line `seq` and carries that hash.
fn check(
    keyring: &Keyring,
    seq: i64,
    previous: &[u8; 32],
    row: &AuditRow,
    hash: &[u8],
    noted: &Noted,
) -> Result<[u8; 32], Wrong> {
    if row.seq != seq {
        return Err(Wrong::Missing);
    }
    let key = keyring.get(&row.key_kid);
    let key = key.ok_or_else(|| Wrong::UnknownKey(row.key_kid.clone()))?;
    let wanted = key.audit_mac().chain(previous, &canonical(row));
    if !bool::from(wanted.as_slice().ct_eq(hash)) {
        return Err(Wrong::Changed);
    }
    if noted.differ(seq, &wanted) {
        return Err(Wrong::NotTheNoted);
    }
    Ok(wanted)
}

/// The fault at this line, with the id that stands there as far as it can be read.
async fn bad(conn: &impl Conn, seq: i64, wrong: Wrong) -> AuditFault {
    let id = repo::audit::find_id(conn, seq).await.ok().flatten();
    AuditFault::Broken(BadRecord { seq, id, wrong })
}
