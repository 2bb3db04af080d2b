//! Showing a secret: the only way by which one leaves after the token was added.

use super::{ConsoleService, ServiceError};
use app::{
    domain::{
        secret::{SecretText, SecretUse},
        token::TokenId,
    },
    error::ApiError,
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn reveal(
        &self,
        actor: &Actor,
        id: TokenId,
        purpose: SecretUse,
    ) -> Result<SecretText, ServiceError> {
        let _ = (actor, id, purpose);
        Err(ApiError::not_found().into())
    }

    pub(super) async fn note_copied(&self, actor: &Actor, id: TokenId) -> Result<(), ServiceError> {
        let _ = (actor, id);
        Err(ApiError::not_found().into())
    }

    pub(super) async fn reauthenticate(
        &self,
        actor: &Actor,
        password: &SecretText,
    ) -> Result<(), ServiceError> {
        let _ = (actor, password);
        Err(ApiError::not_found().into())
    }
}
