//! The fields that adding and editing share: logo, name, description, and who may see the secret later.

use super::{edit_state::element_id, reveal_field::RevealField};
use crate::{
    domain::{icon::IconId, secret::RevealPolicy, token::TokenField, validate::DESCRIPTION_MAX},
    ui::{Erase as _, Logo, LogoField, TextArea, TextField},
};
use leptos::prelude::*;

/// What the fields show and change.
pub struct GeneralFields {
    /// The picture that is being chosen.
    pub logo: Logo,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub reveal: RwSignal<RevealPolicy>,
    /// Nothing can be changed now.
    pub frozen: Signal<bool>,
    /// The picture that is kept already, and its address.
    pub stored_logo: Signal<Option<(IconId, String)>>,
    /// The loosest policy there is to choose.
    pub loosest: Signal<RevealPolicy>,
    /// What choosing a policy comes to.
    pub reveal_note: Signal<&'static str>,
}

/// The fields, each with what is wrong with it.
pub fn general_fields(
    fields: GeneralFields,
    error: impl Fn(TokenField) -> Signal<Option<String>>,
) -> AnyView {
    let frozen = fields.frozen;
    view! {
        <LogoField
            id=element_id(TokenField::Icon)
            label=TokenField::Icon.label()
            logo=fields.logo
            stored=fields.stored_logo
            frozen
            error=error(TokenField::Icon)
        />
        <TextField
            id=element_id(TokenField::Name)
            label=TokenField::Name.label()
            value=fields.name
            frozen
            error=error(TokenField::Name)
        />
        <TextArea
            id=element_id(TokenField::Description)
            label=TokenField::Description.label()
            value=fields.description
            max=DESCRIPTION_MAX
            frozen
            error=error(TokenField::Description)
        />
        <RevealField
            id=element_id(TokenField::Reveal)
            value=fields.reveal
            loosest=fields.loosest
            frozen
            note=fields.reveal_note
            error=error(TokenField::Reveal)
        />
    }
    .erased()
}
