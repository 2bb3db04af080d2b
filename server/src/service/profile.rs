//! One's own name: the only thing about oneself, beside the password, that everybody may change.

use super::{ConsoleService, Doer, ServiceError, authz, email_key, passwords::field, seen};
use crate::repo::{self, user_rows::UserChange};
use app::{
    domain::validate,
    error::{ApiError, ErrorCode},
    port::Actor,
};

impl ConsoleService {
    /// A person's own name and revision, for the form to start from.
    ///
    /// # Errors
    /// No person, or one who is out by now; failures of the server.
    pub async fn get_own_name(&self, actor: &Actor) -> Result<(String, i64), ApiError> {
        seen(self.own_name(actor).await, &actor.origin)
    }

    async fn own_name(&self, actor: &Actor) -> Result<(String, i64), ServiceError> {
        let id = authz::person(actor)?.id;
        let row = repo::users::find_user(self.db.read(), id).await?;
        let row = row.ok_or_else(ApiError::unauthenticated)?;
        Ok((row.user.name, row.revision))
    }

    /// Gives a person who has this revision another name of his own choice.
    ///
    /// # Errors
    /// No person, or one who is out by now; invalid, with the field `name`; outdated when somebody else changed him
    /// meanwhile; failures of the server.
    pub async fn save_own_name(
        &self,
        actor: &Actor,
        revision: i64,
        name: &str,
    ) -> Result<(), ApiError> {
        let saved = self.try_save_own_name(actor, revision, name).await;
        seen(saved, &actor.origin)
    }

    async fn try_save_own_name(
        &self,
        actor: &Actor,
        revision: i64,
        name: &str,
    ) -> Result<(), ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let id = authz::person(&actor)?.id;
        let row = repo::users::find_user(&tx, id).await?;
        let row = row.ok_or_else(ApiError::unauthenticated)?;
        let name = validate::name("The name", name)
            .map_err(|message| ApiError::invalid(vec![field("name", message)]))?;
        if name == row.user.name {
            return Ok(());
        }
        if revision != row.revision {
            return Err(outdated().into());
        }
        let change = UserChange {
            name: &name,
            email: &row.user.email,
            email_key: &email_key(&row.user.email),
            role: row.user.role,
        };
        self.update_user(&tx, &Doer::actor(&actor), &row, &change)
            .await?;
        Ok(tx.commit().await?)
    }
}

fn outdated() -> ApiError {
    let message = "Somebody changed your profile while this page was open, so your name was not saved. Look at what \
                   is saved now, and save once more if your name is to stand there.";
    ApiError::new(ErrorCode::Outdated, message)
}
