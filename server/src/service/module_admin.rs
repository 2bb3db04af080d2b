//! Modules as people see and change them.

use super::{
    ConsoleService, Doer, ServiceError,
    administration::{Subject, differing, named, outdated},
    authz::people as may,
    draw::draw,
    many_tokens::{ManyChange, changed},
    passwords::field,
};
use crate::repo::{self, WriteTx, module_rows::Revised, token_batches::Chosen};
use app::{
    domain::{
        account::{AccountType, type_list},
        audit::Event,
        directory::{DirectoryQuery, Outcome},
        module::{Module, ModuleForm, ModuleId, ModuleRow},
        page::Page,
        validate,
    },
    error::{ApiError, FieldError},
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn module_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<ModuleRow>, ServiceError> {
        let user = may::person(actor)?;
        let (scope, conn) = (may::module_scope(user), self.db.read());
        let found = repo::module_rows::list_page(conn, scope, &query.search, query.page).await?;
        let ids: Vec<ModuleId> = found.rows.iter().map(|(module, _)| module.id).collect();
        let accounts = repo::module_rows::count_accounts(conn, scope, &ids).await?;
        let tokens = repo::module_rows::count_tokens(conn, scope, &ids).await?;
        let row = |(module, revision): Revised| ModuleRow {
            id: module.id,
            revision,
            retired: module.retired,
            accounts: accounts.get(&module.id).copied().unwrap_or(0),
            tokens: tokens.get(&module.id).copied().unwrap_or(0),
            may_change: may::runs_platform(user) && !may::is_built_in(module.id),
            form: form_of(module),
        };
        Ok(found.map(row))
    }

    pub(super) async fn define_module(
        &self,
        actor: &Actor,
        new: &ModuleForm,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        may::may_run_platform(may::person(&actor)?)?;
        let module = checked(self.free_module_id(&tx).await?, new)?;
        if repo::module_rows::has_code(&tx, &module.code).await? {
            let message = "Another module has this code already. Choose another.";
            return Err(ApiError::invalid(vec![field("code", message)]).into());
        }
        self.create_module(&tx, &Doer::actor(&actor), &module)
            .await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    async fn free_module_id(&self, tx: &WriteTx) -> Result<ModuleId, ServiceError> {
        let taken = |id| async move {
            let found = repo::module_rows::find_revised(tx, id).await?;
            Ok(found.is_some())
        };
        let random = &*self.env.random;
        draw(random, ModuleId::SPACE, ModuleId::from_number, taken).await
    }

    /// Saves the form. A module that can no longer be chosen is given to all tokens of the accounts that have it, or taken
    /// from them, as its default says (rule 3).
    pub(super) async fn save_module(
        &self,
        actor: &Actor,
        id: ModuleId,
        revision: i64,
        edit: &ModuleForm,
        agreed: u64,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (old, current) = changeable(&tx, &actor, id).await?;
        let code = old.code.clone();
        let new = Module {
            retired: old.retired,
            ..checked(
                id,
                &ModuleForm {
                    code,
                    ..edit.clone()
                },
            )?
        };
        let changes = differing([
            ("name", old.name.clone(), new.name.clone()),
            (
                "description",
                old.description.clone(),
                new.description.clone(),
            ),
            (
                "accountTypes",
                type_list(&old.account_types),
                type_list(&new.account_types),
            ),
            (
                "default",
                yes(old.settings.default),
                yes(new.settings.default),
            ),
            (
                "configurable",
                yes(old.settings.configurable),
                yes(new.settings.configurable),
            ),
            ("paid", yes(old.settings.paid), yes(new.settings.paid)),
        ]);
        if changes.is_empty() {
            return Ok(Outcome::Done);
        }
        if revision != current {
            return Err(outdated("module"));
        }
        check_types(&tx, &new).await?;
        let rest = settle(&new);
        if let Some((chosen, ManyChange::Take(_))) = &rest
            && let Some(loses) = self.unagreed(&tx, chosen, agreed).await?
        {
            return Ok(loses);
        }
        repo::module_rows::update_module(&tx, &new, current).await?;
        let summary = format!("Module \"{}\" updated: {}", new.name, named(&changes));
        let subject = subject(&new, current + 1);
        let doer = Doer::actor(&actor);
        self.record_change(
            &tx,
            &doer,
            Event::ModuleUpdated,
            subject,
            (summary, changes),
        )
        .await?;
        if let Some((chosen, change)) = rest {
            self.change_many(&tx, &actor, &chosen, &change).await?;
        }
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    /// Takes a module from every account and every token, in one transaction.
    pub(super) async fn retire(
        &self,
        actor: &Actor,
        id: ModuleId,
        agreed: u64,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (module, revision) = changeable(&tx, &actor, id).await?;
        if module.retired {
            return Ok(Outcome::Done);
        }
        let chosen = Chosen::WithModules(None, vec![id]);
        if let Some(loses) = self.unagreed(&tx, &chosen, agreed).await? {
            return Ok(loses);
        }
        let doer = Doer::actor(&actor);
        for account in repo::account_rows::list_with_module(&tx, id).await? {
            self.take_from_account(&tx, &doer, account, &[&module])
                .await?;
        }
        let now = self.env.clock.now();
        repo::module_rows::update_retired(&tx, id, Some(now)).await?;
        let summary = format!("Module \"{}\" retired", module.name);
        let changes = vec![changed("retired", "no", "yes")];
        let subject = subject(&module, revision + 1);
        self.record_change(
            &tx,
            &doer,
            Event::ModuleRetired,
            subject,
            (summary, changes),
        )
        .await?;
        let lost = std::slice::from_ref(&module);
        self.change_many(&tx, &actor, &chosen, &ManyChange::Take(lost))
            .await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    /// Makes a retired module one that can be given again. No account has it until it is given.
    pub(super) async fn bring_back(
        &self,
        actor: &Actor,
        id: ModuleId,
    ) -> Result<Outcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (module, revision) = changeable(&tx, &actor, id).await?;
        if module.retired {
            repo::module_rows::update_retired(&tx, id, None).await?;
            let summary = format!("Module \"{}\" brought back", module.name);
            let changes = vec![changed("retired", "yes", "no")];
            let subject = subject(&module, revision + 1);
            let doer = Doer::actor(&actor);
            self.record_change(
                &tx,
                &doer,
                Event::ModuleRestored,
                subject,
                (summary, changes),
            )
            .await?;
            tx.commit().await?;
        }
        Ok(Outcome::Done)
    }
}

/// What the tokens of accounts that have a module get or lose for its settings; nothing, when it can be chosen.
fn settle(module: &Module) -> Option<(Chosen, ManyChange<'_>)> {
    let settings = module.settings;
    if settings.configurable {
        return None;
    }
    Some(if settings.default {
        let lacking = Chosen::WithoutModule(None, module.id);
        (lacking, ManyChange::Give(module))
    } else {
        let having = Chosen::WithModules(None, vec![module.id]);
        (having, ManyChange::Take(std::slice::from_ref(module)))
    })
}

async fn changeable(tx: &WriteTx, actor: &Actor, id: ModuleId) -> Result<Revised, ServiceError> {
    may::may_run_platform(may::person(actor)?)?;
    let found = repo::module_rows::find_revised(tx, id).await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    may::may_change_module(id)?;
    Ok(found)
}

/// Refuses to leave accounts with a module that is not meant for their type.
async fn check_types(tx: &WriteTx, module: &Module) -> Result<(), ServiceError> {
    let accounts = repo::module_rows::count_accounts_of_other_types(tx, module).await?;
    if accounts == 0 {
        return Ok(());
    }
    let have = if accounts == 1 {
        "1 account of another type has".to_owned()
    } else {
        format!("{accounts} accounts of other types have")
    };
    let message = format!("{have} this module. Take it from there first.");
    Err(ApiError::invalid(vec![field("accountTypes", message)]).into())
}

/// The module that a form describes.
fn checked(id: ModuleId, form: &ModuleForm) -> Result<Module, ApiError> {
    let name = validate::name("The name", &form.name);
    let code = validate::module_code(&form.code);
    let description = validate::description(&form.description);
    let wanted = |kind: &AccountType| form.account_types.contains(kind);
    let account_types: Vec<_> = AccountType::ALL.into_iter().filter(wanted).collect();
    let types = account_types
        .is_empty()
        .then(|| field("accountTypes", "Choose at least one type of account."));
    match (name, code, description, types) {
        (Ok(name), Ok(code), Ok(description), None) => Ok(Module {
            id,
            name,
            code,
            description,
            account_types,
            settings: form.settings,
            retired: false,
        }),
        (name, code, description, types) => {
            let wrong = |key: &'static str, complaint: Option<String>| {
                complaint.map(|message| field(key, message))
            };
            let errors: [Option<FieldError>; 4] = [
                wrong("name", name.err()),
                wrong("code", code.err()),
                wrong("description", description.err()),
                types,
            ];
            Err(ApiError::invalid(errors.into_iter().flatten().collect()))
        }
    }
}

fn form_of(module: Module) -> ModuleForm {
    ModuleForm {
        name: module.name,
        code: module.code,
        description: module.description,
        account_types: module.account_types,
        settings: module.settings,
    }
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

fn subject(module: &Module, revision: i64) -> Subject<'_> {
    Subject {
        kind: "Module",
        id: module.id.to_string(),
        name: &module.name,
        revision: Some(revision),
        account: None,
    }
}
