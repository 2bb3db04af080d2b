//! The second step: the whole life of a token. Pictures, forms that were sent already, and the orders in which the
//! audit trail is read.

use super::{index, reference, text_key};
use crate::repo::sqlite;
use sea_orm::DbBackend;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, text, text_null},
};

/// The second step.
pub(super) struct Second;

impl MigrationName for Second {
    fn name(&self) -> &'static str {
        "m0002_life_of_a_token"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Second {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        icons(manager).await?;
        requests(manager).await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            for trigger in sqlite::TOKEN_LIFE.into_iter().chain([sqlite::AUDIT_PLACES]) {
                manager.get_connection().execute_unprepared(trigger).await?;
            }
        }
        // One index for each question that is asked of the trail, each in the order of the answer.
        for columns in [
            &["object_id", "seq"] as &[_],
            &["account_id", "object_id", "seq"],
            &["account_id", "actor_id", "seq"],
            &["account_id", "event", "seq"],
            &["actor_id", "seq"],
            &["event", "seq"],
        ] {
            index(manager, "audit_record", columns).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Pictures under the hash of their bytes, and which token shows which.
async fn icons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("icon")
        .col(text_key("id"))
        .col(big_integer("uploaded_at"))
        .col(text("uploaded_by"))
        // Last: what stands behind a large value takes long to read.
        .col(blob("png"));
    manager.create_table(table).await?;
    index(manager, "icon", &["uploaded_by"]).await?;
    let mut table = Table::alter();
    table.table("api_token").add_column(text_null("icon_id"));
    manager.alter_table(table).await?;
    index(manager, "api_token", &["icon_id"]).await
}

/// Forms for a new token that were sent, so that one sent twice adds one token.
async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_request")
        .col(text("requested_by"))
        .col(text("request_key"))
        .col(text("token_id"))
        .col(blob("form_digest"))
        .col(big_integer("requested_at"))
        .primary_key(Index::create().col("requested_by").col("request_key"))
        .foreign_key(&mut reference("token_request", "token_id", "api_token"));
    manager.create_table(table).await?;
    index(manager, "token_request", &["requested_at"]).await
}
