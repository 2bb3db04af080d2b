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
        let modules = self.fitting_modules(place, entry)?;
        if let Some(here) = self.accounts.get(&account.id).cloned() {
            let held = repo::modules::list_of_account(self.tx, account.id).await?;
            self.report
                .compare(place, "name", &here.name, &account.name);
            self.report
                .compare(place, "type", here.kind.as_str(), account.kind.as_str());
            self.report
                .compare(place, "modules", codes(&held), codes(&modules));
            return Ok(());
        }
        self.service
            .create_account(
                self.tx,
                &self.doer,
                &account,
                &modules.iter().collect::<Vec<_>>(),
            )
            .await?;
        self.report.accounts += 1;
        self.accounts.insert(account.id, account);
        Ok(())
    }

    fn fitting_modules(
        &self,
        place: Place,
        entry: &AccountEntry,
    ) -> Result<Vec<Module>, ProvisionError> {
        let modules = modules_named(&self.modules, place, &entry.modules)?;
        if let Some((index, module)) = modules.iter().find(|(_, module)| module.retired) {
            let message = format!("The module {} is retired.", module.name);
            return Err(place.wrong(&format!("modules[{index}]"), message));
        }
        let unfit = modules
            .iter()
            .find(|(_, module)| !module.account_types.contains(&entry.kind));
        if let Some((index, module)) = unfit {
            let message = format!(
                "The module {} is not for accounts of type {}.",
                module.name,
                entry.kind.as_str()
            );
            return Err(place.wrong(&format!("modules[{index}]"), message));
        }
        Ok(modules
            .into_iter()
            .map(|(_, module)| module.clone())
            .collect())
    }
}
