//! Which keys of the keyring rows name, and rows that are moved from one key to another.

use super::{StoreError, id};
use crate::{
    entity::{api_token, audit_record, token_secret},
    secret::seal::Sealed,
};
use app::domain::{
    time::Timestamp,
    token::{TokenId, TokenStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Query},
};

/// What names a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct KeyUses {
    /// Sealed secrets.
    pub secrets: u64,
    /// What tokens are found by that are not deleted.
    pub lookups: u64,
    /// The same of deleted tokens. It stays for ever, so that no value is given twice (T-30).
    pub deleted: u64,
    /// Lines of the audit trail.
    pub lines: u64,
    /// When the first of these was written.
    pub first_line: Option<Timestamp>,
}

impl KeyUses {
    /// Whether nothing names it.
    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// What names this key: stored secrets, look-up values and lines of the audit trail.
fn named_by(
    kid: &str,
) -> (
    Select<token_secret::Entity>,
    Select<api_token::Entity>,
    Select<audit_record::Entity>,
) {
    (
        token_secret::Entity::find().filter(token_secret::Column::KekKid.eq(kid)),
        api_token::Entity::find().filter(api_token::Column::PepperKid.eq(kid)),
        audit_record::Entity::find().filter(audit_record::Column::KeyKid.eq(kid)),
    )
}

/// How much names this key.
pub(crate) async fn find_uses(
    conn: &impl ConnectionTrait,
    kid: &str,
) -> Result<KeyUses, StoreError> {
    let (secrets, lookups, lines) = named_by(kid);
    let deleted = lookups
        .clone()
        .filter(api_token::Column::Status.eq(TokenStatus::Deleted.as_str()));
    let deleted = deleted.count(conn).await?;
    Ok(KeyUses {
        secrets: secrets.count(conn).await?,
        lookups: lookups.count(conn).await?.saturating_sub(deleted),
        deleted,
        lines: lines.clone().count(conn).await?,
        first_line: first_line(lines, conn).await?,
    })
}

/// Whether anything names this key. However much does, it is found by the first.
pub(crate) async fn is_used(conn: &impl ConnectionTrait, kid: &str) -> Result<bool, StoreError> {
    let (secrets, lookups, lines) = named_by(kid);
    Ok(secrets.one(conn).await?.is_some()
        || lookups.one(conn).await?.is_some()
        || lines.one(conn).await?.is_some())
}

async fn first_line(
    lines: Select<audit_record::Entity>,
    conn: &impl ConnectionTrait,
) -> Result<Option<Timestamp>, StoreError> {
    let first = lines
        .select_only()
        .column(audit_record::Column::At)
        .order_by_asc(audit_record::Column::Seq);
    let at: Option<i64> = first.into_tuple().one(conn).await?;
    Ok(at.map(Timestamp))
}

/// A token whose secret is stored, as it is under its keys.
#[derive(Debug)]
pub(crate) struct KeyedRow {
    pub id: TokenId,
    pub lookup: Vec<u8>,
    pub pepper_kid: String,
    pub sealed: Sealed,
}

#[derive(FromQueryResult)]
struct Raw {
    id: String,
    lookup: Vec<u8>,
    pepper_kid: String,
    alg: String,
    kek_kid: String,
    dek_nonce: Vec<u8>,
    dek_ct: Vec<u8>,
    nonce: Vec<u8>,
    ct: Vec<u8>,
}

impl TryFrom<Raw> for KeyedRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(Self {
            id: id("a token's id", &raw.id)?,
            lookup: raw.lookup,
            pepper_kid: raw.pepper_kid,
            sealed: Sealed {
                alg: raw.alg,
                kek_kid: raw.kek_kid,
                dek_nonce: raw.dek_nonce,
                dek_ct: raw.dek_ct,
                nonce: raw.nonce,
                ct: raw.ct,
            },
        })
    }
}

