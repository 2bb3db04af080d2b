//! People as Administrators see and change them.

use super::{
    ConsoleService, Doer, ServiceError,
    administration::{Subject, differing, named, outdated},
    authz::people as may,
    email_key,
    many_tokens::{ManyChange, changed},
    passwords::field,
    sessions::{ABSOLUTE, IDLE},
};
use crate::repo::{
    self, WriteTx, token_batches::Chosen, user_rows::UserChange, users::UserRow as StoredUser,
};
use app::{
    domain::{
        audit::{Change, Event},
        directory::DirectoryQuery,
        lifecycle::TokenAction,
        page::Page,
        token::TokenStatus,
        user::{
            CurrentUser, PersonRef, Role, TokensOfLeaver, UserAction, UserChanged, UserForm,
            UserId, UserRow, UserStatus,
        },
        validate,
    },
    error::ApiError,
    port::Actor,
};

/// The fields of a form about a person, valid and in the form in which they are stored.
pub(super) struct CheckedUser {
    pub name: String,
    pub email: String,
}

impl ConsoleService {
    pub(super) async fn user_rows(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<UserRow>, ServiceError> {
        let user = may::person(actor)?;
        let (scope, conn, now) = (may::user_scope(user)?, self.db.read(), self.env.clock.now());
        let account = match (scope, query.account) {
            (Some(own), Some(other)) if own != other => return Err(ApiError::not_found().into()),
            (own, other) => own.or(other),
        };
        let found = repo::user_rows::list_page(conn, account, &query.search, query.page).await?;
        let ids: Vec<UserId> = found.rows.iter().map(|row| row.user.id).collect();
        let since = (now.plus_seconds(-ABSOLUTE), now.plus_seconds(-IDLE));
        let sign_ins = repo::user_rows::count_sign_ins(conn, &ids, since).await?;
        let invited = repo::invitations::list_of(conn, &ids).await?;
        let mut tokens = Vec::with_capacity(ids.len());
        for id in &ids {
            tokens.push(repo::user_rows::count_tokens(conn, *id).await?);
        }
        let mut tokens = tokens.into_iter();
        Ok(found.map(|row| {
            let id = row.user.id;
            let until = invited.get(&id).copied();
            UserRow {
                status: row.status,
                revision: row.revision,
                created_at: row.created_at,
                invited_until: until,
                invitation_over: until.is_some_and(|until| until <= now),
                sign_ins: sign_ins.get(&id).copied().unwrap_or(0),
                tokens: tokens.next().unwrap_or(0),
                may_change: may::changes_users_of(user, row.user.account.id),
                own: id == user.id,
                user: row.user,
            }
        }))
    }

    pub(super) async fn save_user(
        &self,
        actor: &Actor,
        id: UserId,
        revision: i64,
        edit: &UserForm,
    ) -> Result<UserChanged, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (user, row) = changeable(&tx, &actor, id).await?;
        let checked = checked(edit)?;
        let key = email_key(&checked.email);
        let change = UserChange {
            name: &checked.name,
            email: &checked.email,
            email_key: &key,
            role: edit.role,
        };
        if alters(&row, &change).is_empty() {
            return Ok(UserChanged::Done);
        }
        if revision != row.revision {
            return Err(outdated("user"));
        }
        if edit.role != row.user.role {
            may::may_not_be_self(&user, &row.user, "change your own role")?;
        }
        if edit.role == Role::Viewer {
            self.check_last(&tx, &row, "Administrator").await?;
        }
        let other = repo::users::find_by_email(&tx, &key).await?;
        if other.is_some_and(|other| other.user.id != id) {
            return Err(taken().into());
        }
        self.update_user(&tx, &Doer::actor(&actor), &row, &change)
            .await?;
        tx.commit().await?;
        Ok(UserChanged::Done)
    }

    /// Changes a person as he stands, and records it.
    pub(super) async fn update_user(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        row: &StoredUser,
        change: &UserChange<'_>,
    ) -> Result<(), ServiceError> {
        let changes = alters(row, change);
        repo::user_rows::update_user(tx, row.user.id, row.revision, change).await?;
        let summary = format!("User \"{}\" updated: {}", change.name, named(&changes));
        let subject = Subject {
            name: change.name,
            revision: Some(row.revision + 1),
            ..subject(row)
        };
        self.record_change(tx, doer, Event::UserUpdated, subject, (summary, changes))
            .await
    }

