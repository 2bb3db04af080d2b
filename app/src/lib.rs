//! What browser and server share: token types, validation, pages, components and server functions.
//!
//! It knows no database, no hashing and no random numbers. `domain` and `error` are plain types; `port` (server
//! only) is the seam that `server` implements; `api` are the server functions; `page` and `ui` are what is seen.

// The type of a view nests as deep as the view.
#![recursion_limit = "512"]

pub mod api;
mod app;
mod browser;
mod call;
pub mod chosen_rows;
pub mod cookie;
pub mod domain;
pub mod error;
#[cfg(feature = "ssr")]
pub mod help;
pub mod href;
mod json;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod rql;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod theme;
mod ui;
mod wire;

pub use app::App;
pub use browser::hear_back_first;
