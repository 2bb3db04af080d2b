//! Pictures of tokens.

use super::{ConsoleService, ServiceError};
use app::{
    domain::{icon::IconId, token::TokenId},
    error::ApiError,
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn keep_icon(
        &self,
        actor: &Actor,
        file: Vec<u8>,
    ) -> Result<IconId, ServiceError> {
        let _ = (actor, file);
        Err(ApiError::not_found().into())
    }

    pub(super) async fn icon(
        &self,
        actor: &Actor,
        id: TokenId,
        icon: &IconId,
    ) -> Result<Vec<u8>, ServiceError> {
        let _ = (actor, id, icon);
        Err(ApiError::not_found().into())
    }
}
