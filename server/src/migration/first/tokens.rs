//! Tokens, their sealed secrets, their modules and their use.

use crate::migration::{index, one_of, reference, text_key, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, text, text_null},
};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    token(manager).await?;
    secret(manager).await?;
    modules(manager).await?;
    access(manager).await
}

async fn token(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("api_token").col(text_key("id"));
    for column in ["account_id", "name", "name_fold", "description"] {
        table.col(text(column));
    }
    table
        .col(one_of(
            &mut text("status"),
            &["Active", "Disabled", "Deleted"],
        ))
        .col(one_of(
            text("reveal").default("always"),
            &["always", "once", "never"],
        ))
        .col(big_integer("revision").check(Expr::col("revision").gte(1)))
        .col(text("hint"))
        .col(blob("lookup"))
        .col(text("pepper_kid"))
        .col(big_integer("created_at"))
        .col(text("created_by"));
    for (at, by) in [
        ("updated_at", "updated_by"),
        ("enabled_at", "enabled_by"),
        ("disabled_at", "disabled_by"),
        ("deleted_at", "deleted_by"),
    ] {
        table.col(big_integer_null(at)).col(text_null(by));
    }
    table.foreign_key(&mut reference("api_token", "account_id", "account"));
    manager.create_table(table).await?;
    unique(manager, "api_token", "lookup").await?;
    // One index for each order in which the list of an account is offered, and the usual order for all accounts.
    for column in ["name_fold", "created_at", "status", "created_by"] {
        index(manager, "api_token", &["account_id", column, "id"]).await?;
    }
    index(manager, "api_token", &["created_at", "id"]).await?;
    index(manager, "api_token", &["pepper_kid"]).await
}

async fn secret(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_secret")
        .col(text_key("token_id"))
        .col(text("alg"))
        .col(text("kek_kid"));
    for column in ["dek_nonce", "dek_ct", "nonce", "ct"] {
        table.col(blob(column));
    }
    table.foreign_key(&mut reference("token_secret", "token_id", "api_token"));
    manager.create_table(table).await?;
    index(manager, "token_secret", &["kek_kid"]).await
}

async fn modules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_module")
        .col(text("token_id"))
        .col(text("module_id"))
        .primary_key(Index::create().col("token_id").col("module_id"))
        .foreign_key(&mut reference("token_module", "token_id", "api_token"))
        .foreign_key(&mut reference("token_module", "module_id", "module"));
    manager.create_table(table).await?;
    index(manager, "token_module", &["module_id"]).await
}

async fn access(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_access")
        .col(text_key("token_id"))
        .col(big_integer("last_access_at"))
        .col(text_null("last_access_ip"))
        .col(big_integer("uses"))
        .foreign_key(&mut reference("token_access", "token_id", "api_token"));
    manager.create_table(table).await?;
    index(manager, "token_access", &["last_access_at", "token_id"]).await
}
