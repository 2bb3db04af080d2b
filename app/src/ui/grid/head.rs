//! A column's heading: sorting by a click, a menu for all that can be done to the column, and a handle for its width.

use super::{ColumnName, START, Stays, arrange, layout_of, resize};
use crate::{
    browser,
    domain::grid::{Layout, ShownColumn, WIDTH_MAX, WIDTH_MIN},
    ui::{Erase as _, Menu, Symbol, handler, icon},
};
use leptos::{html, prelude::*};
use std::sync::Arc;

/// How much wider or narrower a column becomes by one entry of its menu, in pixels.
const STEP: i32 = 40;

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
#[derive(Clone)]
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

/// The heading. Its name is that of the column alone: it is read out with every cell below it.
pub(super) fn head(head: Head) -> AnyView {
    let label = head.column.label;
    let aria = head.sorted.as_ref().and_then(Sorted::aria);
    let name = match &head.sorted {
        Some(sorted) => sort_link(label, sorted),
        None => view! { <span class="sort">{label}</span> }.erased(),
    };
    let last = head.column.stays == Stays::Last;
    let tools = (!last).then(|| head.tools());
    view! { <th scope="col" aria-sort=aria aria-label=label><div class="head-cell">{name}{tools}</div></th> }
        .erased()
}

fn sort_link(label: &'static str, sorted: &Sorted) -> AnyView {
    // Also where the column does not sort, unseen: else the heading would grow by a click.
    let symbol = match sorted.now {
        Some((_, true)) => Symbol::Down,
        _ => Symbol::Up,
    };
    let place = sorted.now.filter(|_| sorted.of > 1).map(|(place, _)| {
        let words = format!(", {place} of {} in the order", sorted.of);
        view! {
            <span class="place" aria-hidden="true">{place}</span>
            <span class="visually-hidden">{words}</span>
        }
        .erased()
    });
    view! {
        <a class="sort" href=sorted.next() data-noscroll="">
            {label}
            <span class="arrow">{icon(symbol)}</span>
            {place}
        </a>
    }
    .erased()
}

impl Head {
    /// The menu and the handle.
    fn tools(self) -> AnyView {
        let label = format!("{} column", self.column.label);
        let id = menu_id(self.column.key);
        let (table, place, waiting) = (self.table, self.place, self.waiting);
        let resized = {
            let head = self.clone();
            Callback::new(move |widths| head.resize(widths))
        };
        view! {
            <Menu label id class="btn quiet icon head-menu" start=place == 0 trigger=Box::new(|| icon(Symbol::More).into_any())>
                {self.entries(resized)}
            </Menu>
            {resize::handle(table, place, waiting, resized)}
        }
        .erased()
    }

    fn entries(&self, resized: Callback<Vec<u16>>) -> AnyView {
        let shown = arrange(&self.names, &self.layout);
        let free = |place: usize| {
            shown
                .get(place)
                .is_some_and(|shown| self.is_free(&shown.key))
        };
        let is_free = free(self.place);
        let neighbour =
            |place: usize| (is_free && free(place)).then(|| swapped(&shown, self.place, place));
        let several = (0..shown.len()).filter(|place| free(*place)).count() > 1;
        let hidden = (is_free && several).then(|| {
            let mut shown = shown.clone();
            shown.remove(self.place);
            shown
        });
        let width = shown.get(self.place).and_then(|column| column.width);
        let width = width.unwrap_or(START);
        view! {
            {self.sorted.clone().map(sorts)}
            {self.entry("Move left", self.place.checked_sub(1).and_then(neighbour))}
            {self.entry("Move right", neighbour(self.place + 1))}
            {(width < WIDTH_MAX).then(|| self.size_entry("Wider", STEP, resized))}
            {(width > WIDTH_MIN).then(|| self.size_entry("Narrower", -STEP, resized))}
            {self.entry("Hide column", hidden)}
        }
        .erased()
    }

    /// An entry that has these columns shown.
    fn entry(&self, label: &'static str, shown: Option<Vec<ShownColumn>>) -> Option<AnyView> {
        let head = self.clone();
        let choose = move |shown: Vec<ShownColumn>| entry(label, move || head.show(shown.clone()));
        shown.map(choose)
    }

    /// An entry that makes the column so much wider, and all others just as wide as they are.
    fn size_entry(&self, label: &'static str, by: i32, resized: Callback<Vec<u16>>) -> AnyView {
        let (table, place) = (self.table, self.place);
        entry(label, move || {
            if let Some(table) = table.get_untracked() {
                resized.run(resize::changed(&table, place, by));
            }
        })
    }

    /// Shows these columns. The focus stays at this one's menu; where the column is gone, it goes to the one before.
    fn show(&self, shown: Vec<ShownColumn>) {
        let before = self.place.saturating_sub(1);
        let found = shown.iter().find(|column| column.key == self.column.key);
        let key = found.or(shown.get(before)).map(|column| column.key.clone());
        self.on_layout
            .run(layout_of(&self.names, shown, self.layout.fit));
        if let Some(key) = key {
            browser::focus_id(&menu_id(&key));
        }
    }

    fn resize(&self, widths: Vec<u16>) {
        let mut shown = arrange(&self.names, &self.layout);
        for (column, width) in shown.iter_mut().zip(widths) {
            column.width = Some(width);
        }
        self.show(shown);
    }

    fn is_free(&self, key: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|name| name.key == key && name.stays == Stays::Free)
    }
}

fn menu_id(key: &str) -> String {
    format!("column-{key}")
}

fn swapped(shown: &[ShownColumn], one: usize, other: usize) -> Vec<ShownColumn> {
    let mut shown = shown.to_vec();
    shown.swap(one, other);
    shown
}

fn sorts(sorted: Sorted) -> AnyView {
    view! {
        <a role="menuitem" tabindex="-1" href=sorted.ascending data-noscroll="">{icon(Symbol::Up)}"Sort ascending"</a>
        <a role="menuitem" tabindex="-1" href=sorted.descending data-noscroll="">{icon(Symbol::Down)}"Sort descending"</a>
        <hr/>
    }
    .erased()
}

fn entry(label: &'static str, chosen: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" role="menuitem" tabindex="-1" on:click=handler(move |_| chosen())>{label}</button> }
        .erased()
}
