//! The filter of the list as its builder shows it, with the names of what it mentions and of what it can mention.

use super::{ConsoleService, ServiceError, authz};
use crate::repo;
use app::{
    domain::{
        account::AccountId,
        filter::{FilterChoices, FilterForm, Kind, Named},
        module::ModuleId,
        text::fold,
    },
    port::Actor,
    rql::Expr,
};
use std::{collections::BTreeSet, str::FromStr};

/// The filter as the builder shows it; `None` when that cannot show it.
pub(super) fn filter_form(filter: Option<&Expr>) -> Option<FilterForm> {
    match filter {
        Some(tree) => FilterForm::from_tree(tree),
        None => Some(FilterForm::default()),
    }
}

impl ConsoleService {
    /// The names of what the ids in the form's conditions mean, as far as it exists for the actor.
    pub(super) async fn filter_names(
        &self,
        actor: &Actor,
        form: Option<&FilterForm>,
    ) -> Result<Vec<Named>, ServiceError> {
        let Some(form) = form else {
            return Ok(Vec::new());
        };
        let (conn, scope) = (self.db.read(), authz::token_scope(actor)?.account);
        let mut names = Vec::new();
        let modules = parsed::<ModuleId>(form, Kind::Modules);
        if !modules.is_empty() {
            names.extend(repo::modules::list_names(conn, scope, &modules).await?);
        }
        let people = ids(form, Kind::People);
        if !people.is_empty() {
            names.extend(repo::creators::list_known_names(conn, scope, people).await?);
        }
        let accounts = parsed::<AccountId>(form, Kind::Accounts);
        let seen = accounts
            .into_iter()
            .filter(|id| scope.is_none_or(|own| own == *id));
        let accounts = repo::accounts::list_by_id(conn, seen).await?;
        names.extend(accounts.into_iter().map(|it| (it.id.to_string(), it.name)));
        Ok(sorted(names))
    }

    /// What the values of conditions can be chosen from.
    pub(super) async fn filter_choices(
        &self,
        actor: &Actor,
    ) -> Result<FilterChoices, ServiceError> {
        let (conn, scope) = (self.db.read(), authz::token_scope(actor)?.account);
        let modules = match scope {
            Some(account) => repo::modules::list_of_account(conn, account).await?,
            None => repo::modules::list_modules(conn).await?,
        };
        let most = FilterChoices::CREATORS_MAX;
        let creators = repo::creators::list_creators(conn, scope, most).await?;
        let creators = repo::users::list_names(conn, creators).await?;
        let accounts = match scope {
            Some(_) => Vec::new(),
            None => repo::accounts::list_some(conn, FilterChoices::ACCOUNTS_MAX).await?,
        };
        let modules = modules.into_iter().map(|it| (it.id.to_string(), it.name));
        let accounts = accounts.into_iter().map(|it| (it.id.to_string(), it.name));
        Ok(FilterChoices {
            modules: sorted(modules.collect()),
            creators: sorted(creators.into_iter().collect()),
            accounts: sorted(accounts.collect()),
        })
    }
}

/// The values of all conditions of this kind, each once.
fn ids(form: &FilterForm, kind: Kind) -> Vec<String> {
    let of_kind = form
        .conditions()
        .filter(|condition| condition.property.kind() == kind);
    let values: BTreeSet<&String> = of_kind.flat_map(|condition| &condition.values).collect();
    values.into_iter().cloned().collect()
}

/// The same as ids; what is none names nothing.
fn parsed<T: FromStr>(form: &FilterForm, kind: Kind) -> Vec<T> {
    let ids = ids(form, kind);
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

/// By name, and those of the same name by id.
fn sorted(pairs: Vec<(String, String)>) -> Vec<Named> {
    let all = pairs.into_iter().map(|(id, name)| Named { id, name });
    let mut all: Vec<_> = all.collect();
    all.sort_by_cached_key(|it| (fold(&it.name), it.id.clone()));
    all
}
