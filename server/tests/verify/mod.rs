//! Verification: what gateways and services hear about a secret.

mod changes;
mod conformance;
mod forward;
mod introspect;
mod metrics;
mod trouble;
mod uses;
mod world;
