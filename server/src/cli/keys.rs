//! `latchkey keys …`: the keys of the keyring, from the host. It never prints one, only their names.

use super::End;
use crate::{
    boot::{self, Core},
    config::Config,
    env::Env,
    service::{self, DropError, KeyState, KeySummary, KeysError, Rotation, RotationError},
};
use app::domain::time::Timestamp;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the keys of the keyring, and what each is still needed for
    #[command(after_help = "Examples:\n  latchkey keys list\n  \
        latchkey keys list --json | jq '.[] | select(.state == \"leaving\")'\n\n\
        States: active, what is new is made with it; next, a rotation was begun and is not through; leaving, tokens still \
        need it and are moved to the active key; kept, only records of the audit trail and deleted tokens name it; \
        unused, nothing does. Keys themselves are never printed.")]
    List,
    /// Make another key the one for everything, and move every API token to it
    #[command(
        after_help = "Examples:\n  latchkey keys rotate\n  latchkey keys rotate --resume\n\n\
        May run beside a server, which takes the new keyring over within seconds. Every token stays valid, and no secret \
        changes. When the command is stopped, nothing is lost: it goes on when it is called again, or when a server \
        starts.\n\n\
        Tokens whose secret is not stored are moved when they are used next; until then no other rotation begins. Make a \
        copy of the keyring when it is through: backups of the database that are made from now on need the new key."
    )]
    Rotate(Rotate),
    /// Take a key out of the keyring that nothing names
    #[command(after_help = "Example:\n  latchkey keys drop k20261124-5e87\n\n\
        Refused while a secret, a token or a record of the audit trail names the key. One that a rotation has added and \
        that is not active yet can be dropped: the rotation is given up.")]
    Drop(Drop),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Only go on with a rotation that is not through; begin none
    #[arg(long)]
    resume: bool,
}

#[derive(Debug, Args)]
pub(super) struct Drop {
    /// The key's name, as `latchkey keys list` has it
    #[arg(value_name = "KEY")]
    kid: String,
}

pub(super) async fn carry_out(config: &Config, env: &Env, command: Command) -> Result<End, End> {
    match command {
        Command::List => list(config).await,
        Command::Rotate(Rotate { resume }) => {
            let core = boot::open_existing(config, env).await?.beside_a_server();
            let end = rotate(&core, resume).await;
            core.close().await;
            end
        }
        Command::Drop(Drop { kid }) => {
            let core = boot::open_existing(config, env).await?;
            let dropped = core.service.drop_key(&kid).await;
            core.close().await;
            dropped?;
            let text = format!("Dropped the key {kid} from the keyring.");
            Ok(End::Done(text, json!({ "dropped": kid })))
        }
    }
}

async fn list(config: &Config) -> Result<End, End> {
    let (db, keyring) = boot::open_to_read(config).await?;
    let keys = service::list_keys(&db, &keyring).await;
    db.close().await;
    let keys = keys.map_err(|error| End::Failed(error.to_string()))?;
    Ok(End::Done(table(&keys), keys.iter().map(as_json).collect()))
}

async fn rotate(core: &Core, resume: bool) -> Result<End, End> {
    let rotation = core.service.rotate_keys(resume).await?;
    let Rotation {
        kid,
        resumed,
        moved,
        waiting,
        damaged,
    } = &rotation;
    let damaged: Vec<_> = damaged.iter().map(ToString::to_string).collect();
    let value = json!({
        "active": kid, "resumed": resumed, "moved": moved, "waiting": waiting, "damaged": damaged,
    });
    let mut lines = vec![match (resume, resumed) {
        (true, false) => format!("No rotation is open; {kid} is the active key."),
        (_, true) => format!(
            "Went on with the rotation to {kid}, which is active: {} moved.",
            tokens(*moved)
        ),
        (false, false) => format!(
            "Made the key {kid} and made it active: {} moved.",
            tokens(*moved)
        ),
    }];
    if *waiting > 0 {
        lines.push(format!(
            "{} without a stored secret: each is moved when it is used next, and its old key stays until then.",
            tokens(*waiting)
        ));
    }
    if !resume || *resumed {
        lines.push(
            "Copy the keyring to where you keep it, apart from the database: backups from now on need the new key."
                .to_owned(),
        );
    }
    if damaged.is_empty() {
        return Ok(End::Done(lines.join("\n"), value));
    }
    lines.push(format!(
        "The stored secrets of these tokens are damaged, so they stay under their old key: {}. Programs that have them are \
         not affected. Compare the database with your last backup; a token that is no longer needed can be deleted.",
        damaged.join(", ")
    ));
    Ok(End::Bad(lines.join("\n"), value))
}

