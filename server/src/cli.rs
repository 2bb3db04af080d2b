//! The command line: what it takes, what it prints, how it ends.
//!
//! Owns the commands, their help and their exit codes: 0 done, 1 failed, 2 wrong use. What a command does is the
//! service's, through the same rules as in the browser, and recorded as done by Latchkey itself.

mod audit;
mod backup;
mod keys;
mod settings;
mod token;
mod user;
mod uses;

use crate::{
    boot::{self, BootError},
    config::{Config, ENV_PREFIX},
    env::Env,
    http::rest::openapi,
    provision::ProvisionReport,
    telemetry,
};
use app::error::ApiError;
use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use settings::Settings;
use std::{
    ffi::OsString,
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// How long threads that still work may hold up the end of the process.
const LINGER: Duration = Duration::from_secs(1);

/// Latchkey, a console for API tokens.
#[derive(Debug, Parser)]
#[command(
    name = "latchkey",
    version,
    after_help = "Examples:\n  \
        latchkey                                     Serve on http://127.0.0.1:3000 with the data in ./data\n  \
        latchkey serve --data-dir /var/lib/latchkey  The same with the data elsewhere\n  \
        latchkey user add --help                     Say how a user is added\n\n\
        Every flag can also be a line in latchkey.toml (listen = \"127.0.0.1:3000\") or a variable\n\
        (LATCHKEY_LISTEN=127.0.0.1:3000). Exit codes: 0 done, 1 failed, 2 wrong use."
)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    /// Print JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the console (what happens without a command, too)
    #[command(after_help = "Examples:\n  latchkey serve\n  \
        latchkey serve --listen 0.0.0.0:3000 --public-url https://tokens.example.com --trusted-proxies 10.0.0.0/8")]
    Serve,
    /// Bring the database up to date, and stop
    #[command(after_help = "Example:\n  latchkey migrate --data-dir /var/lib/latchkey")]
    Migrate,
    /// Make what a file names and the installation lacks; print the secrets of tokens made without one
    #[command(
        name = "provision",
        after_help = "Examples:\n  latchkey provision accounts.json\n  \
        latchkey provision accounts.json --json | jq .secrets"
    )]
    Apply {
        /// The provisioning file, JSON
        file: PathBuf,
    },
    /// Add, list, disable and unlock users, and set passwords
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// List, disable and enable API tokens, and show their use
    Token {
        #[command(subcommand)]
        command: token::Command,
    },
    /// List, rotate and drop the keys that protect stored secrets
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    /// Write a copy of the database that can be restored, beside a running server
    Backup(backup::BackUp),
    /// Put a backup in the place of the database; no server may run
    Restore(backup::Restore),
    /// Print the description of the REST interface (OpenAPI 3.1)
    #[command(after_help = "Example:\n  latchkey openapi > openapi.json")]
    Openapi,
    /// Verify the audit trail
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
}

/// How a command ends.
enum End {
    /// With something to print: for people, and for programs.
    Done(String, Value),
    /// Not done; the sentence says why.
    Failed(String),
    /// Done, and what was found is bad: what to print of it, for people and for programs.
    Bad(String, Value),
    /// Asked for in a way that cannot be.
    Wrong(String),
}