/// Tokens whose secret is stored and that name another key than this one, in the order of their ids after `after`.
pub(crate) async fn list_to_move(
    conn: &impl ConnectionTrait,
    kid: &str,
    after: Option<TokenId>,
    limit: u64,
) -> Result<Vec<KeyedRow>, StoreError> {
    use api_token::Column as Token;
    use token_secret::Column as Secret;
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let secret = api_token::Entity::belongs_to(token_secret::Entity)
        .from(Token::Id)
        .to(Secret::TokenId);
    let other = Condition::any()
        .add(Secret::KekKid.ne(kid))
        .add(Token::PepperKid.ne(kid));
    let select = api_token::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, secret.into())
        .select_only()
        .columns([Token::Id, Token::Lookup, Token::PepperKid])
        .columns([
            Secret::Alg,
            Secret::KekKid,
            Secret::DekNonce,
            Secret::DekCt,
            Secret::Nonce,
            Secret::Ct,
        ])
        .filter(Token::Id.gt(after))
        .filter(Token::Status.ne(TokenStatus::Deleted.as_str()))
        .filter(other)
        .order_by_asc(Token::Id)
        .limit(limit);
    let rows = select.into_model::<Raw>().all(conn).await?;
    rows.into_iter().map(KeyedRow::try_from).collect()
}

/// How many tokens are found under another key than this one and have no stored secret: they can be moved only when their
/// secret is presented.
pub(crate) async fn count_waiting(
    conn: &impl ConnectionTrait,
    kid: &str,
) -> Result<u64, StoreError> {
    let others = without_secret().filter(api_token::Column::PepperKid.ne(kid));
    Ok(others.count(conn).await?)
}

/// How many of those are found under this key.
pub(crate) async fn count_without_secret(
    conn: &impl ConnectionTrait,
    kid: &str,
) -> Result<u64, StoreError> {
    let these = without_secret().filter(api_token::Column::PepperKid.eq(kid));
    Ok(these.count(conn).await?)
}

fn without_secret() -> Select<api_token::Entity> {
    let mut stored = Query::select();
    stored
        .column(token_secret::Column::TokenId)
        .from(token_secret::Entity);
    api_token::Entity::find()
        .filter(api_token::Column::Status.ne(TokenStatus::Deleted.as_str()))
        .filter(api_token::Column::Id.not_in_subquery(stored))
}

/// Stores a secret as it is sealed now, in the place of what was sealed with another key. Says whether that was there.
pub(crate) async fn update_secret(
    conn: &impl ConnectionTrait,
    id: TokenId,
    from_kid: &str,
    sealed: Sealed,
) -> Result<bool, StoreError> {
    use token_secret::Column as Secret;
    let result = token_secret::Entity::update_many()
        .col_expr(Secret::Alg, Expr::value(sealed.alg))
        .col_expr(Secret::KekKid, Expr::value(sealed.kek_kid))
        .col_expr(Secret::DekNonce, Expr::value(sealed.dek_nonce))
        .col_expr(Secret::DekCt, Expr::value(sealed.dek_ct))
        .col_expr(Secret::Nonce, Expr::value(sealed.nonce))
        .col_expr(Secret::Ct, Expr::value(sealed.ct))
        .filter(Secret::TokenId.eq(id.to_string()))
        .filter(Secret::KekKid.eq(from_kid))
        .exec(conn)
        .await?;
    Ok(result.rows_affected == 1)
}

/// What a token is found by, before and after it is moved to a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookups {
    pub from: [u8; 32],
    pub to: [u8; 32],
}

/// Lets a token be found under this key, when it is still found as before and is not deleted. Says whether it was.
pub(crate) async fn update_lookup(
    conn: &impl ConnectionTrait,
    id: TokenId,
    lookups: Lookups,
    kid: &str,
) -> Result<bool, StoreError> {
    use api_token::Column as Token;
    let result = api_token::Entity::update_many()
        .col_expr(Token::Lookup, Expr::value(lookups.to.to_vec()))
        .col_expr(Token::PepperKid, Expr::value(kid))
        .filter(Token::Id.eq(id.to_string()))
        .filter(Token::Lookup.eq(lookups.from.to_vec()))
        .filter(Token::Status.ne(TokenStatus::Deleted.as_str()))
        .exec(conn)
        .await?;
    Ok(result.rows_affected == 1)
}