    pub(super) async fn act_on_user(
        &self,
        actor: &Actor,
        id: UserId,
        action: UserAction,
    ) -> Result<UserChanged, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (user, row) = changeable(&tx, &actor, id).await?;
        let doer = Doer::actor(&actor);
        match action {
            UserAction::Enable => {
                if row.status == UserStatus::Disabled {
                    self.set_user_status(&tx, &doer, &row, UserStatus::Active)
                        .await?;
                }
            }
            UserAction::Disable => {
                may::may_not_be_self(&user, &row.user, "disable yourself")?;
                self.keep_out(&tx, &doer, &row).await?;
            }
            UserAction::EndSignIns => {
                let sessions = repo::sessions::list_sessions(&tx, id).await?;
                let handles = sessions.into_iter().map(|session| session.handle);
                let handles: Vec<_> = handles
                    .filter(|handle| actor.sign_in.as_ref() != Some(handle))
                    .collect();
                self.end(&tx, &doer, &row.user, &handles).await?;
            }
        }
        tx.commit().await?;
        Ok(UserChanged::Done)
    }

    pub(super) async fn offboard(
        &self,
        actor: &Actor,
        id: UserId,
        tokens: &TokensOfLeaver,
    ) -> Result<UserChanged, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let (user, row) = changeable(&tx, &actor, id).await?;
        may::may_not_be_self(&user, &row.user, "disable yourself")?;
        self.keep_out(&tx, &Doer::actor(&actor), &row).await?;
        let changed = match tokens {
            TokensOfLeaver::Keep => 0,
            TokensOfLeaver::Disable => {
                let made = Chosen::MadeBy(id, Some(TokenStatus::Active));
                self.change_many(&tx, &actor, &made, &ManyChange::Step(TokenAction::Disable))
                    .await?
            }
            TokensOfLeaver::HandOver(to) => {
                let to = successor(&tx, &row, *to).await?;
                let made = Chosen::MadeBy(id, None);
                self.change_many(&tx, &actor, &made, &ManyChange::HandOver(&to))
                    .await?
            }
        };
        tx.commit().await?;
        Ok(UserChanged::Tokens(changed))
    }

    /// Disables somebody, unless he is already, ends his sign-ins and takes his invitation back.
    pub(super) async fn keep_out(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        row: &StoredUser,
    ) -> Result<(), ServiceError> {
        if row.status == UserStatus::Disabled {
            return Ok(());
        }
        self.check_last(tx, row, "enabled").await?;
        self.set_user_status(tx, doer, row, UserStatus::Disabled)
            .await?;
        repo::invitations::delete_invitation(tx, row.user.id).await?;
        repo::sessions::delete_all(tx, row.user.id).await?;
        Ok(())
    }

    async fn check_last(
        &self,
        tx: &WriteTx,
        row: &StoredUser,
        stays: &str,
    ) -> Result<(), ServiceError> {
        let user = &row.user;
        let others =
            repo::user_rows::count_other_administrators(tx, user.account.id, user.id).await?;
        if row.status == UserStatus::Active {
            may::may_step_down(user, others, stays)?;
        }
        Ok(())
    }

    /// Lets somebody sign in, or no longer, and records it.
    pub(super) async fn set_user_status(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        row: &StoredUser,
        status: UserStatus,
    ) -> Result<(), ServiceError> {
        let (event, done) = match status {
            UserStatus::Active => (Event::UserEnabled, "enabled"),
            UserStatus::Disabled => (Event::UserDisabled, "disabled"),
        };
        repo::users::update_status(tx, row.user.id, status).await?;
        let changes = vec![changed("status", row.status.as_str(), status.as_str())];
        let summary = format!("User \"{}\" {done}", row.user.name);
        self.record_user(tx, doer, row, event, summary, changes)
            .await
    }

    /// Records what was done to somebody.
    pub(super) async fn record_user(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        row: &StoredUser,
        event: Event,
        summary: String,
        changes: Vec<Change>,
    ) -> Result<(), ServiceError> {
        self.record_change(tx, doer, event, subject(row), (summary, changes))
            .await
    }
}

/// The fields in which a person will be another than he is.
fn alters(row: &StoredUser, change: &UserChange<'_>) -> Vec<Change> {
    let old = &row.user;
    differing([
        ("name", old.name.clone(), change.name.to_owned()),
        ("email", old.email.clone(), change.email.to_owned()),
        (
            "role",
            old.role.as_str().to_owned(),
            change.role.as_str().to_owned(),
        ),
    ])
}

fn subject(row: &StoredUser) -> Subject<'_> {
    Subject {
        kind: "User",
        id: row.user.id.to_string(),
        name: &row.user.name,
        revision: None,
        account: Some(row.user.account.id),
    }
}

/// Whoever acts, and the person whom he may change.
pub(super) async fn changeable(
    tx: &WriteTx,
    actor: &Actor,
    id: UserId,
) -> Result<(CurrentUser, StoredUser), ServiceError> {
    let user = may::person(actor)?;
    let row = repo::users::find_user(tx, id).await?;
    let row = row.ok_or_else(ApiError::not_found)?;
    may::may_change_users_of(user, row.user.account.id)?;
    Ok((user.clone(), row))
}

/// Who takes the tokens of somebody over: another active person of his account.
async fn successor(
    tx: &WriteTx,
    leaver: &StoredUser,
    to: UserId,
) -> Result<PersonRef, ServiceError> {
    let row = repo::users::find_user(tx, to).await?;
    let fits = |row: &StoredUser| {
        row.user.account.id == leaver.user.account.id
            && row.user.id != leaver.user.id
            && row.status == UserStatus::Active
    };
    let Some(row) = row.filter(fits) else {
        let message = "Choose another active user of the same account.";
        return Err(ApiError::invalid(vec![field("to", message)]).into());
    };
    Ok(PersonRef {
        id: to.to_string(),
        name: row.user.name,
    })
}

pub(super) fn checked(form: &UserForm) -> Result<CheckedUser, ApiError> {
    let name = validate::name("The name", &form.name).map_err(|message| field("name", message));
    let email = validate::email(&form.email).map_err(|message| field("email", message));
    match (name, email) {
        (Ok(name), Ok(email)) => Ok(CheckedUser { name, email }),
        (name, email) => {
            let errors = [name.err(), email.err()];
            Err(ApiError::invalid(errors.into_iter().flatten().collect()))
        }
    }
}

/// Two people cannot have one address.
pub(super) fn taken() -> ApiError {
    let message = "There is a user with this e-mail address already.";
    ApiError::invalid(vec![field("email", message)])
}
