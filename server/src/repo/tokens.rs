//! Tokens as they are read: their rows, and a page of them. No secret comes out here.

use super::{StoreError, WriteTx, accounts::account_ref, filter, id, word};
use crate::entity::{account, api_token, token_access, token_secret, user};
use app::domain::{
    account::{AccountId, AccountRef},
    icon::IconId,
    secret::RevealPolicy,
    time::Timestamp,
    token::{TokenId, TokenStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait, Func, SimpleExpr},
};
use std::collections::HashSet;

/// Values that are asked for in one question.
const TOGETHER: usize = 500;

/// Which tokens there are for whoever asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenScope {
    /// Only this account's; `None` for every account's.
    pub account: Option<AccountId>,
    /// Deleted ones too.
    pub deleted: bool,
}

impl TokenScope {
    pub(super) fn condition(self) -> Condition {
        let account = self
            .account
            .map(|account| api_token::Column::AccountId.eq(account.to_string()));
        let alive =
            (!self.deleted).then(|| api_token::Column::Status.ne(TokenStatus::Deleted.as_str()));
        Condition::all().add_option(account).add_option(alive)
    }

    /// The same for rows that are found otherwise: no index is chosen for it.
    pub(super) fn looked_at(self) -> SimpleExpr {
        let account = self
            .account
            .map(|account| api_token::Column::AccountId.eq(account.to_string()));
        let alive = (!self.deleted).then(|| api_token::Column::Alive.eq(true));
        let both = match (account, alive) {
            (Some(account), Some(alive)) => Some(account.and(alive)),
            (account, alive) => account.or(alive),
        };
        filter::looked_at(both.unwrap_or_else(|| Expr::val(true)))
    }
}

/// When something was done and by whose id, empty for Latchkey itself.
pub(crate) type StampRow = (Timestamp, String);

/// A token as it is kept, with its account, its creator's name and its last use.
#[derive(Debug, Clone)]
pub(crate) struct TokenRow {
    pub id: TokenId,
    pub name: String,
    pub description: String,
    pub status: TokenStatus,
    pub revision: i64,
    pub hint: String,
    pub account: AccountRef,
    pub created: StampRow,
    pub creator_name: Option<String>,
    pub last_access_at: Option<Timestamp>,
    pub last_access_ip: Option<String>,
    pub uses: u64,
    pub updated: Option<StampRow>,
    pub enabled: Option<StampRow>,
    pub disabled: Option<StampRow>,
    pub deleted: Option<StampRow>,
    pub icon: Option<IconId>,
    pub reveal: RevealPolicy,
    /// Whether its secret is stored.
    pub has_secret: bool,
}

#[derive(FromQueryResult)]
struct Raw {
    id: String,
    name: String,
    description: String,
    status: String,
    revision: i64,
    hint: String,
    created_at: i64,
    created_by: String,
    updated_at: Option<i64>,
    updated_by: Option<String>,
    enabled_at: Option<i64>,
    enabled_by: Option<String>,
    disabled_at: Option<i64>,
    disabled_by: Option<String>,
    deleted_at: Option<i64>,
    deleted_by: Option<String>,
    icon_id: Option<String>,
    reveal: String,
    secret_of: Option<String>,
    account_id: String,
    account_name: String,
    account_kind: String,
    account_status: String,
    account_icon: Option<String>,
    creator_name: Option<String>,
    last_access_at: Option<i64>,
    last_access_ip: Option<String>,
    uses: Option<i64>,
}

impl TryFrom<Raw> for TokenRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(Self {
            id: id("a token's id", &raw.id)?,
            name: raw.name,
            description: raw.description,
            status: word("a token's status", &raw.status)?,
            revision: raw.revision,
            hint: raw.hint,
            account: account_ref(
                &raw.account_id,
                raw.account_name,
                &raw.account_kind,
                &raw.account_status,
                raw.account_icon.as_deref(),
            )?,
            created: (Timestamp(raw.created_at), raw.created_by),
            creator_name: raw.creator_name,
            last_access_at: raw.last_access_at.map(Timestamp),
            last_access_ip: raw.last_access_ip,
            uses: u64::try_from(raw.uses.unwrap_or(0)).unwrap_or(0),
            updated: stamp(raw.updated_at, raw.updated_by),
            enabled: stamp(raw.enabled_at, raw.enabled_by),
            disabled: stamp(raw.disabled_at, raw.disabled_by),
            deleted: stamp(raw.deleted_at, raw.deleted_by),
            icon: raw
                .icon_id
                .map(|name| id("a picture's name", &name))
                .transpose()?,
            reveal: word("a reveal policy", &raw.reveal)?,
            has_secret: raw.secret_of.is_some(),
        })
    }
}

fn stamp(at: Option<i64>, by: Option<String>) -> Option<StampRow> {
    Some((Timestamp(at?), by.unwrap_or_default()))
}

