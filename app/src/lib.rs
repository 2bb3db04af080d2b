//! What browser and server share: token types, validation, pages, components and server functions.
//!
//! It knows no database, no hashing and no random numbers. `domain` and `error` are plain types; `port` (server
//! only) is the seam that `server` implements; `api` are the server functions; `page` and `ui` are what is seen.

pub mod domain;
pub mod error;
#[cfg(feature = "ssr")]
pub mod port;
