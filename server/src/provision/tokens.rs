//! Tokens of a provisioning file: one that was checked, what it becomes, and how it is compared with what exists.

use super::{Place, ProvisionError, ProvisionReport, codes};
use crate::{
    repo::{filter::SYSTEM_NAME, tokens::TokenRow},
    secret::token::TokenSecret,
    service::{CreateToken, TokenMaker},
};
use app::domain::{
    account::AccountId,
    id::AuditId,
    module::Module,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::PersonRef,
};
use std::{collections::HashSet, sync::Arc};

/// An entry whose every field is valid.
pub(super) struct Checked {
    pub place: Place,
    pub id: TokenId,
    pub account: AccountId,
    pub name: String,
    pub description: String,
    pub modules: Vec<Arc<Module>>,
    /// Modules that the entry names and its account does not have: a fault, unless the token exists already. Each with its
    /// place in the list of names.
    pub foreign: Vec<(usize, Module)>,
    /// What is to be said of modules that the entry names in vain.
    pub withheld: Vec<String>,
    pub status: TokenStatus,
    /// Its secret, and what that may be found by.
    pub secret: Option<(TokenSecret, Vec<[u8; 32]>)>,
    pub created_by: Option<PersonRef>,
    pub created_at: Option<Timestamp>,
    pub last_access_at: Option<Timestamp>,
}

/// Latchkey itself, as the maker of what nobody made.
fn system() -> PersonRef {
    PersonRef {
        id: String::new(),
        name: SYSTEM_NAME.to_owned(),
    }
}

impl Checked {
    /// What its secret may be found by; nothing when it has none yet.
    pub(super) fn lookups(&self) -> &[[u8; 32]] {
        let secret = self.secret.as_ref();
        secret
            .map(|(_, lookups)| lookups.as_slice())
            .unwrap_or_default()
    }

    /// Whether a token has its secret, when these values are taken.
    pub(super) fn is_taken(&self, taken: &HashSet<Vec<u8>>) -> bool {
        self.lookups()
            .iter()
            .any(|lookup| taken.contains(lookup.as_slice()))
    }

    /// Refuses modules that a new token cannot have.
    pub(super) fn check_new(&self) -> Result<(), ProvisionError> {
        let Some((index, module)) = self.foreign.first() else {
            return Ok(());
        };
        let (account, name) = (self.account, &module.name);
        let message = format!("The account {account} does not have the module {name}.");
        Err(self.place.wrong(&format!("modules[{index}]"), message))
    }

    /// The token to make of it.
    pub(super) fn to_create<'a>(
        &'a self,
        modules: &'a [&'a Module],
        secret: &'a TokenSecret,
        line: AuditId,
        maker: &TokenMaker,
    ) -> CreateToken<'a> {
        CreateToken {
            id: self.id,
            account: self.account,
            name: &self.name,
            description: &self.description,
            status: self.status,
            modules,
            secret,
            created_by: self.created_by.clone().unwrap_or_else(system),
            created_at: self.created_at.unwrap_or_else(|| maker.now()),
            last_access_at: self.last_access_at,
            icon: None,
            reveal: maker.loosest_reveal(),
            line,
        }
    }

    /// Reports where it and the token that exists differ.
    pub(super) fn compare(
        &self,
        report: &mut ProvisionReport,
        here: &TokenRow,
        held: &[Module],
        taken: &HashSet<Vec<u8>>,
    ) {
        let place = self.place;
        let given = self.modules.iter().map(|module| &**module);
        let modules = given.chain(self.foreign.iter().map(|(_, module)| module));
        report.compare(place, "account", here.account.id, self.account);
        report.compare(place, "name", &here.name, &self.name);
        report.compare(place, "description", &here.description, &self.description);
        report.compare(place, "modules", codes(held), codes(modules));
        report.compare(place, "status", here.status.as_str(), self.status.as_str());
        if self.secret.is_some() && !self.is_taken(taken) {
            report.differences.push(format!(
                "{place}.secret: the secret of {} stays; the file has another.",
                here.id
            ));
        }
    }
}
