//! The seam between pages and rules: what the server can do for whoever asks.
//!
//! `server` implements [`Console`]; server functions and REST handlers call it through the same `Arc`. So
//! permission, audit and transactions are written once and neither door can go round them.

mod administration;
mod bulk;

pub use administration::Administration;
pub use bulk::Bulk;

use crate::{
    domain::{
        account::AccountId,
        audit::{AuditDetails, AuditId, AuditPage, AuditQuery},
        event_type::{EventType, EventTypeEdit, EventTypeId},
        filter::FilterChoices,
        icon::IconId,
        lifecycle::TokenAction,
        listing::{ListQuery, Listing, Stretch},
        module::{ModuleDetails, ModuleId},
        new_token::{CreatedToken, NewToken, NewTokenForm},
        page::Total,
        program::CurrentToken,
        record::{AuditRecord, NewRecord},
        secret::{SecretText, SecretUse},
        sign_in::SignIn,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenForm, TokenId, TokenList},
        token_change::{DraftedToken, TokenDelta, TokenDraft},
        token_query::TokenQuery,
        user::CurrentUser,
        view::{ListName, NewView, SavedView, ViewEdit, ViewId},
    },
    error::ApiError,
};
use leptos::prelude::use_context;
use std::{net::IpAddr, sync::Arc};

/// From where a request came, for the audit trail (L-5).
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The caller's address: the peer's, or what a trusted proxy says (I-34).
    pub ip: Option<IpAddr>,
    /// The address of the other end of the connection.
    pub peer_ip: Option<IpAddr>,
    /// What the client said of itself, at most 512 bytes.
    pub user_agent: Option<String>,
    /// The id under which the log knows the request.
    pub request_id: String,
}

/// The id of the request being answered, in the context of every page and server function.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Who acts.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person who is signed in.
    User(CurrentUser),
    /// A program, by the token that it presented.
    Token(Arc<CurrentToken>),
    /// Latchkey itself: provisioning, or whoever may run its command on the host.
    System,
}

/// Who acts, by which sign-in, from where. Every call of [`Console`] takes one.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The handle of the sign-in, when a person acts.
    pub sign_in: Option<String>,
    /// From where.
    pub origin: Origin,
}

/// What the server does for pages and programs.
#[async_trait::async_trait]
pub trait Console: Administration + Bulk {
    /// A page of the tokens that the actor may see.
    ///
    /// # Errors
    /// A filter that is wrong, with each fault; unavailable, when finding them takes too long.
    async fn list_tokens(&self, actor: &Actor, query: &TokenQuery) -> Result<TokenList, ApiError>;

    /// How many tokens a list has on all its pages: up to 100,000, or with `all`, however many.
    ///
    /// # Errors
    /// As [`Console::list_tokens`].
    async fn count_tokens(
        &self,
        actor: &Actor,
        query: &TokenQuery,
        all: bool,
    ) -> Result<Total, ApiError>;

    /// What the values of a filter's conditions can be chosen from.
    ///
    /// # Errors
    /// Only failures of the server itself.
    async fn list_filter_choices(&self, actor: &Actor) -> Result<FilterChoices, ApiError>;

    /// One token.
    ///
    /// # Errors
    /// Not found, also for another account's token.
    async fn get_token(&self, actor: &Actor, id: TokenId) -> Result<TokenDetails, ApiError>;

    /// What the edit form starts from.
    ///
    /// # Errors
    /// Not found; forbidden for a Viewer.
    async fn get_token_form(&self, actor: &Actor, id: TokenId) -> Result<TokenForm, ApiError>;

    /// Saves the edit form, records it, or says what somebody else changed meanwhile.
    ///
    /// # Errors
    /// Not found; forbidden for a Viewer; invalid fields.
    async fn edit_token(
        &self,
        actor: &Actor,
        id: TokenId,
        edit: &TokenEdit,
    ) -> Result<EditOutcome, ApiError>;

    /// What the form for a new token starts from, for this account or the actor's own.
    ///
    /// # Errors
    /// Forbidden for a Viewer; not found for an account that the actor may not add to.
    async fn get_new_token_form(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
    ) -> Result<NewTokenForm, ApiError>;

    /// Adds a token, records it, and answers with its secret. The same form sent again adds nothing.
    ///
    /// # Errors
    /// As [`Console::get_new_token_form`]; invalid fields.
    async fn create_token(&self, actor: &Actor, new: &NewToken) -> Result<CreatedToken, ApiError>;

    /// Takes a step in a token's life and records it. From the answer on, a token that is not Active opens nothing
    /// (T-30). With a revision, only if the token has it.
    ///
    /// # Errors
    /// Not found; forbidden for a Viewer; outdated; conflict when the token does not stand where the step begins, with who
    /// was first.
    async fn change_token_status(
        &self,
        actor: &Actor,
        id: TokenId,
        action: TokenAction,
        revision: Option<i64>,
    ) -> Result<(), ApiError>;

