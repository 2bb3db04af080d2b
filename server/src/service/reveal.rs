//! Showing a secret: the only way by which one leaves after the token was added (T-24 to T-29).
//!
//! What is answered here is recorded before: the secret leaves after the commit, or not at all (T-26).

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    authz,
    throttle::micros_to_seconds,
    token_maker::SECRET_TABLE,
};
use crate::{
    repo::{self, Conn, WriteTx, tokens::TokenRow},
    secret::seal::{self, Place, SealError},
};
use app::{
    domain::{
        audit::Event,
        secret::{RevealPolicy, SecretAccess, SecretText, SecretUse},
        time::Timestamp,
        token::TokenId,
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};

/// So often a person may have secrets shown or copied within [`PERIOD`] (T-27).
const MOST: u64 = 20;
/// So often he may say within [`PERIOD`] that he copied what stands on his screen: each time is a line for ever.
const MOST_NOTED: u64 = 3 * MOST;
/// Seconds.
const PERIOD: i64 = 10 * 60;
/// A password that was entered more than so many seconds from now was entered before the clock was set back.
const SKEW: i64 = 60;

/// Why a secret is not shown, and the word for it in the audit trail, for what is recorded.
struct Refusal {
    error: ApiError,
    recorded: Option<&'static str>,
}

impl ConsoleService {
    /// A token's secret, opened; nothing when it is not stored. The only place that opens one: whoever calls this has
    /// looked whether it may be answered, and records that it is.
    ///
    /// # Errors
    /// [`ServiceError::Seal`], when the stored value does not belong to its row (T-21).
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that opens a stored secret"
    )]
    pub(super) async fn stored_secret(
        &self,
        conn: &impl Conn,
        id: TokenId,
    ) -> Result<Option<SecretText>, ServiceError> {
        let Some(sealed) = repo::secrets::find_secret(conn, id).await? else {
            return Ok(None);
        };
        let row = id.to_string();
        let place = Place {
            instance: &self.instance_id,
            table: SECRET_TABLE,
            row: &row,
        };
        let opened = seal::open(&self.keyring(), place, &sealed)?;
        let text = std::str::from_utf8(&opened).map_err(|_| SealError::Integrity)?;
        Ok(Some(SecretText::new(text.to_owned())))
    }

    /// Shows a secret to whoever may see it. With the policy `once` it is gone from the store when it is answered.
    pub(super) async fn reveal(
        &self,
        actor: &Actor,
        id: TokenId,
        purpose: SecretUse,
    ) -> Result<SecretText, ServiceError> {
        let tx = self.db.begin_write().await?;
        repo::tokens::lock_token(&tx, id).await?;
        let token = visible(&tx, actor, id).await?;
        let policy = self.policy(&token);
        if let Some(refusal) = self.objection(&tx, actor, &token, policy).await? {
            return Err(self.refuse_use(tx, actor, &token, purpose, refusal).await?);
        }
        let secret = match self.stored_secret(&tx, id).await {
            Ok(Some(secret)) => secret,
            Ok(None) => return Err(gone().into()),
            Err(ServiceError::Seal(fault)) => {
                // Nothing was changed so far; the record of the damage stands alone.
                drop(tx);
                return Err(self.report_damage(actor, &token, fault).await?);
            }
            Err(error) => return Err(error),
        };
        let last = policy == RevealPolicy::Once;
        if last {
            repo::secrets::delete_secret(&tx, id).await?;
        }
        self.record(&tx, &Doer::actor(actor), done(&token, purpose, last))
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// The secret once more for a form that was sent again, as after an answer that was lost; recorded and counted like
    /// any other. `None` when it is not to be had: not stored, or too many were shown.
    pub(super) async fn reveal_again(
        &self,
        tx: WriteTx,
        actor: &Actor,
        id: TokenId,
    ) -> Result<Option<SecretText>, ServiceError> {
        let token = visible(&tx, actor, id).await?;
        let never = self.policy(&token) == RevealPolicy::Never;
        if never || self.wait_for_secrets(&tx, actor, MOST).await?.is_some() {
            return Ok(None);
        }
        match self.stored_secret(&tx, id).await {
            Ok(Some(secret)) => {
                let entry = done(&token, SecretUse::Show, false);
                self.record(&tx, &Doer::actor(actor), entry).await?;
                tx.commit().await?;
                Ok(Some(secret))
            }
            Err(ServiceError::Seal(fault)) => {
                drop(tx);
                Err(self.report_damage(actor, &token, fault).await?)
            }
            other => other,
        }
    }

    /// Records that a secret on the actor's screen was copied. He has it already, and it counts.
    pub(super) async fn note_copied(&self, actor: &Actor, id: TokenId) -> Result<(), ServiceError> {
        let tx = self.db.begin_write().await?;
        let token = visible(&tx, actor, id).await?;
        if !authz::may_have_seen_secret(actor, &token) {
            let refusal = Refusal {
                error: others_only(&token),
                recorded: Some("not allowed"),
            };
            return Err(self
                .refuse_use(tx, actor, &token, SecretUse::Copy, refusal)
                .await?);
        }
        if let Some(seconds) = self.wait_for_secrets(&tx, actor, MOST_NOTED).await? {
            return Err(too_many(MOST_NOTED, seconds).into());
        }
        let entry = done(&token, SecretUse::Copy, false);
        self.record(&tx, &Doer::actor(actor), entry).await?;
        Ok(tx.commit().await?)
    }

    /// Why the actor cannot have the secret now; `None` when he can.
    async fn objection(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        token: &TokenRow,
        policy: RevealPolicy,
    ) -> Result<Option<Refusal>, ServiceError> {
        let (error, recorded) = match authz::secret_access(actor, token) {
            SecretAccess::Others => (others_only(token), Some("not allowed")),
            SecretAccess::Open if policy != RevealPolicy::Never => {
                if self.password_is_old(tx, actor).await? {
                    (self.password_needed(), None)
                } else if let Some(seconds) = self.wait_for_secrets(tx, actor, MOST).await? {
                    tracing::warn!(
                        seconds,
                        "a person asks for more secrets than is usual and has to wait"
                    );
                    (too_many(MOST, seconds), Some("too many secrets"))
                } else {
                    return Ok(None);
                }
            }
            SecretAccess::Open | SecretAccess::Gone => (gone(), None),
        };
        Ok(Some(Refusal { error, recorded }))
    }

    /// Whether the actor has to enter his password again (T-27). A sign-in that is over counts as one without.
    async fn password_is_old(&self, tx: &WriteTx, actor: &Actor) -> Result<bool, ServiceError> {
        let window = self.settings.reauth_window;
        if window == 0 {
            return Ok(false);
        }
        let user = authz::person(actor)?;
        let entered = match &actor.sign_in {
            Some(handle) => repo::sessions::find_authenticated_at(tx, user.id, handle).await?,
            None => None,
        };
        let now = self.env.clock.now();
        let recent = |at: Timestamp| now <= at.plus_seconds(window) && at <= now.plus_seconds(SKEW);
        Ok(!entered.is_some_and(recent))
    }

    fn password_needed(&self) -> ApiError {
        let ago = minutes(self.settings.reauth_window / 60);
        let message = format!(
            "You last entered your password more than {ago} ago. Enter it again to see the secret."
        );
        ApiError::new(ErrorCode::PasswordNeeded, message)
    }

    /// How many seconds the actor has to wait for another secret, when there may be `most`; `None` for not at all (T-27).
    async fn wait_for_secrets(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        most: u64,
    ) -> Result<Option<i64>, ServiceError> {
        let by = authz::actor_id(actor);
        let now = self.env.clock.now();
        let times = repo::secrets::list_uses(tx, &by, now.plus_seconds(-PERIOD), most).await?;
        let oldest = times.get(usize::try_from(most - 1).unwrap_or(usize::MAX));
        Ok(oldest.map(|at| micros_to_seconds(at.plus_seconds(PERIOD).0 - now.0).max(1)))
    }

    /// Records the refusal, if it is one that is recorded, and gives it back.
    async fn refuse_use(
        &self,
        tx: WriteTx,
        actor: &Actor,
        token: &TokenRow,
        purpose: SecretUse,
        refusal: Refusal,
    ) -> Result<ServiceError, ServiceError> {
        let Refusal { error, recorded } = refusal;
        if recorded.is_some() && self.records_refusal(&tx, actor).await? {
            let (event, doing) = match purpose {
                SecretUse::Show => (Event::TokenRevealed, "Showing"),
                SecretUse::Copy => (Event::TokenCopied, "Copying"),
            };
            let summary = format!("{doing} the secret of API token \"{}\" refused", token.name);
            let entry = Entry {
                refused: recorded,
                ..entry(event, token, summary)
            };
            self.record(&tx, &Doer::actor(actor), entry).await?;
            tx.commit().await?;
        }
        Ok(error.into())
    }

    /// Records that a stored value is not what was sealed for its row, and gives what the actor hears (T-21).
    async fn report_damage(
        &self,
        actor: &Actor,
        token: &TokenRow,
        fault: SealError,
    ) -> Result<ServiceError, ServiceError> {
        tracing::error!(token = %token.id, error = %fault, "a stored secret cannot be opened");
        let tx = self.db.begin_write().await?;
        let summary = format!(
            "The stored secret of API token \"{}\" is damaged and was not shown",
            token.name
        );
        let entry = Entry {
            refused: Some("does not open"),
            ..entry(Event::TokenIntegrityFailed, token, summary)
        };
        self.record(&tx, &Doer::actor(actor), entry).await?;
        tx.commit().await?;
        let message = "The stored secret of this token is damaged, so it cannot be shown. Programs that have it are \
                       not affected. Tell your operator, and add another token if you need its secret.";
        Ok(ApiError::new(ErrorCode::Internal, message).into())
    }
}

