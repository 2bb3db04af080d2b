//! Columns, tables and indexes behind the list of tokens.

use crate::{
    migration::{index, text_key},
    repo::sqlite::{self, lists},
};
use sea_orm::DbBackend;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, text, text_null},
};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    columns(manager).await?;
    orders(manager).await?;
    access(manager).await?;
    modules(manager).await?;
    tallies(manager).await?;
    if manager.get_database_backend() == DbBackend::Sqlite {
        let texts = lists::TEXT_INDEX.into_iter().chain(lists::TALLIES);
        let triggers = lists::TOKEN_SHADOWS.into_iter().chain(lists::TALLY_KEEPERS);
        for statement in texts.chain(triggers) {
            run(manager, statement).await?;
        }
    }
    Ok(())
}

async fn run(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    manager
        .get_connection()
        .execute_unprepared(statement)
        .await?;
    Ok(())
}

/// Whether a token is in the usual lists, and under which name its creator is sorted.
async fn columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    let alive = Expr::col("status").ne("Deleted");
    let mut table = Table::alter();
    // SQLite can add a column that is worked out anew each time; PostgreSQL one that is kept.
    table.table("api_token").add_column(
        ColumnDef::new("alive")
            .boolean()
            .generated(alive, !is_sqlite),
    );
    manager.alter_table(table).await?;
    let mut table = Table::alter();
    table
        .table("api_token")
        .add_column(text("creator_fold").default(""));
    manager.alter_table(table).await?;
    if is_sqlite {
        run(manager, lists::GUARD_OFF).await?;
    }
    name_creators(manager).await?;
    if is_sqlite {
        run(manager, sqlite::TOKEN_LIFE[0]).await?;
    }
    Ok(())
}

/// The folded name of the person or the program that made each token.
async fn name_creators(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let by = || Expr::col(("api_token", "created_by"));
    let person = Query::select()
        .column("name_fold")
        .from("user")
        .and_where(Expr::col(("user", "id")).eq(by()))
        .take();
    let maker = Alias::new("maker");
    let program = Query::select()
        .column((maker.clone(), "name_fold"))
        .from_as("api_token", maker.clone())
        .and_where(Expr::col((maker, "id")).eq(by()))
        .take();
    let nobody = Expr::case(by().eq(""), Expr::val("latchkey")).finally(by());
    let asked = |question: SelectStatement| SimpleExpr::SubQuery(None, Box::new(question.into()));
    let name = Func::coalesce([asked(person), asked(program), nobody.into()]);
    let mut update = Query::update();
    update.table("api_token").value("creator_fold", name);
    manager.execute(update).await
}

/// One index for each order in which the list is offered, of one account and of all. The usual order has the status and
/// the name with it, by which it is most often narrowed.
async fn orders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for old in ["name_fold", "created_at", "status"] {
        let mut drop = Index::drop();
        drop.name(format!("ix_api_token_account_id_{old}_id"))
            .table("api_token");
        manager.drop_index(drop).await?;
    }
    for order in [
        &["name_fold", "id"] as &[_],
        &["created_at", "id", "status", "name_fold"],
        &["creator_fold", "id"],
        &["status", "id"],
    ] {
        let all: Vec<_> = std::iter::once("alive")
            .chain(order.iter().copied())
            .collect();
        let one: Vec<_> = std::iter::once("account_id").chain(all.clone()).collect();
        index(manager, "api_token", &all).await?;
        index(manager, "api_token", &one).await?;
    }
    index(manager, "api_token", &["created_by"]).await
}

/// A row for every token, so that one index has the order of all, those never used among them.
async fn access(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_access_new")
        .col(text_key("token_id"))
        .col(text("account_id").default(""))
        .col(boolean("alive").default(true))
        .col(big_integer_null("last_access_at"))
        .col(text_null("last_access_ip"))
        .col(big_integer("uses").default(0));
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    manager.create_table(table).await?;
    let old = Alias::new("used");
    let uses = Func::coalesce([Expr::col((old.clone(), "uses")), Expr::val(0)]);
    let rows = Query::select()
        .column(("api_token", "id"))
        .column(("api_token", "account_id"))
        .expr(Expr::col("status").ne("Deleted"))
        .column((old.clone(), "last_access_at"))
        .column((old.clone(), "last_access_ip"))
        .expr(uses)
        .from("api_token")
        .join_as(
            JoinType::LeftJoin,
            "token_access",
            old.clone(),
            Expr::col((old, "token_id")).equals(("api_token", "id")),
        )
        .take();
    let columns = [
        "token_id",
        "account_id",
        "alive",
        "last_access_at",
        "last_access_ip",
        "uses",
    ];
    replace(manager, "token_access", &columns, rows).await?;
    index(
        manager,
        "token_access",
        &["alive", "last_access_at", "token_id"],
    )
    .await?;
    let of_one = ["account_id", "alive", "last_access_at", "token_id"];
    index(manager, "token_access", &of_one).await
}

/// Which token has which module, each pair once in either order.
async fn modules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_module_new")
        .col(text("token_id"))
        .col(text("module_id"))
        .primary_key(Index::create().col("token_id").col("module_id"))
        .foreign_key(&mut crate::migration::reference(
            "token_module_new",
            "token_id",
            "api_token",
        ))
        .foreign_key(&mut crate::migration::reference(
            "token_module_new",
            "module_id",
            "module",
        ));
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    manager.create_table(table).await?;
    let rows = Query::select()
        .columns(["token_id", "module_id"])
        .from("token_module")
        .take();
    replace(manager, "token_module", &["token_id", "module_id"], rows).await?;
    index(manager, "token_module", &["module_id", "token_id"]).await
}

/// Fills `NAME_new` with these rows, and puts it in the place of the table `NAME`.
async fn replace(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: &[&'static str],
    rows: SelectStatement,
) -> Result<(), DbErr> {
    let new = format!("{name}_new");
    let mut insert = Query::insert();
    insert
        .into_table(Alias::new(&new))
        .columns(columns.iter().copied());
    insert
        .select_from(rows)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    manager.execute(insert).await?;
    manager.drop_table(Table::drop().table(name).take()).await?;
    let rename = Table::rename().table(Alias::new(&new), name).take();
    manager.rename_table(rename).await
}

/// How many tokens of an account stand where, of all modules together (an empty id) and of each.
async fn tallies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("token_tally")
        .col(text("module_id"))
        .col(text("account_id"))
        .col(text("status"))
        .col(big_integer("tokens"))
        .primary_key(
            Index::create()
                .col("module_id")
                .col("account_id")
                .col("status"),
        );
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    manager.create_table(table).await
}
