//! When a token was last presented. Apart from the token, so that use never changes it. Every token has a row, which the
//! database makes with it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token_access")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: String,
    pub account_id: String,
    /// Whether the token is in the usual lists: until it is deleted.
    pub alive: bool,
    pub last_access_at: Option<i64>,
    pub last_access_ip: Option<String>,
    pub uses: i64,
}

impl ActiveModelBehavior for ActiveModel {}
