//! The installation, its modules, accounts and users, and how users sign in.

use crate::migration::{index, one_of, only_row, reference, text_key, unique};
use app::domain::{
    account::AccountType,
    module::{BUILT_IN, ModuleId},
    text::fold,
};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, boolean, text, text_null},
};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    instance(manager).await?;
    modules(manager).await?;
    accounts(manager).await?;
    users(manager).await?;
    sign_in(manager).await
}

async fn instance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("instance")
        .col(only_row())
        .col(text("instance_id"))
        .col(big_integer("created_at"));
    manager.create_table(table.take()).await?;
    table
        .table("setup_code")
        .col(only_row())
        .col(blob("code_hash"))
        .col(big_integer("expires_at"));
    manager.create_table(table.take()).await?;
    table
        .table("setup_done")
        .col(only_row())
        .col(big_integer("done_at"));
    manager.create_table(table.take()).await
}

async fn modules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("module").col(text_key("id"));
    for column in ["code", "name", "name_fold", "description", "account_types"] {
        table.col(text(column));
    }
    for column in ["is_default", "is_configurable", "is_paid"] {
        table.col(boolean(column));
    }
    manager.create_table(table).await?;
    unique(manager, "module", "code").await?;
    index(manager, "module", &["name_fold", "id"]).await?;
    insert_built_in(manager).await
}

async fn insert_built_in(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut insert = Query::insert();
    insert.into_table("module").columns([
        "id",
        "code",
        "name",
        "name_fold",
        "description",
        "account_types",
        "is_default",
        "is_configurable",
        "is_paid",
    ]);
    for module in &BUILT_IN {
        let id = ModuleId::from_number(module.number)
            .ok_or_else(|| DbErr::Migration("a built-in module has no id".into()))?;
        let types: Vec<_> = module
            .account_types
            .iter()
            .copied()
            .map(AccountType::as_str)
            .collect();
        insert.values_panic([
            id.to_string().into(),
            module.code.into(),
            module.name.into(),
            fold(module.name).into(),
            module.description.into(),
            types.join(",").into(),
            false.into(),
            true.into(),
            false.into(),
        ]);
    }
    manager.execute(insert).await
}

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("account")
        .col(text_key("id"))
        .col(text("name"))
        .col(text("name_fold"))
        .col(one_of(
            &mut text("kind"),
            &["Client", "Vendor", "Operations"],
        ))
        .col(one_of(&mut text("status"), &["Active", "Disabled"]))
        .col(big_integer("created_at"));
    manager.create_table(table.take()).await?;
    index(manager, "account", &["name_fold", "id"]).await?;
    table
        .table("account_module")
        .col(text("account_id"))
        .col(text("module_id"))
        .primary_key(Index::create().col("account_id").col("module_id"))
        .foreign_key(&mut reference("account_module", "account_id", "account"))
        .foreign_key(&mut reference("account_module", "module_id", "module"));
    manager.create_table(table.take()).await?;
    index(manager, "account_module", &["module_id"]).await
}

async fn users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("user").col(text_key("id"));
    for column in ["account_id", "name", "name_fold", "email", "email_key"] {
        table.col(text(column));
    }
    table
        .col(one_of(&mut text("role"), &["Administrator", "Viewer"]))
        .col(one_of(&mut text("status"), &["Active", "Disabled"]))
        .col(text_null("password_hash"))
        .col(big_integer("created_at"))
        .foreign_key(&mut reference("user", "account_id", "account"));
    manager.create_table(table).await?;
    unique(manager, "user", "email_key").await?;
    index(manager, "user", &["account_id"]).await?;
    index(manager, "user", &["name_fold", "id"]).await
}

async fn sign_in(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("session")
        .col(ColumnDef::new("id_hash").blob().not_null().primary_key())
        .col(text("handle"))
        .col(text("user_id"))
        .col(big_integer("created_at"))
        .col(big_integer("last_seen_at"))
        .col(big_integer("authenticated_at"))
        .col(text_null("ip"))
        .col(text_null("user_agent"))
        .foreign_key(reference("session", "user_id", "user").on_delete(ForeignKeyAction::Cascade));
    manager.create_table(table.take()).await?;
    unique(manager, "session", "handle").await?;
    index(manager, "session", &["user_id"]).await?;
    table
        .table("sign_in_throttle")
        .col(text_key("key"))
        .col(big_integer("failures"))
        .col(big_integer("last_failure_at"));
    manager.create_table(table.take()).await?;
    index(manager, "sign_in_throttle", &["last_failure_at"]).await
}
