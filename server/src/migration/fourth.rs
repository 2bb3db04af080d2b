//! The fourth step: how much each token is used, and for what.

use sea_orm::DbBackend;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob},
};

/// The fourth step.
pub(super) struct Fourth;

impl MigrationName for Fourth {
    fn name(&self) -> &'static str {
        "m0004_use_of_tokens"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Fourth {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // By day first: a day's rows are written together and dropped together.
        let key = ["day", "token", "module", "outcome"];
        let mut primary = Index::create();
        let mut table = Table::create();
        table.table("token_use");
        for column in key {
            table.col(big_integer(column));
            primary.col(column);
        }
        table.col(blob("hours")).primary_key(&mut primary);
        if manager.get_database_backend() == DbBackend::Sqlite {
            // The key is the table; else each row would stand in two places.
            table.extra("WITHOUT ROWID");
        }
        manager.create_table(table).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
