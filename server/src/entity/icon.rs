//! A picture under the hash of its bytes, as it was re-encoded (I-27).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "icon")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub png: Vec<u8>,
    pub uploaded_at: i64,
    pub uploaded_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
