//! The dialog in which several columns are chosen to sort by.

use super::{Dialog, Erase as _, Symbol, handler, icon};
use crate::browser;
use leptos::prelude::*;

/// By which column, by its place among all that sort, and whether from large to small.
pub type SortKey = (usize, bool);

/// The dialog. `on_sort` is told of the keys that were chosen, the most important first; nothing changes before.
#[component]
pub fn SortDialog(
    /// The words of all columns that sort.
    columns: Vec<&'static str>,
    chosen: Vec<SortKey>,
    #[prop(into)] on_sort: Callback<Vec<SortKey>>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let keys = RwSignal::new(chosen);
    let columns = StoredValue::new(columns);
    let unused = move || {
        let used = keys.get();
        (0..columns.with_value(Vec::len)).find(|column| !used.iter().any(|key| key.0 == *column))
    };
    let add = move |_| {
        if let Some(column) = unused() {
            keys.update(|all| all.push((column, false)));
            let place = keys.with_untracked(Vec::len) - 1;
            browser::focus_id(&format!("sort-column-{place}"));
        }
    };
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_sort.run(keys.get_untracked());
    };
    view! {
        <Dialog labelled_by="sort-title" small=true on_close>
            <form class="dialog-inner" on:submit=handler(apply)>
                <header><h2 id="sort-title">"Sort"</h2></header>
                <div class="body">
                    <ol class="sort-list">
                        {move || {
                            let all = keys.get();
                            (0..all.len()).map(|place| line(keys, columns, place)).collect_view()
                        }}
                    </ol>
                    {move || keys.with(Vec::is_empty).then(|| view! { <p>"The usual order: the newest first."</p> }.erased())}
                    <button type="button" class="btn quiet" id="sort-add" disabled=move || unused().is_none() on:click=handler(add)>"Add a column"</button>
                </div>
                <footer>
                    <button type="button" class="btn quiet" on:click=handler(move |_| on_close.run(()))>"Cancel"</button>
                    <button type="submit" class="btn primary">"Apply"</button>
                </footer>
            </form>
        </Dialog>
    }
    .erased()
}

fn line(
    keys: RwSignal<Vec<SortKey>>,
    columns: StoredValue<Vec<&'static str>>,
    place: usize,
) -> AnyView {
    let all = keys.get_untracked();
    let (column, descending) = all[place];
    let label = columns.with_value(|columns| columns[column]);
    let offered = columns.with_value(|columns| {
        let free = |index: &usize| *index == column || !all.iter().any(|key| key.0 == *index);
        let indexes = (0..columns.len()).filter(free);
        indexes
            .map(|index| (index, columns[index]))
            .collect::<Vec<_>>()
    });
    let number = place + 1;
    let choose = move |event| {
        if let Ok(column) = event_target_value(&event).parse() {
            keys.update(|all| all[place].0 = column);
            browser::focus_id(&format!("sort-column-{place}"));
        }
    };
    let turn = move |event| {
        let descending = event_target_value(&event) == "descending";
        keys.update(|all| all[place].1 = descending);
        browser::focus_id(&format!("sort-direction-{place}"));
    };
    let swap = move |other: usize| {
        keys.update(|all| all.swap(place, other));
        browser::focus_id(&format!("sort-column-{other}"));
    };
    let remove = move |_| {
        keys.update(|all| {
            all.remove(place);
        });
        browser::focus_id("sort-add");
    };
    view! {
        <li>
            <select class="field" id=format!("sort-column-{place}") aria-label=format!("Column {number}") on:change=handler(choose)>
                {offered.into_iter().map(|(index, words)| view! {
                    <option value=index.to_string() selected=index == column prop:selected=index == column>{words}</option>
                }.erased()).collect_view()}
            </select>
            <select class="field" id=format!("sort-direction-{place}") aria-label=format!("Direction of {label}") on:change=handler(turn)>
                <option value="ascending" selected=!descending prop:selected=!descending>"Ascending"</option>
                <option value="descending" selected=descending prop:selected=descending>"Descending"</option>
            </select>
            <button type="button" class="btn quiet icon" aria-label=format!("Move up {label}") disabled=place == 0 on:click=handler(move |_| swap(place - 1))>
                {icon(Symbol::Up)}
            </button>
            <button type="button" class="btn quiet icon" aria-label=format!("Move down {label}") disabled=number == all.len() on:click=handler(move |_| swap(place + 1))>
                {icon(Symbol::Down)}
            </button>
            <button type="button" class="btn quiet icon" aria-label=format!("Remove {label}") on:click=handler(remove)>
                {icon(Symbol::Close)}
            </button>
        </li>
    }
    .erased()
}
