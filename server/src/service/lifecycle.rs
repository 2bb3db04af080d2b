//! Steps in the life of a token.

use super::{ConsoleService, ServiceError};
use app::{
    domain::{lifecycle::TokenAction, token::TokenId},
    error::ApiError,
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn take_step(
        &self,
        actor: &Actor,
        id: TokenId,
        action: TokenAction,
    ) -> Result<(), ServiceError> {
        let _ = (actor, id, action);
        Err(ApiError::not_found().into())
    }
}
