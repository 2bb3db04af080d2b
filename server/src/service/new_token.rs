//! Adding a token.

use super::{ConsoleService, ServiceError};
use app::{
    domain::{
        account::AccountId,
        new_token::{CreatedToken, NewToken, NewTokenForm},
    },
    error::ApiError,
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn new_token_form(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
    ) -> Result<NewTokenForm, ServiceError> {
        let _ = (actor, account);
        Err(ApiError::not_found().into())
    }

    pub(super) async fn add_token(
        &self,
        actor: &Actor,
        new: &NewToken,
    ) -> Result<CreatedToken, ServiceError> {
        let _ = (actor, new);
        Err(ApiError::not_found().into())
    }
}
