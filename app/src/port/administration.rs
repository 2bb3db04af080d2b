//! What Administrators do beside tokens: modules, accounts and the people in them.

use super::Actor;
use crate::{
    domain::{
        account::{AccountChange, AccountId, AccountRow},
        directory::{DirectoryQuery, Outcome},
        icon::IconId,
        module::{ModuleChange, ModuleOffer, ModuleRow},
        page::Page,
        user::{UserChange, UserChanged, UserRow},
    },
    error::ApiError,
};

/// The part of [`Console`](super::Console) about modules, accounts and people. Every change is recorded, together with all
/// that it changes for tokens.
#[async_trait::async_trait]
pub trait Administration: Send + Sync + 'static {
    /// The modules that exist for the actor: those of his account, or all.
    ///
    /// # Errors
    /// Only failures of the server itself.
    async fn list_module_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<ModuleRow>, ApiError>;

    /// Defines, edits or retires a module. One that can no longer be chosen is given to all tokens of the accounts that have
    /// it, or taken from them, as its default says (rule 3).
    ///
    /// # Errors
    /// Forbidden for anyone but an Administrator of Operations; not found; outdated, when somebody else changed it
    /// meanwhile; conflict for a module that is part of Latchkey; invalid fields, also for a code that is taken.
    async fn change_module(&self, actor: &Actor, change: ModuleChange)
    -> Result<Outcome, ApiError>;

    /// All accounts.
    ///
    /// # Errors
    /// Forbidden for anyone but people of Operations.
    async fn list_account_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<AccountRow>, ApiError>;

    /// The modules that accounts can have, each with the types of account that it is for.
    ///
    /// # Errors
    /// As [`Administration::list_account_rows`].
    async fn list_module_offers(&self, actor: &Actor) -> Result<Vec<ModuleOffer>, ApiError>;

    /// Adds, edits, disables or enables an account. Its tokens lose the modules that it loses; they go on while it is
    /// disabled.
    ///
    /// # Errors
    /// Forbidden for anyone but an Administrator of Operations; not found; outdated; conflict, when somebody disables his
    /// own; invalid fields.
    async fn change_account(
        &self,
        actor: &Actor,
        change: AccountChange,
    ) -> Result<Outcome, ApiError>;

    /// The picture that an account shows, if it is this one; without one, whichever it shows.
    ///
    /// # Errors
    /// Not found, also for an account that is not the actor's, unless he sees all; a program's token lacks the module that
    /// opens accounts.
    async fn get_account_icon(
        &self,
        actor: &Actor,
        account: AccountId,
        icon: Option<&IconId>,
    ) -> Result<Vec<u8>, ApiError>;

    /// The people of the actor's account, or of all.
    ///
    /// # Errors
    /// Forbidden for Viewers, but for those of Operations.
    async fn list_user_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<UserRow>, ApiError>;

    /// Invites somebody, edits him, keeps him out or lets him in.
    ///
    /// # Errors
    /// Forbidden for Viewers; not found for people of an account that is not the actor's to change; outdated; conflict, when
    /// somebody does to himself what only another can undo, or invites whoever has come already; invalid for the last
    /// active Administrator of an account (rule 9), and for fields, also an e-mail address that somebody has.
    async fn change_user(&self, actor: &Actor, change: UserChange)
    -> Result<UserChanged, ApiError>;
}
