//! How many tokens of an account stand where: of all modules together, under an empty id, and of each. The database keeps
//! it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token_tally")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub module_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub status: String,
    pub tokens: i64,
}

impl ActiveModelBehavior for ActiveModel {}
