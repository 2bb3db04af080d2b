//! Accounts as Operations see and change them.

use super::{
    ConsoleService, Doer, ServiceError,
    administration::{Subject, differing, named, outdated},
    authz::{self, people as may},
    create::listed,
    icons::NOT_KEPT,
    many_tokens::{ManyChange, changed},
    passwords::field,
};
use crate::repo::{self, WriteTx, account_rows::StoredAccount, token_batches::Chosen};
use app::{
    domain::{
        account::{AccountForm, AccountId, AccountRef, AccountRow, AccountStatus},
        audit::{Change, Event},
        directory::{DirectoryQuery, Outcome},
        icon::IconId,
        module::{Module, ModuleId, ModuleOffer},
        page::Page,
        user::CurrentUser,
        validate,
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn account_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<AccountRow>, ServiceError> {
        let user = may::person(actor)?;
        may::may_see_accounts(user)?;
        let conn = self.db.read();
        let found = repo::account_rows::list_page(conn, &query.search, query.page).await?;
        let ids: Vec<AccountId> = found.rows.iter().map(|row| row.account.id).collect();
        let mut modules = repo::account_rows::list_modules_of(conn, &ids).await?;
        let users = repo::account_rows::count_users(conn, &ids).await?;
        let tokens = repo::account_rows::count_tokens(conn, &ids).await?;
        Ok(found.map(|row| {
            let id = row.account.id;
            AccountRow {
                revision: row.revision,
                created_at: row.created_at,
                modules: modules.remove(&id).unwrap_or_default(),
                users: users.get(&id).copied().unwrap_or(0),
                tokens: tokens.get(&id).copied().unwrap_or(0),
                may_change: may::runs_platform(user),
                own: id == user.account.id,
                account: row.account,
            }
        }))
    }

    /// The modules that can be given, with the types of account that they are for.
    pub(super) async fn module_offers(
        &self,
        actor: &Actor,
    ) -> Result<Vec<ModuleOffer>, ServiceError> {
        may::may_see_accounts(may::person(actor)?)?;
        let modules = repo::modules::list_modules(self.db.read()).await?;
        let offered = modules.into_iter().filter(|module| !module.retired);
        Ok(offered
            .map(|module| ModuleOffer {
                types: module.account_types.clone(),
                module,
            })
            .collect())
    }

    pub(super) async fn add_account(
        &self,
        actor: &Actor,
        new: &AccountForm,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        may::may_run_platform(may::person(&actor)?)?;
        let name = checked_name(new)?;
        let modules = fitting(&tx, new).await?;
        let account = AccountRef {
            id: self.free_account_id(&tx).await?,
            name,
            kind: new.kind,
            status: AccountStatus::Active,
            icon: new.icon.clone(),
        };
        check_icon(&tx, &actor, &account, None).await?;
        let modules: Vec<&Module> = modules.iter().collect();
        self.create_account(&tx, &Doer::actor(&actor), &account, &modules)
            .await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    pub(super) async fn save_account(
        &self,
        actor: &Actor,
        id: AccountId,
        revision: i64,
        edit: &AccountForm,
        agreed: u64,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (_, row) = changeable(&tx, &actor, id).await?;
        let kind = row.account.kind;
        let edit = &AccountForm {
            kind,
            ..edit.clone()
        };
        let account = AccountRef {
            name: checked_name(edit)?,
            icon: edit.icon.clone(),
            ..row.account.clone()
        };
        let held = repo::modules::list_of_account(&tx, id).await?;
        let wanted = fitting(&tx, edit).await?;
        let lost: Vec<&Module> = without(&held, &wanted);
        let gained: Vec<&Module> = without(&wanted, &held);
        let others = !lost.is_empty() || !gained.is_empty();
        let modules = others.then(|| changed("modules", &listed(&held), &listed(&wanted)));
        let changes = changes(&row.account, &account, modules);
        if changes.is_empty() {
            return Ok(Outcome::Done);
        }
        if revision != row.revision {
            return Err(outdated("account"));
        }
        check_icon(&tx, &actor, &account, row.account.icon.as_ref()).await?;
        let losing = Chosen::WithModules(Some(id), lost.iter().map(|module| module.id).collect());
        if !lost.is_empty()
            && let Some(loses) = self.unagreed(&tx, &losing, agreed).await?
        {
            return Ok(loses);
        }
        repo::account_rows::update_account(&tx, &account, revision).await?;
        let summary = format!("Account \"{}\" updated: {}", account.name, named(&changes));
        let done = (Event::AccountUpdated, summary, changes);
        self.record_account(&tx, &Doer::actor(&actor), &account, revision + 1, done)
            .await?;
        self.exchange(&tx, &actor, id, &lost, &gained).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    /// Takes modules from an account and its tokens, and gives it others; its tokens get those that every token has.
    async fn exchange(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        account: AccountId,
        lost: &[&Module],
        gained: &[&Module],
    ) -> Result<(), ServiceError> {
        let ids = |modules: &[&Module]| -> Vec<ModuleId> {
            modules.iter().map(|module| module.id).collect()
        };
        if !lost.is_empty() {
            repo::account_rows::delete_modules(tx, Some(account), &ids(lost)).await?;
            let lost: Vec<Module> = lost.iter().map(|module| (*module).clone()).collect();
            let losing =
                Chosen::WithModules(Some(account), lost.iter().map(|module| module.id).collect());
            self.change_many(tx, actor, &losing, &ManyChange::Take(&lost))
                .await?;
        }
        repo::accounts::insert_account_modules(tx, account, &ids(gained)).await?;
        for module in gained {
            if module.settings.default && !module.settings.configurable {
                let lacking = Chosen::WithoutModule(Some(account), module.id);
                self.change_many(tx, actor, &lacking, &ManyChange::Give(module))
                    .await?;
            }
        }
        Ok(())
    }

    /// Takes modules from an account, and records it; what its tokens lose is the caller's to see to.
    pub(super) async fn take_from_account(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        id: AccountId,
        lost: &[&Module],
    ) -> Result<(), ServiceError> {
        let row = repo::account_rows::find_stored(tx, id).await?;
        let row = row.ok_or_else(ApiError::not_found)?;
        let held = repo::modules::list_of_account(tx, id).await?;
        let ids: Vec<ModuleId> = lost.iter().map(|module| module.id).collect();
        repo::account_rows::delete_modules(tx, Some(id), &ids).await?;
        repo::account_rows::update_account(tx, &row.account, row.revision).await?;
        let left: Vec<Module> = held
            .iter()
            .filter(|module| !ids.contains(&module.id))
            .cloned()
            .collect();
        let changes = vec![changed("modules", &listed(&held), &listed(&left))];
        let summary = format!("Account \"{}\" updated: modules", row.account.name);
        let done = (Event::AccountUpdated, summary, changes);
        self.record_account(tx, doer, &row.account, row.revision + 1, done)
            .await
    }

    pub(super) async fn set_account_status(
        &self,
        actor: &Actor,
        id: AccountId,
        status: AccountStatus,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (user, row) = changeable(&tx, &actor, id).await?;
        if row.account.status == status {
            return Ok(Outcome::Done);
        }
        if id == user.account.id {
            let message = "You cannot disable your own account: nobody of it could sign in again.";
            return Err(ApiError::new(ErrorCode::Conflict, message).into());
        }
        repo::account_rows::update_status(&tx, id, status).await?;
        let (event, done) = match status {
            AccountStatus::Active => (Event::AccountEnabled, "enabled"),
            AccountStatus::Disabled => (Event::AccountDisabled, "disabled"),
        };
        if status == AccountStatus::Disabled {
            repo::user_rows::delete_sign_ins_of_account(&tx, id).await?;
        }
        let changes = vec![changed(
            "status",
            row.account.status.as_str(),
            status.as_str(),
        )];
        let summary = format!("Account \"{}\" {done}", row.account.name);
        let done = (event, summary, changes);
        let doer = Doer::actor(&actor);
        self.record_account(&tx, &doer, &row.account, row.revision + 1, done)
            .await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    async fn record_account(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        account: &AccountRef,
        revision: i64,
        (event, summary, changes): (Event, String, Vec<Change>),
    ) -> Result<(), ServiceError> {
        let subject = Subject {
            kind: "Account",
            id: account.id.to_string(),
            name: &account.name,
            revision: Some(revision),
            account: Some(account.id),
        };
        self.record_change(tx, doer, event, subject, (summary, changes))
            .await
    }
}

async fn changeable(
    tx: &WriteTx,
    actor: &Actor,
    id: AccountId,
) -> Result<(CurrentUser, StoredAccount), ServiceError> {
    let user = may::person(actor)?;
    may::may_run_platform(user)?;
    let row = repo::account_rows::find_stored(tx, id).await?;
    Ok((user.clone(), row.ok_or_else(ApiError::not_found)?))
}

/// Refuses a picture that the account does not show yet, unless it is one that may be chosen for it.
async fn check_icon(
    tx: &WriteTx,
    actor: &Actor,
    account: &AccountRef,
    shown: Option<&IconId>,
) -> Result<(), ServiceError> {
    let icon = account.icon.as_ref();
    let Some(icon) = icon.filter(|icon| Some(*icon) != shown) else {
        return Ok(());
    };
    if repo::icons::has_icon(tx, icon, &authz::actor_id(actor), account.id).await? {
        return Ok(());
    }
    Err(ApiError::invalid(vec![field("icon", NOT_KEPT)]).into())
}

/// What of an account changes; `modules` is what becomes of its modules, if anything.
fn changes(old: &AccountRef, new: &AccountRef, modules: Option<Change>) -> Vec<Change> {
    let own = differing([
        ("name", old.name.clone(), new.name.clone()),
        ("icon", icon_name(old), icon_name(new)),
    ]);
    own.into_iter().chain(modules).collect()
}

fn icon_name(account: &AccountRef) -> String {
    let icon = account.icon.as_ref();
    icon.map(IconId::to_string).unwrap_or_default()
}

fn checked_name(form: &AccountForm) -> Result<String, ApiError> {
    validate::name("The name", &form.name)
        .map_err(|message| ApiError::invalid(vec![field("name", message)]))
}

/// The modules that the form names: each one that can be given, and is for accounts of this type.
async fn fitting(tx: &WriteTx, form: &AccountForm) -> Result<Vec<Module>, ServiceError> {
    let wrong = |message: String| ApiError::invalid(vec![field("modules", message)]);
    let all = repo::modules::list_modules(tx).await?;
    let (named, _): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|module| form.modules.contains(&module.id));
    if form
        .modules
        .iter()
        .any(|id| !named.iter().any(|module| module.id == *id))
    {
        let message = "One of the modules does not exist. Reload the page and choose again.";
        return Err(wrong(message.to_owned()).into());
    }
    for module in &named {
        let (name, kind) = (&module.name, form.kind.as_str());
        if module.retired {
            return Err(wrong(format!("The module {name} is retired. Leave it out.")).into());
        }
        if !module.account_types.contains(&form.kind) {
            let message = format!("The module {name} is not for {kind} accounts. Leave it out.");
            return Err(wrong(message).into());
        }
    }
    Ok(named)
}

fn without<'m>(modules: &'m [Module], others: &[Module]) -> Vec<&'m Module> {
    let is_other = |module: &&Module| !others.iter().any(|other| other.id == module.id);
    modules.iter().filter(is_other).collect()
}