impl From<BootError> for End {
    fn from(error: BootError) -> Self {
        match error {
            BootError::Refused(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<ApiError> for End {
    fn from(error: ApiError) -> Self {
        let sentences = error.fields.iter().map(|field| field.message.as_str());
        let sentences: Vec<_> = sentences.collect();
        Self::Failed(if sentences.is_empty() {
            error.message
        } else {
            sentences.join("\n")
        })
    }
}

/// Runs what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let end = match load(&cli.settings) {
        Ok(config) => {
            telemetry::init(config.log_format, config.log_level);
            run(config, cli.command.unwrap_or(Command::Serve))
        }
        Err(end) => end,
    };
    report(end, cli.json)
}

fn load(settings: &Settings) -> Result<Config, End> {
    let env = readable(std::env::vars_os()).map_err(End::Wrong)?;
    let config = Config::load(settings.config.as_deref(), env, &settings.flags());
    config.map_err(|error| End::Wrong(error.to_string()))
}

/// The variables that are text. Ours must be: one that is passed over in silence would not be the setting it is.
fn readable(
    env: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for (name, value) in env {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => found.push((name, value)),
            (Ok(name), Err(_)) if name.starts_with(ENV_PREFIX) => {
                return Err(format!(
                    "The variable {name} is not text in UTF-8. Set it anew."
                ));
            }
            (Err(name), _) if name.to_string_lossy().starts_with(ENV_PREFIX) => {
                let name = name.to_string_lossy();
                return Err(format!(
                    "{name} is no setting: its name is not text in UTF-8."
                ));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn run(config: Config, command: Command) -> End {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.worker_threads)
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            let end = runtime.block_on(carry_out(config, command));
            runtime.shutdown_timeout(LINGER);
            end.unwrap_or_else(|end| end)
        }
        Err(error) => End::Failed(format!(
            "The server's threads could not be started: {error}"
        )),
    }
}

async fn carry_out(config: Config, command: Command) -> Result<End, End> {
    let env = Env::real();
    match command {
        Command::Serve => {
            boot::serve(config, env).await?;
            Ok(End::Done(String::new(), json!({ "stopped": true })))
        }
        Command::Migrate => {
            boot::open_alone(&config, &env).await?.close().await;
            Ok(End::Done(
                "The database is up to date.".into(),
                json!({ "migrated": true }),
            ))
        }
        Command::Apply { file } => {
            let core = boot::open_beside(&config, &env).await?;
            let report = boot::apply(&core.service, &file).await;
            core.close().await;
            Ok(provisioned(&report?))
        }
        Command::User { command } => {
            let core = if command.may_begin() {
                boot::open_beside(&config, &env).await?
            } else {
                boot::open_existing(&config, &env).await?
            };
            let end = user::carry_out(&core.service, command).await;
            core.close().await;
            end
        }
        Command::Token { command } => {
            let core = boot::open_existing(&config, &env).await?;
            let end = token::carry_out(&core.service, command).await;
            core.close().await;
            end
        }
        Command::Openapi => {
            let document = openapi::document(&config.public_url);
            let value = serde_json::to_value(&document).unwrap_or_default();
            Ok(End::Done(openapi::text(&config.public_url), value))
        }
        Command::Backup(command) => backup::back_up(&config, command).await,
        Command::Restore(command) => backup::restore(&config, &env, command).await,
        Command::Keys { command } => keys::carry_out(&config, &env, command).await,
        Command::Audit { command } => audit::carry_out(&config, command).await,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this command prints each secret that was made, once"
)]
fn provisioned(report: &ProvisionReport) -> End {
    let ProvisionReport {
        modules,
        accounts,
        users,
        tokens,
        records,
        differences,
        made_secrets,
    } = report;
    let mut text = format!(
        "Made {}, {}, {}, {} and {}. What existed was left alone.",
        count(*modules, "module"),
        count(*accounts, "account"),
        count(*users, "user"),
        count(*tokens, "token"),
        count(*records, "audit record")
    );
    for difference in differences {
        text.push_str("\nDiffers: ");
        text.push_str(difference);
    }
    if !made_secrets.is_empty() {
        text.push_str("\nSecrets, shown only now:");
    }
    for (id, secret) in made_secrets {
        let _ = write!(text, "\n{id} {}", secret.expose_secret());
    }
    let secrets = made_secrets
        .iter()
        .map(|(id, secret)| (id.to_string(), json!(secret.expose_secret())));
    let secrets = Value::Object(secrets.collect());
    let made = json!({ "modules": modules, "accounts": accounts, "users": users, "tokens": tokens, "auditRecords": records });
    End::Done(
        text,
        json!({ "made": made, "differences": differences, "secrets": secrets }),
    )
}

/// So many of a thing, in words.
fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// Results go to the standard output, complaints to the error output.
fn report(end: End, as_json: bool) -> ExitCode {
    let complain = |text: String, found: Value| {
        if !as_json {
            return text;
        }
        let mut complaint = json!({ "error": text });
        if let (Some(complaint), Value::Object(found)) = (complaint.as_object_mut(), found) {
            complaint.extend(found);
        }
        complaint.to_string()
    };
    let (code, written) = match end {
        End::Done(text, _) if !as_json && text.is_empty() => (0, Ok(())),
        End::Done(text, value) => {
            let text = if as_json { value.to_string() } else { text };
            (0, writeln!(io::stdout(), "{text}"))
        }
        End::Bad(text, found) => (1, writeln!(io::stderr(), "{}", complain(text, found))),
        End::Failed(text) => (1, writeln!(io::stderr(), "{}", complain(text, Value::Null))),
        End::Wrong(text) => (2, writeln!(io::stderr(), "{}", complain(text, Value::Null))),
    };
    // Whoever closed the output does not want to hear that it is closed.
    let _ = written;
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_in_its_help() {
        fn check(command: &clap::Command) {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            if command.get_subcommands().next().is_none() {
                assert!(
                    help.contains("latchkey "),
                    "{} has no example",
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn a_variable_of_ours_that_is_no_text_stops_the_start() {
        use std::os::unix::ffi::OsStringExt as _;
        let broken = || OsString::from_vec(vec![b'x', 0xff]);
        let named = |name: &str| readable([(OsString::from(name), broken())].into_iter());
        assert!(
            named("LATCHKEY_LISTEN")
                .unwrap_err()
                .contains("LATCHKEY_LISTEN")
        );
        assert_eq!(named("OTHER"), Ok(Vec::new()));
        let mut name = OsString::from("LATCHKEY_");
        name.push(broken());
        assert!(readable([(name, OsString::new())].into_iter()).is_err());
    }

    #[test]
    fn one_of_a_thing_is_not_called_many() {
        assert_eq!(
            (count(1, "user"), count(0, "user")),
            ("1 user".into(), "0 users".into())
        );
    }

    #[test]
    fn flags_may_stand_before_and_after_the_command() {
        for line in [
            "latchkey --listen 127.0.0.1:1 serve",
            "latchkey serve --listen 127.0.0.1:1",
        ] {
            let cli = Cli::parse_from(line.split(' '));
            assert_eq!(cli.settings.flags()["listen"], "127.0.0.1:1");
        }
    }
}
