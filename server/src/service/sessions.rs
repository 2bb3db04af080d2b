//! Signing in and out, and the sign-ins that a person has (A-1…A-11).

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    authz, email_key, seen,
    throttle::Keys,
};
use crate::{
    repo::{
        self, WriteTx,
        sessions::{NewSessionRow, SessionRow},
        users::UserRow,
    },
    secret::session::SessionSecret,
    user_agent,
};
use app::{
    domain::{audit::Event, sign_in::SignIn, time::Timestamp, user::CurrentUser},
    error::{ApiError, ErrorCode},
    port::{Actor, Origin},
};
use secrecy::SecretString;
use tokio::task::spawn_blocking;

/// A sign-in that was not used for this many seconds is over.
pub(super) const IDLE: i64 = 30 * 60;
/// A sign-in is over after this many seconds, used or not.
pub(super) const ABSOLUTE: i64 = 8 * 3_600;
/// Use is noted at most once in this many seconds.
const NOTED: i64 = 60;
/// A person has at most this many sign-ins; another one ends the oldest.
const MOST: usize = 20;

/// A sign-in that has just begun: what goes into the cookie, and whose it is.
pub struct NewSession {
    /// The cookie's value.
    pub secret: SessionSecret,
    /// The person.
    pub user: CurrentUser,
}

