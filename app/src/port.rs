//! The seam between pages and rules: what the server can do for whoever asks.
//!
//! `server` implements [`Console`]; server functions and REST handlers call it through the same `Arc`. So
//! permission, audit and transactions are written once and neither door can go round them.

use crate::{
    domain::{
        account::AccountId,
        audit::{AuditDetails, AuditId, AuditPage, AuditQuery},
        icon::IconId,
        lifecycle::TokenAction,
        new_token::{CreatedToken, NewToken, NewTokenForm},
        page::Page,
        secret::{SecretText, SecretUse},
        sign_in::SignIn,
        token::{
            EditOutcome, TokenDetails, TokenEdit, TokenForm, TokenId, TokenQuery, TokenSummary,
        },
        user::CurrentUser,
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
pub trait Console: Send + Sync + 'static {
    /// A page of the tokens that the actor may see.
    ///
    /// # Errors
    /// Only failures of the server itself: a query cannot be wrong.
    async fn list_tokens(
        &self,
        actor: &Actor,
        query: &TokenQuery,
    ) -> Result<Page<TokenSummary>, ApiError>;

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
    /// (T-30).
    ///
    /// # Errors
    /// Not found; forbidden for a Viewer; conflict when the token does not stand where the step begins, with who
    /// was first.
    async fn change_token_status(
        &self,
        actor: &Actor,
        id: TokenId,
        action: TokenAction,
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

    /// The actor's own sign-ins, the latest first.
    ///
    /// # Errors
    /// Unauthenticated for anyone but a person.
    async fn list_sign_ins(&self, actor: &Actor) -> Result<Vec<SignIn>, ApiError>;
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
