//! What one account calls a kind of event. `NULL` where it says nothing of its own.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_type_label")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_type_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    pub name: Option<String>,
    pub description: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
