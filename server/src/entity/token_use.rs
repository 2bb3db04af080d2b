//! How often a token was presented for a module, with which outcome, in each hour of a day. Numbers, not ids, and no row of
//! its own number: there may be very many of these.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token_use")]
pub struct Model {
    /// Days since 1970 (UTC).
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// The number in the token's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token: i64,
    /// The number in the module's id; 0 when none was asked for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub module: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub outcome: i64,
    /// A number for each hour, packed.
    pub hours: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
