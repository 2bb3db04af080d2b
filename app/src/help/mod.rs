//! Help pages: one short page a task, for the people who do it. Their texts stay on the server until they are asked for, so
//! that the browser loads none in advance.

mod accounts;
mod add_token;
mod audit_trail;
mod bulk;
mod edit_token;
mod find_token;
mod lifecycle;
mod modules;
mod secret;
mod text;
mod users;

use crate::{
    domain::help::{HelpPage, HelpPart},
    href,
};
use text::Part;

/// A page: its address, its task, and what is said of it.
type Page = (&'static str, &'static str, &'static [Part]);

/// Every page, in the order of a token's life; then what is about more than one token.
static PAGES: [Page; href::Place::HELP.len()] = [
    (
        href::HELP_FIND_TOKEN,
        "Find, sort and filter API tokens",
        find_token::PARTS,
    ),
    (href::HELP_ADD_TOKEN, "Add an API token", add_token::PARTS),
    (href::HELP_SECRET, "See and copy a secret", secret::PARTS),
    (
        href::HELP_EDIT_TOKEN,
        "Edit an API token",
        edit_token::PARTS,
    ),
    (
        href::HELP_LIFECYCLE,
        "Disable, enable or delete an API token",
        lifecycle::PARTS,
    ),
    (
        href::HELP_BULK,
        "Change several API tokens at once",
        bulk::PARTS,
    ),
    (
        href::HELP_AUDIT_TRAIL,
        "Read the audit trail",
        audit_trail::PARTS,
    ),
    (href::HELP_USERS, "Invite and manage users", users::PARTS),
    (href::HELP_MODULES, "See and define modules", modules::PARTS),
    (href::HELP_ACCOUNTS, "Manage accounts", accounts::PARTS),
];

/// The help page at this address.
#[must_use]
pub fn page(address: &str) -> Option<HelpPage> {
    let (_, title, parts) = PAGES.iter().find(|page| page.0 == address)?;
    let all = PAGES
        .iter()
        .map(|page| (page.0.to_owned(), page.1.to_owned()));
    Some(HelpPage {
        title: (*title).to_owned(),
        parts: parts.iter().map(HelpPart::from).collect(),
        all: all.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::help::pieces;

    #[test]
    fn every_help_address_has_a_page_and_every_text_reads_without_marks_left_over() {
        for address in href::Place::HELP {
            let parts = page(address).map(|page| page.parts).unwrap_or_default();
            assert!(!parts.is_empty(), "{address}");
            for text in parts.iter().flat_map(HelpPart::texts) {
                for piece in pieces(text) {
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
