//! What somebody else changed while the form was open: field by field, keep mine or take theirs.

use super::draft::{Draft, module_ids};
use crate::{
    domain::{
        module::ModuleId,
        token::{FieldConflict, ModuleChoice, TokenDetails, TokenEdit, TokenField},
    },
    ui::{Erase as _, Moment, changing, handler},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The conflicts of one attempt to save, with what was decided of each.
#[derive(Clone)]
pub struct Conflicts {
    mine: TokenEdit,
    theirs: TokenDetails,
    fields: Vec<(FieldConflict, RwSignal<Option<Choice>>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Mine,
    Theirs,
}

impl Conflicts {
    /// Conflicts between what was sent and the token as it stands. Undecided are those fields that both changed;
    /// where `before` shows that only the other one did, his value is taken until the person says otherwise.
    pub fn new(
        mine: TokenEdit,
        before: &TokenDetails,
        theirs: TokenDetails,
        fields: Vec<FieldConflict>,
    ) -> Self {
        let untouched = |field: TokenField| match field {
            TokenField::Icon => mine.icon == before.icon,
            TokenField::Reveal => mine.reveal == before.reveal,
            TokenField::Name => mine.name == before.name,
            TokenField::Description => mine.description == before.description,
            TokenField::Modules => {
                mine.modules.iter().copied().collect::<BTreeSet<_>>() == module_ids(before)
            }
        };
        let choice = |conflict: &FieldConflict| untouched(conflict.field).then_some(Choice::Theirs);
        let fields = fields
            .into_iter()
            .map(|conflict| (choice(&conflict), conflict));
        let fields = fields
            .map(|(choice, conflict)| (conflict, RwSignal::new(choice)))
            .collect();
        Self {
            mine,
            theirs,
            fields,
        }
    }

    /// Puts the values that are taken already into the draft.
    pub fn take_untouched(&self, draft: Draft) {
        for (conflict, choice) in &self.fields {
            if choice.get_untracked() == Some(Choice::Theirs) {
                draft.take(conflict.field, &self.theirs);
            }
        }
    }

    /// Whether every field was decided.
    pub fn decided(&self) -> bool {
        self.fields.iter().all(|(_, choice)| choice.get().is_some())
    }
}

/// The box at the top of the form; nothing while there is no conflict.
#[component]
pub fn ConflictBox(
    conflicts: RwSignal<Option<Conflicts>>,
    draft: Draft,
    /// Whether anything is left to save.
    unsaved: Signal<bool>,
    choices: Vec<ModuleChoice>,
) -> impl IntoView {
    let choices = StoredValue::new(choices);
    changing(move || {
        conflicts.get().map(|all| {
            let boxes = all.fields.clone().into_iter().map(|(conflict, choice)| {
                let (mine, theirs) = (all.mine.clone(), all.theirs.clone());
                one_conflict(conflict, choice, mine, theirs, draft, choices)
            });
            view! {
                <div class="notice warn conflicts" id="conflicts" role="alert" tabindex="-1">
                    <p><b>"Somebody else changed this token meanwhile. Nothing is saved yet."</b></p>
                    <p>{move || if !all_decided(conflicts) {
                        "Decide for each field below, then save."
                    } else if unsaved.get() {
                        "Each field is decided. Save to keep it so."
                    } else {
                        "Nothing of yours is left to save. You can close the dialog."
                    }}</p>
                    {boxes.collect_view()}
                </div>
            }.erased()
        })
    })
}

fn all_decided(conflicts: RwSignal<Option<Conflicts>>) -> bool {
    conflicts.with(|conflicts| conflicts.as_ref().is_none_or(Conflicts::decided))
}

fn picture(icon: Option<&crate::domain::icon::IconId>) -> String {
    icon.map_or("No logo", |_| "A logo").to_owned()
}

fn one_conflict(
    conflict: FieldConflict,
    choice: RwSignal<Option<Choice>>,
    mine: TokenEdit,
    theirs: TokenDetails,
    draft: Draft,
    choices: StoredValue<Vec<ModuleChoice>>,
) -> impl IntoView {
    let field = conflict.field;
    let names = move |ids: BTreeSet<ModuleId>| {
        let listed = choices.with_value(|all| {
            let chosen = all.iter().filter(|choice| ids.contains(&choice.module.id));
            chosen
                .map(|choice| choice.module.name.clone())
                .collect::<Vec<_>>()
                .join(", ")
        });
        if listed.is_empty() {
            "No modules".to_owned()
        } else {
            listed
        }
    };
    let (yours, other) = match field {
        TokenField::Icon => (picture(mine.icon.as_ref()), picture(theirs.icon.as_ref())),
        TokenField::Reveal => (
            mine.reveal.label().to_owned(),
            theirs.reveal.label().to_owned(),
        ),
        TokenField::Name => (mine.name.clone(), theirs.name.clone()),
        TokenField::Description => (mine.description.clone(), theirs.description.clone()),
        TokenField::Modules => (
            names(mine.modules.iter().copied().collect()),
            names(module_ids(&theirs)),
        ),
    };
    // What stood in the field before theirs was taken; until then, what stands in it.
    let kept = StoredValue::new(mine);
    let decide = move |to: Choice| {
        match (choice.get_untracked(), to) {
            (Some(Choice::Theirs), Choice::Mine) => {
                kept.with_value(|kept| draft.put_back(field, kept));
            }
            (None | Some(Choice::Mine), Choice::Theirs) => {
                kept.set_value(untrack(|| draft.edit()));
                draft.take(field, &theirs);
            }
            _ => {}
        }
        choice.set(Some(to));
    };
    let option = move |to: Choice, label: &'static str| {
        let decide = decide.clone();
        view! {
            <label>
                <input
                    type="radio"
                    name=format!("conflict-{}", field.key())
                    prop:checked=move || choice.get() == Some(to)
                    on:change=handler(move |_| decide(to))
                />
                {label}
            </label>
        }
        .erased()
    };
    view! {
        <fieldset class="conflict">
            <legend>{field.label()}</legend>
            <p class="sub">"Changed by "<bdi>{conflict.changed.by.name}</bdi>" on "<Moment at=conflict.changed.at/></p>
            <div class="versions">
                <div><h3>"Yours"</h3><div class="value"><bdi>{yours}</bdi></div></div>
                <div><h3>"Theirs"</h3><div class="value"><bdi>{other}</bdi></div></div>
            </div>
            <div class="segmented">{option.clone()(Choice::Mine, "Keep mine")}{option(Choice::Theirs, "Take theirs")}</div>
        </fieldset>
    }
    .erased()
}
