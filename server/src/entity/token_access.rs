//! When a token was last presented. Apart from the token, so that use never changes it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token_access")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: String,
    pub last_access_at: i64,
    pub last_access_ip: Option<String>,
    pub uses: i64,
}

impl ActiveModelBehavior for ActiveModel {}
