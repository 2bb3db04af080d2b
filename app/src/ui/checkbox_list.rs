//! A searchable list of checkboxes with names, ids and descriptions.

use super::{Erase as _, changing, field::field_message, handler};
use crate::domain::{module::ModuleId, text::fold, token::ModuleChoice};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The modules of an account as choices; `chosen` holds the ids of those that are ticked. Fixed ones are shown and
/// cannot be changed.
#[component]
pub fn CheckboxList(
    choices: Vec<ModuleChoice>,
    chosen: RwSignal<BTreeSet<ModuleId>>,
    frozen: Signal<bool>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let total = choices.len();
    let choices = StoredValue::new(choices);
    let matching = move |choice: &ModuleChoice| {
        let wanted = fold(search.get().trim());
        let module = &choice.module;
        [&module.name, &module.description, &module.code]
            .into_iter()
            .any(|text| fold(text).contains(&wanted))
            || fold(&module.id.to_string()).contains(&wanted)
    };
    let shown = Memo::new(move |_| {
        choices.with_value(|all| {
            all.iter()
                .filter(|choice| matching(choice))
                .map(|c| c.module.id)
                .collect::<Vec<_>>()
        })
    });
    let set_all = move |tick: bool| {
        choices.with_value(|all| {
            let open = all.iter().filter(|choice| {
                !choice.fixed && shown.with_untracked(|ids| ids.contains(&choice.module.id))
            });
            chosen.update(|chosen| {
                for choice in open {
                    if tick {
                        chosen.insert(choice.module.id);
                    } else {
                        chosen.remove(&choice.module.id);
                    }
                }
            });
        });
    };
    let row = move |choice: ModuleChoice| {
        let id = choice.module.id;
        let hidden = move || !shown.with(|ids| ids.contains(&id));
        module_row(choice, chosen, frozen, Signal::derive(hidden))
    };
    view! {
        <div class="mods-tools">
            <input
                class="field"
                type="search"
                id="module-search"
                placeholder="Search modules"
                aria-label="Search modules"
                autocomplete="off"
                readonly=frozen
                on:input:target=move |event| search.set(event.target().value())
                on:keydown=handler(move |event: leptos::ev::KeyboardEvent| if event.key() == "Enter" { event.prevent_default() })
            />
            <button type="button" class="btn" disabled=frozen on:click=handler(move |_| set_all(true))>"Select all"</button>
            <button type="button" class="btn" disabled=frozen on:click=handler(move |_| set_all(false))>"Select none"</button>
        </div>
        <fieldset class="mods" id="modules" tabindex=move || if frozen.get() { "0" } else { "-1" } aria-describedby="modules-count modules-error">
            <legend class="visually-hidden">"Modules"</legend>
            {choices.get_value().into_iter().map(row).collect_view()}
            <p class="mods-empty" hidden=move || !shown.with(Vec::is_empty)>
                {if total == 0 { "This account has no modules." } else { "No module matches." }}
            </p>
        </fieldset>
        <div class="row-foot"><span class="sub" id="modules-count" role="status">
            {move || chosen.with(BTreeSet::len)}" of "{total}" modules selected"
        </span>{field_message("modules-error".to_owned(), error)}</div>
    }
    .erased()
}

fn module_row(
    choice: ModuleChoice,
    chosen: RwSignal<BTreeSet<ModuleId>>,
    frozen: Signal<bool>,
    hidden: Signal<bool>,
) -> impl IntoView {
    let ModuleChoice { module, fixed } = choice;
    let id = module.id;
    let ticked = move || chosen.with(|chosen| chosen.contains(&id));
    let toggle = move |tick: bool| {
        chosen.update(|chosen| {
            if tick {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
        });
    };
    let details = if module.description.is_empty() {
        id.to_string()
    } else {
        format!("{id} · {}", module.description)
    };
    view! {
        <label hidden=hidden>
            <input
                type="checkbox"
                checked=ticked()
                prop:checked=changing(ticked)
                disabled=move || fixed || frozen.get()
                on:change:target=move |event| toggle(event.target().checked())
            />
            <span><bdi>{module.name}</bdi><span class="sub">{details}</span></span>
            {fixed.then(|| view! { <span class="hint">"Set by the platform"</span> }.erased())}
        </label>
    }
    .erased()
}
