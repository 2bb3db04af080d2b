//! Those who made tokens: people and programs.

use super::{StoreError, users::list_names};
use crate::entity::{api_token, user};
use app::domain::account::AccountId;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr},
};
use std::collections::HashMap;

/// The ids of those who made tokens of this account, or of any; at most `most`. Steps from one to the next over the
/// index, so that a million tokens take no longer.
pub(crate) async fn list_creators(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    most: usize,
) -> Result<Vec<String>, StoreError> {
    let mut ids: Vec<String> = Vec::new();
    while ids.len() < most {
        // Latchkey itself has an empty id, and is no choice among the others.
        let last = ids.last().cloned().unwrap_or_default();
        let mut next = api_token::Entity::find()
            .select_only()
            .column_as(api_token::Column::CreatedBy.min(), "id")
            .filter(api_token::Column::CreatedBy.gt(last));
        if let Some(account) = account {
            next = next.filter(api_token::Column::AccountId.eq(account.to_string()));
        }
        let next: Option<Option<String>> = next.into_tuple().one(conn).await?;
        let Some(id) = next.flatten() else {
            break;
        };
        ids.push(id);
    }
    Ok(ids)
}

/// The names of those of these people and programs that an account knows: its own people, and whoever made a token of
/// it. Without an account, of all.
pub(crate) async fn list_known_names(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    ids: Vec<String>,
) -> Result<HashMap<String, String>, StoreError> {
    let Some(account) = account else {
        return list_names(conn, ids).await;
    };
    let account = account.to_string();
    let known = Condition::any()
        .add(user::Column::AccountId.eq(account.clone()))
        .add(has_made(&account, user::Column::Id.into_expr()));
    let people = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(ids.clone()))
        .filter(known);
    let programs = api_token::Entity::find()
        .select_only()
        .columns([api_token::Column::Id, api_token::Column::Name])
        .filter(api_token::Column::Id.is_in(ids))
        .filter(has_made(&account, api_token::Column::Id.into_expr()));
    let mut names: HashMap<String, String> = HashMap::new();
    names.extend(people.into_tuple::<(String, String)>().all(conn).await?);
    names.extend(programs.into_tuple::<(String, String)>().all(conn).await?);
    Ok(names)
}

/// Whether whoever has this id made a token of the account.
fn has_made(account: &str, id: SimpleExpr) -> SimpleExpr {
    let made = Alias::new("made");
    let column = |column| Expr::col((Alias::new("made"), column));
    let token = Query::select()
        .expr(Expr::val(1))
        .from_as(api_token::Entity, made)
        .and_where(column(api_token::Column::AccountId).eq(account))
        .and_where(column(api_token::Column::CreatedBy).eq(id))
        .take();
    Expr::exists(token)
}