    /// A token's secret, recorded before it is answered (T-26).
    ///
    /// # Errors
    /// Not found; forbidden; password needed; too many requests (T-27); conflict when it is no longer stored.
    async fn reveal_secret(
        &self,
        actor: &Actor,
        id: TokenId,
        purpose: SecretUse,
    ) -> Result<SecretText, ApiError>;

    /// Records that a secret which is on the actor's screen was put on his clipboard.
    ///
    /// # Errors
    /// Not found; forbidden.
    async fn note_secret_copied(&self, actor: &Actor, id: TokenId) -> Result<(), ApiError>;

    /// Takes the actor's password once more, so that he may see secrets for a while (T-27).
    ///
    /// # Errors
    /// Unauthenticated for anyone but a person; invalid for a wrong password; too many requests.
    async fn confirm_password(&self, actor: &Actor, password: &SecretText) -> Result<(), ApiError>;

    /// Keeps a picture for a form that is still open, and says under which name (I-25 to I-27).
    ///
    /// # Errors
    /// Forbidden for a Viewer; invalid, with the field `icon`, for a file that is no acceptable picture; too many
    /// requests.
    async fn upload_icon(&self, actor: &Actor, file: Vec<u8>) -> Result<IconId, ApiError>;

    /// A token's picture, PNG (I-28).
    ///
    /// # Errors
    /// Not found, also when the token has no picture or another one.
    async fn get_icon(
        &self,
        actor: &Actor,
        id: TokenId,
        icon: &IconId,
    ) -> Result<Vec<u8>, ApiError>;

    /// A page of the audit trail, as far as the actor may see it.
    ///
    /// # Errors
    /// Only failures of the server itself: a query cannot be wrong, what makes no sense finds nothing.
    async fn list_audit(&self, actor: &Actor, query: &AuditQuery) -> Result<AuditPage, ApiError>;

    /// The audit trail of one token.
    ///
    /// # Errors
    /// Not found, as for the token.
    async fn list_token_audit(
        &self,
        actor: &Actor,
        id: TokenId,
        query: &AuditQuery,
    ) -> Result<AuditPage, ApiError>;

    /// One record of the audit trail.
    ///
    /// # Errors
    /// Not found, also for another account's.
    async fn get_audit_record(&self, actor: &Actor, id: AuditId) -> Result<AuditDetails, ApiError>;

    /// A stretch of the tokens that a program asks for.
    ///
    /// # Errors
    /// Module needed; bad request, with each fault of the query.
    async fn list_tokens_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<TokenDetails>, ApiError>;

    /// The ids of all tokens that a program asks for, in its order, at most `most`.
    ///
    /// # Errors
    /// As [`Console::list_tokens_matching`].
    async fn list_token_ids(
        &self,
        actor: &Actor,
        query: &ListQuery,
        most: u64,
    ) -> Result<Vec<TokenId>, ApiError>;

    /// Those of these tokens that exist for the actor, in any order.
    ///
    /// # Errors
    /// Module needed.
    async fn list_tokens_by_id(
        &self,
        actor: &Actor,
        ids: &[TokenId],
    ) -> Result<Vec<TokenDetails>, ApiError>;

    /// Adds a token for a program, and answers with its secret, once.
    ///
    /// # Errors
    /// Module needed; forbidden for another account and for modules that the program does not have; invalid fields;
    /// key reused.
    async fn create_drafted_token(
        &self,
        actor: &Actor,
        draft: &TokenDraft,
    ) -> Result<DraftedToken, ApiError>;

    /// Changes what the delta names.
    ///
    /// # Errors
    /// Not found; forbidden; outdated; conflict for a Deleted token; invalid fields.
    async fn update_token(
        &self,
        actor: &Actor,
        id: TokenId,
        delta: &TokenDelta,
    ) -> Result<TokenDetails, ApiError>;

    /// Gives a token this picture.
    ///
    /// # Errors
    /// As [`Console::update_token`] and [`Console::upload_icon`].
    async fn set_icon(
        &self,
        actor: &Actor,
        id: TokenId,
        file: Vec<u8>,
        revision: Option<i64>,
    ) -> Result<TokenDetails, ApiError>;

    /// The name of the picture that a token shows.
    ///
    /// # Errors
    /// Not found, also when it shows none.
    async fn find_icon(&self, actor: &Actor, id: TokenId) -> Result<IconId, ApiError>;

