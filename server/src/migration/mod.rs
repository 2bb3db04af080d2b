//! The steps by which the database grew, in order.
//!
//! Owns: the schema. Each step is frozen once released and written with SeaQuery, so that SQLite and PostgreSQL
//! build the same tables; what only one of them knows comes from `repo::sqlite`. It must not know rules.

use sea_orm_migration::prelude::*;

mod eighth;
mod fifth;
mod first;
mod fourth;
mod second;
mod seventh;
mod sixth;
mod third;

/// Every step, in order.
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(first::First),
            Box::new(second::Second),
            Box::new(third::Third),
            Box::new(fourth::Fourth),
            Box::new(fifth::Fifth),
            Box::new(sixth::Sixth),
            Box::new(seventh::Seventh),
            Box::new(eighth::Eighth),
        ]
    }
}

/// `column` holds one of these words.
fn one_of(column: &mut ColumnDef, words: &[&str]) -> ColumnDef {
    let name = column.get_column_name();
    column
        .check(Expr::col(Alias::new(name)).is_in(words.iter().copied()))
        .to_owned()
}

/// The key of a table of one row.
fn only_row() -> ColumnDef {
    ColumnDef::new("id")
        .integer()
        .not_null()
        .primary_key()
        .check(Expr::col("id").eq(1))
        .to_owned()
}

/// A text that is the table's key.
fn text_key(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .text()
        .not_null()
        .primary_key()
        .to_owned()
}

/// A column that names a row of another table.
fn reference(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(to, "id")
        .to_owned()
}

/// An index named after its table and columns.
async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index
        .name(format!("ix_{table}_{}", columns.join("_")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

/// A unique index named after its table and columns.
async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index
        .name(format!("ux_{table}_{column}"))
        .table(table)
        .col(column)
        .unique();
    manager.create_index(index).await
}
