//! Modules as programs read them: every one for Operations, an account's own for its programs.

use super::{ConsoleService, ServiceError, authz, token_edit::stamp};
use crate::repo::{self, Conn};
use app::{
    domain::{
        audit::Event,
        listing::{ListQuery, Listing, Stretch},
        module::{Module, ModuleDetails, ModuleId},
    },
    error::ApiError,
    port::Actor,
};
use std::collections::HashMap;

impl ConsoleService {
    pub(super) async fn modules_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<ModuleDetails>, ServiceError> {
        let scope = authz::module_scope(actor)?;
        let place = self.list_place(actor).await;
        let found = repo::modules::list_matching(self.db.list(), scope, query, stretch).await?;
        drop(place);
        let conn = self.db.read();
        Ok(Listing {
            rows: with_stamps(conn, found.rows).await?,
            total: found.total,
        })
    }

    pub(super) async fn module(
        &self,
        actor: &Actor,
        id: ModuleId,
    ) -> Result<ModuleDetails, ServiceError> {
        let scope = authz::module_scope(actor)?;
        let conn = self.db.read();
        let found = repo::modules::find_module(conn, scope, id).await?;
        let mut found = with_stamps(conn, found.into_iter().collect()).await?;
        Ok(found.pop().ok_or_else(ApiError::not_found)?)
    }
}

/// The modules, with what the trail says of their making: one query, however many.
async fn with_stamps(
    conn: &impl Conn,
    modules: Vec<Module>,
) -> Result<Vec<ModuleDetails>, ServiceError> {
    let ids = modules.iter().map(|module| module.id.to_string());
    let lines = repo::audit::list_of_event(conn, Event::ModuleCreated, ids.collect()).await?;
    let mut stamps: HashMap<_, _> = lines
        .into_iter()
        .map(|line| (line.object_id.clone(), stamp(&line)))
        .collect();
    let details = modules.into_iter().map(|module| ModuleDetails {
        created: stamps.remove(&module.id.to_string()),
        module,
    });
    Ok(details.collect())
}
