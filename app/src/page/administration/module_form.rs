//! The form for a module: a new one, or one that is edited.

use super::{
    form::{FormDialog, FormState, check},
    loss::question,
};
use crate::{
    api::administration::change_module,
    domain::{
        account::AccountType,
        directory::{Loss, Outcome},
        module::{ModuleChange, ModuleForm, ModuleRow, ModuleSettings},
        validate::DESCRIPTION_MAX,
    },
    ui::{Erase as _, RadioChoice, RadioGroup, TextArea, TextField, Toasts},
};
use leptos::prelude::*;

const FIELDS: &[&str] = &["name", "code", "description", "accountTypes"];

/// How a module is given, in the order in which it is offered.
const GIVEN: [(bool, bool); 4] = [(true, false), (true, true), (false, true), (false, false)];

/// What stands in the form.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    code: RwSignal<String>,
    description: RwSignal<String>,
    types: [RwSignal<bool>; 3],
    given: RwSignal<usize>,
    paid: RwSignal<bool>,
}

impl Draft {
    fn of(form: &ModuleForm) -> Self {
        let settings = (form.settings.configurable, form.settings.default);
        let given = GIVEN.iter().position(|given| *given == settings);
        Self {
            name: RwSignal::new(form.name.clone()),
            code: RwSignal::new(form.code.clone()),
            description: RwSignal::new(form.description.clone()),
            types: AccountType::ALL.map(|kind| RwSignal::new(form.account_types.contains(&kind))),
            given: RwSignal::new(given.unwrap_or(0)),
            paid: RwSignal::new(form.settings.paid),
        }
    }

    fn form(self) -> ModuleForm {
        let types = AccountType::ALL.into_iter().zip(self.types);
        let (configurable, default) = GIVEN[self.given.get()];
        ModuleForm {
            name: self.name.get(),
            code: self.code.get(),
            description: self.description.get(),
            account_types: types
                .filter(|(_, ticked)| ticked.get())
                .map(|(kind, _)| kind)
                .collect(),
            settings: ModuleSettings {
                default,
                configurable,
                paid: self.paid.get(),
            },
        }
    }
}

/// The form for `module`, or for a new one. `done` is called when it was saved.
pub(super) fn module_form(
    module: Option<ModuleRow>,
    done: Callback<()>,
    close: Callback<()>,
) -> AnyView {
    let begun = module.as_ref().map_or_else(
        || ModuleForm {
            account_types: AccountType::ALL.to_vec(),
            settings: ModuleSettings {
                configurable: true,
                ..ModuleSettings::default()
            },
            ..ModuleForm::default()
        },
        |module| module.form.clone(),
    );
    let draft = Draft::of(&begun);
    // As the form says it: the types may have been stored in another order.
    let begun = untrack(|| draft.form());
    let is_new = module.is_none();
    let title = module.as_ref().map_or_else(
        || "Add module".to_owned(),
        |module| format!("Edit module {}", module.form.name),
    );
    let changed = Signal::derive(move || draft.form() != begun);
    let state = FormState::new(changed, close);
    let loss = RwSignal::new(None::<Loss>);
    let toasts = expect_context::<Toasts>();
    let id = StoredValue::new(module.map(|module| (module.id, module.revision)));
    let save = Callback::new(move |agreed: u64| {
        state.send(|| {
            Box::pin(async move {
                let form = untrack(|| draft.form());
                let name = form.name.trim().to_owned();
                let change = match id.get_value() {
                    None => ModuleChange::Define(form),
                    Some((id, revision)) => ModuleChange::Edit(id, revision, form, agreed),
                };
                match change_module(change).await? {
                    Outcome::Loses(told) => loss.set(Some(told)),
                    Outcome::Done => {
                        let what = if is_new { "added" } else { "updated" };
                        toasts.say(format!("Module \"{name}\" {what}"));
                        done.run(());
                    }
                }
                Ok(())
            })
        });
    });
    let question = question(loss, draft.name.into(), state.running.into(), save);
    let dialog = FormDialog {
        title,
        submit: if is_new { "Add" } else { "Save" },
        body: fields(draft, state, is_new),
        fields: FIELDS,
        state,
        send: Callback::new(move |()| save.run(0)),
    };
    view! { {dialog.view()}{question} }.erased()
}

fn fields(draft: Draft, state: FormState, is_new: bool) -> AnyView {
    let frozen = state.frozen();
    let code_frozen = Signal::derive(move || frozen.get() || !is_new);
    let (types_error, type_box) = (
        state.error("accountTypes"),
        move |(kind, value): (AccountType, RwSignal<bool>)| {
            let (id, text) = match kind {
                AccountType::Client => ("type-client", "Those who use the platform."),
                AccountType::Vendor => ("type-vendor", "Those who offer something on it."),
                AccountType::Operations => ("type-operations", "Those who run it."),
            };
            check(id, kind.as_str(), text, value, frozen)
        },
    );
    let choice = |label, text| RadioChoice {
        label,
        text,
        offered: true.into(),
    };
    let choices = vec![
        choice("Chosen for each token", "Nobody has it until it is ticked."),
        choice(
            "Chosen for each token, ticked at first",
            "Whoever adds a token can leave it out.",
        ),
        choice(
            "Every token has it",
            "All tokens of accounts that have it get it now, and no choice is offered.",
        ),
        choice(
            "No token has it",
            "All tokens that have it lose it now, and no choice is offered.",
        ),
    ];
    view! {
        <TextField id="name" label="Module name" value=draft.name frozen error=state.error("name")/>
        <TextField id="code" label="Code, as gateways ask for it" value=draft.code frozen=code_frozen error=state.error("code")/>
        <TextArea id="description" label="Description" value=draft.description frozen max=DESCRIPTION_MAX error=state.error("description")/>
        <fieldset class="choices" id="accountTypes" tabindex="-1" aria-describedby="types-error">
            <legend>"Accounts that may have it"</legend>
            {AccountType::ALL.into_iter().zip(draft.types).map(type_box).collect_view()}
            <span class="error" id="types-error" aria-live="polite">{types_error}</span>
        </fieldset>
        <RadioGroup
            id="given"
            label="How it is given"
            choices
            chosen=draft.given
            choose=move |index| draft.given.set(index)
            frozen
            note=""
            error=state.error("given")
        />
        {check("paid", "The platform charges for it", "Shown beside its name.", draft.paid, frozen)}
    }
    .erased()
}
