//! Carrying out changes to several tokens: some hundred in a transaction, with what became of each, so that a change that is
//! cut off at any moment is never half told.
//!
//! The changes of an account are carried out in the order in which they were begun; those of different accounts in turns, so
//! that none waits for another's.

use super::{TOGETHER, plan::About};
use crate::{
    repo::{
        self, StoreError, WriteTx,
        bulk::{Progress, StoredBulk},
    },
    service::{
        ConsoleService, ServiceError,
        authz::{self, bulk as may},
        many_tokens::ManyChange,
        system,
    },
};
use app::{
    domain::{
        bulk::{BulkAction, BulkChangeId, BulkState},
        token::TokenId,
    },
    port::{Actor, Who},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long the worker waits before it tries again what failed.
const AGAIN: Duration = Duration::from_secs(1);
/// A change that fails so often, one time after the other, is stopped.
const MOST_FAILURES: u32 = 30;
/// How long it sleeps at most: old results are looked for then.
const SLEEP: Duration = Duration::from_mins(1);

/// How often each change has failed since it last went on.
#[derive(Debug, Default)]
pub(in crate::service) struct Failures(Mutex<HashMap<BulkChangeId, u32>>);

impl Failures {
    fn count(&self, id: BulkChangeId) -> u32 {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = failures.entry(id).or_default();
        *count += 1;
        *count
    }

    fn forget(&self, id: BulkChangeId) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&id);
    }
}

/// Lets others write, who were waiting since this moment.
async fn give_way(since: Instant) {
    tokio::time::sleep(since.elapsed() / 2).await;
}

