//! Whether a secret is good, and for what: what every protected request waits for.
//!
//! Answered from memory: no question to the database but for a token that was not presented for long or was changed since,
//! and none at all for a secret that nobody has. What the memory cannot be sure of is refused as unavailable, never let in.

mod card;
mod index;
mod seldom;
mod wanted;

pub use card::Card;
pub use index::{IndexFigures, TokenSnapshot};
pub use wanted::Wanted;

pub(super) use index::Index;
pub(super) use seldom::Seldom;

use super::{ConsoleService, ServiceError, authz, uses::Presented};
use crate::{
    repo::{self, UseOutcome, keys::Lookups},
    secret::token::TokenSecret,
};
use app::{
    domain::{module::ModuleId, program::CurrentToken, time::Timestamp},
    error::{ApiError, ErrorCode},
    port::{Actor, Origin},
};
use smallvec::SmallVec;
use std::{net::IpAddr, sync::Arc, time::Duration};
use wanted::Answer;

/// How long an answer may take that needs the database.
const QUESTION: Duration = Duration::from_secs(2);

/// What there is to say about a secret.
#[derive(Debug)]
pub enum Verdict {
    /// It is good, and has the modules.
    Allowed(Arc<TokenSnapshot>),
    /// It is good, but its token lacks a module.
    ModuleMissing(Arc<TokenSnapshot>),
    /// It is good, but a module is wanted that does not exist: whoever asks is set up wrongly.
    NoSuchModule(Arc<TokenSnapshot>),
    /// It is malformed, or nobody's.
    Unknown,
    /// Its token is disabled or deleted. Outside, nobody may hear that this is not [`Verdict::Unknown`] (T-13).
    Inactive,
}

