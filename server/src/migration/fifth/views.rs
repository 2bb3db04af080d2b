//! Saved views of lists, and which of them each person's list begins with.

use crate::migration::{index, reference, text_key};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, text},
};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    views(manager).await?;
    defaults(manager).await
}

async fn views(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("list_view").col(text_key("id"));
    // Which lists there are is not said here: a later one needs no other table then.
    for column in [
        "account_id",
        "owner_id",
        "list",
        "name",
        "name_fold",
        "query",
    ] {
        table.col(text(column));
    }
    table
        .col(boolean("shared"))
        .col(big_integer("revision").check(Expr::col("revision").gte(1)))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .col(text("updated_by"))
        .foreign_key(&mut reference("list_view", "account_id", "account"))
        .foreign_key(
            reference("list_view", "owner_id", "user").on_delete(ForeignKeyAction::Cascade),
        );
    manager.create_table(table).await?;
    // A person's own, by name; and no name of his twice.
    let mut own = Index::create();
    own.name("ux_list_view_owner_id_list_name_fold")
        .table("list_view")
        .col("owner_id")
        .col("list")
        .col("name_fold")
        .unique();
    manager.create_index(own).await?;
    index(manager, "list_view", &["account_id", "shared", "list"]).await
}

async fn defaults(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("list_view_default")
        .col(text("user_id"))
        .col(text("list"))
        .col(text("view_id"))
        .primary_key(Index::create().col("user_id").col("list"))
        .foreign_key(
            reference("list_view_default", "user_id", "user").on_delete(ForeignKeyAction::Cascade),
        )
        // Who began with a view that is deleted begins with none.
        .foreign_key(
            reference("list_view_default", "view_id", "list_view")
                .on_delete(ForeignKeyAction::Cascade),
        );
    manager.create_table(table).await?;
    index(manager, "list_view_default", &["view_id"]).await
}
