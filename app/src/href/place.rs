//! Which page an address means.

use super::{
    ACCOUNTS, ADD_TOKEN, AUDIT_TRAIL, BULK_CHANGES, EXPORT_CSV, EXPORT_NDJSON, HELP_ACCOUNTS,
    HELP_ADD_TOKEN, HELP_AUDIT_TRAIL, HELP_BULK, HELP_EDIT_TOKEN, HELP_FIND_TOKEN, HELP_LIFECYCLE,
    HELP_MODULES, HELP_SECRET, HELP_USERS, INVITATION, MODULES, PASSWORD, PROFILE, SETUP, SIGN_IN,
    SIGN_INS, TOKENS, USERS,
};

/// The page that an address leads to. The id of a token is whatever the address says, well-formed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the page of that name")]
pub enum Place {
    SignIn,
    Setup,
    Invitation,
    Tokens,
    Token(String),
    /// The form for a new token, over the list.
    AddToken,
    /// The edit dialog, over the list or the details.
    EditToken(String),
    /// Changes to several tokens at once.
    BulkChanges,
    /// One of them.
    BulkChange(String),
    AuditTrail,
    Modules,
    Users,
    Accounts,
    Profile,
    Password,
    SignIns,
    /// A help page, by its address.
    Help(&'static str),
    /// No page.
    Nowhere,
}

impl Place {
    /// The addresses of the help pages.
    pub const HELP: [&'static str; 10] = [
        HELP_ADD_TOKEN,
        HELP_FIND_TOKEN,
        HELP_EDIT_TOKEN,
        HELP_SECRET,
        HELP_LIFECYCLE,
        HELP_BULK,
        HELP_AUDIT_TRAIL,
        HELP_USERS,
        HELP_MODULES,
        HELP_ACCOUNTS,
    ];

    /// The paths of all pages of a person who is signed in, in the server's notation.
    pub const PATHS: [&'static str; 23] = [
        TOKENS,
        ADD_TOKEN,
        "/settings/api-tokens/{id}",
        "/settings/api-tokens/{id}/edit",
        BULK_CHANGES,
        "/settings/api-tokens/changes/{id}",
        AUDIT_TRAIL,
        MODULES,
        USERS,
        ACCOUNTS,
        PROFILE,
        PASSWORD,
        SIGN_INS,
        HELP_ADD_TOKEN,
        HELP_FIND_TOKEN,
        HELP_EDIT_TOKEN,
        HELP_SECRET,
        HELP_LIFECYCLE,
        HELP_BULK,
        HELP_AUDIT_TRAIL,
        HELP_USERS,
        HELP_MODULES,
        HELP_ACCOUNTS,
    ];

    /// The page at this path.
    #[must_use]
    pub fn from_path(path: &str) -> Self {
        // Files of the server's own, and no ids of tokens.
        if [EXPORT_CSV, EXPORT_NDJSON].contains(&path) {
            return Self::Nowhere;
        }
        if let Some(rest) = path.strip_prefix(TOKENS) {
            return match rest.split('/').collect::<Vec<_>>().as_slice() {
                [""] => Self::Tokens,
                ["", "add"] => Self::AddToken,
                ["", "changes"] => Self::BulkChanges,
                ["", "changes", id] if !id.is_empty() => Self::BulkChange((*id).to_owned()),
                ["", id] if !id.is_empty() => Self::Token((*id).to_owned()),
                ["", id, "edit"] => Self::EditToken((*id).to_owned()),
                _ => Self::Nowhere,
            };
        }
        match path {
            SIGN_IN => Self::SignIn,
            SETUP => Self::Setup,
            INVITATION => Self::Invitation,
            PROFILE => Self::Profile,
            PASSWORD => Self::Password,
            SIGN_INS => Self::SignIns,
            AUDIT_TRAIL => Self::AuditTrail,
            MODULES => Self::Modules,
            USERS => Self::Users,
            ACCOUNTS => Self::Accounts,
            _ => Self::HELP
                .into_iter()
                .find(|address| *address == path)
                .map_or(Self::Nowhere, Self::Help),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_server_leads_to_a_page_and_others_nowhere() {
        for path in Place::PATHS {
            assert_ne!(Place::from_path(path), Place::Nowhere, "{path}");
        }
        for path in [
            "/",
            "",
            "/settings",
            "/settings/api-tokens/",
            "/settings/api-tokensx",
            "/settings/api-tokens/a/b",
        ] {
            assert_eq!(Place::from_path(path), Place::Nowhere, "{path}");
        }
    }
}
