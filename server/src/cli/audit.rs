//! `latchkey audit …`: the audit trail, from the host. It only reads.

use super::End;
use crate::{
    boot,
    config::Config,
    hex,
    service::{self, AuditFault, BadRecord, NotedRecord, WholeTrail},
};
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check that no record of the audit trail was changed, removed or put in
    #[command(after_help = "Examples:\n  latchkey audit verify\n  \
        latchkey audit verify --json | jq -r .noted\n  \
        latchkey audit verify --noted 128:9f86d081…0f00a08\n\n\
        Changes nothing, and may run beside a server. Exit code 1 when a record is not what was written; the first one \
        is named.\n\n\
        Whoever holds the database and the keyring can write the whole trail anew: keep the printed line somewhere \
        else, and give it the next time.")]
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Check too that this record, printed by an earlier verification, is still the same
    #[arg(long, value_name = "NUMBER:HASH")]
    noted: Option<NotedRecord>,
}

pub(super) async fn carry_out(config: &Config, command: Command) -> Result<End, End> {
    let Command::Verify(Verify { noted }) = command;
    let (db, keyring) = boot::open_to_read(config).await?;
    let verdict = service::verify_trail(&db, &keyring, noted).await;
    db.close().await;
    match verdict {
        Ok(trail) => Ok(whole(&trail)),
        Err(AuditFault::Broken(record)) => Err(broken(&record)),
        Err(AuditFault::Store(error)) => Err(End::Failed(format!(
            "The audit trail could not be read to its end: {error}"
        ))),
    }
}

fn whole(trail: &WholeTrail) -> End {
    let WholeTrail { records, head } = *trail;
    let json = |noted: Option<String>| json!({ "verified": true, "records": records, "head": hex::encode(&head), "noted": noted });
    if records == 0 {
        let text = "The audit trail is whole: it has no record yet.";
        return End::Done(text.into(), json(None));
    }
    let noted = NotedRecord {
        seq: records,
        hash: head,
    };
    let count = super::count(usize::try_from(records).unwrap_or_default(), "record");
    let text =
        format!("The audit trail is whole: {count}.\nIts end, to be noted elsewhere: {noted}");
    End::Done(text, json(Some(noted.to_string())))
}

fn broken(record: &BadRecord) -> End {
    let text = format!(
        "The audit trail is broken: {record}.\nRecords before it are as they were written. Keep the database as it \
         is, and compare it with your last backup."
    );
    let found = json!({
        "verified": false, "seq": record.seq, "id": record.id, "wrong": record.wrong.word(),
    });
    End::Bad(text, found)
}
