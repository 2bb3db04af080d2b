//! The third step: what programs read and write over REST. Records of other programs in the audit trail, who sees them
//! beside the account they concern, and what kinds of events are called.

use super::{index, reference, text_key, unique};
use crate::repo::sqlite;
use sea_orm::DbBackend;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text, text_null},
};

/// The third step.
pub(super) struct Third;

impl MigrationName for Third {
    fn name(&self) -> &'static str {
        "m0003_programs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Third {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["details", "documents", "visibility", "viewers"] {
            let mut table = Table::alter();
            table.table("audit_record").add_column(text_null(column));
            manager.alter_table(table).await?;
        }
        viewers(manager).await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            for trigger in sqlite::AUDIT_VIEWERS {
                manager.get_connection().execute_unprepared(trigger).await?;
            }
        }
        event_types(manager).await?;
        event_type_uses(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn viewers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("audit_viewer")
        .col(text("account_id"))
        .col(big_integer("seq"))
        .primary_key(Index::create().col("account_id").col("seq"))
        .foreign_key(&mut reference("audit_viewer", "account_id", "account"));
    manager.create_table(table).await?;
    index(manager, "audit_viewer", &["seq"]).await
}

/// Which account has recorded which kind of event: how many it may have is counted by it alone.
async fn event_type_uses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("event_type_use")
        .col(text("account_id"))
        .col(text("key"))
        .primary_key(Index::create().col("account_id").col("key"))
        .foreign_key(&mut reference("event_type_use", "account_id", "account"));
    manager.create_table(table).await
}

async fn event_types(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("event_type")
        .col(text_key("id"))
        .col(text("key"))
        .col(text("name"))
        .col(text("description"));
    manager.create_table(table).await?;
    unique(manager, "event_type", "key").await?;
    let mut table = Table::create();
    table
        .table("event_type_label")
        .col(text("event_type_id"))
        .col(text("account_id"))
        .col(text_null("name"))
        .col(text_null("description"))
        .primary_key(Index::create().col("event_type_id").col("account_id"))
        .foreign_key(&mut reference(
            "event_type_label",
            "event_type_id",
            "event_type",
        ))
        .foreign_key(&mut reference("event_type_label", "account_id", "account"));
    manager.create_table(table).await
}
