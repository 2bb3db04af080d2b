//! A transaction that writes.

use super::{
    StoreError,
    memory::{Changes, Memory, Stale, fingerprint},
    statements::Statements,
};
use app::domain::token::TokenId;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use std::sync::{Arc, Mutex, PoisonError};

/// Changes that hold together: all of them after [`WriteTx::commit`], none of them when it is dropped before.
#[derive(Debug)]
pub struct WriteTx {
    transaction: DatabaseTransaction,
    memory: Arc<Memory>,
    changes: Mutex<Changes>,
}

impl WriteTx {
    pub(super) fn new(transaction: DatabaseTransaction, memory: Arc<Memory>) -> Self {
        Self {
            transaction,
            memory,
            changes: Mutex::default(),
        }
    }

    /// No statements yet, to be put together for this transaction.
    pub(crate) fn statements(&self) -> Statements {
        Statements::new(self.get_database_backend())
    }

    /// What is known of this is stale once this is committed.
    pub(crate) fn makes_stale(&self, stale: Stale) {
        self.note(|changes| changes.stale.push(stale));
    }

    /// There is a new token that is found by this value, once this is committed.
    pub(super) fn makes_token(&self, lookup: &[u8; 32]) {
        self.note(|changes| changes.made.push(fingerprint(lookup)));
    }

    /// A token is found by this value instead of another one, once this is committed.
    pub(crate) fn moves_token(&self, id: TokenId, lookup: &[u8; 32]) {
        self.makes_token(lookup);
        self.makes_stale(Stale::Token(id));
    }

    fn note(&self, note: impl FnOnce(&mut Changes)) {
        note(&mut self.changes.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Makes the changes last. When this returns, the process no longer answers by what was before (T-30).
    ///
    /// # Errors
    /// The database could not, and then nothing was changed.
    pub async fn commit(self) -> Result<(), StoreError> {
        let changes = self
            .changes
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if changes.is_empty() {
            return Ok(self.transaction.commit().await?);
        }
        let (transaction, memory) = (self.transaction, self.memory);
        // In a task of its own: whoever waits here may be dropped, and the database would commit all the same, unnoticed.
        let committing = tokio::spawn(async move {
            let done = transaction.commit().await;
            // Also when it failed: who knows how far it came.
            memory.committed(changes);
            done
        });
        match committing.await {
            Ok(done) => Ok(done?),
            Err(_) => Err(StoreError::Interrupted),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for WriteTx {
    fn get_database_backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.transaction.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.transaction.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.transaction.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.transaction.query_all_raw(statement).await
    }
}
