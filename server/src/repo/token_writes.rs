//! Changes to tokens. Each names what it believes of the row, and does nothing when that no longer holds.

use super::{StoreError, WriteTx, filter::SYSTEM_NAME};
use crate::entity::{api_token, token_access, user};
use app::domain::{
    account::AccountId,
    icon::IconId,
    secret::RevealPolicy,
    text::fold,
    time::Timestamp,
    token::{TokenId, TokenStatus},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};

/// A token to add, with its secret sealed.
pub(crate) struct NewTokenRow<'a> {
    pub id: TokenId,
    pub account: AccountId,
    pub name: &'a str,
    pub description: &'a str,
    pub status: TokenStatus,
    pub hint: String,
    pub lookup: [u8; 32],
    pub pepper_kid: String,
    pub created_at: Timestamp,
    pub created_by: String,
    pub last_access_at: Option<Timestamp>,
    pub icon: Option<&'a IconId>,
    pub reveal: RevealPolicy,
}

/// Adds a token at revision 1, without modules.
pub(crate) async fn insert_token(tx: &WriteTx, new: NewTokenRow<'_>) -> Result<(), StoreError> {
    let id = new.id.to_string();
    tx.makes_token(&new.lookup);
    let creator_fold = creator_fold(tx, &new.created_by).await?;
    let row = api_token::ActiveModel {
        id: Set(id.clone()),
        account_id: Set(new.account.to_string()),
        name: Set(new.name.to_owned()),
        name_fold: Set(fold(new.name)),
        description: Set(new.description.to_owned()),
        status: Set(new.status.as_str().to_owned()),
        reveal: Set(new.reveal.as_str().to_owned()),
        icon_id: Set(new.icon.map(IconId::to_string)),
        revision: Set(1),
        hint: Set(new.hint),
        lookup: Set(new.lookup.to_vec()),
        pepper_kid: Set(new.pepper_kid),
        created_at: Set(new.created_at.0),
        created_by: Set(new.created_by),
        creator_fold: Set(creator_fold),
        ..Default::default()
    };
    api_token::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    if let Some(at) = new.last_access_at {
        token_access::Entity::update_many()
            .col_expr(token_access::Column::LastAccessAt, Expr::value(at.0))
            .filter(token_access::Column::TokenId.eq(id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// The name by which tokens of this maker are sorted: a person, a program, or Latchkey itself.
async fn creator_fold(conn: &impl ConnectionTrait, maker: &str) -> Result<String, StoreError> {
    if maker.is_empty() {
        return Ok(fold(SYSTEM_NAME));
    }
    let person = user::Entity::find()
        .select_only()
        .column(user::Column::NameFold)
        .filter(user::Column::Id.eq(maker));
    if let Some(name) = person.into_tuple().one(conn).await? {
        return Ok(name);
    }
    let program = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::NameFold)
        .filter(api_token::Column::Id.eq(maker));
    let name = program.into_tuple().one(conn).await?;
    Ok(name.unwrap_or_else(|| fold(maker)))
}

/// Sorts the tokens that `maker` made by another name. Deleted ones stay as they are.
async fn rename_maker(
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
    let (at, by) = match change.to {
        TokenStatus::Active => (Token::EnabledAt, Token::EnabledBy),
        TokenStatus::Disabled => (Token::DisabledAt, Token::DisabledBy),
        TokenStatus::Deleted => (Token::DeletedAt, Token::DeletedBy),
    };
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
