//! The fields of tokens and modules, under the names that programs give them.
//!
//! A field that lies in another table is a question of its own, so that a condition needs no join around it.

use super::{Field, SYSTEM_NAME, What, value::Kind};
use crate::entity::{account, api_token, module, token_access, token_module, user};
use app::domain::{account::AccountType, token::TokenStatus};
use sea_orm::{
    ColumnTrait,
    sea_query::{Alias, BinOper, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr},
};

/// A field with a value.
pub(super) const fn value(name: &'static str, kind: Kind, column: fn() -> SimpleExpr) -> Field {
    Field {
        name,
        what: What::Value(kind, column, None),
    }
}

/// A field with text that also exists folded.
pub(super) const fn folded(
    name: &'static str,
    column: fn() -> SimpleExpr,
    folded: fn() -> SimpleExpr,
) -> Field {
    Field {
        name,
        what: What::Value(Kind::Text, column, Some(folded)),
    }
}

/// An object.
pub(super) const fn object(name: &'static str, parts: &'static [Field]) -> Field {
    Field {
        name,
        what: What::Object(parts),
    }
}

/// Something that nobody may search for.
pub(super) const fn barred(name: &'static str) -> Field {
    Field {
        name,
        what: What::Barred,
    }
}

pub(super) const ACCOUNT_TYPES: &[&str] = &[
    AccountType::Client.as_str(),
    AccountType::Vendor.as_str(),
    AccountType::Operations.as_str(),
];
const ACCOUNT_STATES: &[&str] = &["Active", "Disabled"];
const TOKEN_STATES: &[&str] = &[
    TokenStatus::Active.as_str(),
    TokenStatus::Disabled.as_str(),
    TokenStatus::Deleted.as_str(),
];

/// When something was done to a token, and by whom.
macro_rules! stamp {
    ($name:literal, $at:ident, $by:ident) => {
        object(
            $name,
            &[
                value("at", Kind::Time, || token(api_token::Column::$at)),
                object(
                    "by",
                    &[
                        value("id", Kind::Text, || nullif(token(api_token::Column::$by))),
                        value("name", Kind::Text, || person_name(api_token::Column::$by)),
                        value("icon", Kind::Text, none),
                    ],
                ),
            ],
        )
    };
}

/// An API token's fields. The secret is none that can be asked for, not even by its beginning.
pub(in crate::repo) const TOKENS: &[Field] = &[
    value("id", Kind::Text, || token(api_token::Column::Id)),
    folded(
        "name",
        || token(api_token::Column::Name),
        || token(api_token::Column::NameFold),
    ),
    value("description", Kind::Text, || {
        nullif(token(api_token::Column::Description))
    }),
    value("status", Kind::Word(TOKEN_STATES), || {
        token(api_token::Column::Status)
    }),
    value("icon", Kind::Text, || {
        icon(
            "/public/v1/accounts/api-tokens/",
            token(api_token::Column::Id),
            token(api_token::Column::IconId),
        )
    }),
    value("lastAccessAt", Kind::Time, last_access),
    value("revision", Kind::Number, || {
        token(api_token::Column::Revision)
    }),
    barred("token"),
    object(
        "account",
        &[
            value("id", Kind::Text, || token(api_token::Column::AccountId)),
            folded(
                "name",
                || of_account(account::Column::Name),
                || of_account(account::Column::NameFold),
            ),
            value("type", Kind::Word(ACCOUNT_TYPES), || {
                of_account(account::Column::Kind)
            }),
            value("status", Kind::Word(ACCOUNT_STATES), || {
                of_account(account::Column::Status)
            }),
            value("icon", Kind::Text, || {
                account_icon(
                    token(api_token::Column::AccountId),
                    of_account(account::Column::IconId),
                )
            }),
        ],
    ),
    Field {
        name: "modules",
        what: What::Many(
            of_token,
            &[
                value("id", Kind::Text, || module::Column::Id.into_expr()),
                folded(
                    "name",
                    || module::Column::Name.into_expr(),
                    || module::Column::NameFold.into_expr(),
                ),
                value("description", Kind::Text, || {
                    nullif(module::Column::Description.into_expr())
                }),
                value("code", Kind::Text, || module::Column::Code.into_expr()),
            ],
        ),
    },
    object(
        "audit",
        &[
            stamp!("created", CreatedAt, CreatedBy),
            stamp!("updated", UpdatedAt, UpdatedBy),
            stamp!("enabled", EnabledAt, EnabledBy),
            stamp!("disabled", DisabledAt, DisabledBy),
        ],
    ),
];

