//! Making accounts, modules and users, each with its line in the audit trail. Set-up, the command line and
//! provisioning share it, so that none can make anything unrecorded. Tokens are made in `token_maker`.

use super::{
    ConsoleService, Doer, EVERY_TOKEN, ServiceError,
    audit::{Entry, Object},
    draw::draw,
    token_fields::module_list,
};
use crate::repo::{self, WriteTx, users::NewUserRow};
use app::domain::{
    account::{AccountId, AccountRef},
    audit::{Change, Event},
    module::Module,
    token::TokenId,
    user::{CurrentUser, Role, UserId},
};

/// A user to make. The fields are valid already.
pub(crate) struct CreateUser<'a> {
    pub id: UserId,
    pub account: &'a AccountRef,
    pub name: &'a str,
    pub email: &'a str,
    pub role: Role,
    pub password_hash: Option<String>,
}

impl ConsoleService {
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
        let icon = account.icon.as_ref();
        let mut changes = vec![
            made("name", &account.name),
            made("type", account.kind.as_str()),
            made("modules", &listed(modules.iter().copied())),
        ];
        changes.extend(icon.map(|icon| made("icon", &icon.to_string())));
        repo::accounts::insert_account(tx, account, self.env.clock.now()).await?;
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
            changes,
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
}

/// A field of what was made.
pub(super) fn made(field: &str, after: &str) -> Change {
    Change {
        field: field.to_owned(),
        before: None,
        after: Some(after.to_owned()),
    }
}

/// Modules as the trail names them.
pub(super) fn listed<'m>(modules: impl IntoIterator<Item = &'m Module>) -> String {
    let modules = modules.into_iter();
    module_list(modules.map(|module| (module.id, Some(module))))
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
