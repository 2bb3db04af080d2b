//! The rules on a real SQLite file: one file of tests for each kind of thing, each test named by the rule it holds.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy.toml allows these in tests, but does not see that helpers of tests are tests"
)]

#[path = "service/account_icons.rs"]
mod account_icons;
#[path = "service/accounts.rs"]
mod accounts;
#[path = "service/administering.rs"]
mod administering;
#[path = "service/audit.rs"]
mod audit;
#[path = "service/audit_filters.rs"]
mod audit_filters;
#[path = "service/audit_pages.rs"]
mod audit_pages;
#[path = "service/audit_verify.rs"]
mod audit_verify;
#[path = "service/bulk.rs"]
mod bulk;
#[path = "service/bulk_between.rs"]
mod bulk_between;
#[path = "service/conflicts.rs"]
mod conflicts;
#[path = "service/create.rs"]
mod create;
#[path = "service/create_again.rs"]
mod create_again;
#[path = "service/edit.rs"]
mod edit;
#[path = "service/edit_secret.rs"]
mod edit_secret;
#[path = "service/filter_names.rs"]
mod filter_names;
#[path = "service/icons.rs"]
mod icons;
#[path = "service/invitations.rs"]
mod invitations;
#[path = "service/keys.rs"]
mod keys;
#[path = "service/keys_beside.rs"]
mod keys_beside;
#[path = "service/lifecycle.rs"]
mod lifecycle;
#[path = "service/list.rs"]
mod list;
#[path = "service/model.rs"]
mod model;
#[path = "service/modules.rs"]
mod modules;
#[path = "service/passwords.rs"]
mod passwords;
#[path = "service/people.rs"]
mod people;
#[path = "service/profile.rs"]
mod profile;
#[path = "service/provision.rs"]
mod provision;
#[path = "service/provision_many.rs"]
mod provision_many;
#[path = "service/reveal.rs"]
mod reveal;
#[path = "service/reveal_limits.rs"]
mod reveal_limits;
#[path = "service/sessions.rs"]
mod sessions;
#[path = "service/setup.rs"]
mod setup;
#[path = "service/store.rs"]
mod store;
#[path = "service/users.rs"]
mod users;
#[path = "service/verification.rs"]
mod verification;
#[path = "service/verification_model.rs"]
mod verification_model;
#[path = "service/view_fields.rs"]
mod view_fields;
#[path = "service/views.rs"]
mod views;
#[path = "service/world.rs"]
mod world;
