//! One line of the audit trail (L-1, L-2, L-5).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: String,
    pub at: i64,
    pub event: String,
    pub actor_kind: String,
    pub actor_id: String,
    pub actor_name: String,
    pub actor_account: Option<String>,
    pub session: Option<String>,
    pub auth_method: Option<String>,
    pub ip: Option<String>,
    pub peer_ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: String,
    pub app_version: String,
    pub object_type: String,
    pub object_id: String,
    pub object_name: String,
    pub object_revision: Option<i64>,
    pub account_id: Option<String>,
    pub outcome: String,
    pub reason: Option<String>,
    pub summary: String,
    pub changes: String,
    pub key_kid: String,
    pub hash: Vec<u8>,
    pub details: Option<String>,
    pub documents: Option<String>,
    pub visibility: Option<String>,
    pub viewers: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
