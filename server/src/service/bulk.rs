//! Changes to several tokens at once: what one would do, beginning and stopping it, and how far it has come.
//!
//! A change is kept together with its tokens before it begins, and carried out afterwards ([`work`]), so that it goes on
//! when the page that began it is closed, and after a restart.

mod plan;
mod work;

pub(super) use work::Failures;

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    authz::{self, bulk as may},
    draw::draw,
    many_tokens::changed,
    refusals::Attempt,
    seen, system,
};
use crate::repo::{
    self, WriteTx,
    bulk::{NewBulk, StoredBulk},
};
use app::{
    domain::{
        audit::Event,
        bulk::{
            BulkAnswer, BulkChange, BulkChangeId, BulkOrder, BulkState, RESULTS_KEPT_DAYS,
            TokenResult, count,
        },
        directory::DirectoryQuery,
        page::Page,
        token::TokenId,
        user::CurrentUser,
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Bulk},
};

/// The most changes of an account that go on at the same time.
const MOST_RUNNING: usize = 10;
/// Tokens that are looked at, or changed, together.
const TOGETHER: usize = 500;
/// Tokens whose rows are made together when a change begins.
const KEPT_TOGETHER: usize = 5_000;

#[async_trait::async_trait]
impl Bulk for ConsoleService {
    async fn change_tokens(
        &self,
        actor: &Actor,
        order: &BulkOrder,
        agreed: Option<u64>,
    ) -> Result<BulkAnswer, ApiError> {
        seen(self.begin_bulk(actor, order, agreed).await, &actor.origin)
    }

    async fn get_bulk_change(
        &self,
        actor: &Actor,
        id: BulkChangeId,
    ) -> Result<BulkChange, ApiError> {
        seen(self.bulk_change(actor, id).await, &actor.origin)
    }

    async fn stop_bulk_change(
        &self,
        actor: &Actor,
        id: BulkChangeId,
    ) -> Result<BulkChange, ApiError> {
        seen(self.stop_bulk(actor, id).await, &actor.origin)
    }

    async fn list_bulk_changes(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<BulkChange>, ApiError> {
        seen(self.bulk_changes(actor, query).await, &actor.origin)
    }

    async fn list_bulk_results(
        &self,
        actor: &Actor,
        id: BulkChangeId,
        query: &DirectoryQuery,
    ) -> Result<Page<TokenResult>, ApiError> {
        seen(self.bulk_results(actor, id, query).await, &actor.origin)
    }
}

impl ConsoleService {
    async fn begin_bulk(
        &self,
        actor: &Actor,
        order: &BulkOrder,
        agreed: Option<u64>,
    ) -> Result<BulkAnswer, ServiceError> {
        if let Err(refusal) = may::changer(actor) {
            return Err(self.refuse_several(actor, refusal).await?);
        }
        let ids = self.chosen(actor, &order.choice).await?;
        let (plan, tokens) = self.plan(actor, order.action, &ids).await?;
        let wanted = agreed.is_some_and(|agreed| plan.tokens <= agreed);
        if !wanted || plan.tokens == 0 {
            return Ok(BulkAnswer::Planned(plan));
        }
        let (tx, actor) = self.begin_write_as(actor).await?;
        let user = may::changer(&actor)?;
        let running = repo::bulk::list_running(&tx).await?.into_iter();
        let own = running.filter(|(_, account)| *account == user.account.id);
        if own.count() >= MOST_RUNNING {
            return Err(too_many_running().into());
        }
        let taken = |id| repo::bulk::exists(&tx, id);
        let id = draw(
            &*self.env.random,
            BulkChangeId::SPACE,
            BulkChangeId::from_number,
            taken,
        )
        .await?;
        let new = NewBulk {
            id,
            account: user.account.id,
            action: order.action,
            user: user.id,
            sign_in: actor.sign_in.as_deref(),
            origin: &actor.origin,
            at: self.env.clock.now(),
            total: tokens.len() as u64,
            left_alone: tokens.len() as u64 - plan.tokens,
        };
        repo::bulk::insert_change(&tx, new).await?;
        for some in tokens.chunks(KEPT_TOGETHER) {
            let mut statements = tx.statements();
            repo::bulk_items::insert_items(&mut statements, id, some);
            statements.run(&tx).await?;
        }
        let begun = self.found(&tx, user, id).await?;
        tx.commit().await?;
        self.bulk_begun.notify_one();
        Ok(BulkAnswer::Begun(shown(user, begun)))
    }

    async fn found(
        &self,
        conn: &impl repo::Conn,
        user: &CurrentUser,
        id: BulkChangeId,
    ) -> Result<StoredBulk, ServiceError> {
        let found = repo::bulk::find_change(conn, may::scope(user), id).await?;
        Ok(found.ok_or_else(ApiError::not_found)?)
    }

    async fn bulk_change(
        &self,
        actor: &Actor,
        id: BulkChangeId,
    ) -> Result<BulkChange, ServiceError> {
        let user = authz::people::person(actor)?;
        let found = self.found(self.db.read(), user, id).await?;
        let waits_for = self.one_before(&found).await?;
        Ok(BulkChange {
            waits_for,
            ..shown(user, found)
        })
    }

    /// The change of the same account that goes on, while this one has yet to begin.
    async fn one_before(&self, stored: &StoredBulk) -> Result<Option<BulkChangeId>, ServiceError> {
        if stored.change.state != BulkState::Running || stored.reached.is_some() {
            return Ok(None);
        }
        let mut running = repo::bulk::list_running(self.db.read()).await?.into_iter();
        let first = running.find(|(_, account)| *account == stored.account);
        let first = first.map(|(id, _)| id);
        Ok(first.filter(|id| *id != stored.change.id))
    }

