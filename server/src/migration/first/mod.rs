//! The first step: everything that signing in, listing and editing tokens, and the audit trail need.

mod audit;
mod people;
mod tokens;

use crate::repo::sqlite;
use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

/// The first step.
pub(super) struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people::create(manager).await?;
        tokens::create(manager).await?;
        audit::create(manager).await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            for trigger in sqlite::APPEND_ONLY_AUDIT {
                manager.get_connection().execute_unprepared(trigger).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        // Without it SQLite would keep half a schema when a step fails.
        Some(true)
    }
}
