//! The audit trail and its head.

use crate::migration::{index, one_of, only_row, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, text, text_null},
};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("audit_record")
        .col(ColumnDef::new("seq").big_integer().not_null().primary_key());
    table.col(text("id")).col(big_integer("at"));
    for column in [
        "event",
        "actor_kind",
        "actor_id",
        "actor_name",
        "request_id",
        "app_version",
    ] {
        table.col(text(column));
    }
    for column in [
        "actor_account",
        "session",
        "auth_method",
        "ip",
        "peer_ip",
        "user_agent",
        "account_id",
        "reason",
    ] {
        table.col(text_null(column));
    }
    for column in [
        "object_type",
        "object_id",
        "object_name",
        "summary",
        "changes",
        "key_kid",
    ] {
        table.col(text(column));
    }
    table.col(big_integer_null("object_revision"));
    table
        .col(one_of(&mut text("outcome"), &["done", "refused"]))
        .col(blob("hash"));
    manager.create_table(table).await?;
    unique(manager, "audit_record", "id").await?;
    index(manager, "audit_record", &["object_id", "object_revision"]).await?;
    index(manager, "audit_record", &["account_id", "seq"]).await?;
    index(manager, "audit_record", &["key_kid"]).await?;
    head(manager).await
}

async fn head(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("audit_head")
        .col(only_row())
        .col(big_integer("seq"))
        .col(blob("hash"));
    manager.create_table(table).await?;
    let mut insert = Query::insert();
    insert
        .into_table("audit_head")
        .columns(["id", "seq", "hash"]);
    insert.values_panic([1.into(), 0.into(), vec![0_u8; 32].into()]);
    manager.execute(insert).await
}
