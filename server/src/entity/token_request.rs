//! A form for a new token that was sent, and the token that came of it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub requested_by: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_key: String,
    pub token_id: String,
    /// What tells this form from another that was sent under its key.
    pub form_digest: Vec<u8>,
    pub requested_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
