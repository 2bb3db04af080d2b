//! The sixth step: what administration needs. Revisions by which two who edit the same thing meet, modules that are given no
//! more, and invitations.

use crate::migration::{reference, text_key, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, text},
};

/// The sixth step.
pub(super) struct Sixth;

impl MigrationName for Sixth {
    fn name(&self) -> &'static str {
        "m0006_administration"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sixth {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["module", "account", "user"] {
            add(manager, table, big_integer("revision").default(1)).await?;
        }
        add(manager, "module", &mut big_integer_null("retired_at")).await?;
        let mut invitation = Table::create();
        invitation
            .table("invitation")
            .col(text_key("user_id"))
            .col(blob("code_hash"))
            .col(big_integer("expires_at"))
            .col(big_integer("created_at"))
            .col(text("created_by"))
            .foreign_key(&mut reference("invitation", "user_id", "user"));
        manager.create_table(invitation).await?;
        unique(manager, "invitation", "code_hash").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &mut ColumnDef,
) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column.to_owned());
    manager.alter_table(alter).await
}
