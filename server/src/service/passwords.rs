//! Changing one's own password.

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
    domain::{audit::Event, user::CurrentUser},
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
            self.count_wrong_password(actor, &keys).await?;
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

    async fn count_wrong_password(&self, actor: &Actor, keys: &Keys) -> Result<(), ServiceError> {
        let user = authz::person(actor)?;
        let tx = self.db.begin_write().await?;
        let locked = keys.count(&tx, self.env.clock.now()).await?;
        let refused = |event, summary| Entry {
            event,
            refused: Some("wrong password"),
            summary,
            ..password_entry(user)
        };
        let summary = format!("Changing the password of {} refused", user.name);
        let mut entries = vec![refused(Event::UserPasswordChanged, summary)];
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
        repo::users::update_password(tx, user.id, hash).await?;
        repo::sessions::delete_all(tx, user.id).await?;
        self.record(tx, doer, password_entry(user)).await
    }
}

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
        summary: format!(
            "The password of {} was changed and all sign-ins ended",
            user.name
        ),
        changes: Vec::new(),
    }
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
