//! A token without its secret. `lookup` is the keyed hash by which the secret is found (T-10).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub name: String,
    pub name_fold: String,
    pub description: String,
    pub status: String,
    pub reveal: String,
    pub revision: i64,
    pub hint: String,
    pub lookup: Vec<u8>,
    pub pepper_kid: String,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    pub enabled_at: Option<i64>,
    pub enabled_by: Option<String>,
    pub disabled_at: Option<i64>,
    pub disabled_by: Option<String>,
    pub deleted_at: Option<i64>,
    pub deleted_by: Option<String>,
    pub icon_id: Option<String>,
    /// The folded name of whoever made it, by which the list is sorted.
    pub creator_fold: String,
    /// Whether it is in the usual lists: until it is deleted. Worked out by the database.
    pub alive: bool,
}

impl ActiveModelBehavior for ActiveModel {}
