//! Help pages: one short page a task, for the people who do it.
//!
//! The pages are texts, not views, so that the browser loads little more than their words.

mod add_token;
mod audit_trail;
mod edit_token;
mod find_token;
mod lifecycle;
mod secret;
mod text;

use crate::{
    href,
    ui::{Erase as _, page_title},
};
use leptos::prelude::*;
use text::Part;

/// A help page.
struct HelpPage {
    address: &'static str,
    /// The task, as in `Edit an API token`.
    title: &'static str,
    parts: &'static [Part],
}

/// Every page, in the order of a token's life.
static PAGES: [HelpPage; href::Place::HELP.len()] = [
    HelpPage {
        address: href::HELP_FIND_TOKEN,
        title: "Find, sort and filter API tokens",
        parts: find_token::PARTS,
    },
    HelpPage {
        address: href::HELP_ADD_TOKEN,
        title: "Add an API token",
        parts: add_token::PARTS,
    },
    HelpPage {
        address: href::HELP_SECRET,
        title: "See and copy a secret",
        parts: secret::PARTS,
    },
    HelpPage {
        address: href::HELP_EDIT_TOKEN,
        title: "Edit an API token",
        parts: edit_token::PARTS,
    },
    HelpPage {
        address: href::HELP_LIFECYCLE,
        title: "Disable, enable or delete an API token",
        parts: lifecycle::PARTS,
    },
    HelpPage {
        address: href::HELP_AUDIT_TRAIL,
        title: "Read the audit trail",
        parts: audit_trail::PARTS,
    },
];

/// The help page at this address.
#[component]
pub fn Help(address: &'static str) -> impl IntoView {
    let page = PAGES.iter().find(|page| page.address == address);
    page.map(|page| {
        view! {
            {page_title(&format!("Help: {}", page.title))}
            <div class="card narrow"><article class="help-page">
                <h1>{page.title}</h1>
                {page.parts.iter().map(Part::view).collect_view()}
                <nav class="help-all" aria-label="All help">
                    <h2>"All help"</h2>
                    <ul>
                        {PAGES.iter().map(|other| entry(other, address)).collect_view()}
                        <li><a href=href::DOCS rel="external">"REST API, for programs"</a></li>
                    </ul>
                </nav>
            </article></div>
        }
        .erased()
    })
}

fn entry(page: &'static HelpPage, current: &'static str) -> AnyView {
    let current = (page.address == current).then_some("page");
    view! { <li><a href=page.address aria-current=current>{page.title}</a></li> }.erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_help_address_has_a_page_and_every_text_reads_without_marks_left_over() {
        for address in href::Place::HELP {
            let page = PAGES.iter().find(|page| page.address == address);
            let parts = page.map(|page| page.parts).unwrap_or_default();
            assert!(!parts.is_empty(), "{address}");
            for text in parts.iter().flat_map(Part::texts) {
                for piece in text::pieces(text) {
                    let words = piece.words();
                    assert!(
                        !words.contains(['*', '[', ']', '`', '!']),
                        "{words} in {text}"
                    );
                }
            }
        }
    }
}
