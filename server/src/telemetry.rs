//! The log: where its lines go and how they look.
//!
//! Owns the subscriber and its filter. It must not know what is logged; that no secret is, is each caller's duty
//! and what the types of `secret` make hard to forget (I-33).

use crate::config::LogFormat;
use std::{
    io::{self, IsTerminal as _},
    panic::{self, PanicHookInfo},
};
use tracing::Level;
use tracing_subscriber::{EnvFilter, fmt};

/// The filter for `level`: our own lines from there on, others' from warnings on, and never an SQL statement, whose
/// values may be personal.
fn filter(level: Level) -> String {
    let level = level.to_string().to_lowercase();
    format!(
        "warn,server={level},app={level},latchkey={level},sqlx=off,sea_orm=off,sea_orm_migration=warn"
    )
}

/// Sends log lines to the standard error output from now on. A second call changes nothing.
pub fn init(format: LogFormat, level: Level) {
    let lines = fmt()
        .with_env_filter(EnvFilter::new(filter(level)))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    // Fails only when a subscriber is set already, as in tests.
    let _ = match format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    panic::set_hook(Box::new(log_panic));
}

/// A panic as a line like any other, with its place only: its message may hold whatever was being worked on (I-33).
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(
        place,
        "a panic: a fault in Latchkey; please report its place"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_filter_is_understood() {
        for level in [Level::ERROR, Level::INFO, Level::TRACE] {
            let text = filter(level);
            assert!(EnvFilter::try_new(&text).is_ok(), "{text}");
        }
    }
}
