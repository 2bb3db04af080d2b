//! Latchkey's server: HTTP, rules, storage and the command line. See `ARCHITECTURE.md` for one request's way
//! through it.
//!
//! The direction of knowledge: `main -> cli -> boot -> http -> service -> repo -> entity`. `http` never calls
//! `repo`; nothing points at `server`. `provision`, `backup` and `restore` stand beside `service` and know it and `repo`; `secret`, `picture`,
//! `user_agent`, `env`, `hex` and `network` stand below both.

pub mod backup;
pub mod boot;
pub mod checkpoints;
pub mod cli;
pub mod config;
pub mod entity;
pub mod env;
pub mod hex;
pub mod http;
pub mod metrics;
pub mod migration;
pub mod network;
pub mod picture;
pub mod provision;
pub mod repo;
pub mod restore;
pub mod secret;
pub mod service;
pub mod state;
pub mod telemetry;
pub mod user_agent;