/// The token, as far as it exists for the actor.
async fn visible(tx: &WriteTx, actor: &Actor, id: TokenId) -> Result<TokenRow, ServiceError> {
    let token = repo::tokens::find_token(tx, authz::token_scope(actor)?, id).await?;
    Ok(token.ok_or_else(ApiError::not_found)?)
}

/// The line for a secret that was shown or copied. It raises no revision, so that edits do not collide with it.
fn done(token: &TokenRow, purpose: SecretUse, last: bool) -> Entry<'_> {
    let (event, word) = match purpose {
        SecretUse::Show => (Event::TokenRevealed, "shown"),
        SecretUse::Copy => (Event::TokenCopied, "copied"),
    };
    let end = if last { "; it is no longer stored" } else { "" };
    let summary = format!("Secret of API token \"{}\" {word}{end}", token.name);
    entry(event, token, summary)
}

fn entry(event: Event, token: &TokenRow, summary: String) -> Entry<'_> {
    Entry {
        event,
        object: Object {
            kind: "Token",
            id: token.id.to_string(),
            name: &token.name,
            revision: None,
        },
        account: Some(token.account.id),
        refused: None,
        summary,
        changes: Vec::new(),
    }
}

fn others_only(token: &TokenRow) -> ApiError {
    let message = format!(
        "Only Administrators of {} can see the secret of this token. Ask one of them.",
        token.account.name
    );
    ApiError::new(ErrorCode::Forbidden, message)
}

fn gone() -> ApiError {
    let message = "The secret of this token is no longer stored, so nobody can see it. Add another token if you need \
                   one.";
    ApiError::new(ErrorCode::Conflict, message)
}

fn too_many(most: u64, seconds: i64) -> ApiError {
    let wait = match seconds {
        1 => "1 second".to_owned(),
        ..=60 => format!("{seconds} seconds"),
        _ => minutes((seconds + 59) / 60),
    };
    let message = format!(
        "You have had {most} secrets shown or copied within {}, which is the most there may be. Wait {wait} and try \
         again.",
        minutes(PERIOD / 60)
    );
    ApiError::new(ErrorCode::TooManyRequests, message)
}

fn minutes(count: i64) -> String {
    if count == 1 {
        "1 minute".to_owned()
    } else {
        format!("{count} minutes")
    }
}
