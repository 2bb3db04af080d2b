//! The fifth step: lists of a million tokens. Orders, counts and a search that need no look at every token, and what people
//! set for their lists.

mod grid;
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
        grid::create(manager).await?;
        views::create(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[cfg(test)]
mod tests;
