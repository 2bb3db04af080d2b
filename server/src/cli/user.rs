//! `latchkey user …`: users, from the host.
//!
//! Owns the sub-commands and the reading of passwords: from the terminal, unseen, or else the first line of the
//! standard input. Never from a flag, which other users of the machine could see.

use super::End;
use crate::service::{ConsoleService, NewUser, UserSummary};
use app::domain::user::Role;
use clap::{Args, Subcommand, ValueEnum};
use secrecy::SecretString;
use serde_json::json;
use std::io::{self, BufRead as _, IsTerminal as _};
use zeroize::Zeroizing;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a user; in an empty installation, with an Operations account that has every built-in module
    #[command(after_help = "Examples:\n  \
        latchkey user add --email sarah@example.com --name \"Sarah Sanderson\"\n  \
        latchkey user add --email sam@example.com --name Sam --account ACC-0001-0002 --role viewer < password.txt\n\n\
        The password is asked for, or is the first line of the standard input.")]
    Add(Add),
    /// List every user
    #[command(after_help = "Example:\n  latchkey user list --json")]
    List,
    /// Stop a user from signing in, and end his sign-ins
    #[command(after_help = "Example:\n  latchkey user disable sarah@example.com")]
    Disable(Whom),
    /// Let a user sign in again: enabled, and without his failed tries
    #[command(after_help = "Example:\n  latchkey user unlock sarah@example.com")]
    Unlock(Whom),
    /// Give a user another password, and end his sign-ins
    #[command(
        after_help = "Examples:\n  latchkey user password sarah@example.com\n  \
        latchkey user password sarah@example.com < password.txt"
    )]
    Password(Whom),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The e-mail address, with which he signs in
    #[arg(long)]
    email: String,
    /// The name
    #[arg(long)]
    name: String,
    /// The id of the account, as in ACC-0001-0002; not needed where there is one at most
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// What he may do
    #[arg(long, value_enum, default_value = "administrator")]
    role: RoleName,
}

#[derive(Debug, Args)]
pub(super) struct Whom {
    /// The user's e-mail address
    email: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    /// Everything
    Administrator,
    /// Reads; never sees a secret
    Viewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Administrator => Self::Administrator,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

pub(super) async fn carry_out(service: &ConsoleService, command: Command) -> Result<End, End> {
    match command {
        Command::Add(Add {
            email,
            name,
            account,
            role,
        }) => {
            let password = password()?;
            let new = NewUser {
                name,
                email,
                role: role.into(),
                account,
                password,
            };
            Ok(one("Added", &service.add_user(new).await?))
        }
        Command::List => Ok(list(&service.list_users().await?)),
        Command::Disable(whom) => Ok(one("Disabled", &service.disable_user(&whom.email).await?)),
        Command::Unlock(whom) => Ok(one("Unlocked", &service.unlock_user(&whom.email).await?)),
        Command::Password(whom) => {
            let user = service.set_password(&whom.email, password()?).await?;
            Ok(one("Changed the password of", &user))
        }
    }
}

fn one(done: &str, user: &UserSummary) -> End {
    End::Done(format!("{done} {}.", line(user)), json!(user))
}

fn list(users: &[UserSummary]) -> End {
    let lines: Vec<_> = users
        .iter()
        .map(|user| format!("{}, {}", line(user), user.status.as_str()))
        .collect();
    let text = if lines.is_empty() {
        "There are no users.".to_owned()
    } else {
        lines.join("\n")
    };
    End::Done(text, json!(users))
}

fn line(user: &UserSummary) -> String {
    let UserSummary {
        id,
        name,
        email,
        role,
        account,
        ..
    } = user;
    format!(
        "{id} {name} <{email}>, {} of {} ({})",
        role.as_str(),
        account.name,
        account.id
    )
}

/// A password from the terminal, typed twice, or the first line of the standard input.
fn password() -> Result<SecretString, End> {
    let unread = |error: io::Error| End::Failed(format!("The password could not be read: {error}"));
    if !io::stdin().is_terminal() {
        let mut line = Zeroizing::new(String::new());
        io::stdin().lock().read_line(&mut line).map_err(unread)?;
        let password = line.trim_end_matches(['\r', '\n']);
        if password.is_empty() {
            return Err(End::Wrong(
                "The standard input holds no password. Put it on the first line.".into(),
            ));
        }
        return Ok(password.into());
    }
    let first = Zeroizing::new(rpassword::prompt_password("Password: ").map_err(unread)?);
    let second = Zeroizing::new(rpassword::prompt_password("Once more: ").map_err(unread)?);
    if first != second {
        return Err(End::Failed(
            "The two passwords are not the same. Nothing was done.".into(),
        ));
    }
    Ok(first.as_str().into())
}
