//! A column's heading: sorting by a click, a menu for all that can be done to the column, and a handle for its width.

use super::{ColumnName, Stays, arrange, layout_of, resize};
use crate::{
    domain::grid::{Layout, ShownColumn, WIDTH_MAX, WIDTH_MIN},
    ui::{Erase as _, Menu, Symbol, icon},
};
use leptos::{html, prelude::*};
use std::sync::Arc;

/// How much wider or narrower a column becomes by one entry of its menu, in pixels.
const STEP: u16 = 40;
/// The width from which a column starts that has none yet.
const START: u16 = 160;

/// How a grid is sorted by a column.
#[derive(Clone)]
pub struct Sorted {
    /// Its place among the columns that sort, from 1, and whether from large to small; none when it does not sort.
    pub now: Option<(usize, bool)>,
    /// Of how many.
    pub of: usize,
    /// The address of the list sorted by it alone, from small to large.
    pub ascending: Signal<String>,
    /// The same from large to small.
    pub descending: Signal<String>,
}

impl Sorted {
    /// What a click on the heading leads to: the other way round, or from small to large.
    fn next(&self) -> Signal<String> {
        match self.now {
            Some((_, false)) => self.descending,
            _ => self.ascending,
        }
    }

    fn aria(&self) -> Option<&'static str> {
        let (_, descending) = self.now?;
        Some(if descending {
            "descending"
        } else {
            "ascending"
        })
    }
}

/// A heading as the grid puts it together.
pub(super) struct Head {
    pub column: ColumnName,
    pub sorted: Option<Sorted>,
    /// Its place among the columns that are shown.
    pub place: usize,
    pub names: Arc<[ColumnName]>,
    pub layout: Layout,
    pub on_layout: Callback<Layout>,
    pub table: NodeRef<html::Table>,
    pub waiting: Signal<bool>,
}

pub(super) fn head(head: Head) -> AnyView {
    let label = head.column.label;
    let aria = head.sorted.as_ref().and_then(Sorted::aria);
    let name = match &head.sorted {
        Some(sorted) => sort_link(label, sorted),
        None => view! { <span class="sort">{label}</span> }.erased(),
    };
    let last = head.column.stays == Stays::Last;
    let tools = (!last).then(|| tools(head));
    // By its own name: what stands in a heading are its tools too.
    view! { <th scope="col" aria-sort=aria aria-label=label><div class="head-cell">{name}{tools}</div></th> }
        .erased()
}

fn sort_link(label: &'static str, sorted: &Sorted) -> AnyView {
    let arrow = sorted
        .now
        .map(|(_, descending)| if descending { Symbol::Down } else { Symbol::Up });
    let place = sorted
        .now
        .filter(|_| sorted.of > 1)
        .map(|(place, _)| sorted_words(place, sorted.of));
    view! {
        <a class="sort" href=sorted.next() data-noscroll="">
            {label}
            {arrow.map(|symbol| view! { <span class="arrow">{icon(symbol)}</span> }.erased())}
            {place.map(|(number, words)| view! {
                <span class="place" aria-hidden="true">{number}</span>
                <span class="visually-hidden">{words}</span>
            }.erased())}
        </a>
    }
    .erased()
}

/// The place of a column among those that sort: as a number, and in words.
fn sorted_words(place: usize, of: usize) -> (String, String) {
    (place.to_string(), format!(", {place} of {of} in the order"))
}

fn tools(head: Head) -> AnyView {
    let Head {
        column,
        sorted,
        place,
        names,
        layout,
        on_layout,
        table,
        waiting,
    } = head;
    let id = format!("column-{}", column.key);
    let shown = arrange(&names, &layout);
    let width = shown.get(place).and_then(|column| column.width);
    let change = {
        let (names, fit) = (Arc::clone(&names), layout.fit);
        move |shown: Vec<ShownColumn>| on_layout.run(layout_of(&names, shown, fit))
    };
    let entries = Entries {
        column,
        sorted,
        place,
        shown,
        names: Arc::clone(&names),
    };
    let resized = {
        let (names, layout) = (Arc::clone(&names), layout.clone());
        Callback::new(move |widths: Vec<u16>| {
            let mut shown = arrange(&names, &layout);
            for (column, width) in shown.iter_mut().zip(widths) {
                column.width = Some(width);
            }
            on_layout.run(layout_of(&names, shown, layout.fit));
        })
    };
    let handle = resize::handle(table, place, waiting, resized);
    let change = Callback::new(change);
    view! {
        <Menu label=format!("{} column", column.label) id class="btn quiet icon head-menu" start=place == 0 trigger=Box::new(|| icon(Symbol::Down).into_any())>
            {entries.view(width, change)}
        </Menu>
        {handle}
    }
    .erased()
}

/// What a column's menu offers.
#[derive(Clone)]
struct Entries {
    column: ColumnName,
    sorted: Option<Sorted>,
    place: usize,
    shown: Vec<ShownColumn>,
    names: Arc<[ColumnName]>,
}

impl Entries {
    fn view(&self, width: Option<u16>, change: Callback<Vec<ShownColumn>>) -> AnyView {
        let free = |place: usize| {
            let key = self.shown.get(place).map(|column| column.key.as_str());
            let mut names = self.names.iter();
            names.any(|name| Some(name.key) == key && name.stays == Stays::Free)
        };
        let is_free = self.column.stays == Stays::Free;
        let others = self.shown.len() > 3;
        let left =
            (is_free && free(self.place.wrapping_sub(1))).then(|| self.swapped(self.place - 1));
        let right = (is_free && free(self.place + 1)).then(|| self.swapped(self.place + 1));
        let hidden = (is_free && others).then(|| self.without());
        let now = width.unwrap_or(START);
        let wider = now < WIDTH_MAX;
        let narrower = now > WIDTH_MIN;
        let entry = move |label: &'static str, shown: Option<Vec<ShownColumn>>| {
            shown.map(|shown| {
                view! {
                    <button type="button" role="menuitem" tabindex="-1" on:click=move |_| change.run(shown.clone())>{label}</button>
                }
                .erased()
            })
        };
        let sorts = self.sorted.clone().map(|sorted| {
            view! {
                <a role="menuitem" tabindex="-1" href=sorted.ascending data-noscroll="">{icon(Symbol::Up)}"Sort ascending"</a>
                <a role="menuitem" tabindex="-1" href=sorted.descending data-noscroll="">{icon(Symbol::Down)}"Sort descending"</a>
                <hr/>
            }
            .erased()
        });
        view! {
            {sorts}
            {entry("Move left", left)}
            {entry("Move right", right)}
            {entry("Wider", wider.then(|| self.sized(now.saturating_add(STEP))))}
            {entry("Narrower", narrower.then(|| self.sized(now.saturating_sub(STEP))))}
            {entry("Hide column", hidden)}
        }
        .erased()
    }

    fn swapped(&self, other: usize) -> Vec<ShownColumn> {
        let mut shown = self.shown.clone();
        shown.swap(self.place, other);
        shown
    }

    fn without(&self) -> Vec<ShownColumn> {
        let mut shown = self.shown.clone();
        shown.remove(self.place);
        shown
    }

    fn sized(&self, width: u16) -> Vec<ShownColumn> {
        let mut shown = self.shown.clone();
        if let Some(column) = shown.get_mut(self.place) {
            column.width = Some(width.clamp(WIDTH_MIN, WIDTH_MAX));
        }
        shown
    }
}
