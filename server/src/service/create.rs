//! Making accounts, modules, users and tokens, each with its line in the audit trail. Set-up, the command line
//! and provisioning share it, so that none can make anything unrecorded.

use super::{
    ConsoleService, Doer, EVERY_TOKEN, ServiceError,
    audit::{Entry, Object},
    draw::draw,
    token_fields::module_list,
};
use crate::{
    repo::{self, WriteTx, token_writes::NewTokenRow, users::NewUserRow},
    secret::{
        seal::{Place, seal},
        token::TokenSecret,
    },
};
use app::domain::{
    account::{AccountId, AccountRef},
    audit::{Change, Event},
    icon::IconId,
    module::{Module, ModuleId},
    secret::RevealPolicy,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::{CurrentUser, Role, UserId},
};

/// The table that a token's secret is sealed for (T-21).
pub(super) const SECRET_TABLE: &str = "token_secret";

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
    pub icon: Option<&'a IconId>,
    pub reveal: RevealPolicy,
}

impl ConsoleService {
    /// The loosest policy that this installation allows a token (T-29).
    pub(crate) fn loosest_reveal(&self) -> RevealPolicy {
        self.settings.reveal
    }

    /// An account id that is not taken.
    pub(crate) async fn free_account_id(&self, tx: &WriteTx) -> Result<AccountId, ServiceError> {
        let taken = |id| async move { Ok(repo::accounts::find_account(tx, id).await?.is_some()) };
        let random = &*self.env.random;
        draw(random, AccountId::SPACE, AccountId::from_number, taken).await
    }

    /// A user id that is not taken.
    pub(crate) async fn free_user_id(&self, tx: &WriteTx) -> Result<UserId, ServiceError> {
        let taken = |id| async move { Ok(repo::users::find_user(tx, id).await?.is_some()) };
        draw(&*self.env.random, UserId::SPACE, UserId::from_number, taken).await
    }

    /// A token id that is not taken and never was.
    pub(super) async fn free_token_id(&self, tx: &WriteTx) -> Result<TokenId, ServiceError> {
        let taken = |id| async move {
            let token = repo::tokens::find_token(tx, EVERY_TOKEN, id).await?;
            Ok(token.is_some())
        };
        draw(
            &*self.env.random,
            TokenId::SPACE,
            TokenId::from_number,
            taken,
        )
        .await
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

    /// Makes a token and seals its secret: nothing readable is stored (T-10, T-20), and nothing at all when nobody is
    /// ever to see it (T-29).
    pub(crate) async fn create_token(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        new: CreateToken<'_>,
    ) -> Result<(), ServiceError> {
        let entry = created(&new);
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
            icon: new.icon,
            reveal: new.reveal,
        };
        let modules: Vec<_> = new.modules.iter().map(|module| module.id).collect();
        repo::token_writes::insert_token(tx, row).await?;
        if new.reveal != RevealPolicy::Never {
            self.store_secret(tx, new.id, new.secret).await?;
        }
        repo::modules::insert_token_modules(tx, new.id, &modules).await?;
        self.record(tx, doer, entry).await
    }

    #[expect(clippy::disallowed_methods, reason = "the secret is read to be sealed")]
    async fn store_secret(
        &self,
        tx: &WriteTx,
        id: TokenId,
        secret: &TokenSecret,
    ) -> Result<(), ServiceError> {
        let place = Place {
            instance: &self.instance_id,
            table: SECRET_TABLE,
            row: &id.to_string(),
        };
        let value = secret.expose().as_bytes();
        let sealed = seal(&self.keyring, place, value, &*self.env.random)?;
        Ok(repo::secrets::insert_secret(tx, id, sealed).await?)
    }
}

fn created<'a>(new: &CreateToken<'a>) -> Entry<'a> {
    let mut changes = vec![
        made("name", new.name),
        made("description", new.description),
        made("modules", &listed(new.modules)),
        made("status", new.status.as_str()),
        made("reveal", new.reveal.as_str()),
    ];
    changes.extend(new.icon.map(|icon| made("icon", &icon.to_string())));
    Entry {
        event: Event::TokenCreated,
        object: Object {
            kind: "Token",
            id: new.id.to_string(),
            name: new.name,
            revision: Some(1),
        },
        account: Some(new.account),
        refused: None,
        summary: format!("API token \"{}\" created", new.name),
        changes,
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
