//! Changes that others made: commands beside this server, and later other nodes. The audit trail is the feed: each change
//! has a line in it, and lines stand in the order in which changes were committed.
//!
//! While the trail cannot be read, nobody knows what was revoked meanwhile; then [`Following::is_certain`] says so.

use super::ConsoleService;
use crate::repo::{
    self, StoreError, WriteTx,
    audit::Happened,
    memory::{Memory, Stale},
};
use app::domain::{
    audit::{Change, Event},
    token::TokenId,
};
use std::{
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
    time::Duration,
};

/// How long reading the trail may take before nothing is certain.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);
/// Lines that are looked at one by one; more than these, and everything may have changed. This process's own are among
/// them: several tokens at once make some thousand in a second.
const LINES: i64 = 50_000;

/// How far the trail was read.
#[derive(Debug)]
pub(super) struct Following {
    read: AtomicI64,
    certain: AtomicBool,
}

impl Following {
    /// After the line with this number. Nothing may have been remembered before it was read.
    pub(super) fn after(seq: i64) -> Self {
        Self {
            read: AtomicI64::new(seq),
            certain: AtomicBool::new(true),
        }
    }

    /// Whether every change up to two or three seconds ago was heard of.
    pub(super) fn is_certain(&self) -> bool {
        self.certain.load(Ordering::Acquire)
    }

    /// The last line that was read.
    pub(super) fn last_read(&self) -> i64 {
        self.read.load(Ordering::Acquire)
    }
}

/// What an event makes stale that changed this of the object with this id. What cannot be read may be anything.
fn stale(event: Event, object: &str, changes: Option<&[Change]>) -> Option<Stale> {
    Some(match event {
        Event::TokenCreated
        | Event::TokenUpdated
        | Event::TokenEnabled
        | Event::TokenDisabled
        | Event::TokenDeleted => object.parse().map_or(Stale::Everything, Stale::Token),
        // Modules that an account gets or loses are told of each of its tokens.
        Event::AccountUpdated if changes.is_some_and(|changes| !renames(changes)) => return None,
        Event::AccountUpdated | Event::AccountEnabled | Event::AccountDisabled => {
            object.parse().map_or(Stale::Everything, Stale::Account)
        }
        // So is what tokens have of a module. It keeps its id and its code for good.
        Event::ModuleCreated
        | Event::ModuleUpdated
        | Event::ModuleRetired
        | Event::ModuleRestored => Stale::Modules,
        Event::TokenRevealed
        | Event::TokenCopied
        | Event::TokenIntegrityFailed
        | Event::BulkCompleted
        | Event::BulkStopped
        | Event::UserCreated
        | Event::UserUpdated
        | Event::UserInvited
        | Event::UserEnabled
        | Event::UserDisabled
        | Event::UserUnlocked
        | Event::UserPasswordChanged
        | Event::AccountCreated
        | Event::SessionCreated
        | Event::SessionRefused
        | Event::SessionLocked
        | Event::SessionEnded
        | Event::EventTypeUpdated
        | Event::KeyRotationStarted
        | Event::KeyRotationEnded
        | Event::KeyDropped
        | Event::DatabaseRestored => return None,
    })
}

fn renames(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.field == "name")
}

/// Takes note of an event that is being recorded, for when it is committed.
pub(super) fn note(tx: &WriteTx, event: Event, object: &str, changes: &[Change]) {
    if let Some(stale) = stale(event, object, Some(changes)) {
        tx.makes_stale(stale);
    }
}

impl ConsoleService {
    /// Takes note of what was changed since the last time. To be called each second.
    pub async fn follow_changes(&self) {
        // A keyring that was changed is compared with the database too. That is in the way of nothing else, and tried again
        // the next time.
        let keyring = tokio::time::timeout(PATIENCE, self.follow_keyring());
        let changes = tokio::time::timeout(PATIENCE, self.read_changes());
        let (_, read) = tokio::join!(keyring, changes);
        let trouble = match read {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
        };
        let was = self
            .following
            .certain
            .swap(trouble.is_none(), Ordering::AcqRel);
        match trouble {
            Some(error) if was => tracing::error!(
                error,
                "changes cannot be read from the database, so tokens are neither accepted nor refused until they can"
            ),
            None if !was => tracing::info!("changes can be read again; tokens are verified"),
            _ => {}
        }
    }

    async fn read_changes(&self) -> Result<(), StoreError> {
        let memory = self.db.memory();
        let from = self.following.last_read();
        let (head, _) = repo::audit::find_head(self.db.follow()).await?;
        if head > from + LINES || head < from {
            // Too much, or another trail: as if nothing had been known before.
            memory.forget();
            memory.changed(Stale::Everything);
            self.following.read.store(head, Ordering::Release);
            return Ok(());
        }
        if head > from {
            let renaming = Event::AccountUpdated.key();
            let lines = repo::audit::list_happened_after(
                self.db.follow(),
                from,
                LINES.unsigned_abs(),
                renaming,
            )
            .await?;
            self.take_note(memory, &lines).await?;
            let last = lines.last().map_or(head, |line| line.0);
            self.following.read.store(last, Ordering::Release);
        }
        Ok(())
    }

    async fn take_note(&self, memory: &Memory, lines: &[Happened]) -> Result<(), StoreError> {
        let mut made: Vec<TokenId> = Vec::new();
        for (_, event, object, changes) in lines {
            let Some(event) = Event::from_key(event) else {
                continue;
            };
            let changes: Option<Vec<Change>> = changes
                .as_deref()
                .and_then(|changes| serde_json::from_str(changes).ok());
            let Some(stale) = stale(event, object, changes.as_deref()) else {
                continue;
            };
            if let (Event::TokenCreated, Stale::Token(token)) = (event, stale) {
                made.push(token);
            }
            memory.changed(stale);
        }
        memory.know(repo::bearers::list_fingerprints_of(self.db.follow(), &made).await?);
        Ok(())
    }
}
