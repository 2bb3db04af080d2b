//! `latchkey backup` and `latchkey restore`: the database, kept elsewhere and put back.

use super::End;
use crate::{
    backup::{self, Backup, BackupError},
    boot,
    config::Config,
    env::Env,
    repo::DbSettings,
    restore::{self, RestoreError, Restored},
    secret::keyring::Keyring,
    service::{Replay, Replayed},
};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// So many tokens are listed for people; programs get all.
const LISTED: usize = 100;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  latchkey backup /backup/latchkey-2026-11-27.db\n  \
        latchkey backup /backup/latchkey.db --force --json | jq .auditSeq\n\n\
        The copy is written under another name beside FILE, read back and verified, and only then gets its name; stopped at \
        any moment, the command leaves no half backup. The keyring is not in it: keep a copy of that elsewhere."
)]
pub(super) struct BackUp {
    /// Where to write it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  latchkey restore /backup/latchkey-2026-11-27.db\n  \
        latchkey restore /backup/latchkey-2026-11-27.db --json | jq '.ended'\n\n\
        The keyring that belongs to the backup must be in the data folder. Tokens that were disabled or deleted after the \
        backup are so again, as far as the database that is replaced knows; when it proves nothing, every token starts \
        Disabled and is listed. All sign-ins end. The replaced database is kept under a dated name."
)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Leave tokens Active although nothing proves that they were not revoked after the backup
    #[arg(long)]
    keep_unproven: bool,
}

pub(super) async fn back_up(config: &Config, command: BackUp) -> Result<End, End> {
    let BackUp { file, force } = command;
    boot::must_exist(config)?;
    if is_own(config, &file) {
        return Err(End::Failed(BackupError::OwnFile(file).to_string()));
    }
    let keyring = Keyring::load(&config.keyring_path());
    let keyring = keyring.map_err(|error| End::Failed(format!("No backup was made: {error}")))?;
    let database = DbSettings {
        url: config.database_url.clone(),
    };
    let made = backup::back_up(&database, &keyring, &file, force).await;
    let Backup { bytes, contents } = made.map_err(|error| End::Failed(error.to_string()))?;
    let backup::Contents { tokens, end } = contents;
    let count = super::count(usize::try_from(tokens).unwrap_or(usize::MAX), "API token");
    let text = format!(
        "Wrote {} ({}): {count}, audit trail up to record {}. It was read back and verified.\n\
         The keyring is not in it: keep a copy of {} apart from it. Without that, no secret in it can be used.",
        file.display(),
        size(bytes),
        end.seq,
        config.keyring_path().display(),
    );
    let value = json!({
        "file": file.display().to_string(), "bytes": bytes, "tokens": tokens, "auditSeq": end.seq,
        "auditEnd": end.to_string(), "keyringIncluded": false,
    });
    Ok(End::Done(text, value))
}

/// Whether the file is the database, the keyring, or what lies beside them.
fn is_own(config: &Config, file: &Path) -> bool {
    let mut own = vec![
        config.keyring_path(),
        config.lock_path(),
        config.setup_path(),
    ];
    if let Some(database) = config.database_path() {
        own.extend(
            ["", "-wal", "-shm", "-journal"].map(|ending| backup::beside(&database, ending)),
        );
    }
    let real = |path: &Path| {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.into());
        fs::canonicalize(path).unwrap_or_else(|_| folder.join(path.file_name().unwrap_or_default()))
    };
    let file = real(file);
    own.iter().any(|own| real(own) == file)
}

/// So many bytes, for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

pub(super) async fn restore(config: &Config, env: &Env, command: Restore) -> Result<End, End> {
    let Restore {
        file,
        keep_unproven,
    } = command;
    let restored = restore::restore(config, env, &file, keep_unproven).await?;
    let Restored {
        contents,
        replayed,
        unproven,
        hint,
        kept,
    } = &restored;
    let count = super::count(
        usize::try_from(contents.tokens).unwrap_or(usize::MAX),
        "API token",
    );
    let mut lines = vec![format!(
        "Restored {}: {count}, audit trail up to record {}.",
        file.display(),
        contents.end.seq
    )];
    lines.push(match (unproven, keep_unproven) {
        (None, _) => {
            "The database that was there knows what happened since; what was ended since was ended again.".to_owned()
        }
        (Some(why), false) => format!(
            "Nothing proves what was revoked after the backup: {why}. So every token that was Active starts Disabled; enable \
             those that you know to be good with `latchkey token enable ID`."
        ),
        (Some(why), true) => format!(
            "Nothing proves what was revoked after the backup: {why}. With --keep-unproven, tokens are as they were then; go \
             through them."
        ),
    });
    lines.extend(hint.clone());
    lines.extend(ended(replayed));
    if let Some(kept) = kept {
        lines.push(format!(
            "The database that was there is kept as {}. Delete it when you need it no more.",
            kept.display()
        ));
    }
    let tokens = replayed.tokens.iter();
    let tokens = tokens.map(|(id, replay)| json!({ "id": id.to_string(), "why": replay.word() }));
    let value = json!({
        "restored": file.display().to_string(), "tokens": contents.tokens, "auditSeq": contents.end.seq,
        "proven": unproven.is_none(), "whyUnproven": unproven, "checkpointsSay": hint, "ended": tokens.collect::<Vec<_>>(),
        "secretsDestroyed": replayed.secrets, "usersDisabled": replayed.disabled_people,
        "passwordsKept": replayed.passwords, "signInsEnded": replayed.sign_ins,
        "replaced": kept.as_ref().map(|kept| kept.display().to_string()),
    });
    Ok(End::Done(lines.join("\n"), value))
}

/// What was ended again, a line for each.
fn ended(replayed: &Replayed) -> Vec<String> {
    let Replayed {
        tokens,
        secrets,
        disabled_people,
        passwords,
        sign_ins,
    } = replayed;
    let mut lines: Vec<String> = tokens
        .iter()
        .take(LISTED)
        .map(|(id, replay)| format!("{id} {}", what(*replay)))
        .collect();
    if tokens.len() > LISTED {
        lines.push(format!(
            "… and {} more; --json lists all.",
            tokens.len() - LISTED
        ));
    }
    if *secrets > 0 {
        lines.push(format!(
            "Stored secrets that were destroyed since were destroyed again: {secrets}."
        ));
    }
    lines.extend(
        disabled_people
            .iter()
            .map(|email| format!("{email} disabled again")),
    );
    lines.extend(
        passwords
            .iter()
            .map(|email| format!("{email} keeps the password that was set since")),
    );
    lines.push(format!(
        "Ended {}, and every invitation that was open.",
        super::count(usize::try_from(*sign_ins).unwrap_or(usize::MAX), "sign-in")
    ));
    lines
}

const fn what(replay: Replay) -> &'static str {
    match replay {
        Replay::Deleted => "deleted again",
        Replay::Disabled => "disabled again",
        Replay::Narrowed => {
            "disabled: modules were taken from it since; look at them before you enable it"
        }
        Replay::Unproven => "disabled: nothing is known of it since",
    }
}

impl From<RestoreError> for End {
    fn from(error: RestoreError) -> Self {
        Self::Failed(error.to_string())
    }
}