    /// A stretch of the modules that exist for the actor.
    ///
    /// # Errors
    /// Module needed; bad request.
    async fn list_modules(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<ModuleDetails>, ApiError>;

    /// One module.
    ///
    /// # Errors
    /// Module needed; not found, also for one that the account does not have.
    async fn get_module(&self, actor: &Actor, id: ModuleId) -> Result<ModuleDetails, ApiError>;

    /// A stretch of the audit records that exist for the actor.
    ///
    /// # Errors
    /// Module needed; bad request.
    async fn list_records(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<AuditRecord>, ApiError>;

    /// The places in the trail of all records that a program asks for, in its order, at most `most`.
    ///
    /// # Errors
    /// As [`Console::list_records`].
    async fn list_record_places(
        &self,
        actor: &Actor,
        query: &ListQuery,
        most: u64,
    ) -> Result<Vec<i64>, ApiError>;

    /// The records at these places that exist for the actor, in any order.
    ///
    /// # Errors
    /// Module needed.
    async fn list_records_at(
        &self,
        actor: &Actor,
        places: &[i64],
    ) -> Result<Vec<AuditRecord>, ApiError>;

    /// One record, as programs read it.
    ///
    /// # Errors
    /// Module needed; not found.
    async fn get_record(&self, actor: &Actor, id: AuditId) -> Result<AuditRecord, ApiError>;

    /// Adds a record for a program.
    ///
    /// # Errors
    /// Module needed; forbidden for programs of Client accounts, and for an object of which the account sees no
    /// record; invalid fields.
    async fn create_record(&self, actor: &Actor, new: &NewRecord) -> Result<AuditRecord, ApiError>;

    /// A stretch of the kinds of events that exist for the actor.
    ///
    /// # Errors
    /// Module needed; bad request.
    async fn list_event_types(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<EventType>, ApiError>;

    /// One kind of event.
    ///
    /// # Errors
    /// Module needed; not found.
    async fn get_event_type(&self, actor: &Actor, id: EventTypeId) -> Result<EventType, ApiError>;

    /// Names a kind of event for the actor's account, or for all when he acts in all.
    ///
    /// # Errors
    /// Module needed; not found; invalid fields.
    async fn edit_event_type(
        &self,
        actor: &Actor,
        id: EventTypeId,
        edit: &EventTypeEdit,
    ) -> Result<EventType, ApiError>;

    /// The actor's own sign-ins, the latest first.
    ///
    /// # Errors
    /// Unauthenticated for anyone but a person.
    async fn list_sign_ins(&self, actor: &Actor) -> Result<Vec<SignIn>, ApiError>;

    /// The views of a list that exist for the actor: his own, then those shared with his account, each by name.
    ///
    /// # Errors
    /// Forbidden for anyone but a person.
    async fn list_views(&self, actor: &Actor, list: ListName) -> Result<Vec<SavedView>, ApiError>;

    /// Keeps a view of the actor's own.
    ///
    /// # Errors
    /// Forbidden for anyone but a person, and for a Viewer who would share it; invalid fields, also for a second view
    /// of the same name, and when there are too many.
    async fn create_view(&self, actor: &Actor, new: &NewView) -> Result<SavedView, ApiError>;

    /// Changes a view, unless somebody else changed it meanwhile.
    ///
    /// # Errors
    /// Not found; forbidden; conflict, with who was first; invalid fields, as [`Console::create_view`], and `shared`
    /// when somebody else's would no longer be shared.
    async fn edit_view(
        &self,
        actor: &Actor,
        id: ViewId,
        edit: &ViewEdit,
    ) -> Result<SavedView, ApiError>;

    /// Deletes a view. Whoever's list began with it has none then.
    ///
    /// # Errors
    /// Not found; forbidden.
    async fn delete_view(&self, actor: &Actor, id: ViewId) -> Result<(), ApiError>;

    /// Makes the actor's list begin with this view, or with none.
    ///
    /// # Errors
    /// Not found, also for a view of another list; forbidden for anyone but a person.
    async fn set_default_view(
        &self,
        actor: &Actor,
        list: ListName,
        id: Option<ViewId>,
    ) -> Result<(), ApiError>;

    /// The view that the actor's list begins with, if any.
    ///
    /// # Errors
    /// Forbidden for anyone but a person.
    async fn get_default_view(
        &self,
        actor: &Actor,
        list: ListName,
    ) -> Result<Option<SavedView>, ApiError>;
}

/// The server, from the context of the request.
///
/// # Errors
/// Internal, when a page is rendered outside the server's own router.
pub fn console() -> Result<Arc<dyn Console>, ApiError> {
    use_context::<Arc<dyn Console>>()
        .ok_or_else(|| ApiError::new(crate::error::ErrorCode::Internal, "No server is in reach."))
}

/// Who asks, from the context of the request.
///
/// # Errors
/// Unauthenticated, when nobody is signed in.
pub fn actor() -> Result<Actor, ApiError> {
    use_context::<Actor>().ok_or_else(ApiError::unauthenticated)
}