fn tokens(count: u64) -> String {
    super::count(usize::try_from(count).unwrap_or(usize::MAX), "API token")
}

/// The keys in columns, and below what is still to be done.
fn table(keys: &[KeySummary]) -> String {
    let heads = [
        "KEY", "STATE", "SINCE", "SECRETS", "LOOK-UPS", "DELETED", "RECORDS",
    ];
    let mut lines = vec![row(heads)];
    lines.extend(keys.iter().map(|key| {
        row([
            &key.kid,
            key.state.word(),
            &key.since.map_or_else(|| "-".into(), day),
            &key.secrets.to_string(),
            &key.lookups.to_string(),
            &key.deleted.to_string(),
            &key.lines.to_string(),
        ])
    }));
    lines.extend(keys.iter().filter_map(to_do));
    lines.join("\n")
}

fn row([kid, state, since, secrets, lookups, deleted, lines]: [&str; 7]) -> String {
    format!(
        "{kid:<14}  {state:<7}  {since:<10}  {secrets:>8}  {lookups:>8}  {deleted:>8}  {lines:>8}"
    )
}

fn to_do(key: &KeySummary) -> Option<String> {
    let kid = &key.kid;
    match key.state {
        KeyState::Active | KeyState::Kept => None,
        KeyState::Next => Some(format!(
            "{kid} is not active yet: run `latchkey keys rotate --resume`, or give it up with `latchkey keys drop {kid}`."
        )),
        KeyState::Leaving if movable(key) == 0 => Some(format!(
            "{kid}: {} without a stored secret, moved when used next. Nothing to do.",
            tokens(key.waiting)
        )),
        KeyState::Leaving => Some(format!(
            "{kid}: {} to be moved: run `latchkey keys rotate --resume`. {} without a stored secret follow when used.",
            tokens(movable(key)),
            key.waiting
        )),
        KeyState::Unused => Some(format!(
            "{kid}: nothing names it; `latchkey keys drop {kid}` takes it out."
        )),
    }
}

/// Tokens of this key whose secret is stored. A secret without its look-up value counts too.
fn movable(key: &KeySummary) -> u64 {
    key.secrets.max(key.lookups.saturating_sub(key.waiting))
}

/// The day of a moment, `2026-04-15`, in UTC.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// A key for programs. Changing it breaks theirs.
fn as_json(key: &KeySummary) -> Value {
    let KeySummary {
        kid,
        state,
        since,
        secrets,
        lookups,
        deleted,
        lines,
        waiting,
    } = key;
    json!({
        "kid": kid, "state": state.word(), "since": since.map(|at| at.to_string()), "secrets": secrets,
        "lookups": lookups, "deletedLookups": deleted, "auditRecords": lines,
        "toMove": if *state == KeyState::Leaving { movable(key) } else { 0 }, "waitingForUse": waiting,
    })
}

impl From<RotationError> for End {
    fn from(error: RotationError) -> Self {
        match error {
            RotationError::Service(error) | RotationError::Keys(KeysError::Service(error)) => {
                error.into_api("").into()
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<DropError> for End {
    fn from(error: DropError) -> Self {
        match error {
            DropError::Rotation(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}
