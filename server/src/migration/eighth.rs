//! The eighth step: which picture an account shows.

use crate::migration::index;
use sea_orm_migration::{prelude::*, schema::text_null};

/// The eighth step.
pub(super) struct Eighth;

impl MigrationName for Eighth {
    fn name(&self) -> &'static str {
        "m0008_account_icons"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Eighth {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("account").add_column(text_null("icon_id"));
        manager.alter_table(table).await?;
        index(manager, "account", &["icon_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
