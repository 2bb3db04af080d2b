//! Statements that are put together apart from the connection that runs them, so that one batch of rows can be made while
//! the database writes the batch before it.

use super::{StoreError, WriteTx};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, Iterable, QueryTrait, Statement,
    StatementBuilder, sea_query::OnConflict,
};

/// What one statement may have at most in SQLite. Other databases allow more.
const MOST_PARAMETERS: usize = 32_766;

/// Statements in the order in which they are to run.
#[derive(Debug)]
pub(crate) struct Statements {
    backend: DbBackend,
    list: Vec<Statement>,
    /// What the tokens that they add are found by.
    made: Vec<[u8; 32]>,
}

impl Statements {
    pub(super) fn new(backend: DbBackend) -> Self {
        Self {
            backend,
            list: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Adds rows to their table, as many in one statement as may be.
    pub(super) fn insert<A: ActiveModelTrait>(&mut self, rows: impl IntoIterator<Item = A>) {
        let most = MOST_PARAMETERS / <A::Entity as EntityTrait>::Column::iter().count();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some = <A::Entity as EntityTrait>::insert_many(rows.by_ref().take(most));
            self.list.push(some.build(self.backend));
        }
    }

    /// The same for rows that may be there already, of which `conflict` says what becomes.
    pub(super) fn insert_or<A: ActiveModelTrait>(
        &mut self,
        rows: impl IntoIterator<Item = A>,
        conflict: &OnConflict,
    ) {
        let most = MOST_PARAMETERS / <A::Entity as EntityTrait>::Column::iter().count();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some = <A::Entity as EntityTrait>::insert_many(rows.by_ref().take(most));
            let some = some.on_conflict(conflict.clone());
            self.list.push(some.build(self.backend));
        }
    }

    /// Does something else.
    pub(super) fn push(&mut self, statement: &impl StatementBuilder) {
        self.list.push(self.backend.build(statement));
    }

    /// There is a new token that is found by this value, once all is committed.
    pub(super) fn makes_token(&mut self, lookup: [u8; 32]) {
        self.made.push(lookup);
    }

    /// Runs them.
    pub(crate) async fn run(self, tx: &WriteTx) -> Result<(), StoreError> {
        for lookup in &self.made {
            tx.makes_token(lookup);
        }
        for statement in self.list {
            tx.execute_raw(statement).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entity::token_module, repo::modules};
    use app::domain::{id::TokenId, module::ModuleId};

    #[test]
    fn rows_are_spread_over_as_many_statements_as_they_need() {
        let most = MOST_PARAMETERS / token_module::Column::iter().count();
        for (rows, expected) in [
            (0, vec![]),
            (1, vec![1]),
            (most, vec![most]),
            (most + 2, vec![most, 2]),
        ] {
            let mut statements = Statements::new(DbBackend::Sqlite);
            let row = modules::given(
                TokenId::from_number(1).unwrap(),
                ModuleId::from_number(1).unwrap(),
            );
            statements.insert(std::iter::repeat_n(row, rows));
            let values = statements
                .list
                .iter()
                .map(|one| one.values.as_ref().unwrap().0.len() / 2);
            assert_eq!(values.collect::<Vec<_>>(), expected);
        }
    }
}
