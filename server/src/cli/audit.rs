//! `latchkey audit …`: the audit trail, from the host. It only reads.

use super::End;
use crate::{
    boot,
    checkpoints::{self, Checkpoint, CheckpointError, Checkpoints},
    config::Config,
    hex,
    repo::{ReadOnlyDb, StoreError},
    secret::keyring::Keyring,
    service::{self, AuditFault, BadRecord, NotedRecord, WholeTrail, Wrong},
};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check that no record of the audit trail was changed, removed or put in
    #[command(after_help = "Examples:\n  latchkey audit verify\n  \
        latchkey audit verify --json | jq -r .noted\n  \
        latchkey audit verify --noted 128:9f86d081…0f00a08\n  \
        latchkey audit verify /mnt/log/audit-checkpoints.jsonl\n\n\
        Changes nothing, and may run beside a server. Exit code 1 when a record is not what was written; the first one \
        is named.\n\n\
        With FILE, a copy of what a server writes as audit_checkpoints, the trail must also hold every record that a \
        checkpoint in it was signed for: so a trail that was cut off, or an old database, is found out.\n\n\
        Whoever holds the database and the keyring can write the whole trail anew: keep the printed line, or a copy of \
        the checkpoints, where he cannot reach it.")]
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Check the trail against the signed checkpoints in this file
    #[arg(value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    /// Check too that this record, printed by an earlier verification, is still the same
    #[arg(long, value_name = "NUMBER:HASH")]
    noted: Option<NotedRecord>,
}

pub(super) async fn carry_out(config: &Config, command: Command) -> Result<End, End> {
    let Command::Verify(Verify { checkpoints, noted }) = command;
    let (db, keyring) = boot::open_to_read(config).await?;
    let end = verify(&db, &keyring, checkpoints.as_deref(), noted).await;
    db.close().await;
    end
}

async fn verify(
    db: &ReadOnlyDb,
    keyring: &Keyring,
    file: Option<&Path>,
    noted: Option<NotedRecord>,
) -> Result<End, End> {
    let known = match file {
        Some(file) => read(db, keyring, file).await?,
        None => Vec::new(),
    };
    let ends = known.iter().map(|known| known.end).chain(noted);
    match service::verify_trail(db, keyring, ends).await {
        Ok(trail) => Ok(whole(&trail, &known)),
        Err(AuditFault::Broken(record)) => Err(broken(&record, cut_off(db, &record, &known).await)),
        Err(AuditFault::Store(error)) => Err(unreadable(&error)),
    }
}

/// What the checkpoints in this file vouch for.
async fn read(db: &ReadOnlyDb, keyring: &Keyring, file: &Path) -> Result<Vec<Checkpoint>, End> {
    let instance = db.instance().await.map_err(|error| unreadable(&error))?;
    let found = Checkpoints::new(file.into()).read(keyring, &instance.unwrap_or_default());
    let found = found.map_err(|error| match &error {
        CheckpointError::Line { line, .. } => {
            let found = json!({ "verified": false, "checkpointLine": line, "wrong": "checkpoint" });
            End::Bad(error.to_string(), found)
        }
        CheckpointError::File { .. } => End::Failed(error.to_string()),
    })?;
    let known = checkpoints::vouched(&found);
    if known.is_empty() {
        return Err(End::Failed(format!(
            "There is no checkpoint in {}, so nothing was checked against it. The server writes them to the file that \
             audit_checkpoints names.",
            file.display()
        )));
    }
    Ok(known)
}

fn unreadable(error: &StoreError) -> End {
    End::Failed(format!(
        "The audit trail could not be read to its end: {error}"
    ))
}

/// The last checkpoint, when the bad record stands behind the end of the trail: it knows more records than there are.
async fn cut_off<'a>(
    db: &ReadOnlyDb,
    record: &BadRecord,
    known: &'a [Checkpoint],
) -> Option<&'a Checkpoint> {
    let last = known.iter().max_by_key(|known| known.end.seq)?;
    let end = db.last_record().await.ok()?;
    (record.wrong == Wrong::Missing && record.seq > end).then_some(last)
}

fn whole(trail: &WholeTrail, known: &[Checkpoint]) -> End {
    let WholeTrail { records, head } = *trail;
    let json = |noted: Option<String>| {
        let checked = known.last().map(as_json);
        json!({
            "verified": true, "records": records, "head": hex::encode(&head), "noted": noted,
            "checkpoints": known.len(), "lastCheckpoint": checked,
        })
    };
    if records == 0 {
        let text = "The audit trail is whole: it has no record yet.";
        return End::Done(text.into(), json(None));
    }
    let noted = NotedRecord {
        seq: records,
        hash: head,
    };
    let count = super::count(usize::try_from(records).unwrap_or_default(), "record");
    let mut text =
        format!("The audit trail is whole: {count}.\nIts end, to be noted elsewhere: {noted}");
    if let Some(last) = known.last() {
        let count = super::count(known.len(), "checkpoint");
        let _ = write!(
            text,
            "\nIt holds what {count} were signed for, the last of {} for record {}.",
            last.at, last.end.seq
        );
    }
    End::Done(text, json(Some(noted.to_string())))
}

fn broken(record: &BadRecord, cut_off: Option<&Checkpoint>) -> End {
    let mut text = format!("The audit trail is broken: {record}.");
    if let Some(Checkpoint { at, end, .. }) = cut_off {
        let _ = write!(
            text,
            "\nA checkpoint of {at} was signed for record {}, so there were more: the end of the trail was cut off, or an \
             older database stands in the place of the one that wrote it. What was revoked since may be good again.",
            end.seq
        );
    }
    text.push_str(
        "\nRecords before it are as they were written. Keep the database as it is, and compare it with your last backup.",
    );
    let mut found = json!({
        "verified": false, "seq": record.seq, "id": record.id, "wrong": record.wrong.word(),
    });
    if let (Some(last), Some(found)) = (cut_off, found.as_object_mut()) {
        found.insert("cutOff".to_owned(), true.into());
        found.insert("lastCheckpoint".to_owned(), as_json(last));
    }
    End::Bad(text, found)
}

fn as_json(checkpoint: &Checkpoint) -> Value {
    json!({ "at": checkpoint.at, "record": checkpoint.end.to_string() })
}
