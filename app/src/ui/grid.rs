//! A grid of rows that are fetched a page at a time. Its columns are data: which there are, what stands in a cell, by what
//! a column sorts. A [`Layout`] says which of them are shown, in which order and how wide.

mod columns;
mod head;
mod resize;

pub use columns::ColumnsDialog;
pub use head::Sorted;

use super::Erase as _;
use crate::{
    browser::Live,
    domain::grid::{Fit, Layout, ShownColumn},
};
use leptos::{html, prelude::*};
use std::sync::Arc;

/// The width of a column that has none of its own, in pixels, where others have theirs.
const START: u16 = 160;

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// Always shown, before all others.
    First,
    /// Shown where the layout has it, or not.
    Free,
    /// Always shown, after all others.
    Last,
}

/// What a cell shows of a row.
pub type Cell<R> = Arc<dyn Fn(&R) -> AnyView + Send + Sync>;

/// A column of a grid of rows `R`.
pub struct Column<R> {
    /// Its key in a layout.
    pub key: &'static str,
    /// The words over it.
    pub label: &'static str,
    /// Whether it can be hidden and moved.
    pub stays: Stays,
    /// What it shows.
    pub cell: Cell<R>,
    /// How the grid is sorted by it, if it can be.
    pub sorted: Option<Sorted>,
}

/// What can be said of a column without its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnName {
    /// Its key in a layout.
    pub key: &'static str,
    /// The words over it.
    pub label: &'static str,
    /// Whether it can be hidden and moved.
    pub stays: Stays,
}

/// A grid as a page puts it together.
pub struct Grid<R> {
    /// Its name, for those who do not see it.
    pub label: &'static str,
    /// All columns there are, in their usual order.
    pub columns: Vec<Column<R>>,
    /// The rows, each with the class of its line.
    pub rows: Vec<(R, &'static str)>,
    /// What of it is shown.
    pub layout: Layout,
    /// Told of another layout that somebody made.
    pub on_layout: Callback<Layout>,
}

impl<R: 'static> Grid<R> {
    /// The table.
    pub fn view(self) -> AnyView {
        let names: Arc<[ColumnName]> = self.columns.iter().map(Column::name).collect();
        let shown = arrange(&names, &self.layout);
        let parts: Vec<_> = shown
            .iter()
            .filter_map(|column| {
                let found = self.columns.iter().find(|other| other.key == column.key)?;
                Some((found, column.width))
            })
            .collect();
        let rows = self.rows.iter().map(|(row, class)| {
            let cells = parts.iter().map(|(column, _)| (column.cell)(row));
            (*class, cells.collect())
        });
        let rows = rows.collect();
        let heads = parts.into_iter().map(|(column, width)| Shown {
            name: column.name(),
            sorted: column.sorted.clone(),
            width,
        });
        Table {
            label: self.label,
            heads: heads.collect(),
            rows,
            names,
            layout: self.layout,
            on_layout: self.on_layout,
        }
        .view()
    }
}

/// A column that is shown.
struct Shown {
    name: ColumnName,
    sorted: Option<Sorted>,
    width: Option<u16>,
}

/// A grid whose rows have been made into cells: the same for rows of every kind, so that the browser loads it once.
struct Table {
    label: &'static str,
    heads: Vec<Shown>,
    rows: Vec<(&'static str, Vec<AnyView>)>,
    names: Arc<[ColumnName]>,
    layout: Layout,
    on_layout: Callback<Layout>,
}

impl Table {
    fn view(self) -> AnyView {
        let Self {
            label,
            heads,
            rows,
            names,
            layout,
            on_layout,
        } = self;
        let table = NodeRef::<html::Table>::new();
        let waiting = Live::waiting();
        let sized = heads.iter().any(|column| column.width.is_some());
        let wide = sized || layout.fit != Fit::Usual;
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(class, cells)| {
                let cells = cells.into_iter().zip(&heads).map(|(cell, column)| {
                    let label = (column.name.stays == Stays::Free).then_some(column.name.label);
                    let class = (column.name.stays == Stays::Last).then_some("act");
                    view! { <td role="cell" class=class data-l=label>{cell}</td> }.erased()
                });
                view! { <tr role="row" class=class>{cells.collect_view()}</tr> }.erased()
            })
            .collect();
        let widths: Vec<_> = heads
            .iter()
            .map(|column| {
                // All or none: columns without a width would have to share what the others leave, which may be nothing.
                let width = column.width.or(sized.then_some(START));
                let width = width.map(|width| width.to_string());
                // No attribute `style`: the policy for content forbids it, and this says the same.
                html::col().attr("width", width).into_any()
            })
            .collect();
        let class = match (sized, layout.fit) {
            (true, _) => "grid sized",
            (_, Fit::Screen) => "grid sized even",
            (_, Fit::Content) => "grid whole",
            (_, Fit::Usual) => "grid",
        };
        let heads = heads.into_iter().enumerate().map(|(place, column)| {
            head::head(head::Head {
                column: column.name,
                sorted: column.sorted,
                place,
                names: Arc::clone(&names),
                layout: layout.clone(),
                on_layout,
                table,
                waiting,
            })
        });
        view! {
            <div class="grid-frame" tabindex=wide.then_some("0") role=wide.then_some("region") aria-label=wide.then_some(label)>
                <table class=class role="table" aria-label=label node_ref=table>
                    <colgroup>{widths}</colgroup>
                    <thead><tr>{heads.collect_view()}</tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
        }
        .erased()
    }
}

