//! Modules of a provisioning file.

use super::{ModuleEntry, Place, ProvisionError, Run};
use crate::env::below;
use app::domain::{
    account::{AccountType, type_list},
    module::{Module, ModuleId, ModuleSettings},
    validate,
};

/// How often an id is drawn before giving up. There are ten thousand.
const DRAWS: u32 = 1_000;

impl Run<'_> {
    /// Makes the module, unless there is one with its code.
    pub(super) async fn module(
        &mut self,
        place: Place,
        entry: &ModuleEntry,
    ) -> Result<(), ProvisionError> {
        let mut module = self.checked_module(place, entry)?;
        if let Some(here) = self
            .modules
            .iter()
            .find(|here| here.code == module.code)
            .cloned()
        {
            if entry.id.is_none() {
                module.id = here.id;
            }
            self.compare_module(place, &here, &module);
            return Ok(());
        }
        if self.modules.iter().any(|here| here.id == module.id) {
            return Err(place.wrong(
                "id",
                format!("{} is another module's id. Choose another.", module.id),
            ));
        }
        self.service
            .create_module(self.tx, &self.doer, &module)
            .await?;
        self.report.modules += 1;
        self.modules.push(module);
        Ok(())
    }

    fn checked_module(&self, place: Place, entry: &ModuleEntry) -> Result<Module, ProvisionError> {
        let id = match &entry.id {
            Some(id) => place.id("id", id, "MOD-0478")?,
            None => self.free_module_id(place)?,
        };
        let settings = entry.settings.unwrap_or_default();
        Ok(Module {
            id,
            name: place.check("name", validate::name("The name", &entry.name))?,
            code: place.check("code", validate::module_code(&entry.code))?,
            description: place.check(
                "description",
                validate::description(entry.description.as_deref().unwrap_or_default()),
            )?,
            account_types: entry
                .account_types
                .clone()
                .unwrap_or_else(|| AccountType::ALL.to_vec()),
            settings: ModuleSettings {
                default: settings.default.unwrap_or(false),
                configurable: settings.configurable.unwrap_or(true),
                paid: settings.paid.unwrap_or(false),
            },
            retired: false,
        })
    }

    fn free_module_id(&self, place: Place) -> Result<ModuleId, ProvisionError> {
        for _ in 0..DRAWS {
            let number = below(&*self.service.env.random, ModuleId::SPACE)
                .map_err(crate::service::ServiceError::from)?;
            let id = ModuleId::from_number(number);
            if let Some(id) = id.filter(|id| !self.modules.iter().any(|module| module.id == *id)) {
                return Ok(id);
            }
        }
        Err(place.wrong("id", "No free id was found. Write one."))
    }

    fn compare_module(&mut self, place: Place, here: &Module, file: &Module) {
        self.report.compare(place, "id", here.id, file.id);
        self.report.compare(place, "name", &here.name, &file.name);
        self.report
            .compare(place, "description", &here.description, &file.description);
        self.report.compare(
            place,
            "accountTypes",
            type_list(&here.account_types),
            type_list(&file.account_types),
        );
        let pairs = [
            (
                "settings.default",
                here.settings.default,
                file.settings.default,
            ),
            (
                "settings.configurable",
                here.settings.configurable,
                file.settings.configurable,
            ),
            ("settings.paid", here.settings.paid, file.settings.paid),
        ];
        for (field, here, file) in pairs {
            self.report.compare(place, field, here, file);
        }
        self.report
            .compare(place, "retired", here.retired, file.retired);
    }
}
