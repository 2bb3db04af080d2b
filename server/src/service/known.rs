//! Which secrets there are at all, learnt from the database after a start, so that for any other it need not be asked
//! . Those that are made later are noted as they are committed, or as the audit trail tells of them.

use super::{ConsoleService, ServiceError};
use crate::repo;
use std::time::Duration;

/// Secrets that are learnt in one question.
const TOGETHER: u64 = 10_000;
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(2);

impl ConsoleService {
    /// Waits until there may be secrets that are not known, and learns which there are, so that for any other the database
    /// need not be asked. To be called again and again.
    pub async fn learn_secrets(&self) {
        self.db.memory().wait_for_gaps().await;
        if let Err(error) = self.try_learn_secrets().await {
            tracing::warn!(%error, "which secrets there are could not be read and is tried again; until then an unknown one costs a question to the database");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn try_learn_secrets(&self) -> Result<(), ServiceError> {
        let memory = self.db.memory();
        let begun = memory.begin_to_learn();
        if self.keyring().kids().count() > 1 {
            self.learn_by_id().await?;
        } else {
            self.learn_by_value().await?;
        }
        memory.learnt(begun);
        Ok(())
    }

    /// In the order of the values, which one index has.
    async fn learn_by_value(&self) -> Result<(), ServiceError> {
        let mut after = Some(Vec::new());
        while let Some(from) = after {
            let (some, next) =
                repo::bearers::list_fingerprints(self.db.find(), &from, TOGETHER).await?;
            self.db.memory().know(some);
            after = next;
        }
        Ok(())
    }

    /// In the order of the tokens: while they are moved from one key to another, a value may go to where one has been
    /// already.
    async fn learn_by_id(&self) -> Result<(), ServiceError> {
        let mut after = Some(String::new());
        while let Some(from) = after {
            let (some, next) =
                repo::bearers::list_fingerprints_by_id(self.db.find(), &from, TOGETHER).await?;
            self.db.memory().know(some);
            after = next;
        }
        Ok(())
    }
}
