//! Users of a provisioning file.

use super::{Place, ProvisionError, Run, UserEntry};
use crate::{
    repo,
    secret::strength,
    service::{ConsoleService, CreateUser, ServiceError, email_key},
};
use app::domain::{user::UserId, validate};

/// The hash of each user's password, where he is new and has one. Done before the transaction, which would hold
/// up every other writer meanwhile.
pub(super) async fn hash_passwords(
    service: &ConsoleService,
    users: &[UserEntry],
) -> Result<Vec<Option<String>>, ProvisionError> {
    let mut hashes = Vec::with_capacity(users.len());
    for (index, entry) in users.iter().enumerate() {
        let known = repo::users::find_by_email(service.db.read(), &email_key(&entry.email))
            .await?
            .is_some();
        let password = entry.password.clone().filter(|_| !known);
        let Some(password) = password else {
            hashes.push(None);
            continue;
        };
        let place = Place::entry("users", index);
        place.check(
            "password",
            strength::check(&password, &[&entry.name, &entry.email]),
        )?;
        let hash = service.passwords.hash(password, &*service.env.random).await;
        hashes.push(Some(hash.map_err(ServiceError::from)?));
    }
    Ok(hashes)
}

impl Run<'_> {
    /// Makes the user, unless there is one with his e-mail address.
    pub(super) async fn user(
        &mut self,
        place: Place,
        entry: &UserEntry,
        password_hash: Option<String>,
    ) -> Result<(), ProvisionError> {
        let asked = entry
            .id
            .as_deref()
            .map(|id| place.id::<UserId>("id", id, "USR-1234-1210"))
            .transpose()?;
        let account = self.account_named(place, &entry.account)?;
        let name = place.check("name", validate::name("The name", &entry.name))?;
        let email = place.check("email", validate::email(&entry.email))?;
        if let Some(here) = repo::users::find_by_email(self.tx, &email_key(&email)).await? {
            let here = here.user;
            self.report
                .compare(place, "id", here.id, asked.unwrap_or(here.id));
            self.report
                .compare(place, "account", here.account.id, account.id);
            self.report.compare(place, "name", &here.name, &name);
            self.report
                .compare(place, "role", here.role.as_str(), entry.role.as_str());
            return Ok(());
        }
        let id = self.user_id(place, asked).await?;
        let new = CreateUser {
            id,
            account: &account,
            name: &name,
            email: &email,
            role: entry.role,
            password_hash,
        };
        self.service.create_user(self.tx, &self.doer, new).await?;
        self.report.users += 1;
        Ok(())
    }

    async fn user_id(&self, place: Place, asked: Option<UserId>) -> Result<UserId, ProvisionError> {
        let Some(id) = asked else {
            return Ok(self.service.free_user_id(self.tx).await?);
        };
        if repo::users::find_user(self.tx, id).await?.is_some() {
            return Err(place.wrong("id", format!("{id} is another user's id. Choose another.")));
        }
        Ok(id)
    }
}
