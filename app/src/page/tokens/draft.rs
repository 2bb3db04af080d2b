//! What a person has typed into the edit form, set against the token it began from.

use crate::domain::{
    icon::IconId,
    module::ModuleId,
    secret::RevealPolicy,
    token::{TokenDetails, TokenEdit, TokenField, TokenForm},
    validate,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The fields of the form as signals.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The token that the draft is a change of; replaced when somebody else changed it meanwhile.
    pub base: RwSignal<TokenDetails>,
    /// The picture.
    pub icon: RwSignal<Option<IconId>>,
    /// Who may see the secret later.
    pub reveal: RwSignal<RevealPolicy>,
    /// The name.
    pub name: RwSignal<String>,
    /// The description.
    pub description: RwSignal<String>,
    /// The ids of the modules that are ticked.
    pub modules: RwSignal<BTreeSet<ModuleId>>,
}

impl Draft {
    /// A draft without a change.
    pub fn new(form: &TokenForm) -> Self {
        let token = &form.token;
        Self {
            base: RwSignal::new(token.clone()),
            icon: RwSignal::new(token.icon.clone()),
            reveal: RwSignal::new(token.reveal),
            name: RwSignal::new(token.name.clone()),
            description: RwSignal::new(token.description.clone()),
            modules: RwSignal::new(module_ids(token)),
        }
    }

    /// The draft as it would be sent.
    pub fn edit(self) -> TokenEdit {
        TokenEdit {
            revision: self.base.with(|base| base.revision),
            icon: self.icon.get(),
            reveal: self.reveal.get(),
            name: self.name.get(),
            description: self.description.get(),
            modules: self.modules.get().into_iter().collect(),
        }
    }

    /// Whether saving would change anything. Blanks that are not kept do not count.
    pub fn dirty(self) -> Signal<bool> {
        Memo::new(move |_| {
            let name = self
                .name
                .with(|name| validate::name("", name).unwrap_or_else(|_| name.clone()));
            let description = self
                .description
                .with(|text| validate::description(text).unwrap_or_else(|_| text.clone()));
            self.base.with(|base| {
                name != base.name
                    || description != base.description
                    || self.modules.get() != module_ids(base)
                    || self.icon.get() != base.icon
                    || self.reveal.get() != base.reveal
            })
        })
        .into()
    }

    /// What is wrong with a field.
    pub fn error(self, field: TokenField) -> Option<String> {
        match field {
            TokenField::Name => self
                .name
                .with(|name| validate::name("The name", name).err()),
            TokenField::Description => self
                .description
                .with(|text| validate::description(text).err()),
            TokenField::Icon | TokenField::Reveal | TokenField::Modules => None,
        }
    }

    /// Takes one field as another token has it.
    pub fn take(self, field: TokenField, from: &TokenDetails) {
        match field {
            TokenField::Icon => self.icon.set(from.icon.clone()),
            TokenField::Reveal => self.reveal.set(from.reveal),
            TokenField::Name => self.name.set(from.name.clone()),
            TokenField::Description => self.description.set(from.description.clone()),
            TokenField::Modules => self.modules.set(module_ids(from)),
        }
    }

    /// Takes one field as an earlier edit had it.
    pub fn put_back(self, field: TokenField, edit: &TokenEdit) {
        match field {
            TokenField::Icon => self.icon.set(edit.icon.clone()),
            TokenField::Reveal => self.reveal.set(edit.reveal),
            TokenField::Name => self.name.set(edit.name.clone()),
            TokenField::Description => self.description.set(edit.description.clone()),
            TokenField::Modules => self.modules.set(edit.modules.iter().copied().collect()),
        }
    }
}

/// The ids of a token's modules.
pub fn module_ids(token: &TokenDetails) -> BTreeSet<ModuleId> {
    token.modules.iter().map(|module| module.id).collect()
}
