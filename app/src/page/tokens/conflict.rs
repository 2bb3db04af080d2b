//! What somebody else changed while the form was open: field by field, keep mine or take theirs.

use super::draft::{Draft, module_ids};
use crate::{
    domain::{
        module::ModuleId,
        token::{FieldConflict, ModuleChoice, TokenDetails, TokenEdit, TokenField},
    },
    ui::Moment,
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
    /// Undecided conflicts between what was sent and the token as it stands.
    pub fn new(mine: TokenEdit, theirs: TokenDetails, fields: Vec<FieldConflict>) -> Self {
        Self {
            mine,
            theirs,
            fields: fields
                .into_iter()
                .map(|field| (field, RwSignal::new(None)))
                .collect(),
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
    choices: Vec<ModuleChoice>,
) -> impl IntoView {
    let choices = StoredValue::new(choices);
    move || {
        conflicts.get().map(|all| {
            let boxes = all.fields.clone().into_iter().map(|(conflict, choice)| {
                let (mine, theirs) = (all.mine.clone(), all.theirs.clone());
                one_conflict(conflict, choice, mine, theirs, draft, choices)
            });
            view! {
                <div class="notice warn" id="conflicts" role="alert" tabindex="-1">
                    <p><b>"Somebody else changed this token meanwhile. Nothing is saved yet."</b></p>
                    <p>"Decide for each field below, then save."</p>
                    {boxes.collect_view()}
                </div>
            }.into_any()
        })
    }
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
        TokenField::Name => (mine.name.clone(), theirs.name.clone()),
        TokenField::Description => (mine.description.clone(), theirs.description.clone()),
        TokenField::Modules => (
            names(mine.modules.iter().copied().collect()),
            names(module_ids(&theirs)),
        ),
    };
    let decide = move |to: Choice| {
        choice.set(Some(to));
        match to {
            Choice::Mine => draft.put_back(field, &mine),
            Choice::Theirs => draft.take(field, &theirs),
        }
    };
    let option = move |to: Choice, label: &'static str| {
        let decide = decide.clone();
        view! {
            <label>
                <input
                    type="radio"
                    name=format!("conflict-{}", field.key())
                    prop:checked=move || choice.get() == Some(to)
                    on:change=move |_| decide(to)
                />
                {label}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="conflict">
            <legend>{field.label()}</legend>
            <p class="sub">"Changed by "<bdi>{conflict.changed.by.name}</bdi>" on "<Moment at=conflict.changed.at/></p>
            <div class="versions">
                <div><h4>"Yours"</h4><div class="value"><bdi>{yours}</bdi></div></div>
                <div><h4>"Theirs"</h4><div class="value"><bdi>{other}</bdi></div></div>
            </div>
            <div class="segmented">{option.clone()(Choice::Mine, "Keep mine")}{option(Choice::Theirs, "Take theirs")}</div>
        </fieldset>
    }
}
