//! A token of a change to several, and what became of it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: String,
    /// `changed`, or why it was left as it was; none while the change has not come to it.
    pub outcome: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