impl<R> Column<R> {
    /// A column that can be hidden and moved, and does not sort.
    pub fn free(
        key: &'static str,
        label: &'static str,
        cell: impl Fn(&R) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        Self {
            key,
            label,
            stays: Stays::Free,
            cell: Arc::new(cell),
            sorted: None,
        }
    }

    /// What can be said of it without its rows.
    pub fn name(&self) -> ColumnName {
        ColumnName {
            key: self.key,
            label: self.label,
            stays: self.stays,
        }
    }
}

/// The columns that are shown, in order, with their widths: those that stay, and between them those of the layout.
pub fn arrange(names: &[ColumnName], layout: &Layout) -> Vec<ShownColumn> {
    let width = |key: &str| {
        let mut chosen = layout.columns.iter();
        let found = chosen.find(|column| column.key == key);
        found.and_then(|column| column.width)
    };
    let of = |stays: Stays| {
        let found = names.iter().filter(move |name| name.stays == stays);
        found.map(|name| ShownColumn {
            key: name.key.to_owned(),
            width: width(name.key),
        })
    };
    let chosen: Vec<ShownColumn> = layout
        .columns
        .iter()
        .filter(|column| {
            let name = names.iter().find(|name| name.key == column.key);
            name.is_some_and(|name| name.stays == Stays::Free)
        })
        .cloned()
        .collect();
    let named_free = !chosen.is_empty();
    let middle: Vec<_> = if named_free {
        chosen
    } else {
        of(Stays::Free).collect()
    };
    of(Stays::First)
        .chain(middle)
        .chain(of(Stays::Last))
        .collect()
}

/// The layout that shows these columns, as short as it can be said.
pub fn layout_of(names: &[ColumnName], shown: Vec<ShownColumn>, fit: Fit) -> Layout {
    let usual = arrange(names, &Layout::default());
    if shown == usual {
        return Layout {
            columns: Vec::new(),
            fit,
        };
    }
    let stays = |key: &str| {
        let name = names.iter().find(|name| name.key == key);
        name.is_none_or(|name| name.stays != Stays::Free)
    };
    let columns = shown
        .into_iter()
        .filter(|column| column.width.is_some() || !stays(&column.key));
    Layout {
        columns: columns.collect(),
        fit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [ColumnName; 4] = [
        ColumnName {
            key: "name",
            label: "Name",
            stays: Stays::First,
        },
        ColumnName {
            key: "a",
            label: "A",
            stays: Stays::Free,
        },
        ColumnName {
            key: "b",
            label: "B",
            stays: Stays::Free,
        },
        ColumnName {
            key: "act",
            label: "Actions",
            stays: Stays::Last,
        },
    ];

    fn keys(text: &str) -> String {
        let shown = arrange(&NAMES, &Layout::lenient(text, ""));
        let keys: Vec<_> = shown.into_iter().map(|column| column.key).collect();
        keys.join(" ")
    }

    #[test]
    fn columns_that_stay_are_always_there() {
        for (text, shown) in [
            ("", "name a b act"),
            ("b,a", "name b a act"),
            ("b", "name b act"),
            ("act,name,b", "name b act"),
            ("name~300", "name a b act"),
            ("gone", "name a b act"),
        ] {
            assert_eq!(keys(text), shown, "{text}");
        }
    }

    #[test]
    fn a_layout_says_no_more_than_it_must() {
        let usual = arrange(&NAMES, &Layout::default());
        assert_eq!(layout_of(&NAMES, usual, Fit::Usual), Layout::default());
        let text = "name~300,b";
        let shown = arrange(&NAMES, &Layout::lenient(text, ""));
        assert_eq!(layout_of(&NAMES, shown, Fit::Usual).columns_text(), text);
    }
}
