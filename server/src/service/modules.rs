//! Modules as programs read them: every one for Operations, an account's own for its programs.

use super::{ConsoleService, ServiceError, authz};
use crate::repo;
use app::{
    domain::{
        listing::{ListQuery, Listing, Stretch},
        module::{Module, ModuleId},
    },
    error::ApiError,
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn modules_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<Module>, ServiceError> {
        let scope = authz::module_scope(actor)?;
        Ok(repo::modules::list_matching(self.db.read(), scope, query, stretch).await?)
    }

    pub(super) async fn module(&self, actor: &Actor, id: ModuleId) -> Result<Module, ServiceError> {
        let scope = authz::module_scope(actor)?;
        let found = repo::modules::find_module(self.db.read(), scope, id).await?;
        Ok(found.ok_or_else(ApiError::not_found)?)
    }
}
