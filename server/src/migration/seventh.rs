//! The seventh step: changes to several tokens at once, which outlive the page that began them and a restart.

use crate::migration::{index, one_of, reference, text_key};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
    sea_orm::DbBackend,
};

/// The seventh step.
pub(super) struct Seventh;

impl MigrationName for Seventh {
    fn name(&self) -> &'static str {
        "m0007_bulk_changes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Seventh {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let states = ["Running", "Completed", "Stopped"];
        let mut change = Table::create();
        change
            .table("bulk_change")
            .col(text_key("id"))
            .col(text("account_id"))
            .col(text("action"))
            .col(text_null("module_id"))
            .col(text("created_by"))
            .col(text_null("sign_in"))
            .col(text("origin"))
            .col(big_integer("created_at"))
            .col(one_of(&mut text("state"), &states))
            .col(big_integer_null("ended_at"))
            .col(text("stopped"))
            .col(big_integer("total"))
            .col(big_integer("changed").default(0))
            .col(big_integer("left_alone").default(0))
            .col(text("reached"))
            .foreign_key(&mut reference("bulk_change", "account_id", "account"))
            .foreign_key(&mut reference("bulk_change", "module_id", "module"))
            .foreign_key(&mut reference("bulk_change", "created_by", "user"));
        manager.create_table(change).await?;
        index(manager, "bulk_change", &["account_id", "created_at"]).await?;
        index(manager, "bulk_change", &["state", "ended_at"]).await?;
        let mut item = Table::create();
        item.table("bulk_item")
            .col(text("change_id"))
            .col(text("token_id"))
            .col(text_null("outcome"))
            .primary_key(Index::create().col("change_id").col("token_id"))
            .foreign_key(&mut reference("bulk_item", "change_id", "bulk_change"));
        if manager.get_database_backend() == DbBackend::Sqlite {
            // There are very many, and their key is nearly all they have.
            item.extra("WITHOUT ROWID");
        }
        manager.create_table(item).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
