//! The fifth step: what people set for their lists.

mod views;

use sea_orm_migration::prelude::*;

/// The fifth step.
pub(super) struct Fifth;

impl MigrationName for Fifth {
    fn name(&self) -> &'static str {
        "m0005_grid"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Fifth {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        views::create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
