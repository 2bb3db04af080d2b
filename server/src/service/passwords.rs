//! Changing one's own password, and entering it once more (T-27).

use super::{
    ConsoleService, Doer, NewSession, ServiceError,
    audit::{Entry, Object},
    authz, seen,
    throttle::Keys,
};
use crate::{
    repo::{self, WriteTx},
    secret::strength,
};
use app::{
    domain::{audit::Event, secret::SecretText, user::CurrentUser},
    error::{ApiError, FieldError},
    port::Actor,
};
use secrecy::{ExposeSecret as _, SecretString};

impl ConsoleService {
    /// Changes the actor's password. Every sign-in of his ends, this one too; it goes on under a new cookie.
    ///
    /// # Errors
    /// Invalid, with the fields `current` and `password`; too many requests, after too many wrong ones;
    /// unauthenticated for anyone but a person.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: SecretString,
        new: SecretString,
    ) -> Result<NewSession, ApiError> {
        seen(
            self.try_change_password(actor, current, new).await,
            &actor.origin,
        )
    }

    async fn try_change_password(
        &self,
        actor: &Actor,
        current: SecretString,
        new: SecretString,
    ) -> Result<NewSession, ServiceError> {
        let user = authz::person(actor)?.clone();
        // Whoever found an open browser can guess here no faster than at the front door.
        let keys = Keys::new(&user.email, &actor.origin);
        keys.check(self.db.read(), self.env.clock.now()).await?;
        let stored = repo::users::find_user(self.db.read(), user.id)
            .await?
            .and_then(|row| row.password_hash);
        let complaint = check_new(&user, &current, &new);
        let matches = self
            .passwords
            .verify(current, stored.clone())
            .await?
            .matches;
        if !matches {
            let tx = self.db.begin_write().await?;
            // Of many tries at once only the first counts: the others meet its failure here.
            keys.check(&tx, self.env.clock.now()).await?;
            let summary = format!("Changing the password of {} refused", user.name);
            self.count_wrong_password(tx, actor, &keys, Event::UserPasswordChanged, summary)
                .await?;
        }
        let wrong = (!matches).then(|| field("current", "This is not your current password."));
        let errors: Vec<_> = wrong.into_iter().chain(complaint).collect();
        if !errors.is_empty() {
            return Err(ApiError::invalid(errors).into());
        }
        let hash = self.passwords.hash(new, &*self.env.random).await?;
        let tx = self.db.begin_write().await?;
        keys.check(&tx, self.env.clock.now()).await?;
        let unchanged = repo::users::find_user(&tx, user.id)
            .await?
            .is_some_and(|row| row.password_hash == stored);
        if !unchanged {
            let error = field(
                "current",
                "Your password was changed elsewhere a moment ago. Sign in again.",
            );
            return Err(ApiError::invalid(vec![error]).into());
        }
        self.replace_password(&tx, &Doer::actor(actor), &user, &hash)
            .await?;
        keys.forgive(&tx).await?;
        let secret = self
            .open_session(&tx, &user, "password", &actor.origin)
            .await?;
        tx.commit().await?;
        Ok(NewSession { secret, user })
    }

    /// Takes the actor's password once more. His other sign-ins are none the younger for it.
    pub(super) async fn reauthenticate(
        &self,
        actor: &Actor,
        password: &SecretText,
    ) -> Result<(), ServiceError> {
        let user = authz::person(actor)?;
        let handle = actor
            .sign_in
            .as_ref()
            .ok_or_else(ApiError::unauthenticated)?;
        let keys = Keys::new(&user.email, &actor.origin);
        keys.check(self.db.read(), self.env.clock.now()).await?;
        let row = repo::users::find_user(self.db.read(), user.id).await?;
        let stored = row.and_then(|row| row.password_hash);
        let matches = self
            .passwords
            .verify(as_typed(password), stored.clone())
            .await?
            .matches;
        let tx = self.db.begin_write().await?;
        let now = self.env.clock.now();
        // As at the front door: of many tries at once only the first counts, and what held before may hold no longer.
        keys.check(&tx, now).await?;
        let row = repo::users::find_user(&tx, user.id).await?;
        if !matches || row.is_none_or(|row| row.password_hash != stored) {
            let summary = format!("The password of {} was asked again and refused", user.name);
            self.count_wrong_password(tx, actor, &keys, Event::SessionRefused, summary)
                .await?;
            let error = field("password", "This is not your password.");
            return Err(ApiError::invalid(vec![error]).into());
        }
        if !repo::sessions::update_authenticated_at(&tx, user.id, handle, now).await? {
            return Err(ApiError::unauthenticated().into());
        }
        keys.forgive(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Counts and records a wrong password of somebody who is signed in.
    async fn count_wrong_password(
        &self,
        tx: WriteTx,
        actor: &Actor,
        keys: &Keys,
        event: Event,
        summary: String,
    ) -> Result<(), ServiceError> {
        let user = authz::person(actor)?;
        let locked = keys.count(&tx, self.env.clock.now()).await?;
        let refused = |event, summary| Entry {
            event,
            refused: Some("wrong password"),
            summary,
            ..password_entry(user)
        };
        let mut entries = vec![refused(event, summary)];
        if locked {
            let summary = format!("Signing in as {} closed for today", user.name);
            entries.push(refused(Event::SessionLocked, summary));
        }
        for entry in entries {
            self.record(&tx, &Doer::actor(actor), entry).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Stores another password, ends every sign-in of its owner and records it.
    pub(super) async fn replace_password(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        user: &CurrentUser,
        hash: &str,
    ) -> Result<(), ServiceError> {
        let summary = format!(
            "The password of {} was changed and all sign-ins ended",
            user.name
        );
        self.store_password(tx, doer, user, hash, summary).await
    }

    /// Stores a password, the first or another, ends every sign-in of its owner and records it.
    pub(super) async fn store_password(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        user: &CurrentUser,
        hash: &str,
        summary: String,
    ) -> Result<(), ServiceError> {
        repo::users::update_password(tx, user.id, hash).await?;
        repo::sessions::delete_all(tx, user.id).await?;
        let entry = Entry {
            summary,
            ..password_entry(user)
        };
        self.record(tx, doer, entry).await
    }
}

/// What is recorded of a password, but for the summary.
fn password_entry(user: &CurrentUser) -> Entry<'_> {
    Entry {
        event: Event::UserPasswordChanged,
        object: Object {
            kind: "User",
            id: user.id.to_string(),
            name: &user.name,
            revision: None,
        },
        account: Some(user.account.id),
        refused: None,
        summary: String::new(),
        changes: Vec::new(),
    }
}

/// A password that came by a server function, as the hasher takes it.
#[expect(
    clippy::disallowed_methods,
    reason = "a password on its way into the type that hides and wipes it"
)]
fn as_typed(password: &SecretText) -> SecretString {
    SecretString::from(password.expose())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a password's rules look at its text; nothing is kept of it"
)]
fn check_new(user: &CurrentUser, current: &SecretString, new: &SecretString) -> Option<FieldError> {
    if current.expose_secret() == new.expose_secret() {
        return Some(field(
            "password",
            "The new password is the one you have now. Choose another.",
        ));
    }
    check_password(new, &[&user.name, &user.email])
}

/// What is wrong with a new password, under the field `password`.
pub(super) fn check_password(new: &SecretString, context: &[&str]) -> Option<FieldError> {
    let complaint = strength::check(new, context).err();
    complaint.map(|message| field("password", message))
}

/// A sentence beside a field.
pub(super) fn field(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}
