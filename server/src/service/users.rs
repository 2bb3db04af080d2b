//! Users, as the command line on the host handles them. Everything here is done and recorded as Latchkey itself.

use super::{
    ConsoleService, CreateUser, Doer, ServiceError,
    audit::{Entry, Object},
    passwords::{check_password, field},
    seen, system,
    throttle::{account_key, address_key},
    user_admin::taken,
};
use crate::repo::{self, WriteTx, users::UserRow};
use app::{
    domain::{
        account::AccountRef,
        audit::Event,
        time::Timestamp,
        user::{Role, UserId, UserStatus},
        validate,
    },
    error::{ApiError, ErrorCode},
};
use secrecy::SecretString;
use std::net::IpAddr;
use unicode_normalization::UnicodeNormalization;

/// The name of the account that the first user of an empty installation gets.
const FIRST_ACCOUNT: &str = "Operations";

/// The one form in which spellings of an address are compared: compatibility forms, case and blanks do not count
/// (A-5, I-24). Upper case in between, because some letters meet only there, like ß and SS.
pub(crate) fn email_key(email: &str) -> String {
    let blankless: String = email.nfkc().filter(|c| !c.is_whitespace()).collect();
    blankless
        .to_lowercase()
        .to_uppercase()
        .to_lowercase()
        .nfkc()
        .collect()
}

/// A user to add.
pub struct NewUser {
    /// His name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// What he may do.
    pub role: Role,
    /// The id of his account. Not needed where there is only one; where there is none, one is made.
    pub account: Option<String>,
    /// His password.
    pub password: SecretString,
}

/// A user as the command line lists him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSummary {
    /// His id.
    pub id: UserId,
    /// His name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// What he may do.
    pub role: Role,
    /// Whether he may sign in.
    pub status: UserStatus,
    /// Whose person he is.
    pub account: AccountRef,
    /// When he was added.
    pub created_at: Timestamp,
}

impl From<UserRow> for UserSummary {
    fn from(row: UserRow) -> Self {
        let UserRow {
            user,
            status,
            created_at,
            ..
        } = row;
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            status,
            account: user.account,
            created_at,
        }
    }
}

impl ConsoleService {
    /// Adds a user. In an empty installation he gets an Operations account with every built-in module.
    ///
    /// # Errors
    /// Invalid, with the fields `name`, `email`, `account`, `role` and `password`; failures of the server.
    pub async fn add_user(&self, new: NewUser) -> Result<UserSummary, ApiError> {
        seen(self.try_add_user(new).await, &system().origin)
    }

    async fn try_add_user(&self, new: NewUser) -> Result<UserSummary, ServiceError> {
        let name = validate::name("The name", &new.name).map_err(|message| field("name", message));
        let email = validate::email(&new.email).map_err(|message| field("email", message));
        let password = check_password(&new.password, &[&new.name, &new.email]);
        let (name, email) = match (name, email, password) {
            (Ok(name), Ok(email), None) => (name, email),
            (name, email, password) => {
                let errors = [name.err(), email.err(), password];
                return Err(ApiError::invalid(errors.into_iter().flatten().collect()).into());
            }
        };
        let hash = self.passwords.hash(new.password, &*self.env.random).await?;
        let actor = system();
        let doer = Doer::actor(&actor);
        let tx = self.db.begin_write().await?;
        if repo::users::find_by_email(&tx, &email_key(&email))
            .await?
            .is_some()
        {
            return Err(taken().into());
        }
        let asked = new.account.as_deref();
        let account = self.account_for(&tx, &doer, asked, new.role).await?;
        let id = self.free_user_id(&tx).await?;
        let user = CreateUser {
            id,
            account: &account,
            name: &name,
            email: &email,
            role: new.role,
            password_hash: Some(hash),
        };
        self.create_user(&tx, &doer, user).await?;
        let row = user_by_email(&tx, &email).await?;
        tx.commit().await?;
        Ok(row.into())
    }

    /// The account that was asked for, or the only one, or a new one.
    async fn account_for(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        asked: Option<&str>,
        role: Role,
    ) -> Result<AccountRef, ServiceError> {
        let mut accounts = repo::accounts::list_accounts(tx).await?;
        let error = match asked {
            Some(asked) => {
                if let Some(account) = accounts
                    .into_iter()
                    .find(|account| account.id.to_string() == asked)
                {
                    return Ok(account);
                }
                "There is no account with this id."
            }
            None if accounts.len() == 1 => return Ok(accounts.remove(0)),
            None if accounts.is_empty() && role != Role::Administrator => {
                let error = "The first user is an Administrator; nobody else could be added in the browser. Leave --role out.";
                return Err(ApiError::invalid(vec![field("role", error)]).into());
            }
            None if accounts.is_empty() => {
                let account = self.operations_account(tx, FIRST_ACCOUNT).await?;
                self.create_operations(tx, doer, &account).await?;
                return Ok(account);
            }
            None => "There are several accounts. Give the id of the one the user belongs to.",
        };
        Err(ApiError::invalid(vec![field("account", error)]).into())
    }

