//! Whether the database that is being replaced proves what happened after a backup.

use crate::{
    checkpoints::{Checkpoint, Checkpoints, Kind, vouched},
    config::Config,
    repo::{DbSettings, ReadOnlyDb, Standings, StoreError},
    secret::keyring::Keyring,
    service::{AuditFault, NotedRecord, verify_trail},
};

/// How all stand in the database that is there, when its trail goes on where the backup's ends and is whole up to what the
/// checkpoints know; else why it proves nothing, as the end of a sentence.
pub(super) async fn find(
    config: &Config,
    keyring: &Keyring,
    instance: &str,
    end: NotedRecord,
) -> Result<Standings, String> {
    if config.database_path().is_some_and(|path| !path.exists()) {
        return Err("there was no database to compare with".to_owned());
    }
    let url = config.database_url.clone();
    let db = ReadOnlyDb::open(&DbSettings { url })
        .await
        .map_err(unreadable)?;
    let found = look_at(&db, config, keyring, instance, end).await;
    db.close().await;
    found
}

async fn look_at(
    db: &ReadOnlyDb,
    config: &Config,
    keyring: &Keyring,
    instance: &str,
    end: NotedRecord,
) -> Result<Standings, String> {
    if !db.is_ours().await.map_err(unreadable)? {
        return Err("the database that was there is none of Latchkey's".to_owned());
    }
    if db.instance().await.map_err(unreadable)?.as_deref() != Some(instance) {
        return Err("the database that was there belongs to another installation".to_owned());
    }
    let last = db.last_record().await.map_err(unreadable)?;
    if last < end.seq {
        return Err("the database that was there is older than the backup".to_owned());
    }
    match verify_trail(db, keyring, (end.seq > 0).then_some(end)).await {
        Ok(_) => {}
        Err(AuditFault::Broken(record)) => {
            return Err(format!(
                "the audit trail of the database that was there does not verify, or does not go on where the backup ends: \
                 {record}"
            ));
        }
        Err(AuditFault::Store(error)) => return Err(unreadable(error)),
    }
    let known = last_known(config, keyring, instance)?;
    if let Some(Checkpoint { end: known, .. }) = known.filter(|known| known.end.seq > last) {
        return Err(format!(
            "the database that was there ends with record {last}, and a checkpoint knows record {}",
            known.seq
        ));
    }
    db.standings().await.map_err(unreadable)
}

/// What the checkpoints say of the time after a backup that ends so, as a sentence for whoever has to decide without a proof.
/// They say how far the trail went, not what was in it, and nothing of the time after the last of them.
pub(super) fn hint(
    config: &Config,
    keyring: &Keyring,
    instance: &str,
    end: NotedRecord,
) -> Option<String> {
    let known = last_known(config, keyring, instance).ok()??;
    if known.kind == Kind::Restored {
        return None;
    }
    let Checkpoint { at, end: last, .. } = known;
    Some(match last.seq - end.seq {
        ..0 => format!("The checkpoints end before the backup, at {at}."),
        0 if last.hash == end.hash => {
            format!("Up to the last checkpoint, of {at}, nothing came after the backup.")
        }
        more => format!(
            "By the last checkpoint, of {at}, {more} more record(s) had been written, which are not in the backup."
        ),
    })
}

/// The checkpoint that was signed for the latest record.
fn last_known(
    config: &Config,
    keyring: &Keyring,
    instance: &str,
) -> Result<Option<Checkpoint>, String> {
    let Some(path) = config
        .audit_checkpoints
        .as_ref()
        .filter(|path| path.exists())
    else {
        return Ok(None);
    };
    let found = Checkpoints::new(path.clone()).read(keyring, instance);
    let found = found.map_err(|error| format!("the checkpoints cannot be trusted: {error}"))?;
    Ok(vouched(&found)
        .into_iter()
        .max_by_key(|known| known.end.seq))
}

fn unreadable(error: StoreError) -> String {
    format!("the database that was there cannot be read: {error}")
}
