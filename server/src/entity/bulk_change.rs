//! A change to several tokens at once, and how far it has come.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The account of whoever began it.
    pub account_id: String,
    /// A step by its word, or `Give` or `Take` a module.
    pub action: String,
    pub module_id: Option<String>,
    pub created_by: String,
    /// By which sign-in it was begun.
    pub sign_in: Option<String>,
    /// From where, as JSON.
    pub origin: String,
    pub created_at: i64,
    pub state: String,
    pub ended_at: Option<i64>,
    /// Why it was stopped; empty when it was not.
    pub stopped: String,
    pub total: i64,
    pub changed: i64,
    pub left_alone: i64,
    /// The last token that it has come to, in the order of ids; empty for none.
    pub reached: String,
}

impl ActiveModelBehavior for ActiveModel {}
