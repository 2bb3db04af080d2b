//! The seam between pages and rules: what the server can do for whoever asks.
//!
//! `server` implements [`Console`]; server functions and REST handlers call it through the same `Arc`. So
//! permission, audit and transactions are written once and neither door can go round them.

use crate::{
    domain::{
        page::Page,
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
