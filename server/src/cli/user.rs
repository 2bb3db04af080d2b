//! `latchkey user …`: users, from the host.
//!
//! Owns the sub-commands and the reading of passwords: from the terminal, unseen, or else the first line of the
//! standard input. Never from a flag, which other users of the machine could see.

use super::End;
use crate::service::{ConsoleService, NewUser, UserSummary};
use app::domain::user::Role;
use clap::{Args, Subcommand, ValueEnum};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{
    io::{self, BufRead as _, IsTerminal as _},
    net::IpAddr,
};
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
    #[command(after_help = "Examples:\n  latchkey user unlock sarah@example.com\n  \
        latchkey user unlock --address 192.0.2.7\n\n\
        An address is the one from which too many tries to sign in have failed, whoever they named.")]
    Unlock(Unlock),
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

#[derive(Debug, Args)]
pub(super) struct Unlock {
    /// The user's e-mail address
    #[arg(required_unless_present = "address")]
    email: Option<String>,
    /// Forget the failed tries from this IP address
    #[arg(long, value_name = "IP", conflicts_with = "email")]
    address: Option<IpAddr>,
}

impl Command {
    /// Whether this command may make the installation that it works on. A mistyped folder must not become one.
    pub(super) const fn may_begin(&self) -> bool {
        matches!(self, Self::Add(_))
    }
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
        Command::Unlock(Unlock { email, address }) => unlock(service, email, address).await,
        Command::Password(whom) => {
            let user = service.set_password(&whom.email, password()?).await?;
            Ok(one("Changed the password of", &user))
        }
    }
}

async fn unlock(
    service: &ConsoleService,
    email: Option<String>,
    address: Option<IpAddr>,
) -> Result<End, End> {
    if let Some(address) = address {
        service.unlock_address(address).await?;
        return Ok(End::Done(
            format!("Unlocked the address {address}."),
            json!({ "address": address }),
        ));
    }
    let email = email.unwrap_or_default();
    Ok(one("Unlocked", &service.unlock_user(&email).await?))
}

fn one(done: &str, user: &UserSummary) -> End {
    End::Done(format!("{done} {}.", line(user)), as_json(user))
}

/// A user for programs, in the words of the provisioning file. Changing it breaks theirs.
fn as_json(user: &UserSummary) -> Value {
    let UserSummary {
        id,
        name,
        email,
        role,
        status,
        account,
        created_at,
    } = user;
    json!({
        "id": id.to_string(), "name": name, "email": email, "role": role.as_str(), "status": status.as_str(),
        "account": {
            "id": account.id.to_string(), "name": account.name, "type": account.kind.as_str(),
            "status": account.status.as_str(),
        },
        "createdAt": created_at.to_string(),
    })
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
    End::Done(text, users.iter().map(as_json).collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{
        account::{AccountId, AccountRef, AccountStatus, AccountType},
        time::Timestamp,
        user::{UserId, UserStatus},
    };

    #[test]
    fn programs_get_times_and_names_as_the_provisioning_file_writes_them() {
        let account = AccountRef {
            id: AccountId::from_number(1).unwrap(),
            name: "Stark".into(),
            kind: AccountType::Client,
            status: AccountStatus::Active,
            icon: None,
        };
        let user = UserSummary {
            id: UserId::from_number(1).unwrap(),
            name: "Tony".into(),
            email: "tony@stark.example".into(),
            role: Role::Viewer,
            status: UserStatus::Active,
            account,
            created_at: Timestamp(1_776_256_440_000_000),
        };
        let json = as_json(&user);
        assert_eq!(json["createdAt"], "2026-04-15T12:34:00.000Z");
        assert_eq!(json["account"]["type"], "Client");
        assert_eq!(json["role"], "Viewer");
    }
}
