//! Changes to tokens. Each names what it believes of the row, and does nothing when that no longer holds.

use super::{Statements, StoreError, modules, secrets};
use crate::{
    entity::{api_token, token_access},
    secret::seal::Sealed,
};
use app::domain::{
    account::AccountId,
    icon::IconId,
    module::ModuleId,
    secret::RevealPolicy,
    text::fold,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::PersonRef,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

/// The tables that [`insert_tokens`] fills. Lines in the audit trail about it come in the order of most of its indexes.
pub(crate) const FILLED: [&str; 4] = ["api_token", "token_secret", "token_module", "token_access"];

/// A token to add.
pub(crate) struct NewTokenRow<'a> {
    pub id: TokenId,
    pub account: AccountId,
    pub name: &'a str,
    pub description: &'a str,
    pub status: TokenStatus,
    pub hint: String,
    pub lookup: [u8; 32],
    pub pepper_kid: String,
    /// Its secret, sealed; `None` when nobody is ever to see it.
    pub secret: Option<Sealed>,
    pub modules: Vec<ModuleId>,
    pub created_at: Timestamp,
    /// Whoever made it: by id, none for Latchkey itself, and the name that is shown.
    pub created_by: PersonRef,
    pub last_access_at: Option<Timestamp>,
    pub icon: Option<&'a IconId>,
    pub reveal: RevealPolicy,
}

/// Adds tokens at revision 1: every row that a token has, in whichever table.
pub(crate) fn insert_tokens(statements: &mut Statements, mut new: Vec<NewTokenRow<'_>>) {
    for token in &new {
        statements.makes_token(token.lookup);
    }
    statements.insert(new.iter().map(token));
    let secrets = new.iter_mut().filter_map(|token| {
        let sealed = token.secret.take()?;
        Some(secrets::row(token.id, sealed))
    });
    statements.insert(secrets);
    let modules = new.iter().flat_map(|token| {
        let given = token.modules.iter();
        given.map(|module| modules::given(token.id, *module))
    });
    statements.insert(modules);
    let mut used = OnConflict::column(token_access::Column::TokenId);
    used.update_column(token_access::Column::LastAccessAt);
    statements.insert_or(accesses(&new), &used);
}

fn token(new: &NewTokenRow<'_>) -> api_token::ActiveModel {
    api_token::ActiveModel {
        id: Set(new.id.to_string()),
        account_id: Set(new.account.to_string()),
        name: Set(new.name.to_owned()),
        name_fold: Set(fold(new.name)),
        description: Set(new.description.to_owned()),
        status: Set(new.status.as_str().to_owned()),
        reveal: Set(new.reveal.as_str().to_owned()),
        icon_id: Set(new.icon.map(IconId::to_string)),
        revision: Set(1),
        hint: Set(new.hint.clone()),
        lookup: Set(new.lookup.to_vec()),
        pepper_kid: Set(new.pepper_kid.clone()),
        created_at: Set(new.created_at.0),
        created_by: Set(new.created_by.id.clone()),
        creator_fold: Set(fold(&new.created_by.name)),
        ..Default::default()
    }
}

/// When a token was last used. Its row of use is there already: the database makes it with the token.
fn accesses(new: &[NewTokenRow<'_>]) -> impl Iterator<Item = token_access::ActiveModel> {
    new.iter().filter_map(|new| {
        Some(token_access::ActiveModel {
            token_id: Set(new.id.to_string()),
            account_id: Set(new.account.to_string()),
            alive: Set(new.status != TokenStatus::Deleted),
            last_access_at: Set(Some(new.last_access_at?.0)),
            last_access_ip: Set(None),
            uses: Set(0),
        })
    })
}

/// Sorts the tokens that `maker` made by another name. Deleted ones stay as they are.
pub(super) async fn rename_maker(
    conn: &impl ConnectionTrait,
    maker: &str,
    name: &str,
) -> Result<(), StoreError> {
    let fold = fold(name);
    api_token::Entity::update_many()
        .col_expr(api_token::Column::CreatorFold, Expr::value(fold.clone()))
        .filter(api_token::Column::CreatedBy.eq(maker))
        .filter(api_token::Column::CreatorFold.ne(fold))
        .filter(api_token::Column::Status.ne(TokenStatus::Deleted.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// What an edit makes of a token. Modules are changed beside it.
pub(crate) struct TokenChange<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub icon: Option<&'a IconId>,
    pub reveal: RevealPolicy,
    pub at: Timestamp,
    pub by: String,
}

/// Changes a token that still has this revision, and raises it. Says whether it had.
pub(crate) async fn update_token(
    conn: &impl ConnectionTrait,
    id: TokenId,
    revision: i64,
    change: TokenChange<'_>,
) -> Result<bool, StoreError> {
    use api_token::Column as Token;
    let result = api_token::Entity::update_many()
        .col_expr(Token::Name, Expr::value(change.name))
        .col_expr(Token::NameFold, Expr::value(fold(change.name)))
        .col_expr(Token::Description, Expr::value(change.description))
        .col_expr(
            Token::IconId,
            Expr::value(change.icon.map(IconId::to_string)),
        )
        .col_expr(Token::Reveal, Expr::value(change.reveal.as_str()))
        .col_expr(Token::Revision, Expr::value(revision + 1))
        .col_expr(Token::UpdatedAt, Expr::value(change.at.0))
        .col_expr(Token::UpdatedBy, Expr::value(change.by))
        .filter(Token::Id.eq(id.to_string()))
        .filter(Token::Revision.eq(revision))
        .exec(conn)
        .await?;
    if result.rows_affected == 1 {
        rename_maker(conn, &id.to_string(), change.name).await?;
    }
    Ok(result.rows_affected == 1)
}

/// The columns that say when a token came to this place in its life, and by whom.
pub(super) const fn stamped(to: TokenStatus) -> (api_token::Column, api_token::Column) {
    use api_token::Column as Token;
    match to {
        TokenStatus::Active => (Token::EnabledAt, Token::EnabledBy),
        TokenStatus::Disabled => (Token::DisabledAt, Token::DisabledBy),
        TokenStatus::Deleted => (Token::DeletedAt, Token::DeletedBy),
    }
}

/// A step in a token's life.
pub(crate) struct StatusChange {
    pub from: TokenStatus,
    pub to: TokenStatus,
    pub at: Timestamp,
    pub by: String,
}

/// Takes a step with a token that still stands at its beginning and has this revision, and raises that. Says whether
/// it did.
pub(crate) async fn update_status(
    conn: &impl ConnectionTrait,
    id: TokenId,
    revision: i64,
    change: StatusChange,
) -> Result<bool, StoreError> {
    use api_token::Column as Token;
    let (at, by) = stamped(change.to);
    let result = api_token::Entity::update_many()
        .col_expr(Token::Status, Expr::value(change.to.as_str()))
        .col_expr(Token::Revision, Expr::value(revision + 1))
        .col_expr(at, Expr::value(change.at.0))
        .col_expr(by, Expr::value(change.by))
        .filter(Token::Id.eq(id.to_string()))
        .filter(Token::Revision.eq(revision))
        .filter(Token::Status.eq(change.from.as_str()))
        .exec(conn)
        .await?;
    Ok(result.rows_affected == 1)
}
