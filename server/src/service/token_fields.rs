//! The fields of a token as forms send them: what is valid, what differs, and how the trail names them. Adding and
//! editing share it, so that nothing can be added which could not be saved.

use super::icons::NOT_KEPT;
use app::{
    domain::{
        audit::Change,
        icon::IconId,
        module::{Module, ModuleId},
        new_token::NewToken,
        secret::RevealPolicy,
        token::{TokenEdit, TokenField},
        validate::{self, Complaint},
    },
    error::{ApiError, FieldError},
};
use std::collections::BTreeSet;

/// The fields, in the form in which they are stored.
#[derive(PartialEq, Eq)]
pub(super) struct Values {
    pub icon: Option<IconId>,
    pub reveal: RevealPolicy,
    pub name: String,
    pub description: String,
    pub modules: BTreeSet<ModuleId>,
}

impl Values {
    /// The fields in which these values and `other` differ, in the form's order.
    pub(super) fn differing(&self, other: &Self) -> Vec<TokenField> {
        let differs = |field: &TokenField| match field {
            TokenField::Icon => self.icon != other.icon,
            TokenField::Reveal => self.reveal != other.reveal,
            TokenField::Name => self.name != other.name,
            TokenField::Description => self.description != other.description,
            TokenField::Modules => self.modules != other.modules,
        };
        TokenField::ALL.into_iter().filter(differs).collect()
    }

    fn text(&self, field: TokenField, known: &[Module]) -> String {
        match field {
            TokenField::Icon => self
                .icon
                .as_ref()
                .map(IconId::to_string)
                .unwrap_or_default(),
            TokenField::Reveal => self.reveal.as_str().to_owned(),
            TokenField::Name => self.name.clone(),
            TokenField::Description => self.description.clone(),
            TokenField::Modules => module_list(self.modules.iter().map(|id| {
                let module = known.iter().find(|module| module.id == *id);
                (*id, module)
            })),
        }
    }
}

/// The fields as a form sends them.
pub(super) struct Sent<'a> {
    pub icon: Option<&'a IconId>,
    pub reveal: RevealPolicy,
    pub name: &'a str,
    pub description: &'a str,
    pub modules: Vec<ModuleId>,
}

impl<'a> From<&'a TokenEdit> for Sent<'a> {
    fn from(edit: &'a TokenEdit) -> Self {
        Self {
            icon: edit.icon.as_ref(),
            reveal: edit.reveal,
            name: &edit.name,
            description: &edit.description,
            modules: edit.modules.clone(),
        }
    }
}

impl<'a> From<&'a NewToken> for Sent<'a> {
    fn from(new: &'a NewToken) -> Self {
        Self {
            icon: new.icon.as_ref(),
            reveal: new.reveal,
            name: &new.name,
            description: &new.description,
            modules: new.modules.clone(),
        }
    }
}

/// What a form is checked against.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    /// The modules that the token has already.
    pub held: &'a [Module],
    /// The modules of its account.
    pub offered: &'a [Module],
    /// Whether the picture that the form names is kept.
    pub icon_kept: bool,
    /// The loosest policy that the token may have.
    pub reveal: RevealPolicy,
}

impl Bounds<'_> {
    /// These bounds for a form on the present revision. On an outdated one, what the form holds was right once: whether
    /// somebody changed it meanwhile is asked first.
    pub(super) const fn on_revision(self, present: bool) -> Self {
        if present {
            return self;
        }
        Self {
            icon_kept: true,
            reveal: RevealPolicy::Always,
            ..self
        }
    }
}

/// The form's values, or the sentences for every field that is wrong, in the form's order.
pub(super) fn checked(sent: &Sent<'_>, bounds: Bounds<'_>) -> Result<Values, ApiError> {
    let name = validate::name("The name", sent.name);
    let description = validate::description(sent.description);
    let modules = checked_modules(&sent.modules, bounds.held, bounds.offered);
    let complaints = [
        (TokenField::Icon, icon_complaint(bounds)),
        (TokenField::Name, name.as_ref().err().cloned()),
        (TokenField::Description, description.as_ref().err().cloned()),
        (TokenField::Reveal, reveal_complaint(sent.reveal, bounds)),
        (TokenField::Modules, modules.as_ref().err().cloned()),
    ];
    let errors: Vec<_> = complaints
        .into_iter()
        .filter_map(|(field, complaint)| {
            Some(FieldError {
                field: field.key().to_owned(),
                message: complaint?,
            })
        })
        .collect();
    match (name, description, modules) {
        (Ok(name), Ok(description), Ok(modules)) if errors.is_empty() => Ok(Values {
            icon: sent.icon.cloned(),
            reveal: sent.reveal,
            name,
            description,
            modules,
        }),
        _ => Err(ApiError::invalid(errors)),
    }
}

fn icon_complaint(bounds: Bounds<'_>) -> Option<Complaint> {
    (!bounds.icon_kept).then(|| NOT_KEPT.to_owned())
}

fn reveal_complaint(wanted: RevealPolicy, bounds: Bounds<'_>) -> Option<Complaint> {
    let loosest = bounds.reveal.label();
    (wanted < bounds.reveal).then(|| {
        format!("This is looser than allowed here. Choose \"{loosest}\" or a stricter one.")
    })
}

/// The chosen modules: all of them the account's, and those without a choice as they are or by their default.
fn checked_modules(
    chosen: &[ModuleId],
    held: &[Module],
    offered: &[Module],
) -> Result<BTreeSet<ModuleId>, Complaint> {
    let chosen: BTreeSet<_> = chosen.iter().copied().collect();
    let foreign: Vec<_> = chosen
        .iter()
        .filter(|id| !offered.iter().any(|module| module.id == **id))
        .map(ModuleId::to_string)
        .collect();
    if !foreign.is_empty() {
        return Err(format!(
            "{} cannot be given, because the account does not have it. Choose among the modules that are listed.",
            foreign.join(", ")
        ));
    }
    for module in offered
        .iter()
        .filter(|module| !module.settings.configurable)
    {
        let wanted = chosen.contains(&module.id);
        let held = held.iter().any(|held| held.id == module.id);
        if wanted != held && wanted != module.settings.default {
            let name = &module.name;
            return Err(if wanted {
                format!("The module {name} cannot be given to a token. Take it out of the choice.")
            } else {
                format!(
                    "The module {name} belongs to every token and cannot be taken away. Put it back into the choice."
                )
            });
        }
    }
    Ok(chosen)
}

/// The fields in `differing`, before and after. `known` names the modules.
pub(super) fn changes(
    old: &Values,
    new: &Values,
    differing: &[TokenField],
    known: &[Module],
) -> Vec<Change> {
    let change = |field: &TokenField| Change {
        field: field.key().to_owned(),
        before: Some(old.text(*field, known)),
        after: Some(new.text(*field, known)),
    };
    differing.iter().map(change).collect()
}

/// Modules as the trail names them, `MOD-0478 Billing`, by id; one that is not known by its id alone.
pub(super) fn module_list<'m>(
    modules: impl IntoIterator<Item = (ModuleId, Option<&'m Module>)>,
) -> String {
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_unstable_by_key(|(id, _)| *id);
    let named = modules.iter().map(|(id, module)| {
        module.map_or_else(|| id.to_string(), |module| format!("{id} {}", module.name))
    });
    named.collect::<Vec<_>>().join(", ")
}
