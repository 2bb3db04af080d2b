//! The whole router in one process, on a real SQLite file: each test named by the rule it holds.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy.toml allows these in tests, but does not see that helpers of tests are tests"
)]

mod support;

#[path = "ui/account_icons.rs"]
mod account_icons;
#[path = "ui/assets.rs"]
mod assets;
#[path = "ui/audit.rs"]
mod audit;
#[path = "ui/cross_site.rs"]
mod cross_site;
#[path = "ui/default_view.rs"]
mod default_view;
#[path = "ui/export.rs"]
mod export;
#[path = "ui/filter.rs"]
mod filter;
#[path = "ui/headers.rs"]
mod headers;
#[path = "ui/icons.rs"]
mod icons;
#[path = "ui/invitation.rs"]
mod invitation;
#[path = "ui/limits.rs"]
mod limits;
#[path = "ui/matrix.rs"]
mod matrix;
#[path = "ui/own_name.rs"]
mod own_name;
#[path = "ui/profile.rs"]
mod profile;
#[path = "rest/mod.rs"]
mod rest;
#[path = "ui/rows.rs"]
mod rows;
#[path = "ui/secret.rs"]
mod secret;
#[path = "ui/setup.rs"]
mod setup;
#[path = "ui/sign_in.rs"]
mod sign_in;
#[path = "ui/sign_ins.rs"]
mod sign_ins;
#[path = "verify/mod.rs"]
mod verify;
#[path = "ui/views.rs"]
mod views;