    /// Every user, by account and name.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn list_users(&self) -> Result<Vec<UserSummary>, ApiError> {
        let users = repo::users::list_users(self.db.read()).await;
        let users = seen(users.map_err(ServiceError::from), &system().origin)?;
        Ok(users.into_iter().map(UserSummary::from).collect())
    }

    /// Stops a user from signing in and ends his sign-ins.
    ///
    /// # Errors
    /// Not found; invalid for the last active Administrator of an account.
    pub async fn disable_user(&self, email: &str) -> Result<UserSummary, ApiError> {
        seen(self.try_disable(email).await, &system().origin)
    }

    async fn try_disable(&self, email: &str) -> Result<UserSummary, ServiceError> {
        let tx = self.db.begin_write().await?;
        let row = user_by_email(&tx, email).await?;
        if row.status == UserStatus::Disabled {
            return Ok(row.into());
        }
        self.keep_out(&tx, &Doer::actor(&system()), &row).await?;
        tx.commit().await?;
        Ok(UserRow {
            status: UserStatus::Disabled,
            ..row
        }
        .into())
    }

    /// Lets a user sign in again: forgets his failed tries and enables him when he was disabled.
    ///
    /// # Errors
    /// Not found; failures of the server.
    pub async fn unlock_user(&self, email: &str) -> Result<UserSummary, ApiError> {
        seen(self.try_unlock(email).await, &system().origin)
    }

    async fn try_unlock(&self, email: &str) -> Result<UserSummary, ServiceError> {
        let tx = self.db.begin_write().await?;
        let actor = system();
        let doer = Doer::actor(&actor);
        let row = user_by_email(&tx, email).await?;
        repo::throttle::delete_failures(&tx, &account_key(email)).await?;
        if row.status == UserStatus::Disabled {
            self.set_user_status(&tx, &doer, &row, UserStatus::Active)
                .await?;
        }
        let summary = format!("User \"{}\" unlocked", row.user.name);
        self.record_user(&tx, &doer, &row, Event::UserUnlocked, summary, Vec::new())
            .await?;
        tx.commit().await?;
        Ok(UserRow {
            status: UserStatus::Active,
            ..row
        }
        .into())
    }

    /// Forgets the failed tries to sign in that came from an IP address, or from its network of IPv6.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn unlock_address(&self, address: IpAddr) -> Result<(), ApiError> {
        seen(self.try_unlock_address(address).await, &system().origin)
    }

    async fn try_unlock_address(&self, address: IpAddr) -> Result<(), ServiceError> {
        let actor = system();
        let tx = self.db.begin_write().await?;
        repo::throttle::delete_failures(&tx, &address_key(address)).await?;
        let entry = Entry {
            event: Event::UserUnlocked,
            object: Object {
                kind: "Address",
                id: address.to_string(),
                name: "",
                revision: None,
            },
            account: None,
            refused: None,
            summary: format!("Address {address} unlocked"),
            changes: Vec::new(),
        };
        self.record(&tx, &Doer::actor(&actor), entry).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a user another password and ends his sign-ins.
    ///
    /// # Errors
    /// Not found; invalid, with the field `password`.
    pub async fn set_password(
        &self,
        email: &str,
        password: SecretString,
    ) -> Result<UserSummary, ApiError> {
        seen(
            self.try_set_password(email, password).await,
            &system().origin,
        )
    }

    async fn try_set_password(
        &self,
        email: &str,
        password: SecretString,
    ) -> Result<UserSummary, ServiceError> {
        let known = repo::users::find_by_email(self.db.read(), &email_key(email)).await?;
        let known = known.ok_or_else(|| no_user(email))?;
        if let Some(error) = check_password(&password, &[&known.user.name, &known.user.email]) {
            return Err(ApiError::invalid(vec![error]).into());
        }
        let hash = self.passwords.hash(password, &*self.env.random).await?;
        let actor = system();
        let tx = self.db.begin_write().await?;
        let row = user_by_email(&tx, email).await?;
        self.replace_password(&tx, &Doer::actor(&actor), &row.user, &hash)
            .await?;
        repo::throttle::delete_failures(&tx, &account_key(email)).await?;
        tx.commit().await?;
        Ok(row.into())
    }
}

async fn user_by_email(tx: &WriteTx, email: &str) -> Result<UserRow, ServiceError> {
    Ok(repo::users::find_by_email(tx, &email_key(email))
        .await?
        .ok_or_else(|| no_user(email))?)
}

fn no_user(email: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        format!("There is no user with the e-mail address {email}."),
    )
}

#[cfg(test)]
mod tests {
    use super::email_key;

    #[test]
    fn spellings_of_an_address_have_one_key() {
        for other in [
            "Sarah@Example.com",
            " sarah@example.com ",
            "ＳＡＲＡＨ@example.com",
            "sarah@exa mple.com",
        ] {
            assert_eq!(email_key(other), "sarah@example.com", "{other}");
        }
        assert_eq!(email_key("STRASSE@x"), email_key("straße@x"));
        assert_ne!(
            email_key("sarah+1@example.com"),
            email_key("sarah@example.com")
        );
    }
}
