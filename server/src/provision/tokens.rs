//! Tokens of a provisioning file.

use super::{Place, ProvisionError, Run, TokenEntry, codes};
use crate::{
    repo::{self, tokens::TokenRow},
    secret::token::TokenSecret,
    service::{CreateToken, EVERY_TOKEN, ServiceError},
};
use app::domain::{
    account::AccountRef,
    module::Module,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::UserId,
    validate,
};
use secrecy::{ExposeSecret as _, SecretString};

/// An entry whose every field is valid.
struct Checked {
    id: TokenId,
    account: AccountRef,
    name: String,
    description: String,
    modules: Vec<Module>,
    status: TokenStatus,
    secret: Option<TokenSecret>,
    created_by: Option<UserId>,
    created_at: Option<Timestamp>,
    last_access_at: Option<Timestamp>,
}

impl Run<'_> {
    /// Makes the token, unless it exists or once did. A secret is made when the entry has none.
    #[expect(
        clippy::disallowed_methods,
        reason = "a secret that was made is printed once, to whoever runs the command"
    )]
    pub(super) async fn token(
        &mut self,
        place: &Place,
        entry: &TokenEntry,
    ) -> Result<(), ProvisionError> {
        let checked = self.checked_token(place, entry).await?;
        if let Some(here) = repo::tokens::find_token(self.tx, EVERY_TOKEN, checked.id).await? {
            self.report_withheld(place, entry)?;
            return self.compare_token(place, &here, &checked).await;
        }
        let random = &*self.service.env.random;
        let secret = match &checked.secret {
            Some(secret) => secret.clone(),
            None => TokenSecret::generate(self.service.token_prefix(), random)
                .map_err(ServiceError::from)?,
        };
        if checked.secret.is_some() && self.is_taken(&secret).await? {
            return Err(place.wrong(
                "secret",
                "Another token has this secret already. Every token needs its own.",
            ));
        }
        let new = CreateToken {
            id: checked.id,
            account: checked.account.id,
            name: &checked.name,
            description: &checked.description,
            status: checked.status,
            modules: &checked.modules.iter().collect::<Vec<_>>(),
            secret: &secret,
            created_by: checked
                .created_by
                .map(|id| id.to_string())
                .unwrap_or_default(),
            created_at: checked
                .created_at
                .unwrap_or_else(|| self.service.env.clock.now()),
            last_access_at: checked.last_access_at,
            icon: None,
            reveal: self.service.loosest_reveal(),
        };
        self.service.create_token(self.tx, &self.doer, new).await?;
        self.report_withheld(place, entry)?;
        self.report.tokens += 1;
        if checked.secret.is_none() {
            self.report
                .made_secrets
                .push((checked.id, SecretString::from(secret.expose().to_owned())));
        }
        Ok(())
    }

    async fn checked_token(
        &self,
        place: &Place,
        entry: &TokenEntry,
    ) -> Result<Checked, ProvisionError> {
        let account = self.account_named(place, &entry.account)?;
        let status = entry.status.unwrap_or(TokenStatus::Active);
        if status == TokenStatus::Deleted {
            return Err(place.wrong(
                "status",
                "A token cannot begin as Deleted. Write Active or Disabled.",
            ));
        }
        let description = entry.description.as_deref().unwrap_or_default();
        let modules = self.given_modules(place, entry, &account).await?;
        let created_by = self
            .creator(place, entry.created_by.as_deref(), &account)
            .await?;
        Ok(Checked {
            id: place.id("id", &entry.id, "TKN-1234-1234")?,
            account,
            name: place.check("name", validate::name("The name", &entry.name))?,
            description: place.check("description", validate::description(description))?,
            modules,
            status,
            secret: entry
                .secret
                .as_ref()
                .map(|secret| self.parsed(place, secret))
                .transpose()?,
            created_by,
            created_at: place.moment("createdAt", entry.created_at.as_deref())?,
            last_access_at: place.moment("lastAccessAt", entry.last_access_at.as_deref())?,
        })
    }

    /// The modules of the entry that can be chosen, and those that are given without a choice.
    async fn given_modules(
        &self,
        place: &Place,
        entry: &TokenEntry,
        account: &AccountRef,
    ) -> Result<Vec<Module>, ProvisionError> {
        let held = repo::modules::list_of_account(self.tx, account.id).await?;
        let named = self.modules_named(place, &entry.modules)?;
        let foreign = named
            .iter()
            .find(|(_, module)| !held.iter().any(|held| held.id == module.id));
        if let Some((field, module)) = foreign {
            return Err(place.wrong(
                field,
                format!(
                    "The account {} does not have the module {}.",
                    account.id, module.name
                ),
            ));
        }
        let given = |module: &Module| {
            if module.settings.configurable {
                named.iter().any(|(_, named)| named.id == module.id)
            } else {
                module.settings.default
            }
        };
        Ok(held.into_iter().filter(|module| given(module)).collect())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the file's text becomes a sealed secret here"
    )]
    fn parsed(&self, place: &Place, secret: &SecretString) -> Result<TokenSecret, ProvisionError> {
        let prefix = self.service.token_prefix();
        TokenSecret::parse(prefix, secret.expose_secret()).map_err(|_| {
            let message = format!(
                "This is not a secret of this installation: {prefix}_, 30 letters or digits, then their checksum. \
                 Leave it out to have one made."
            );
            place.wrong("secret", message)
        })
    }

    async fn creator(
        &self,
        place: &Place,
        id: Option<&str>,
        account: &AccountRef,
    ) -> Result<Option<UserId>, ProvisionError> {
        let Some(text) = id else { return Ok(None) };
        let id = place.id("createdBy", text, "USR-1234-1210")?;
        let Some(known) = repo::users::find_user(self.tx, id).await? else {
            return Err(place.wrong("createdBy", format!("There is no user {id}.")));
        };
        // His name stands on the token's page, and accounts are walls.
        if known.user.account.id != account.id && !known.user.sees_all_accounts() {
            let message = format!("{id} belongs to another account than the token.");
            return Err(place.wrong("createdBy", message));
        }
        Ok(Some(id))
    }

    /// Reports the modules that the entry names and that no token can have.
    fn report_withheld(&mut self, place: &Place, entry: &TokenEntry) -> Result<(), ProvisionError> {
        let named = self.modules_named(place, &entry.modules)?;
        let withheld = named.into_iter().filter(|(_, module)| {
            let settings = &module.settings;
            !settings.configurable && !settings.default
        });
        let sentences: Vec<_> = withheld
            .map(|(field, module)| {
                let (path, name) = (&place.path, &module.name);
                format!("{path}.{field}: the module {name} is given to no token and was left out.")
            })
            .collect();
        self.report.differences.extend(sentences);
        Ok(())
    }

    async fn is_taken(&self, secret: &TokenSecret) -> Result<bool, ProvisionError> {
        for lookup in self.service.lookup_values(secret) {
            if repo::tokens::has_lookup(self.tx, &lookup).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn compare_token(
        &mut self,
        place: &Place,
        here: &TokenRow,
        file: &Checked,
    ) -> Result<(), ProvisionError> {
        let held = repo::modules::list_of_token(self.tx, here.id).await?;
        self.compare(place, "account", here.account.id, file.account.id);
        self.compare(place, "name", &here.name, &file.name);
        self.compare(place, "description", &here.description, &file.description);
        self.compare(place, "modules", codes(&held), codes(&file.modules));
        self.compare(place, "status", here.status.as_str(), file.status.as_str());
        if let Some(secret) = &file.secret
            && !self.is_taken(secret).await?
        {
            self.report.differences.push(format!(
                "{}.secret: the secret of {} stays; the file has another.",
                place.path, here.id
            ));
        }
        Ok(())
    }
}
