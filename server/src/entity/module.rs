//! An area of the platform. `account_types` are words joined by commas.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "module")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_fold: String,
    pub description: String,
    pub account_types: String,
    pub is_default: bool,
    pub is_configurable: bool,
    pub is_paid: bool,
    pub revision: i64,
    pub retired_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