    /// Records that somebody tried to change several who may not.
    async fn refuse_several(
        &self,
        actor: &Actor,
        refusal: ApiError,
    ) -> Result<ServiceError, ServiceError> {
        let Some(account) = authz::home(actor) else {
            return Ok(refusal.into());
        };
        let attempt = Attempt {
            event: Event::TokenUpdated,
            token: String::new(),
            name: "",
            account,
            summary: "Changing several API tokens at once refused".to_owned(),
        };
        let (tx, actor) = self.begin_write_as(actor).await?;
        self.refuse(tx, &actor, refusal, attempt).await
    }

    async fn stop_bulk(&self, actor: &Actor, id: BulkChangeId) -> Result<BulkChange, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let user = may::changer(&actor)?;
        let found = self.found(&tx, user, id).await?;
        let why = format!("{} stopped it.", user.name);
        self.end_bulk(&tx, &actor, &found, BulkState::Stopped, &why)
            .await?;
        let found = self.found(&tx, user, id).await?;
        tx.commit().await?;
        Ok(shown(user, found))
    }

    /// Stops every change that goes on, as Latchkey itself.
    pub(super) async fn stop_all_bulk(&self, tx: &WriteTx, why: &str) -> Result<(), ServiceError> {
        for (id, _) in repo::bulk::list_running(tx).await? {
            if let Some(change) = repo::bulk::find_change(tx, None, id).await? {
                self.end_bulk(tx, &system(), &change, BulkState::Stopped, why)
                    .await?;
            }
        }
        Ok(())
    }

    /// Ends a change that goes on, and records the whole of it.
    async fn end_bulk(
        &self,
        tx: &WriteTx,
        by: &Actor,
        stored: &StoredBulk,
        state: BulkState,
        why: &str,
    ) -> Result<(), ServiceError> {
        let change = &stored.change;
        let at = self.env.clock.now();
        if !repo::bulk::end_change(tx, change.id, state, at, why).await? {
            return Ok(());
        }
        let (event, word) = match state {
            BulkState::Stopped => (Event::BulkStopped, "stopped"),
            BulkState::Completed | BulkState::Running => (Event::BulkCompleted, "completed"),
        };
        let name = change.title();
        let mut said = vec![format!("\"{name}\" {word}: {}.", change.done())];
        if change.left_alone > 0 {
            said.push(format!("{} left alone.", count(change.left_alone)));
        }
        let waiting = change.waiting();
        if waiting > 0 {
            said.push(format!("{} not reached.", count(waiting)));
        }
        if !why.is_empty() {
            said.push(why.to_owned());
        }
        let entry = Entry {
            event,
            object: Object {
                kind: "BulkChange",
                id: change.id.to_string(),
                name: &name,
                revision: None,
            },
            account: Some(stored.account),
            refused: None,
            summary: said.join(" "),
            changes: vec![
                changed("changed", "0", &change.changed.to_string()),
                changed("leftAlone", "0", &change.left_alone.to_string()),
                changed(
                    "notReached",
                    &change.total.to_string(),
                    &waiting.to_string(),
                ),
            ],
        };
        self.record(tx, &Doer::actor(by), entry).await
    }

    async fn bulk_changes(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<BulkChange>, ServiceError> {
        let user = authz::people::person(actor)?;
        let scope = may::scope(user);
        let found = repo::bulk::list_page(self.db.read(), scope, &query.search, query.page).await?;
        Ok(found.map(|change| shown(user, change)))
    }

    /// Whether a change that the actor sees goes on.
    pub(super) async fn several_change(&self, actor: &Actor) -> Result<bool, ServiceError> {
        let Ok(user) = authz::people::person(actor) else {
            return Ok(false);
        };
        let scope = may::scope(user);
        let running = repo::bulk::list_running(self.db.read()).await?.into_iter();
        let mut seen = running.filter(|(_, account)| scope.is_none_or(|own| own == *account));
        Ok(seen.next().is_some())
    }

    async fn bulk_results(
        &self,
        actor: &Actor,
        id: BulkChangeId,
        query: &DirectoryQuery,
    ) -> Result<Page<TokenResult>, ServiceError> {
        let user = authz::people::person(actor)?;
        self.found(self.db.read(), user, id).await?;
        let scope = authz::token_scope(actor)?;
        let _place = self.list_place(actor).await;
        let conn = self.db.list();
        Ok(repo::bulk_items::list_results(conn, scope, id, &query.search, query.page).await?)
    }

    /// Forgets some of a change that ended long ago, and says whether there was anything.
    async fn forget_old_bulk(&self) -> Result<bool, ServiceError> {
        let kept = RESULTS_KEPT_DAYS * 24 * 3_600;
        let before = self.env.clock.now().plus_seconds(-kept);
        let old = repo::bulk::find_ended_before(self.db.read(), before).await?;
        let Some(old) = old else {
            return Ok(false);
        };
        let tx = self.db.begin_write().await?;
        if repo::bulk_items::delete_some(&tx, old, TOGETHER as u64).await? == 0 {
            repo::bulk::delete_change(&tx, old).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

fn too_many_running() -> ApiError {
    let message = format!(
        "{MOST_RUNNING} changes of your account go on already. Wait until one of them has ended, or stop one."
    );
    ApiError::new(ErrorCode::Conflict, message)
}

fn shown(user: &CurrentUser, stored: StoredBulk) -> BulkChange {
    let running = stored.change.state == BulkState::Running;
    BulkChange {
        may_stop: running && may::may_stop(user, stored.account),
        ..stored.change
    }
}

/// In the order of ids, each once.
fn in_order(mut ids: Vec<TokenId>) -> Vec<TokenId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
