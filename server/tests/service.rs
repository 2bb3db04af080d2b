//! The rules on a real SQLite file: one file of tests for each kind of thing, each test named by the rule it holds.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy.toml allows these in tests, but does not see that helpers of tests are tests"
)]

#[path = "service/audit.rs"]
mod audit;
#[path = "service/conflicts.rs"]
mod conflicts;
#[path = "service/edit.rs"]
mod edit;
#[path = "service/list.rs"]
mod list;
#[path = "service/passwords.rs"]
mod passwords;
#[path = "service/provision.rs"]
mod provision;
#[path = "service/sessions.rs"]
mod sessions;
#[path = "service/setup.rs"]
mod setup;
#[path = "service/store.rs"]
mod store;
#[path = "service/users.rs"]
mod users;
#[path = "service/world.rs"]
mod world;
