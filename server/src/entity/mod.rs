//! The tables as SeaORM sees them, one file a table.
//!
//! Owns: the columns and their types. It must not know rules or queries; its types never leave `repo`.

pub(crate) mod account;
pub(crate) mod account_module;
pub(crate) mod api_token;
pub(crate) mod audit_head;
pub(crate) mod audit_record;
pub(crate) mod audit_viewer;
pub(crate) mod bulk_change;
pub(crate) mod bulk_item;
pub(crate) mod event_type;
pub(crate) mod event_type_label;
pub(crate) mod event_type_use;
pub(crate) mod icon;
pub(crate) mod instance;
pub(crate) mod invitation;
pub(crate) mod list_view;
pub(crate) mod list_view_default;
pub(crate) mod module;
pub(crate) mod session;
pub(crate) mod setup_code;
pub(crate) mod setup_done;
pub(crate) mod sign_in_throttle;
pub(crate) mod token_access;
pub(crate) mod token_module;
pub(crate) mod token_request;
pub(crate) mod token_secret;
pub(crate) mod token_tally;
pub(crate) mod token_use;
pub(crate) mod user;