impl ConsoleService {
    /// Signs a person in.
    ///
    /// # Errors
    /// Unauthenticated, with the same words for every reason; too many requests, with how long to wait.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<NewSession, ApiError> {
        seen(self.try_sign_in(email, password, origin).await, origin)
    }

    async fn try_sign_in(
        &self,
        email: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<NewSession, ServiceError> {
        let keys = Keys::new(email, origin);
        let key = email_key(email);
        keys.check(self.db.read(), self.env.clock.now()).await?;
        let known = repo::users::find_by_email(self.db.read(), &key).await?;
        let stored = known.and_then(|known| known.password_hash);
        let verdict = self
            .passwords
            .verify(password.clone(), stored.clone())
            .await?;
        let rehashed = if verdict.matches && verdict.needs_rehash {
            Some(self.passwords.hash(password, &*self.env.random).await?)
        } else {
            None
        };
        let tx = self.db.begin_write().await?;
        // Of many tries at once only the first counts: the others meet its failure here.
        keys.check(&tx, self.env.clock.now()).await?;
        // What held while the hash was computed may hold no longer.
        let known = repo::users::find_by_email(&tx, &key).await?;
        let unchanged = known
            .as_ref()
            .is_some_and(|known| known.password_hash == stored);
        if let Some(reason) = refusal(known.as_ref(), verdict.matches && unchanged) {
            self.refuse_sign_in(tx, &keys, known.as_ref(), reason, origin)
                .await?;
            return Err(wrong().into());
        }
        let Some(UserRow { user, .. }) = known else {
            return Err(wrong().into());
        };
        keys.forgive(&tx).await?;
        if let Some(hash) = rehashed {
            repo::users::update_password(&tx, user.id, &hash).await?;
        }
        let secret = self.open_session(&tx, &user, "password", origin).await?;
        tx.commit().await?;
        Ok(NewSession { secret, user })
    }

    /// Counts and records a refused sign-in, in a transaction of its own.
    async fn refuse_sign_in(
        &self,
        tx: WriteTx,
        keys: &Keys,
        known: Option<&UserRow>,
        reason: &'static str,
        origin: &Origin,
    ) -> Result<(), ServiceError> {
        let locked = keys.count(&tx, self.env.clock.now()).await?;
        let doer = Doer::anonymous("password", origin);
        let mut events = vec![Event::SessionRefused];
        events.extend(locked.then_some(Event::SessionLocked));
        for event in events {
            // What was typed is not written down: it may be a password in the wrong field.
            let name = known.map_or("", |known| known.user.name.as_str());
            let id = known
                .map(|known| known.user.id.to_string())
                .unwrap_or_default();
            let entry = Entry {
                event,
                object: Object {
                    kind: "User",
                    id,
                    name,
                    revision: None,
                },
                account: known.map(|known| known.user.account.id),
                refused: Some(reason),
                summary: "Signing in refused".to_owned(),
                changes: Vec::new(),
            };
            self.record(&tx, &doer, entry).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Begins a sign-in for somebody who has proved himself by `method`, and records it.
    pub(super) async fn open_session(
        &self,
        tx: &WriteTx,
        user: &CurrentUser,
        method: &'static str,
        origin: &Origin,
    ) -> Result<SessionSecret, ServiceError> {
        let now = self.env.clock.now();
        let secret = SessionSecret::generate(&*self.env.random)?;
        let handle = secret.handle();
        repo::sessions::delete_expired(tx, now.plus_seconds(-ABSOLUTE), now.plus_seconds(-IDLE))
            .await?;
        let doer = Doer::proven(user, Some(&handle), method, origin);
        let sessions = repo::sessions::list_sessions(tx, user.id).await?;
        let oldest: Vec<_> = sessions
            .into_iter()
            .skip(MOST - 1)
            .map(|session| session.handle)
            .collect();
        self.end(tx, &doer, user, &oldest).await?;
        let row = NewSessionRow {
            id_hash: secret.hash(),
            handle: handle.clone(),
            user: user.id,
            at: now,
            ip: origin.ip.map(|ip| ip.to_string()),
            user_agent: origin.user_agent.clone(),
        };
        repo::sessions::insert_session(tx, row).await?;
        let summary = format!("{} signed in", user.name);
        self.record(
            tx,
            &doer,
            session_entry(Event::SessionCreated, user, &handle, summary),
        )
        .await?;
        Ok(secret)
    }

    /// Ends these sign-ins of `user` and records each. Says how many there were.
    pub(super) async fn end(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        user: &CurrentUser,
        handles: &[String],
    ) -> Result<u64, ServiceError> {
        let ended = repo::sessions::delete_sessions(tx, user.id, handles).await?;
        if ended > 0 {
            for handle in handles {
                let summary = format!("A sign-in of {} ended", user.name);
                self.record(
                    tx,
                    doer,
                    session_entry(Event::SessionEnded, user, handle, summary),
                )
                .await?;
            }
        }
        Ok(ended)
    }

    /// Who holds this cookie, and the handle of his sign-in; nobody, when it is over, or he or his account was
    /// disabled since.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn authenticate(
        &self,
        secret: &SessionSecret,
    ) -> Result<Option<(CurrentUser, String)>, ApiError> {
        seen(self.try_authenticate(secret).await, &Origin::default())
    }

    async fn try_authenticate(
        &self,
        secret: &SessionSecret,
    ) -> Result<Option<(CurrentUser, String)>, ServiceError> {
        let now = self.env.clock.now();
        let hash = secret.hash();
        let Some((session, row)) = repo::sessions::find_session(self.db.read(), hash).await? else {
            return Ok(None);
        };
        if !is_alive(&session, now) || authz::shut_out(&row).is_some() {
            return Ok(None);
        }
        if now.seconds_since(session.last_seen_at) >= NOTED
            && let Err(error) = self.note_use(hash, now).await
        {
            // Reading goes on when nothing can be written; the sign-in only ends sooner.
            tracing::warn!(%error, "the use of a sign-in was not noted");
        }
        Ok(Some((row.user, session.handle)))
    }

    async fn note_use(&self, hash: [u8; 32], now: Timestamp) -> Result<(), ServiceError> {
        let tx = self.db.begin_write().await?;
        repo::sessions::update_last_seen(&tx, hash, now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the sign-in by which the actor acts. Ending it twice is no error.
    ///
    /// # Errors
    /// Unauthenticated for anyone but a person; failures of the server.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), ApiError> {
        let handles: Vec<_> = actor.sign_in.clone().into_iter().collect();
        seen(
            self.end_own(actor, |_| handles).await.map(|_| ()),
            &actor.origin,
        )
    }

    /// Ends one of the actor's sign-ins.
    ///
    /// # Errors
    /// Not found, also for somebody else's; unauthenticated for anyone but a person.
    pub async fn end_sign_in(&self, actor: &Actor, handle: &str) -> Result<(), ApiError> {
        let handle = handle.to_owned();
        let ended = seen(self.end_own(actor, |_| vec![handle]).await, &actor.origin)?;
        if ended == 0 {
            Err(ApiError::not_found())
        } else {
            Ok(())
        }
    }

    /// Ends all of the actor's sign-ins but the one by which he acts.
    ///
    /// # Errors
    /// Unauthenticated for anyone but a person; failures of the server.
    pub async fn end_other_sign_ins(&self, actor: &Actor) -> Result<(), ApiError> {
        let others = |sessions: Vec<SessionRow>| {
            let handles = sessions.into_iter().map(|session| session.handle);
            handles
                .filter(|handle| actor.sign_in.as_ref() != Some(handle))
                .collect()
        };
        seen(self.end_own(actor, others).await.map(|_| ()), &actor.origin)
    }

    async fn end_own(
        &self,
        actor: &Actor,
        choose: impl FnOnce(Vec<SessionRow>) -> Vec<String> + Send,
    ) -> Result<u64, ServiceError> {
        let user = authz::person(actor)?;
        let tx = self.db.begin_write().await?;
        let handles = choose(repo::sessions::list_sessions(&tx, user.id).await?);
        let ended = self.end(&tx, &Doer::actor(actor), user, &handles).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The actor's own sign-ins that are still good.
    pub(super) async fn sign_ins(&self, actor: &Actor) -> Result<Vec<SignIn>, ServiceError> {
        let user = authz::person(actor)?;
        let now = self.env.clock.now();
        let sessions = repo::sessions::list_sessions(self.db.read(), user.id).await?;
        let alive = sessions
            .into_iter()
            .filter(|session| is_alive(session, now));
        let current = actor.sign_in.clone();
        let sign_in = move |session: SessionRow| SignIn {
            current: current.as_ref() == Some(&session.handle),
            handle: session.handle,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            address: session.ip,
            device: user_agent::device(session.user_agent.as_deref()),
            user_agent: session.user_agent.as_deref().map(user_agent::legible),
        };
        let alive: Vec<_> = alive.collect();
        // The first time it takes as long as a whole page.
        Ok(spawn_blocking(move || alive.into_iter().map(sign_in).collect()).await?)
    }
}

fn is_alive(session: &SessionRow, now: Timestamp) -> bool {
    now < session.created_at.plus_seconds(ABSOLUTE) && now < session.last_seen_at.plus_seconds(IDLE)
}

/// Why a sign-in is refused, for the audit trail only; `None` when it is not.
fn refusal(known: Option<&UserRow>, matches: bool) -> Option<&'static str> {
    match known {
        None => Some("unknown address"),
        Some(_) if !matches => Some("wrong password"),
        Some(row) => authz::shut_out(row),
    }
}

fn wrong() -> ApiError {
    ApiError::new(
        ErrorCode::Unauthenticated,
        "The e-mail address or the password is not right.",
    )
}

fn session_entry<'a>(
    event: Event,
    user: &'a CurrentUser,
    handle: &str,
    summary: String,
) -> Entry<'a> {
    Entry {
        event,
        object: Object {
            kind: "Session",
            id: handle.to_owned(),
            name: &user.name,
            revision: None,
        },
        account: Some(user.account.id),
        refused: None,
        summary,
        changes: Vec::new(),
    }
}