/// Tokens with account, creator and last use: all that [`Raw`] wants, in one query.
pub(super) fn rows() -> Select<api_token::Entity> {
    use api_token::Column as Token;
    let account = api_token::Entity::belongs_to(account::Entity)
        .from(Token::AccountId)
        .to(account::Column::Id);
    let creator = api_token::Entity::belongs_to(user::Entity)
        .from(Token::CreatedBy)
        .to(user::Column::Id);
    let maker = api_token::Entity::belongs_to(api_token::Entity)
        .from(Token::CreatedBy)
        .to(Token::Id);
    let access = api_token::Entity::belongs_to(token_access::Entity)
        .from(Token::Id)
        .to(token_access::Column::TokenId);
    let secret = api_token::Entity::belongs_to(token_secret::Entity)
        .from(Token::Id)
        .to(token_secret::Column::TokenId);
    api_token::Entity::find()
        .join(JoinType::LeftJoin, secret.into())
        .join(JoinType::InnerJoin, account.into())
        .join(JoinType::LeftJoin, creator.into())
        .join_as(JoinType::LeftJoin, maker.into(), Alias::new(MAKER))
        .join(JoinType::LeftJoin, access.into())
        .select_only()
        .columns([
            Token::Id,
            Token::Name,
            Token::Description,
            Token::Status,
            Token::Revision,
            Token::Hint,
        ])
        .columns([
            Token::CreatedAt,
            Token::CreatedBy,
            Token::UpdatedAt,
            Token::UpdatedBy,
        ])
        .columns([
            Token::EnabledAt,
            Token::EnabledBy,
            Token::DisabledAt,
            Token::DisabledBy,
            Token::AccountId,
            Token::DeletedAt,
            Token::DeletedBy,
            Token::IconId,
            Token::Reveal,
        ])
        .column_as(token_secret::Column::TokenId, "secret_of")
        .column_as(account::Column::Name, "account_name")
        .column_as(account::Column::Kind, "account_kind")
        .column_as(account::Column::Status, "account_status")
        .column_as(account::Column::IconId, "account_icon")
        .column_as(creator_name(), "creator_name")
        .columns([
            token_access::Column::LastAccessAt,
            token_access::Column::LastAccessIp,
            token_access::Column::Uses,
        ])
}

/// The name of the table of tokens where it stands for the token that made another one.
const MAKER: &str = "maker";

/// The name of whoever made a token: a person, or a program under its token's name.
fn creator_name() -> SimpleExpr {
    Func::coalesce([
        user::Column::Name.into_expr(),
        Expr::col((Alias::new(MAKER), api_token::Column::Name)),
    ])
    .into()
}

/// The tokens that `select` over [`rows`] yields.
pub(super) async fn all(
    conn: &impl ConnectionTrait,
    select: Select<api_token::Entity>,
) -> Result<Vec<TokenRow>, StoreError> {
    let found = select.into_model::<Raw>().all(conn).await?;
    found.into_iter().map(TokenRow::try_from).collect()
}

/// The token with this id, if it exists for whoever asks.
pub(crate) async fn find_token(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    id: TokenId,
) -> Result<Option<TokenRow>, StoreError> {
    let select = rows().filter(
        scope
            .condition()
            .add(api_token::Column::Id.eq(id.to_string())),
    );
    select
        .into_model::<Raw>()
        .one(conn)
        .await?
        .map(TokenRow::try_from)
        .transpose()
}

/// Keeps others from changing this token until the transaction ends. SQLite, where only one writes, needs no lock
/// and takes none.
pub(crate) async fn lock_token(tx: &WriteTx, id: TokenId) -> Result<(), StoreError> {
    let select = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::Id)
        .filter(api_token::Column::Id.eq(id.to_string()))
        .lock_exclusive();
    select.into_tuple::<String>().one(tx).await?;
    Ok(())
}

/// Those of these tokens that exist, deleted ones too, in any order.
pub(crate) async fn list_by_id(
    conn: &impl ConnectionTrait,
    ids: &[TokenId],
) -> Result<Vec<TokenRow>, StoreError> {
    let ids = ids.iter().map(TokenId::to_string);
    all(conn, rows().filter(api_token::Column::Id.is_in(ids))).await
}

/// Those of these look-up values that tokens have, living or not (T-30).
pub(crate) async fn list_taken_lookups(
    conn: &impl ConnectionTrait,
    lookups: &[[u8; 32]],
) -> Result<HashSet<Vec<u8>>, StoreError> {
    use api_token::Column as Token;
    let mut taken = HashSet::new();
    for some in lookups.chunks(TOGETHER) {
        let select = api_token::Entity::find()
            .select_only()
            .column(Token::Lookup)
            .filter(Token::Lookup.is_in(some.iter().map(|lookup| lookup.to_vec())));
        let found: Vec<Vec<u8>> = select.into_tuple().all(conn).await?;
        taken.extend(found);
    }
    Ok(taken)
}

/// The key ids that tokens and their secrets name.
pub(crate) async fn list_kids(conn: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let peppers = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::PepperKid)
        .distinct();
    let keks = token_secret::Entity::find()
        .select_only()
        .column(token_secret::Column::KekKid)
        .distinct();
    let mut kids: Vec<String> = peppers.into_tuple().all(conn).await?;
    kids.extend(keks.into_tuple::<String>().all(conn).await?);
    kids.sort();
    kids.dedup();
    Ok(kids)
}
