//! The dialog in which columns are shown, hidden, moved, and given their size.

use super::{ColumnName, Stays, arrange, layout_of};
use crate::{
    browser,
    domain::grid::{Fit, Layout, ShownColumn},
    ui::{Dialog, Erase as _, Symbol, handler, icon},
};
use leptos::prelude::*;
use std::sync::Arc;

/// A column in the dialog, shown or not.
#[derive(Clone, PartialEq)]
struct Entry {
    name: ColumnName,
    width: Option<u16>,
    shown: bool,
}

/// The dialog. `on_layout` is told of the layout that was chosen; nothing changes before.
#[component]
pub fn ColumnsDialog(
    /// All columns of the grid.
    names: Arc<[ColumnName]>,
    layout: Layout,
    #[prop(into)] on_layout: Callback<Layout>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let entries = RwSignal::new(entries(&names, &layout));
    let fit = RwSignal::new(layout.fit);
    let shown_free =
        move || entries.with(|all| all.iter().filter(|entry| entry.is_free_and_shown()).count());
    let reset = {
        let names = Arc::clone(&names);
        move |_| {
            entries.set(self::entries(&names, &Layout::default()));
            fit.set(Fit::Usual);
        }
    };
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let all = entries.get_untracked();
        let all = all.into_iter().filter(|entry| entry.shown);
        let shown = all.map(|entry| ShownColumn {
            key: entry.name.key.to_owned(),
            width: entry.width,
        });
        on_layout.run(layout_of(&names, shown.collect(), fit.get_untracked()));
    };
    view! {
        <Dialog labelled_by="columns-title" small=true on_close>
            <form class="dialog-inner" on:submit=handler(apply)>
                <header><h2 id="columns-title">"Columns"</h2></header>
                <div class="body">
                    <ul class="column-list" aria-label="Columns, from the left">
                        {move || {
                            let all = entries.get();
                            let free: Vec<_> = (0..all.len()).filter(|place| all[*place].name.stays == Stays::Free).collect();
                            let lone = shown_free() == 1;
                            all.iter().enumerate().map(|(place, entry)| {
                                line(entries, place, entry, free.first() == Some(&place), free.last() == Some(&place), lone)
                            }).collect_view()
                        }}
                    </ul>
                    {sizes(entries, fit)}
                </div>
                <footer>
                    <button type="button" class="btn quiet" on:click=handler(reset)>"Reset"</button>
                    <span class="grow"></span>
                    <button type="button" class="btn quiet" on:click=handler(move |_| on_close.run(()))>"Cancel"</button>
                    <button type="submit" class="btn primary">"Apply"</button>
                </footer>
            </form>
        </Dialog>
    }
    .erased()
}

impl Entry {
    fn is_free_and_shown(&self) -> bool {
        self.shown && self.name.stays == Stays::Free
    }
}

/// What is shown, in its order, then what is hidden, and last what always stands last.
fn entries(names: &[ColumnName], layout: &Layout) -> Vec<Entry> {
    let shown = arrange(names, layout);
    let entry = |name: &ColumnName, shown: Option<&ShownColumn>| Entry {
        name: *name,
        width: shown.and_then(|shown| shown.width),
        shown: shown.is_some(),
    };
    let name_of = |key: &str| names.iter().find(|name| name.key == key);
    let mut entries: Vec<Entry> = shown
        .iter()
        .filter_map(|column| Some(entry(name_of(&column.key)?, Some(column))))
        .collect();
    let end = entries
        .iter()
        .position(|entry| entry.name.stays == Stays::Last)
        .unwrap_or(entries.len());
    let hidden = names
        .iter()
        .filter(|name| !shown.iter().any(|column| column.key == name.key));
    entries.splice(end..end, hidden.map(|name| entry(name, None)));
    entries
}

fn line(
    entries: RwSignal<Vec<Entry>>,
    place: usize,
    entry: &Entry,
    first: bool,
    last: bool,
    lone: bool,
) -> AnyView {
    let ColumnName { key, label, stays } = entry.name;
    let free = stays == Stays::Free;
    let shown = entry.shown;
    let toggle = move |_| {
        entries.update(|all| all[place].shown = !all[place].shown);
        browser::focus_id(&format!("show-{key}"));
    };
    let move_to = move |to: usize, id: String| {
        entries.update(|all| all.swap(place, to));
        browser::focus_id(&id);
    };
    let button = move |symbol, words: &str, to: Option<usize>, way: &'static str| {
        let id = format!("{way}-{key}");
        let (back, other) = (
            id.clone(),
            format!("{}-{key}", if way == "up" { "down" } else { "up" }),
        );
        let at_end = to.is_some_and(|to| {
            entries.with_untracked(|all| {
                let beyond = if way == "up" {
                    to.checked_sub(1)
                } else {
                    Some(to + 1)
                };
                !beyond.is_some_and(|beyond| {
                    all.get(beyond)
                        .is_some_and(|entry| entry.name.stays == Stays::Free)
                })
            })
        });
        view! {
            <button
                type="button"
                class="btn quiet icon"
                id=id
                aria-label=format!("{words} {label}")
                disabled=to.is_none()
                on:click=handler(move |_| if let Some(to) = to { move_to(to, if at_end { other.clone() } else { back.clone() }) })
            >
                {icon(symbol)}
            </button>
        }
        .erased()
    };
    let up = (!first).then(|| place.saturating_sub(1));
    let down = (!last).then_some(place + 1);
    view! {
        <li>
            <label>
                <input type="checkbox" id=format!("show-{key}") checked=shown prop:checked=shown disabled=!free || (shown && lone) on:change=handler(toggle)/>
                <span>{label}{(!free).then(|| view! { <span class="sub">" always shown"</span> }.erased())}</span>
            </label>
            {free.then(|| view! {
                {button(Symbol::Up, "Move up", up, "up")}
                {button(Symbol::Down, "Move down", down, "down")}
            }.erased())}
        </li>
    }
    .erased()
}

fn sizes(entries: RwSignal<Vec<Entry>>, fit: RwSignal<Fit>) -> AnyView {
    let radio = move |choice: Fit| {
        let choose = move |_| {
            fit.set(choice);
            entries.update(|all| all.iter_mut().for_each(|entry| entry.width = None));
        };
        view! {
            <label>
                <input type="radio" name="fit" prop:checked=move || fit.get() == choice on:change=handler(choose)/>
                <span>{choice.label()}</span>
            </label>
        }
        .erased()
    };
    view! {
        <fieldset class="choices fits">
            <legend>"Size"</legend>
            {Fit::ALL.into_iter().map(radio).collect_view()}
        </fieldset>
    }
    .erased()
}