/// A module's fields.
pub(in crate::repo) const MODULES: &[Field] = &[
    value("id", Kind::Text, || module::Column::Id.into_expr()),
    folded(
        "name",
        || module::Column::Name.into_expr(),
        || module::Column::NameFold.into_expr(),
    ),
    value("description", Kind::Text, || {
        nullif(module::Column::Description.into_expr())
    }),
    value("code", Kind::Text, || module::Column::Code.into_expr()),
    // A module is never changed so far.
    value("revision", Kind::Number, || Expr::val(1)),
    Field {
        name: "accountTypes",
        what: What::Words(ACCOUNT_TYPES, for_account_type),
    },
    object(
        "settings",
        &[
            value("default", Kind::Flag, || {
                module::Column::IsDefault.into_expr()
            }),
            value("configurable", Kind::Flag, || {
                module::Column::IsConfigurable.into_expr()
            }),
            value("paid", Kind::Flag, || module::Column::IsPaid.into_expr()),
        ],
    ),
];

fn token(column: api_token::Column) -> SimpleExpr {
    column.into_expr()
}

/// Nothing: no row has such a thing yet.
pub(super) fn none() -> SimpleExpr {
    Expr::null()
}

/// Text, where the empty one stands for nothing.
pub(super) fn nullif(text: SimpleExpr) -> SimpleExpr {
    Func::cust("NULLIF").arg(text).arg(Expr::val("")).into()
}

/// The one value that a question yields for the row.
pub(super) fn asked(question: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(question.into()))
}

/// The address of an account's picture.
pub(super) fn account_icon(id: SimpleExpr, icon: SimpleExpr) -> SimpleExpr {
    self::icon("/public/v1/accounts/accounts/", id, icon)
}

/// The address of the picture with the name `icon`, of the thing with this id.
fn icon(list: &'static str, id: SimpleExpr, icon: SimpleExpr) -> SimpleExpr {
    let join = || BinOper::Custom("||");
    Expr::val(list)
        .binary(join(), id)
        .binary(join(), Expr::val("/icon"))
        // Joined with nothing, it is nothing: only what has a picture has an address of one.
        .binary(
            join(),
            Func::cust("SUBSTR")
                .arg(icon)
                .arg(Expr::val(1))
                .arg(Expr::val(0)),
        )
}

fn of_account(column: account::Column) -> SimpleExpr {
    asked(
        Query::select()
            .expr(column.into_expr())
            .from(account::Entity)
            .and_where(
                account::Column::Id
                    .into_expr()
                    .eq(token(api_token::Column::AccountId)),
            )
            .take(),
    )
}

fn last_access() -> SimpleExpr {
    asked(
        Query::select()
            .expr(token_access::Column::LastAccessAt.into_expr())
            .from(token_access::Entity)
            .and_where(
                token_access::Column::TokenId
                    .into_expr()
                    .eq(token(api_token::Column::Id)),
            )
            .take(),
    )
}

/// The name of the person or program whose id is in this column, as answers show it.
fn person_name(id: api_token::Column) -> SimpleExpr {
    let person = Query::select()
        .expr(user::Column::Name.into_expr())
        .from(user::Entity)
        .and_where(user::Column::Id.into_expr().eq(token(id)))
        .take();
    let maker = Alias::new("maker");
    let program = Query::select()
        .expr(Expr::col((maker.clone(), api_token::Column::Name)))
        .from_as(api_token::Entity, maker.clone())
        .and_where(Expr::col((maker, api_token::Column::Id)).eq(token(id)))
        .take();
    let unnamed = Expr::case(token(id).eq(""), Expr::val(SYSTEM_NAME)).finally(token(id));
    Func::coalesce([asked(person), asked(program), unnamed.into()]).into()
}

fn of_token() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(token_module::Entity)
        .inner_join(
            module::Entity,
            module::Column::Id
                .into_expr()
                .eq(token_module::Column::ModuleId.into_expr()),
        )
        .and_where(
            token_module::Column::TokenId
                .into_expr()
                .eq(token(api_token::Column::Id)),
        )
        .take()
}

/// Whether a module is for accounts of this type. The column holds words joined by commas, none of which is a part of
/// another.
fn for_account_type(word: &'static str) -> SimpleExpr {
    module::Column::AccountTypes
        .into_expr()
        .like(format!("%{word}%"))
}
