//! The REST interface: one file for each address or rule.

mod account_icons;
mod bad_input;
mod event_types;
mod icons;
mod matrix;
mod modules;
mod openapi;
mod rates;
mod records;
mod rights;
mod rql;
mod streams;
mod tokens_create;
mod tokens_life;
mod tokens_list;
mod tokens_update;
pub mod world;
