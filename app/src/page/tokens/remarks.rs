//! What the address of the list asks for and cannot have, said over the rows. The list is there all the same.

use super::{list::Shared, list_columns::names};
use crate::{
    domain::{
        grid::Fit,
        page::{PAGE_SIZES, PageRequest},
        token_query::TokenOrders,
        user::CurrentUser,
    },
    href,
    page::views::InUse,
    ui::{ColumnName, Erase as _, changing},
};
use leptos::prelude::*;

/// So many parts of one kind are named.
const NAMED: usize = 5;
/// So much of a part is repeated.
const EXCERPT: usize = 40;

/// The remarks over rows that are those of page `number`.
pub(super) fn remarks(shared: Shared, viewer: &CurrentUser, number: u32) -> AnyView {
    let columns = names(viewer.sees_all_accounts(), viewer.may_edit_tokens());
    let asked = shared.query.with_untracked(|query| query.page.number);
    let list = move || {
        let missing = matches!(shared.views.in_use(), InUse::Missing).then(|| {
            "The saved view in this address does not exist, or it is somebody else's. The list is as the address says."
                .to_owned()
        });
        let search = shared.search.get();
        let others = faults(&search, (asked, number), &columns);
        let all: Vec<_> = missing.into_iter().chain(others).collect();
        (!all.is_empty()).then(|| {
            let line = |text: String| view! { <li>{text}</li> }.erased();
            view! {
                <div class="notice warn remarks" role="status">
                    <ul>{all.into_iter().map(line).collect_view()}</ul>
                </div>
            }
            .erased()
        })
    };
    view! { {changing(list)} }.into_any()
}