/// What is told about a token that is good (RFC 7662, section 2.2).
#[derive(Debug, Clone)]
pub struct Introspection {
    /// Whose token it is.
    pub token: Arc<CurrentToken>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ConsoleService {
    /// Whether `secret` is good for what is wanted, presented from `ip`. Each answer but that to an unknown secret counts
    /// as a use.
    ///
    /// # Errors
    /// Unavailable: it cannot be said for certain now.
    pub async fn verify(
        &self,
        secret: &str,
        wanted: &Wanted<'_>,
        ip: Option<IpAddr>,
    ) -> Result<Verdict, ApiError> {
        let verdict = within(self.verdict(secret, wanted, ip)).await;
        self.seen_seldom(verdict, &Origin::default())
    }

    /// The program that presents `secret` to Latchkey itself, for what `module` opens; `None` for one that is malformed,
    /// unknown or of a token that is not Active. Which of these it is, nobody hears (T-13). Whether it has the module is
    /// for whoever does what it asks for to say.
    ///
    /// # Errors
    /// Unavailable: it cannot be said for certain now.
    pub async fn authenticate_program(
        &self,
        secret: &str,
        module: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<Arc<CurrentToken>>, ApiError> {
        let wanted = Wanted::all(module);
        let verdict = within(self.verdict(secret, &wanted, origin.ip)).await;
        let verdict = self.seen_seldom(verdict, origin)?;
        Ok(match verdict {
            Verdict::Allowed(found)
            | Verdict::ModuleMissing(found)
            | Verdict::NoSuchModule(found) => Some(Arc::clone(&found.token)),
            Verdict::Unknown | Verdict::Inactive => None,
        })
    }

    async fn verdict(
        &self,
        secret: &str,
        wanted: &Wanted<'_>,
        ip: Option<IpAddr>,
    ) -> Result<Verdict, ServiceError> {
        let Some(snapshot) = self.find_snapshot(secret).await? else {
            return Ok(Verdict::Unknown);
        };
        if !snapshot.is_active() {
            self.count_use(&snapshot, ip, &[], UseOutcome::Inactive);
            return Ok(Verdict::Inactive);
        }
        // The codes that exist are looked at only where the token's own do not settle it.
        let answer = match wanted.of(&snapshot.token) {
            Some(granted) => Answer::Granted(granted),
            None => wanted.among(&snapshot.token, &*self.modules().await?),
        };
        Ok(match answer {
            Answer::Granted(modules) => {
                self.count_use(&snapshot, ip, &modules, UseOutcome::Allowed);
                Verdict::Allowed(snapshot)
            }
            Answer::Lacking(modules) => {
                self.count_use(&snapshot, ip, &modules, UseOutcome::ModuleMissing);
                Verdict::ModuleMissing(snapshot)
            }
            Answer::NoSuchModule => {
                self.count_use(&snapshot, ip, &[], UseOutcome::ModuleMissing);
                Verdict::NoSuchModule(snapshot)
            }
        })
    }

    /// What there is to say about the token with this secret; `None` for one that is not good, or is another account's and
    /// none of the actor's business. The use is counted, without an address: whoever asks does not say from where the
    /// secret came to him.
    ///
    /// # Errors
    /// The actor's token lacks the module; unavailable.
    pub async fn introspect(
        &self,
        actor: &Actor,
        secret: &str,
    ) -> Result<Option<Introspection>, ApiError> {
        let found = async {
            authz::may_introspect(actor)?;
            self.find_snapshot(secret).await
        };
        let snapshot = self.seen_seldom(within(found).await, &actor.origin)?;
        let told = snapshot.filter(|snapshot| authz::is_told_of(actor, &snapshot.token));
        let Some(snapshot) = told else {
            return Ok(None);
        };
        if !snapshot.is_active() {
            self.count_use(&snapshot, None, &[], UseOutcome::Inactive);
            return Ok(None);
        }
        self.count_use(&snapshot, None, &[], UseOutcome::Allowed);
        Ok(Some(Introspection {
            token: Arc::clone(&snapshot.token),
            created_at: snapshot.created_at,
        }))
    }

    /// What the caller sees of a failure. Each call to the platform asks, thousands in a second: while the database fails,
    /// the log says so once a second.
    fn seen_seldom<T>(
        &self,
        result: Result<T, ServiceError>,
        origin: &Origin,
    ) -> Result<T, ApiError> {
        result.map_err(|error| {
            let request_id = &*origin.request_id;
            if error.is_own_fault() && self.verify_failures.is_due(self.env.clock.now()) {
                tracing::error!(
                    %error,
                    request_id,
                    "a token could not be looked up; others may fail as well, which is said once a second at most"
                );
            }
            error.seen(request_id)
        })
    }

    fn count_use(
        &self,
        snapshot: &TokenSnapshot,
        ip: Option<IpAddr>,
        modules: &[ModuleId],
        outcome: UseOutcome,
    ) {
        let presented = Presented {
            token: snapshot.token.id,
            at: self.env.clock.now(),
            ip,
        };
        self.uses.note(presented, modules, outcome);
        if outcome != UseOutcome::Inactive && snapshot.is_first_use() {
            self.uses.write_soon();
        }
    }

    /// The token with this secret, whatever its state; `None` for one that nobody has.
    async fn find_snapshot(
        &self,
        secret: &str,
    ) -> Result<Option<Arc<TokenSnapshot>>, ServiceError> {
        let Ok(secret) = TokenSecret::parse(self.token_prefix(), secret) else {
            return Ok(None);
        };
        if !self.following.is_certain() {
            return Err(uncertain().into());
        }
        // Held to the end: nothing is moved to a key that this question does not know.
        let keyring = self.keyring();
        let lookups: SmallVec<[_; 2]> = keyring.lookup_values(&secret).collect();
        let Some((place, snapshot)) = self.find_by(&lookups).await? else {
            return Ok(None);
        };
        if place > 0 && !snapshot.is_deleted() {
            let (from, to) = (lookups[place], lookups[0]);
            self.moves.note(
                snapshot.token.id,
                Lookups { from, to },
                keyring.active().kid(),
            );
        }
        Ok(Some(snapshot))
    }

    /// The token that one of these values finds, and which of them; the active key's is the first.
    async fn find_by(
        &self,
        lookups: &[[u8; 32]],
    ) -> Result<Option<(usize, Arc<TokenSnapshot>)>, ServiceError> {
        let memory = self.db.memory();
        let places = 0..lookups.len();
        for place in places.clone() {
            if let Some(snapshot) = self.index.find(memory, &lookups[place]) {
                return Ok(Some((place, snapshot)));
            }
        }
        // A token that was moved by another process is known by what it was found by before.
        if !lookups.iter().any(|lookup| Index::may_hold(memory, lookup)) {
            return Ok(None);
        }
        // Tokens are moved to the active key, never away from it. One that was not found under it yet, and then not under
        // another one any more, was moved in between.
        let again = (lookups.len() > 1).then_some(0);
        for place in places.chain(again) {
            let lookup = &lookups[place];
            let read = || repo::bearers::find_bearer(self.db.find(), lookup);
            if let Some(snapshot) = self.index.load(memory, lookup, read).await? {
                return Ok(Some((place, snapshot)));
            }
        }
        Ok(None)
    }

    /// The modules there are, by code.
    async fn modules(&self) -> Result<Arc<index::Modules>, ServiceError> {
        let list = || repo::modules::list_modules(self.db.find());
        self.index.modules(self.db.memory(), list).await
    }
}

/// Waits for the database, and for others who ask it the same, no longer than a gateway does. What is in memory is there
/// before any clock is looked at.
async fn within<T>(
    question: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    let answer = tokio::time::timeout(QUESTION, question).await;
    answer.unwrap_or_else(|_| Err(uncertain().into()))
}

/// Nobody is let in, and nobody is told that his secret is bad.
fn uncertain() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "Latchkey cannot say now whether this token is good, so the request was not let through. Try again in a moment.",
    )
}
