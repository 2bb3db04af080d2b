//! A sign-in. The key is the SHA-256 of the cookie's value, never the value.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: Vec<u8>,
    pub handle: String,
    pub user_id: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub authenticated_at: i64,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
