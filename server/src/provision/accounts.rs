//! Accounts of a provisioning file.

use super::{AccountEntry, Place, ProvisionError, Run, codes, modules_named};
use crate::repo;
use app::domain::{
    account::{AccountRef, AccountStatus},
    module::Module,
    validate,
};

impl Run<'_> {
    /// Makes the account with its modules, unless it exists.
    pub(super) async fn account(
        &mut self,
        place: Place,
        entry: &AccountEntry,
    ) -> Result<(), ProvisionError> {
        let account = AccountRef {
            id: place.id("id", &entry.id, "ACC-0001-0002")?,
            name: place.check("name", validate::name("The name", &entry.name))?,
            kind: entry.kind,
            status: AccountStatus::Active,
            icon: None,
        };
        let named = modules_named(&self.modules, place, &entry.modules)?;
        if let Some(here) = self.accounts.get(&account.id).cloned() {
            let held = repo::modules::list_of_account(self.tx, account.id).await?;
            self.report
                .compare(place, "name", &here.name, &account.name);
            self.report
                .compare(place, "type", here.kind.as_str(), account.kind.as_str());
            self.report
                .compare(place, "modules", codes(&held), codes(modules_of(&named)));
            return Ok(());
        }
        // Only now: what was retired or given to others since the account was made is no fault of the file.
        check_fit(place, entry, &named)?;
        let modules: Vec<_> = modules_of(&named).collect();
        self.service
            .create_account(self.tx, &self.doer, &account, &modules)
            .await?;
        self.report.accounts += 1;
        self.accounts.insert(account.id, account);
        Ok(())
    }
}

fn modules_of<'m>(named: &[(usize, &'m Module)]) -> impl Iterator<Item = &'m Module> {
    named.iter().map(|(_, module)| *module)
}

/// Refuses modules that a new account cannot have.
fn check_fit(
    place: Place,
    entry: &AccountEntry,
    named: &[(usize, &Module)],
) -> Result<(), ProvisionError> {
    for (index, module) in named {
        let (name, kind) = (&module.name, entry.kind);
        let message = if module.retired {
            format!("The module {name} is retired.")
        } else if module.account_types.contains(&kind) {
            continue;
        } else {
            let kind = kind.as_str();
            format!("The module {name} is not for accounts of type {kind}.")
        };
        return Err(place.wrong(&format!("modules[{index}]"), message));
    }
    Ok(())
}
