//! The fields of audit records and of kinds of events, under the names that programs give them.

use super::{
    Field, What,
    fields::{ACCOUNT_TYPES, account_icon, asked, barred, folded, nullif, object, value},
    value::Kind,
};
use crate::entity::{account, audit_record, audit_viewer, event_type, event_type_label};
use app::domain::account::AccountId;
use sea_orm::{
    ColumnTrait,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr},
};

const RECORD_TYPES: &[&str] = &["Public", "Private"];

/// An audit record's fields.
pub(in crate::repo) const RECORDS: &[Field] = &[
    value("id", Kind::Text, || line(audit_record::Column::Id)),
    value("event", Kind::Text, || line(audit_record::Column::Event)),
    value("type", Kind::Word(RECORD_TYPES), || {
        or(
            line(audit_record::Column::Visibility),
            Expr::val(RECORD_TYPES[0]),
        )
    }),
    value("summary", Kind::Text, || {
        line(audit_record::Column::Summary)
    }),
    value("details", Kind::Text, || {
        or(
            line(audit_record::Column::Details),
            line(audit_record::Column::Summary),
        )
    }),
    value("timestamp", Kind::Time, || line(audit_record::Column::At)),
    value("revision", Kind::Number, || {
        line(audit_record::Column::ObjectRevision)
    }),
    barred("documents"),
    object(
        "object",
        &[
            value("id", Kind::Text, || {
                nullif(line(audit_record::Column::ObjectId))
            }),
            value("name", Kind::Text, || {
                line(audit_record::Column::ObjectName)
            }),
            value("objectType", Kind::Text, || {
                line(audit_record::Column::ObjectType)
            }),
        ],
    ),
    object(
        "actor",
        &[
            value("id", Kind::Text, || {
                nullif(line(audit_record::Column::ActorId))
            }),
            value("name", Kind::Text, || line(audit_record::Column::ActorName)),
            object(
                "account",
                &[
                    value("id", Kind::Text, || {
                        line(audit_record::Column::ActorAccount)
                    }),
                    folded(
                        "name",
                        || of_actor(account::Column::Name),
                        || of_actor(account::Column::NameFold),
                    ),
                    value("accountType", Kind::Word(ACCOUNT_TYPES), || {
                        of_actor(account::Column::Kind)
                    }),
                ],
            ),
        ],
    ),
    object(
        "request",
        &[object(
            "api",
            &[
                value("ip", Kind::Text, || line(audit_record::Column::Ip)),
                value("userAgent", Kind::Text, || {
                    line(audit_record::Column::UserAgent)
                }),
            ],
        )],
    ),
    Field {
        name: "viewers",
        what: What::Many(
            viewers,
            &[
                value("id", Kind::Text, || viewer(account::Column::Id)),
                folded(
                    "name",
                    || viewer(account::Column::Name),
                    || viewer(account::Column::NameFold),
                ),
                value("type", Kind::Word(ACCOUNT_TYPES), || {
                    viewer(account::Column::Kind)
                }),
                value("icon", Kind::Text, || {
                    account_icon(viewer(account::Column::Id), viewer(account::Column::IconId))
                }),
            ],
        ),
    },
];

/// The fields of a kind of event, as they are for all; an account's own words stand in `event_type_label`, joined under
/// that name.
pub(in crate::repo) const EVENT_TYPES: &[Field] = &[
    value("id", Kind::Text, || event_type::Column::Id.into_expr()),
    value("key", Kind::Text, || event_type::Column::Key.into_expr()),
    value("name", Kind::Text, || {
        event_type_text(event_type_label::Column::Name, event_type::Column::Name)
    }),
    value("description", Kind::Text, || {
        nullif(event_type_text(
            event_type_label::Column::Description,
            event_type::Column::Description,
        ))
    }),
];

/// What an account calls a kind of event, or else what all do.
pub(in crate::repo) fn event_type_text(
    own: event_type_label::Column,
    common: event_type::Column,
) -> SimpleExpr {
    or(own.into_expr(), common.into_expr())
}

fn line(column: audit_record::Column) -> SimpleExpr {
    column.into_expr()
}

fn or(one: SimpleExpr, other: SimpleExpr) -> SimpleExpr {
    Func::coalesce([one, other]).into()
}

fn of_actor(column: account::Column) -> SimpleExpr {
    asked(
        Query::select()
            .expr(column.into_expr())
            .from(account::Entity)
            .and_where(
                account::Column::Id
                    .into_expr()
                    .eq(line(audit_record::Column::ActorAccount)),
            )
            .take(),
    )
}

/// The name of the table of accounts where it stands for who sees a record.
const VIEWER: &str = "viewer";

fn viewer(column: account::Column) -> SimpleExpr {
    Expr::col((Alias::new(VIEWER), column))
}

fn viewers() -> SelectStatement {
    let named = Query::select()
        .expr(Expr::val(1))
        .from(audit_viewer::Entity)
        .and_where(
            audit_viewer::Column::Seq
                .into_expr()
                .eq(line(audit_record::Column::Seq)),
        )
        .and_where(
            audit_viewer::Column::AccountId
                .into_expr()
                .eq(viewer(account::Column::Id)),
        )
        .take();
    let concerned = viewer(account::Column::Id).eq(line(audit_record::Column::AccountId));
    Query::select()
        .expr(Expr::val(1))
        .from_as(account::Entity, Alias::new(VIEWER))
        .and_where(concerned.or(Expr::exists(named)))
        .take()
}

/// The records that exist for an account: those that concern it and those that name it, but no private ones.
pub(in crate::repo) fn seen_by(account: AccountId) -> SimpleExpr {
    let account = account.to_string();
    let named = Query::select()
        .expr(audit_viewer::Column::Seq.into_expr())
        .from(audit_viewer::Entity)
        .and_where(audit_viewer::Column::AccountId.eq(account.clone()))
        .take();
    let seen = audit_record::Column::AccountId
        .eq(account)
        .or(line(audit_record::Column::Seq).in_subquery(named));
    seen.and(line(audit_record::Column::Visibility).is_null())
}
