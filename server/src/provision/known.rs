//! What the tokens of a file are checked against: modules, accounts, people and keys. Nothing of it changes while tokens are
//! made, so that they are checked without the database.

use super::{Place, ProvisionError, TokenEntry, modules_named, tokens::Checked};
use crate::{
    repo::{self, StoreError, WriteTx},
    secret::token::TokenSecret,
    service::TokenMaker,
};
use app::domain::{
    account::AccountId,
    module::Module,
    token::TokenStatus,
    user::{CurrentUser, PersonRef, UserId},
    validate,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{collections::HashMap, sync::Arc};

/// All of it.
pub(super) struct Known {
    maker: TokenMaker,
    modules: Vec<Arc<Module>>,
    /// The modules of each account, by name.
    accounts: HashMap<AccountId, Vec<Arc<Module>>>,
    users: HashMap<UserId, CurrentUser>,
}

/// The modules of an entry.
struct Given {
    /// Those that can be chosen, and those that are given without a choice.
    modules: Vec<Arc<Module>>,
    /// A sentence for each that it names and that no token can have.
    withheld: Vec<String>,
    /// Those that it names and that its account does not have, with their places in the list of names.
    foreign: Vec<(usize, Module)>,
}

impl Known {
    /// As things stand in this transaction.
    pub(super) async fn read(
        tx: &WriteTx,
        accounts: impl IntoIterator<Item = AccountId>,
        maker: TokenMaker,
    ) -> Result<Self, StoreError> {
        let modules = repo::modules::list_modules(tx).await?;
        let modules: Vec<_> = modules.into_iter().map(Arc::new).collect();
        let held = repo::accounts::list_modules_of_all(tx).await?;
        let of_account = |id: &AccountId| {
            let held = held.get(id).map(Vec::as_slice).unwrap_or_default();
            let held = modules.iter().filter(|module| held.contains(&module.id));
            held.cloned().collect()
        };
        let accounts = accounts.into_iter().map(|id| (id, of_account(&id)));
        let accounts = accounts.collect();
        let users = repo::users::list_users(tx).await?;
        let users = users.into_iter().map(|row| (row.user.id, row.user));
        Ok(Self {
            maker,
            accounts,
            users: users.collect(),
            modules,
        })
    }

    /// The entry, if every field of it is valid.
    pub(super) fn check(
        &self,
        place: Place,
        entry: &TokenEntry,
    ) -> Result<Checked, ProvisionError> {
        let account = entry.account.parse().ok();
        let held = account.and_then(|id| Some((id, self.accounts.get(&id)?)));
        let (account, held) = held.ok_or_else(|| place.no_account(&entry.account))?;
        let status = entry.status.unwrap_or(TokenStatus::Active);
        if status == TokenStatus::Deleted {
            return Err(place.wrong(
                "status",
                "A token cannot begin as Deleted. Write Active or Disabled.",
            ));
        }
        let description = entry.description.as_deref().unwrap_or_default();
        let Given {
            modules,
            withheld,
            foreign,
        } = self.given_modules(place, entry, held)?;
        let created_by = self.creator(place, entry.created_by.as_deref(), account)?;
        let secret = entry.secret.as_ref();
        Ok(Checked {
            place,
            account,
            modules,
            withheld,
            foreign,
            status,
            created_by,
            id: place.id("id", &entry.id, "TKN-1234-1234")?,
            name: place.check("name", validate::name("The name", &entry.name))?,
            description: place.check("description", validate::description(description))?,
            secret: secret
                .map(|secret| self.secret(place, secret))
                .transpose()?,
            created_at: place.moment("createdAt", entry.created_at.as_deref())?,
            last_access_at: place.moment("lastAccessAt", entry.last_access_at.as_deref())?,
        })
    }

    /// What becomes of the modules that the entry names.
    fn given_modules(
        &self,
        place: Place,
        entry: &TokenEntry,
        held: &[Arc<Module>],
    ) -> Result<Given, ProvisionError> {
        let named = modules_named(&self.modules, place, &entry.modules)?;
        let foreign = named
            .iter()
            .filter(|(_, module)| !held.iter().any(|held| held.id == module.id));
        let given = |module: &&Arc<Module>| {
            if module.settings.configurable {
                named.iter().any(|(_, named)| named.id == module.id)
            } else {
                module.settings.default
            }
        };
        let withheld = named.iter().filter(|(_, module)| {
            let settings = &module.settings;
            !settings.configurable && !settings.default
        });
        let withheld = withheld.map(|(index, module)| {
            let name = &module.name;
            format!(
                "{place}.modules[{index}]: the module {name} is given to no token and was left out."
            )
        });
        Ok(Given {
            modules: held.iter().filter(given).cloned().collect(),
            withheld: withheld.collect(),
            foreign: foreign
                .map(|(index, module)| (*index, (*module).clone()))
                .collect(),
        })
    }

    fn creator(
        &self,
        place: Place,
        id: Option<&str>,
        account: AccountId,
    ) -> Result<Option<PersonRef>, ProvisionError> {
        let Some(text) = id else { return Ok(None) };
        let id = place.id("createdBy", text, "USR-1234-1210")?;
        let Some(user) = self.users.get(&id) else {
            return Err(place.wrong("createdBy", format!("There is no user {id}.")));
        };
        // His name stands on the token's page, and accounts are walls.
        if user.account.id != account && !user.sees_all_accounts() {
            let message = format!("{id} belongs to another account than the token.");
            return Err(place.wrong("createdBy", message));
        }
        Ok(Some(PersonRef {
            id: text.to_owned(),
            name: user.name.clone(),
        }))
    }

    /// A secret, and what it may be found by.
    #[expect(
        clippy::disallowed_methods,
        reason = "the file's text becomes a sealed secret here"
    )]
    fn secret(
        &self,
        place: Place,
        secret: &SecretString,
    ) -> Result<(TokenSecret, Vec<[u8; 32]>), ProvisionError> {
        let parsed = self.maker.parse_secret(secret.expose_secret());
        let secret = parsed.map_err(|_| {
            let prefix = self.maker.prefix();
            let message = format!(
                "This is not a secret of this installation: {prefix}_, 30 letters or digits, then their checksum. \
                 Leave it out to have one made."
            );
            place.wrong("secret", message)
        })?;
        let lookups = self.maker.lookup_values(&secret);
        Ok((secret, lookups))
    }
}
