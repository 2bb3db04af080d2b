//! Making accounts, modules, users and tokens, each with its line in the audit trail. Set-up, the command line
//! and provisioning share it, so that none can make anything unrecorded.

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    token_edit::module_list,
};
use crate::{
    env::below,
    repo::{self, WriteTx, tokens::NewTokenRow, users::NewUserRow},
    secret::{
        seal::{Place, seal},
        token::TokenSecret,
    },
};
use app::domain::{
    account::{AccountId, AccountRef},
    audit::{Change, Event},
    module::{Module, ModuleId},
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::{CurrentUser, Role, UserId},
};

/// The table that a token's secret is sealed for (T-21).
const SECRET_TABLE: &str = "token_secret";
/// How often an id is drawn before giving up.
const DRAWS: u32 = 64;

/// A user to make. The fields are valid already.
pub(crate) struct CreateUser<'a> {
    pub id: UserId,
    pub account: &'a AccountRef,
    pub name: &'a str,
    pub email: &'a str,
    pub role: Role,
    pub password_hash: Option<String>,
}

/// A token to make. The fields are valid already.
pub(crate) struct CreateToken<'a> {
    pub id: TokenId,
    pub account: AccountId,
    pub name: &'a str,
    pub description: &'a str,
    pub status: TokenStatus,
    pub modules: &'a [&'a Module],
    pub secret: &'a TokenSecret,
    pub created_by: String,
    pub created_at: Timestamp,
    pub last_access_at: Option<Timestamp>,
}

impl ConsoleService {
    /// An account id that is not taken.
    pub(crate) async fn free_account_id(&self, tx: &WriteTx) -> Result<AccountId, ServiceError> {
        for _ in 0..DRAWS {
            let id = AccountId::from_number(below(&*self.env.random, AccountId::SPACE)?);
            if let Some(id) = id
                && repo::accounts::find_account(tx, id).await?.is_none()
            {
                return Ok(id);
            }
        }
        Err(ServiceError::NoFreeId)
    }

    /// A user id that is not taken.
    pub(crate) async fn free_user_id(&self, tx: &WriteTx) -> Result<UserId, ServiceError> {
        for _ in 0..DRAWS {
            let id = UserId::from_number(below(&*self.env.random, UserId::SPACE)?);
            if let Some(id) = id
                && repo::users::find_user(tx, id).await?.is_none()
            {
                return Ok(id);
            }
        }
        Err(ServiceError::NoFreeId)
    }

    /// Makes an account with these modules.
    pub(crate) async fn create_account(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        account: &AccountRef,
        modules: &[&Module],
    ) -> Result<(), ServiceError> {
        let ids: Vec<_> = modules.iter().map(|module| module.id).collect();
        repo::accounts::insert_account(
            tx,
            account.id,
            &account.name,
            account.kind,
            self.env.clock.now(),
        )
        .await?;
        repo::accounts::insert_account_modules(tx, account.id, &ids).await?;
        let entry = Entry {
            event: Event::AccountCreated,
            object: Object {
                kind: "Account",
                id: account.id.to_string(),
                name: &account.name,
                revision: None,
            },
            account: Some(account.id),
            refused: None,
            summary: format!("Account \"{}\" created", account.name),
            changes: vec![
                made("name", &account.name),
                made("type", account.kind.as_str()),
                made("modules", &listed(modules)),
            ],
        };
        self.record(tx, doer, entry).await
    }

    /// Makes a module.
    pub(crate) async fn create_module(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        module: &Module,
    ) -> Result<(), ServiceError> {
        repo::modules::insert_module(tx, module).await?;
        let entry = Entry {
            event: Event::ModuleCreated,
            object: Object {
                kind: "Module",
                id: module.id.to_string(),
                name: &module.name,
                revision: None,
            },
            account: None,
            refused: None,
            summary: format!("Module \"{}\" created", module.name),
            changes: vec![made("name", &module.name), made("code", &module.code)],
        };
        self.record(tx, doer, entry).await
    }

    /// Makes a user who may sign in. An Administrator ends set-up for ever.
    pub(crate) async fn create_user(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        new: CreateUser<'_>,
    ) -> Result<(), ServiceError> {
        let row = NewUserRow {
            id: new.id,
            account: new.account,
            name: new.name,
            email: new.email,
            email_key: &super::email_key(new.email),
            role: new.role,
            password_hash: new.password_hash,
            at: self.env.clock.now(),
        };
        repo::users::insert_user(tx, row).await?;
        if new.role == Role::Administrator && !repo::setup::is_done(tx).await? {
            repo::setup::insert_done(tx, self.env.clock.now()).await?;
            repo::setup::delete_code(tx).await?;
        }
        let entry = Entry {
            event: Event::UserCreated,
            object: Object {
                kind: "User",
                id: new.id.to_string(),
                name: new.name,
                revision: None,
            },
            account: Some(new.account.id),
            refused: None,
            summary: format!("User \"{}\" created", new.name),
            changes: vec![
                made("name", new.name),
                made("email", new.email),
                made("role", new.role.as_str()),
            ],
        };
        self.record(tx, doer, entry).await
    }

    /// Makes a token and seals its secret: nothing readable is stored (T-10, T-20).
    pub(crate) async fn create_token(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        new: CreateToken<'_>,
    ) -> Result<(), ServiceError> {
        let id = new.id.to_string();
        let key = self.keyring.active();
        let row = NewTokenRow {
            id: new.id,
            account: new.account,
            name: new.name,
            description: new.description,
            status: new.status,
            hint: new.secret.hint(),
            lookup: key.lookup_value(new.secret),
            pepper_kid: key.kid().to_owned(),
            created_at: new.created_at,
            created_by: new.created_by,
            last_access_at: new.last_access_at,
        };
        let place = Place {
            instance: &self.instance_id,
            table: SECRET_TABLE,
            row: &id,
        };
        let sealed = seal(
            &self.keyring,
            place,
            new.secret.expose().as_bytes(),
            &*self.env.random,
        )?;
        let modules: Vec<_> = new.modules.iter().map(|module| module.id).collect();
        repo::tokens::insert_token(tx, row).await?;
        repo::tokens::insert_secret(tx, new.id, sealed).await?;
        repo::modules::insert_token_modules(tx, new.id, &modules).await?;
        let entry = Entry {
            event: Event::TokenCreated,
            object: Object {
                kind: "Token",
                id,
                name: new.name,
                revision: Some(1),
            },
            account: Some(new.account),
            refused: None,
            summary: format!("API token \"{}\" created", new.name),
            changes: vec![
                made("name", new.name),
                made("description", new.description),
                made("modules", &listed(new.modules)),
                made("status", new.status.as_str()),
            ],
        };
        self.record(tx, doer, entry).await
    }
}

fn made(field: &str, after: &str) -> Change {
    Change {
        field: field.to_owned(),
        before: None,
        after: Some(after.to_owned()),
    }
}

fn listed(modules: &[&Module]) -> String {
    let known: Vec<Module> = modules.iter().map(|module| (*module).clone()).collect();
    module_list(
        &known
            .iter()
            .map(|module| module.id)
            .collect::<std::collections::BTreeSet<ModuleId>>(),
        &known,
    )
}

/// The account and role of a person who has just been made, as he acts from now on.
pub(super) fn as_current(new: &CreateUser<'_>) -> CurrentUser {
    CurrentUser {
        id: new.id,
        name: new.name.to_owned(),
        email: new.email.to_owned(),
        role: new.role,
        account: new.account.clone(),
    }
}