/// What a raw query string asks for in vain, when the rows were asked for as those of one page and came as those of
/// another.
fn faults(search: &str, pages: (u32, u32), columns: &[ColumnName]) -> Vec<String> {
    let said = |key| {
        href::query_value(search, key)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let (order, shown) = (said("order"), said("columns"));
    let unsorted = TokenOrders::unknown(&order);
    let unsorted = (!unsorted.is_empty())
        .then(|| format!("The list cannot be sorted by {}.", quoted(&unsorted)));
    let (unknown, twice) = odd_columns(&shown, columns);
    let unknown = (!unknown.is_empty()).then(|| match unknown.len() {
        1 => format!("There is no column {}.", quoted(&unknown)),
        _ => format!("There are no columns {}.", quoted(&unknown)),
    });
    let twice = (!twice.is_empty()).then(|| {
        format!(
            "The address names {} more than once. Each column is shown once.",
            quoted(&twice)
        )
    });
    let all = [
        page(&said("page"), pages),
        size(&said("size")),
        unsorted,
        unknown,
        twice,
        fit(&said("fit")),
    ];
    all.into_iter().flatten().collect()
}

fn page(said: &str, (asked, number): (u32, u32)) -> Option<String> {
    if said.is_empty() {
        return None;
    }
    match said.parse::<u32>() {
        Err(_) | Ok(0) => Some(format!(
            "There is no page “{}”. This is page 1.",
            excerpt(said)
        )),
        // The address may have gone on to another page, whose rows are still to come.
        Ok(page) if page == asked && page > number => {
            Some(format!("There is no page {page}. This is the last one."))
        }
        Ok(_) => None,
    }
}

fn size(said: &str) -> Option<String> {
    if said.is_empty() || PageRequest::offered(said).is_some() {
        return None;
    }
    let [most @ .., last] = PAGE_SIZES.map(|size| size.to_string());
    let said = excerpt(said);
    Some(format!(
        "A page can have {} or {last} rows, not “{said}”.",
        most.join(", ")
    ))
}

fn fit(said: &str) -> Option<String> {
    let known = Fit::ALL.iter().any(|fit| fit.as_str() == said);
    (!known).then(|| format!("There is no column size “{}”.", excerpt(said)))
}

/// The keys that are no columns, and the words over those that come again.
fn odd_columns(said: &str, columns: &[ColumnName]) -> (Vec<String>, Vec<String>) {
    let (mut seen, mut unknown, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for part in said.split(',') {
        let key = part.split('~').next().unwrap_or_default();
        if key.is_empty() {
            continue;
        }
        let column = columns.iter().find(|column| column.key == key);
        let again = seen.contains(&key);
        seen.push(key);
        let (odd, word) = match column {
            Some(column) => (again.then_some(&mut twice), column.label),
            // A view that an Administrator shares has it, and a Viewer has nothing to do in it.
            None if key == "actions" => continue,
            None => (Some(&mut unknown), key),
        };
        if let Some(odd) = odd.filter(|odd| !odd.iter().any(|other| other == word)) {
            odd.push(word.to_owned());
        }
    }
    (unknown, twice)
}

/// “a”, “b”, “c”.
fn quoted(parts: &[String]) -> String {
    let named = parts.iter().take(NAMED);
    let named: Vec<_> = named.map(|part| format!("“{}”", excerpt(part))).collect();
    let more = parts.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{more}", named.join(", "))
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn of(search: &str) -> Vec<String> {
        faults(search, (1, 1), &names(false, true))
    }

    #[test]
    fn an_address_of_our_own_has_no_remarks() {
        for search in [
            "",
            "page=1&size=25&order=status,-name&columns=modules,status~120&fit=screen&search=x&view=plain",
            "page=&size=&order=&columns=&fit=",
            "utm_source=x&page[]=2",
        ] {
            assert_eq!(of(search), Vec::<String>::new(), "{search}");
        }
    }

    #[test]
    fn a_page_that_is_none_is_named_as_it_was_typed() {
        for page in ["-1", "0", "abc", "1.5", "99999999999"] {
            let said = format!("There is no page “{page}”. This is page 1.");
            assert_eq!(of(&format!("page={page}")), [said]);
        }
    }

    #[test]
    fn a_page_beyond_the_end_is_told_from_one_that_is_still_to_come() {
        let columns = names(false, true);
        assert_eq!(
            faults("page=99", (99, 4), &columns),
            ["There is no page 99. This is the last one."]
        );
        assert!(faults("page=4", (3, 3), &columns).is_empty());
        assert!(faults("page=4", (4, 4), &columns).is_empty());
    }

    #[test]
    fn a_size_that_is_not_offered_is_answered_by_those_that_are() {
        for size in ["1000000000", "7", "0", "ten"] {
            let said = format!("A page can have 5, 10, 25, 50 or 100 rows, not “{size}”.");
            assert_eq!(of(&format!("size={size}")), [said]);
        }
    }

    #[test]
    fn orders_and_columns_that_are_none_are_named() {
        assert_eq!(
            of("order=status,token,--name"),
            ["The list cannot be sorted by “token”, “--name”."]
        );
        assert_eq!(
            of("columns=status,gone~120"),
            ["There is no column “gone”."]
        );
        assert_eq!(
            of("columns=x,account,x"),
            ["There are no columns “x”, “account”."]
        );
        assert_eq!(
            of("columns=status,modules,status~90,status"),
            ["The address names “Status” more than once. Each column is shown once."]
        );
        assert_eq!(of("fit=wide"), ["There is no column size “wide”."]);
    }

    #[test]
    fn the_column_of_actions_in_a_shared_view_is_no_fault_to_a_viewer() {
        assert!(faults("columns=name,status,actions", (1, 1), &names(false, false)).is_empty());
    }

    #[test]
    fn long_and_many_parts_are_cut() {
        let long = "x".repeat(5_000);
        let said = &of(&format!("size={long}"))[0];
        assert!(said.chars().count() < 120 && said.contains('…'), "{said}");
        let many: Vec<_> = (0..400).map(|number| format!("c{number}")).collect();
        let said = &of(&format!("columns={}", many.join(",")))[0];
        assert!(said.ends_with("“c4” and 395 more."), "{said}");
    }
}
