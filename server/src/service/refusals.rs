//! Tries to change a token that were refused: they stand in the trail too (L-1).

use super::{
    ConsoleService, ServiceError,
    audit::{Doer, Entry, Object},
    authz,
};
use crate::repo::{self, WriteTx, tokens::TokenRow};
use app::{
    domain::{account::AccountId, audit::Event},
    error::{ApiError, ErrorCode},
    port::Actor,
};

/// What somebody tried.
pub(super) struct Attempt<'a> {
    pub event: Event,
    /// The token's id; empty when there is none yet.
    pub token: String,
    pub name: &'a str,
    pub account: AccountId,
    pub summary: String,
}

impl<'a> Attempt<'a> {
    /// A try to change `row`. `doing` begins the sentence, as in "Updating".
    pub(super) fn on(row: &'a TokenRow, event: Event, doing: &str) -> Self {
        Self {
            event,
            token: row.id.to_string(),
            name: &row.name,
            account: row.account.id,
            summary: format!("{doing} the API token \"{}\" refused", row.name),
        }
    }
}

/// So many refused tries of a person or program are recorded within [`PERIOD`]. What stands in the trail stands there for ever, so
/// nobody may fill it with what he may not do.
const MOST: u64 = 30;
/// Seconds.
const PERIOD: i64 = 10 * 60;

impl ConsoleService {
    /// Whether another refused try of this person or program is to be recorded. The log says once for each that is not.
    pub(super) async fn records_refusal(
        &self,
        tx: &WriteTx,
        actor: &Actor,
    ) -> Result<bool, ServiceError> {
        let by = authz::actor_id(actor);
        if by.is_empty() {
            return Ok(true);
        }
        let since = self.env.clock.now().plus_seconds(-PERIOD);
        let refused = repo::audit_read::count_refused(tx, &by, since, MOST).await?;
        if refused >= MOST {
            tracing::warn!(
                by,
                "a refused try is not recorded: there were too many of them"
            );
        }
        Ok(refused < MOST)
    }

    /// Records that somebody tried what he may not do with what he may look at, and gives the refusal back. What is
    /// not there for him leaves no line: it would tell his account of another's token.
    pub(super) async fn refuse(
        &self,
        tx: WriteTx,
        actor: &Actor,
        refusal: ApiError,
        attempt: Attempt<'_>,
    ) -> Result<ServiceError, ServiceError> {
        if refusal.code == ErrorCode::Forbidden && self.records_refusal(&tx, actor).await? {
            let entry = Entry {
                event: attempt.event,
                object: Object {
                    kind: "Token",
                    id: attempt.token,
                    name: attempt.name,
                    revision: None,
                },
                account: Some(attempt.account),
                refused: Some("not allowed"),
                summary: attempt.summary,
                changes: Vec::new(),
            };
            self.record(&tx, &Doer::actor(actor), entry).await?;
            tx.commit().await?;
        }
        Ok(refusal.into())
    }
}
