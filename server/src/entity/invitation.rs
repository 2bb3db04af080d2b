//! A one-time code with which somebody who was added sets his first password. Only its hash is kept.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    pub code_hash: Vec<u8>,
    pub expires_at: i64,
    pub created_at: i64,
    pub created_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
