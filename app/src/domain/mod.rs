//! The words of the product as types, with the checks that belong to them.
//!
//! Owns: ids, accounts, users, modules, tokens, pages, times and the rules for text. It must not know where
//! these are stored, who asks for them, or what time it is: no I/O, no clock, no randomness, only `serde`.

pub mod account;
pub mod audit;
pub mod bulk;
pub mod directory;
#[cfg(feature = "ssr")]
pub mod event_type;
pub mod filter;
pub mod grid;
pub mod help;
pub mod icon;
pub mod id;
pub mod lifecycle;
#[cfg(feature = "ssr")]
pub mod listing;
pub mod module;
pub mod new_token;
pub mod page;
#[cfg(feature = "ssr")]
pub mod program;
#[cfg(feature = "ssr")]
pub mod record;
pub mod secret;
pub mod sign_in;
pub mod text;
pub mod time;
pub mod token;
#[cfg(feature = "ssr")]
pub mod token_change;
pub mod token_query;
pub mod user;
pub mod validate;
pub mod view;
