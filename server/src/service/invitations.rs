//! Invitations: a one-time address by which somebody who was added sets his first password.

use super::{
    ConsoleService, CreateUser, Doer, NewSession, ServiceError,
    authz::{people as may, shut_out},
    email_key,
    passwords::check_password,
    seen,
    throttle::account_key,
    user_admin::{changeable, checked, taken},
};
use crate::{
    repo::{self, Conn, WriteTx, users::UserRow as StoredUser},
    secret::one_time::{OneTimeCode, Purpose},
};
use app::{
    domain::{
        account::AccountId,
        audit::Event,
        secret::SecretText,
        user::{CurrentUser, Invitation, UserChanged, UserForm, UserId, UserStatus},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Origin},
};
use secrecy::SecretString;

/// An invitation is good for this many seconds.
const VALID: i64 = 72 * 3_600;

impl ConsoleService {
    pub(super) async fn invite(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
        new: &UserForm,
    ) -> Result<UserChanged, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let user = may::person(&actor)?;
        let account = account.unwrap_or(user.account.id);
        may::may_change_users_of(user, account)?;
        let account = repo::accounts::find_account(&tx, account).await?;
        let account = account.ok_or_else(ApiError::not_found)?;
        let checked = checked(new)?;
        let known = repo::users::find_by_email(&tx, &email_key(&checked.email)).await?;
        if known.is_some() {
            return Err(taken().into());
        }
        let id = self.free_user_id(&tx).await?;
        let user = CreateUser {
            id,
            account: &account,
            name: &checked.name,
            email: &checked.email,
            role: new.role,
            password_hash: None,
        };
        self.create_user(&tx, &Doer::actor(&actor), user).await?;
        self.write_invitation(tx, &actor, id).await
    }

    pub(super) async fn invite_anew(
        &self,
        actor: &Actor,
        id: UserId,
    ) -> Result<UserChanged, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (_, row) = changeable(&tx, &actor, id).await?;
        if row.password_hash.is_some() {
            let message = "This user has a password already, so there is nothing to invite to.";
            return Err(ApiError::new(ErrorCode::Conflict, message).into());
        }
        if row.status == UserStatus::Disabled {
            let message = "This user is disabled. Enable the user first, then write an invitation.";
            return Err(ApiError::new(ErrorCode::Conflict, message).into());
        }
        self.write_invitation(tx, &actor, id).await
    }

    async fn write_invitation(
        &self,
        tx: WriteTx,
        actor: &Actor,
        id: UserId,
    ) -> Result<UserChanged, ServiceError> {
        let row = repo::users::find_user(&tx, id).await?;
        let row = row.ok_or_else(ApiError::not_found)?;
        let code = OneTimeCode::generate(Purpose::Invitation, &*self.env.random)?;
        let now = self.env.clock.now();
        let until = now.plus_seconds(VALID);
        let by = super::authz::actor_id(actor);
        repo::invitations::put_invitation(&tx, id, code.hash(), (now, until), &by).await?;
        let summary = format!("User \"{}\" invited", row.user.name);
        let doer = Doer::actor(actor);
        self.record_user(&tx, &doer, &row, Event::UserInvited, summary, Vec::new())
            .await?;
        tx.commit().await?;
        let page = app::href::invitation(&code.expose());
        Ok(UserChanged::Invited(Invitation {
            id,
            address: SecretText::new(format!("{}{page}", self.settings.public_url)),
            until,
        }))
    }

    /// Whom this code invites, while it is good.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn find_invited(&self, code: &str) -> Result<Option<CurrentUser>, ApiError> {
        let found = self.invited(self.db.read(), code).await;
        let found = seen(found, &Origin::default())?;
        Ok(found.map(|row| row.user))
    }

    async fn invited(
        &self,
        conn: &impl Conn,
        code: &str,
    ) -> Result<Option<StoredUser>, ServiceError> {
        let Some(code) = OneTimeCode::parse(Purpose::Invitation, code) else {
            return Ok(None);
        };
        let found = repo::invitations::find_invited(conn, code.hash()).await?;
        let Some((id, until)) = found else {
            return Ok(None);
        };
        if until <= self.env.clock.now() {
            return Ok(None);
        }
        let row = repo::users::find_user(conn, id).await?;
        Ok(row.filter(|row| shut_out(row).is_none()))
    }

    /// Sets the first password of whoever is invited by this code, and signs him in. Works once.
    ///
    /// # Errors
    /// Forbidden, for a code that is not good, or no longer; invalid, with the field `password`.
    pub async fn accept_invitation(
        &self,
        code: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<NewSession, ApiError> {
        seen(self.try_accept(code, password, origin).await, origin)
    }

    async fn try_accept(
        &self,
        code: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<NewSession, ServiceError> {
        // Before the costly hash, so that strangers cannot make the server work; and again inside.
        let invited = self.invited(self.db.read(), code).await?;
        let row = invited.ok_or_else(not_good)?;
        if let Some(error) = check_password(&password, &[&row.user.name, &row.user.email]) {
            return Err(ApiError::invalid(vec![error]).into());
        }
        let hash = self.passwords.hash(password, &*self.env.random).await?;
        let tx = self.db.begin_write().await?;
        let row = self.invited(&tx, code).await?.ok_or_else(not_good)?;
        let user = row.user;
        repo::invitations::delete_invitation(&tx, user.id).await?;
        let doer = Doer::proven(&user, None, "invitation", origin);
        let summary = format!("{} accepted the invitation and chose a password", user.name);
        self.store_password(&tx, &doer, &user, &hash, summary)
            .await?;
        repo::throttle::delete_failures(&tx, &account_key(&user.email)).await?;
        let secret = self.open_session(&tx, &user, "invitation", origin).await?;
        tx.commit().await?;
        Ok(NewSession { secret, user })
    }
}

/// The answer to a code that is not good, or no longer.
#[must_use]
pub fn not_good() -> ApiError {
    ApiError::new(
        ErrorCode::Forbidden,
        "This invitation was used already, is older than three days, or was taken back. Ask whoever invited you for a new \
         one.",
    )
}
