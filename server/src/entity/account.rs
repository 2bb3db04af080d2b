//! A tenant.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub name_fold: String,
    pub kind: String,
    pub status: String,
    pub created_at: i64,
    pub revision: i64,
    pub icon_id: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