impl ConsoleService {
    /// Carries out what was begun, now or before a restart, until there is nothing left, and sleeps then until more is begun.
    /// To be called again and again.
    pub async fn work_on_bulk_changes(&self) {
        match self.work_on_each().await {
            Ok(true) => {}
            Ok(false) => {
                let _ = tokio::time::timeout(SLEEP, self.bulk_begun.notified()).await;
            }
            Err(error) => {
                tracing::error!(%error, "a change to several tokens could not be gone on with; it is tried again");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// One step of the oldest change of each account. Says whether there was anything to do. One that fails is in the way
    /// of no other account's, and ends when it fails again and again.
    async fn work_on_each(&self) -> Result<bool, ServiceError> {
        let running = repo::bulk::list_running(self.db.read()).await?;
        let mut accounts = HashSet::new();
        let mut done = false;
        let mut failure = None;
        for (id, account) in running {
            if !accounts.insert(account) {
                continue;
            }
            let begun = Instant::now();
            match self.work_on(id).await {
                Ok(()) => {
                    self.bulk_failures.forget(id);
                    done = true;
                }
                Err(error) if self.bulk_failures.count(id) >= MOST_FAILURES => {
                    tracing::error!(%error, change = %id, "a change to several tokens failed too often, and is stopped");
                    done = self.give_up(id).await.is_ok();
                }
                Err(error) => failure = Some(error),
            }
            give_way(begun).await;
        }
        match failure {
            Some(error) if !done => return Err(error),
            _ if done => return Ok(true),
            _ => {}
        }
        let begun = Instant::now();
        let forgot = self.forget_old_bulk().await?;
        give_way(begun).await;
        Ok(forgot)
    }

    async fn give_up(&self, id: BulkChangeId) -> Result<(), ServiceError> {
        let tx = self.db.begin_write().await?;
        let why = "It failed again and again; the server's log says why.";
        match repo::bulk::find_change(&tx, None, id).await {
            Ok(None) => {}
            Ok(Some(change)) => {
                self.end_bulk(&tx, &system(), &change, BulkState::Stopped, why)
                    .await?;
            }
            // What cannot be read cannot be recorded either, and would be tried for ever.
            Err(error @ StoreError::Corrupt { .. }) => {
                tracing::error!(%error, change = %id, "a change to several tokens cannot be read, and is ended");
                let at = self.env.clock.now();
                repo::bulk::end_change(&tx, id, BulkState::Stopped, at, why).await?;
            }
            Err(error) => return Err(error.into()),
        }
        self.bulk_failures.forget(id);
        Ok(tx.commit().await?)
    }

    /// The next tokens of a change, or its end.
    async fn work_on(&self, id: BulkChangeId) -> Result<(), ServiceError> {
        let tx = self.db.begin_write().await?;
        let stored = repo::bulk::find_change(&tx, None, id).await?;
        let Some(stored) = stored.filter(|stored| stored.change.state == BulkState::Running) else {
            return Ok(());
        };
        let (actor, about) = match self.changer_now(&tx, &stored).await? {
            Ok(found) => found,
            Err(why) => {
                self.end_bulk(&tx, &system(), &stored, BulkState::Stopped, &why)
                    .await?;
                return Ok(tx.commit().await?);
            }
        };
        let most = TOGETHER as u64;
        let ids = repo::bulk_items::list_waiting(&tx, id, stored.reached, most).await?;
        match ids.last() {
            Some(last) => {
                let reached = *last;
                self.change_next(&tx, &actor, &about, &stored, (&ids, reached))
                    .await?;
            }
            None => {
                self.end_bulk(&tx, &actor, &stored, BulkState::Completed, "")
                    .await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Whoever began the change as he stands now, and what it is about; or why it may not go on.
    async fn changer_now(
        &self,
        tx: &WriteTx,
        stored: &StoredBulk,
    ) -> Result<Result<(Actor, About), String>, ServiceError> {
        let row = repo::users::find_user(tx, stored.user).await?;
        let row = row.filter(|row| authz::shut_out(row).is_none());
        let actor = row.map(|row| Actor {
            who: Who::User(row.user),
            sign_in: stored.sign_in.clone(),
            origin: stored.origin.clone(),
        });
        let Some(actor) = actor.filter(|actor| may::changer(actor).is_ok()) else {
            let why = format!("{} may no longer change API tokens.", stored.change.by.name);
            return Ok(Err(why));
        };
        match self.about(tx, &actor, stored.change.action).await {
            Ok(about) => Ok(Ok((actor, about))),
            Err(ServiceError::Refused(_)) => {
                let why = format!(
                    "The module {} can no longer be chosen.",
                    stored.change.module
                );
                Ok(Err(why))
            }
            Err(error) => Err(error),
        }
    }

    async fn change_next(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        about: &About,
        stored: &StoredBulk,
        (ids, reached): (&[TokenId], TokenId),
    ) -> Result<(), ServiceError> {
        let scope = authz::token_scope(actor)?;
        let (mut concerned, mut left) = (Vec::new(), BTreeMap::<_, Vec<_>>::new());
        for (id, _, reason) in about.judge(tx, scope, ids).await? {
            match reason {
                None => concerned.push(id),
                Some(reason) => left.entry(reason).or_default().push(id),
            }
        }
        let mut rows = repo::tokens::list_by_id(tx, &concerned).await?;
        rows.sort_unstable_by_key(|row| row.id);
        let module = about.module.as_ref();
        let many = match (stored.change.action, module) {
            (BulkAction::Step(step), _) => Some(ManyChange::Step(step)),
            (BulkAction::Give(_), Some(module)) => Some(ManyChange::Give(module)),
            (BulkAction::Take(_), Some(module)) => {
                Some(ManyChange::Take(std::slice::from_ref(module)))
            }
            // What is about a module was looked up with it.
            (BulkAction::Give(_) | BulkAction::Take(_), None) => None,
        };
        if let Some(many) = many.filter(|_| !rows.is_empty()) {
            self.change_some(tx, actor, &rows, &many).await?;
        }
        let mut statements = tx.statements();
        repo::bulk_items::note_outcome(&mut statements, stored.change.id, &concerned, None);
        for (reason, ids) in &left {
            repo::bulk_items::note_outcome(&mut statements, stored.change.id, ids, Some(*reason));
        }
        statements.run(tx).await?;
        let progress = Progress {
            changed: concerned.len() as u64,
            left_alone: (ids.len() - concerned.len()) as u64,
            reached,
        };
        Ok(repo::bulk::add_progress(tx, stored.change.id, progress).await?)
    }
}
