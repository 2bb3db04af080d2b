//! Another key for everything: added, made known to every process, made active, and then every token moved to it (T-12, T-23).
//!
//! Each step can be the last one before the process is killed; whoever goes on finds out from the keyring and the rows where
//! it was. A token is valid throughout, since no row is moved to a key before every process knows that key:
//!
//! 1. The new key is added to the file. It opens and finds, and does not seal yet.
//! 2. Every process has read that file.
//! 3. The new key becomes the active one, and every process has read that too.
//! 4. Tokens are moved, 500 in a transaction. Those whose secret is not stored follow when it is presented ([`moves`]).

mod drop;
mod error;
mod list;
mod moves;
mod moving;
mod records;

pub use drop::DropError;
pub use error::RotationError;
pub use list::{KeyState, KeySummary, list_keys};
pub(super) use moves::Moves;

use super::{ConsoleService, ServiceError, audit::canonical};
use crate::{
    repo,
    secret::keyring::{Keyring, KeyringWriter},
};
use app::domain::token::TokenId;
use moving::Progress;
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;

/// How long other processes may go by an older keyring. A server looks at the file each second; a command ends.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at whether they still do.
const LOOK: Duration = Duration::from_millis(50);

/// How a rotation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The key that is active now.
    pub kid: String,
    /// Whether one that was begun before was gone on with.
    pub resumed: bool,
    /// Tokens that were moved to it now.
    pub moved: u64,
    /// Tokens that follow when their secret is presented: it is not stored.
    pub waiting: u64,
    /// Tokens that could not be moved, since what is stored of them is not what was written.
    pub damaged: Vec<TokenId>,
}

impl ConsoleService {
    /// Makes another key the one for everything, or goes on with a rotation that was begun. With `resume` nothing new is
    /// begun, and the result says when there was nothing to go on with: no token moved.
    ///
    /// # Errors
    /// [`RotationError`]; whatever was done stays, and can be gone on with.
    pub async fn rotate_keys(&self, resume: bool) -> Result<Rotation, RotationError> {
        let file = self.keyring_file().ok_or(RotationError::NoFile)?;
        let writer = file.begin_change()?.ok_or(RotationError::Busy)?;
        self.take_keyring().await?;
        self.check_own(&self.keyring()).await?;
        let open = self.is_rotation_open().await?;
        if !open {
            let waiting = self.count_waiting().await?;
            if resume {
                return Ok(self.nothing_done(waiting));
            }
            if waiting > 0 {
                return Err(RotationError::Waiting { tokens: waiting });
            }
            writer.add(&*self.env.random, &*self.env.clock)?;
        }
        self.turn_to_newest(&writer).await?;
        let Progress { moved, damaged } = self.move_all().await?;
        let rotation = Rotation {
            resumed: open,
            moved,
            damaged,
            ..self.nothing_done(self.count_waiting().await?)
        };
        self.record_end(&rotation).await?;
        Ok(rotation)
    }

    /// Goes on with a rotation that another process began and did not end. What is in the way is told, and left for the
    /// next time.
    pub async fn go_on_rotating(&self) {
        match self.is_rotation_open().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "whether a rotation of keys is open could not be read");
                return;
            }
        }
        match self.rotate_keys(true).await {
            Ok(Rotation {
                kid,
                moved,
                waiting,
                damaged,
                ..
            }) => {
                tracing::info!(
                    kid,
                    moved,
                    waiting,
                    damaged = damaged.len(),
                    "went on with a rotation of keys that was not through"
                );
            }
            // The command that does it is at work.
            Err(RotationError::Busy) => {}
            Err(error) => {
                tracing::warn!(%error, "a rotation of keys is open and could not be gone on with");
            }
        }
    }

    fn nothing_done(&self, waiting: u64) -> Rotation {
        Rotation {
            kid: self.keyring().active().kid().to_owned(),
            resumed: false,
            moved: 0,
            waiting,
            damaged: Vec::new(),
        }
    }

    /// Whether a key waits to become active, or tokens that can be moved wait for it.
    async fn is_rotation_open(&self) -> Result<bool, ServiceError> {
        let keyring = self.keyring();
        if keyring.kids().count() < 2 {
            return Ok(false);
        }
        if keyring.next().is_some() {
            return Ok(true);
        }
        let kid = keyring.active().kid();
        let some = repo::keys::list_to_move(self.db.read(), kid, None, 1).await?;
        Ok(!some.is_empty())
    }

    async fn count_waiting(&self) -> Result<u64, ServiceError> {
        let keyring = self.keyring();
        let kid = keyring.active().kid();
        Ok(repo::keys::count_waiting(self.db.read(), kid).await?)
    }

    /// Makes the newest key the active one, for every process, and records that moving begins.
    async fn turn_to_newest(&self, writer: &KeyringWriter) -> Result<(), RotationError> {
        self.taken_over(writer).await?;
        let next = self.keyring().next().map(|key| key.kid().to_owned());
        if let Some(kid) = next {
            self.record_start(&kid).await?;
            writer.activate(&kid)?;
            self.taken_over(writer).await?;
        }
        Ok(())
    }

    /// Takes the keyring over as it is now, and waits until every other process has.
    async fn taken_over(&self, writer: &KeyringWriter) -> Result<(), RotationError> {
        self.take_keyring().await?;
        let begun = Instant::now();
        while writer.is_old_in_use()? {
            if begun.elapsed() > PATIENCE {
                return Err(RotationError::NotTakenOver);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Refuses a keyring whose keys only have the names of those with which the trail was written.
    async fn check_own(&self, keyring: &Keyring) -> Result<(), RotationError> {
        let failed = ServiceError::from;
        let (seq, _) = repo::audit::find_head(self.db.read())
            .await
            .map_err(failed)?;
        let count = seq.min(2).unsigned_abs();
        let lines = repo::audit::list_after(self.db.read(), seq - 2, count).await;
        let mut lines = lines.map_err(failed)?;
        let Some((last, hash)) = lines.pop().filter(|(last, _)| last.seq == seq) else {
            return Ok(());
        };
        let before = lines.pop().map_or(Ok([0; 32]), |(_, hash)| hash.try_into());
        let foreign = || RotationError::Foreign(last.key_kid.clone());
        let key = keyring.get(&last.key_kid).ok_or_else(foreign)?;
        let wanted = key
            .audit_mac()
            .chain(&before.map_err(|_| foreign())?, &canonical(&last));
        if bool::from(wanted.as_slice().ct_eq(&hash)) {
            Ok(())
        } else {
            Err(foreign())
        }
    }
}
