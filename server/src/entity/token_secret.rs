//! A token's secret, sealed in two layers (T-20).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token_secret")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: String,
    pub alg: String,
    pub kek_kid: String,
    pub dek_nonce: Vec<u8>,
    pub dek_ct: Vec<u8>,
    pub nonce: Vec<u8>,
    pub ct: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
