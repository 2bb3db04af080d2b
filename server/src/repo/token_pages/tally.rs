//! How many tokens there are of an account, a status and a module: kept by the database, so nobody counts.

use crate::{
    entity::token_tally,
    repo::{
        StoreError,
        filter::{Wanted, is, plain, searched_text, states, terms},
    },
};
use app::{
    domain::{account::AccountId, module::ModuleId, token::TokenStatus},
    rql::{Comparison, Expr as Tree},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

/// What a tally answers.
#[derive(Default)]
struct Asked {
    account: Option<AccountId>,
    states: Option<Vec<TokenStatus>>,
    module: Option<ModuleId>,
}

/// How many tokens are wanted, if tallies know.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Option<u64>, StoreError> {
    match asked(wanted) {
        Some(asked) => sum(conn, asked).await.map(Some),
        None => Ok(None),
    }
}

/// How many tokens of this module, or in one of these states, there are for whoever asks; `None` for any other term.
pub(super) async fn of_term(
    conn: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    term: &Tree,
) -> Result<Option<u64>, StoreError> {
    let only = Wanted {
        search: "",
        filter: Some(term),
        ..*wanted
    };
    find(conn, &only).await
}

async fn sum(conn: &impl ConnectionTrait, asked: Asked) -> Result<u64, StoreError> {
    use token_tally::Column as Tally;
    let module = asked.module.map(|id| id.to_string()).unwrap_or_default();
    let mut select = token_tally::Entity::find()
        .select_only()
        .column_as(Tally::Tokens.sum(), "tokens")
        .filter(Tally::ModuleId.eq(module));
    if let Some(account) = asked.account {
        select = select.filter(Tally::AccountId.eq(account.to_string()));
    }
    if let Some(states) = asked.states {
        select = select.filter(Tally::Status.is_in(states.into_iter().map(TokenStatus::as_str)));
    }
    let found: Option<Option<i64>> = select.into_tuple().one(conn).await?;
    Ok(u64::try_from(found.flatten().unwrap_or(0)).unwrap_or(0))
}

/// What is wanted, when it is no more than a tally can answer.
fn asked(wanted: &Wanted<'_>) -> Option<Asked> {
    if !searched_text(wanted.search).is_empty() {
        return None;
    }
    let mut asked = Asked::default();
    for term in terms(wanted.filter) {
        let fresh = if let Some(states) = states(term) {
            asked.states.replace(states).is_none()
        } else if let Some(module) = module(term) {
            asked.module.replace(module).is_none()
        } else {
            asked.account.replace(account(term)?).is_none()
        };
        if !fresh {
            return None;
        }
    }
    match (wanted.scope.account, asked.account) {
        (Some(own), Some(other)) if own != other => return None,
        (own, other) => asked.account = own.or(other),
    }
    let seen = |status: &TokenStatus| wanted.scope.deleted || *status != TokenStatus::Deleted;
    match &mut asked.states {
        Some(states) => states.retain(seen),
        None => asked.states = Some(vec![TokenStatus::Active, TokenStatus::Disabled]),
    }
    Some(asked)
}

/// The module that a term asks for, when it asks for nothing else.
fn module(term: &Tree) -> Option<ModuleId> {
    let Tree::Any {
        collection,
        condition: Some(condition),
    } = term
    else {
        return None;
    };
    match condition.as_ref() {
        Tree::Compare {
            left,
            op: Comparison::Eq,
            right,
        } if is(collection, "modules") && is(left, "id") => plain(right)?.parse().ok(),
        _ => None,
    }
}

fn account(term: &Tree) -> Option<AccountId> {
    match term {
        Tree::Compare {
            left,
            op: Comparison::Eq,
            right,
        } if is(left, "account.id") => plain(right)?.parse().ok(),
        _ => None,
    }
}
