//! The seam for modules, accounts and people, and what their changes have in common.

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    many_tokens::changed,
    seen,
};
use crate::repo::{self, WriteTx, token_batches::Chosen};
use app::{
    domain::{
        account::{AccountChange, AccountId, AccountRow},
        audit::{Change, Event},
        directory::{DirectoryQuery, Outcome},
        icon::IconId,
        module::{ModuleChange, ModuleOffer, ModuleRow},
        page::Page,
        user::{UserChange, UserChanged, UserRow},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Administration},
};

#[async_trait::async_trait]
impl Administration for ConsoleService {
    async fn list_module_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<ModuleRow>, ApiError> {
        seen(self.module_rows(actor, query).await, &actor.origin)
    }

    async fn change_module(
        &self,
        actor: &Actor,
        change: ModuleChange,
    ) -> Result<Outcome, ApiError> {
        use ModuleChange::{BringBack, Define, Edit, Retire};
        let done = match change {
            Define(form) => self.define_module(actor, &form).await,
            Edit(id, revision, form, agreed) => {
                self.save_module(actor, id, revision, &form, agreed).await
            }
            Retire(id, agreed) => self.retire(actor, id, agreed).await,
            BringBack(id) => self.bring_back(actor, id).await,
        };
        seen(done, &actor.origin)
    }

    async fn list_account_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<AccountRow>, ApiError> {
        seen(self.account_rows(actor, query).await, &actor.origin)
    }

    async fn list_module_offers(&self, actor: &Actor) -> Result<Vec<ModuleOffer>, ApiError> {
        seen(self.module_offers(actor).await, &actor.origin)
    }

    async fn change_account(
        &self,
        actor: &Actor,
        change: AccountChange,
    ) -> Result<Outcome, ApiError> {
        use AccountChange::{Add, Edit, Status};
        let done = match change {
            Add(form) => self.add_account(actor, &form).await,
            Edit(id, revision, form, agreed) => {
                self.save_account(actor, id, revision, &form, agreed).await
            }
            Status(id, status) => self.set_account_status(actor, id, status).await,
        };
        seen(done, &actor.origin)
    }

    async fn get_account_icon(
        &self,
        actor: &Actor,
        account: AccountId,
        icon: Option<&IconId>,
    ) -> Result<Vec<u8>, ApiError> {
        seen(self.account_icon(actor, account, icon).await, &actor.origin)
    }

    async fn list_user_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<UserRow>, ApiError> {
        seen(self.user_rows(actor, query).await, &actor.origin)
    }

    async fn change_user(
        &self,
        actor: &Actor,
        change: UserChange,
    ) -> Result<UserChanged, ApiError> {
        use UserChange::{Access, Edit, Invite, InviteAgain, Offboard};
        let done = match change {
            Invite(account, form) => self.invite(actor, account, &form).await,
            InviteAgain(id) => self.invite_anew(actor, id).await,
            Edit(id, revision, form) => self.save_user(actor, id, revision, &form).await,
            Access(id, action) => self.act_on_user(actor, id, action).await,
            Offboard(id, tokens) => self.offboard(actor, id, &tokens).await,
        };
        seen(done, &actor.origin)
    }
}

impl ConsoleService {
    /// Whether the chosen tokens are more than those of which the caller was told; then what they lose.
    pub(super) async fn unagreed(
        &self,
        tx: &WriteTx,
        chosen: &Chosen,
        agreed: u64,
    ) -> Result<Option<Outcome>, ServiceError> {
        let loss = repo::token_batches::find_loss(tx, chosen).await?;
        Ok((loss.tokens > agreed).then_some(Outcome::Loses(loss)))
    }

    /// Records what was done to a module, an account or a person.
    pub(super) async fn record_change(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        event: Event,
        subject: Subject<'_>,
        (summary, changes): (String, Vec<Change>),
    ) -> Result<(), ServiceError> {
        let entry = Entry {
            event,
            object: Object {
                kind: subject.kind,
                id: subject.id,
                name: subject.name,
                revision: subject.revision,
            },
            account: subject.account,
            refused: None,
            summary,
            changes,
        };
        self.record(tx, doer, entry).await
    }
}

/// What was changed.
pub(super) struct Subject<'a> {
    /// `Module`, `Account` or `User`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: &'a str,
    /// Its revision after the change, if that raised it.
    pub revision: Option<i64>,
    /// The account that sees the line; Operations see each.
    pub account: Option<AccountId>,
}

/// Those of these fields, before and after, that differ.
pub(super) fn differing<const N: usize>(fields: [(&str, String, String); N]) -> Vec<Change> {
    let fields = fields
        .iter()
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| changed(field, before, after));
    fields.collect()
}

/// The names of fields that changed, for a summary.
pub(super) fn named(changes: &[Change]) -> String {
    let names: Vec<_> = changes.iter().map(|change| &*change.field).collect();
    names.join(", ")
}

/// Somebody else was first. `what` is what he changed, as in "module".
pub(super) fn outdated(what: &str) -> ServiceError {
    let message = format!(
        "Somebody changed this {what} while the form was open, so nothing was saved. Close the form, look at what changed, \
         and edit it again."
    );
    ApiError::new(ErrorCode::Outdated, message).into()
}
