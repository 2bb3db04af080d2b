//! Every address of the console, as functions. No other file holds the text of a URL.

mod audit;
mod directory;
mod place;
mod view;

pub use audit::{
    audit_query, audit_record, audit_trail, layout_pairs, record_id, token_audit,
    token_audit_record, whole_audit_trail,
};
pub use directory::{account_icon, directory, directory_query};
pub use place::Place;
pub use view::{PLAIN_VIEW, kept_tokens, list, plain, view, without_view};

use crate::domain::{
    grid::Layout,
    icon::IconId,
    page::PageRequest,
    token::TokenId,
    token_query::{TokenOrders, TokenQuery},
};
use leptos_router::location::Url;

/// Signing in: the page, and the form's target.
pub const SIGN_IN: &str = "/sign-in";
/// Signing out: a form's target only.
pub const SIGN_OUT: &str = "/sign-out";
/// First start: the page, and the form's target.
pub const SETUP: &str = "/setup";
/// Accepting an invitation: the page, and the form's target.
pub const INVITATION: &str = "/invitation";
/// The modules.
pub const MODULES: &str = "/settings/modules";
/// The people.
pub const USERS: &str = "/settings/users";
/// The accounts.
pub const ACCOUNTS: &str = "/settings/accounts";
/// Oneself: the page, and the target of the form for one's name.
pub const PROFILE: &str = "/profile";
/// How the console looks to oneself: a form's target only.
pub const THEME: &str = "/profile/theme";
/// One's own password: the page, and the form's target.
pub const PASSWORD: &str = "/profile/password";
/// One's own sign-ins.
pub const SIGN_INS: &str = "/profile/sign-ins";
/// Ending one's own sign-ins: a form's target only.
pub const END_SIGN_INS: &str = "/profile/sign-ins/end";
/// The cookie that keeps how many rows a page of a list has.
pub const ROWS_COOKIE: &str = "rows";
/// The list of API tokens.
pub const TOKENS: &str = "/settings/api-tokens";
/// The form for a new token, over the list.
pub const ADD_TOKEN: &str = "/settings/api-tokens/add";
/// All of a list of API tokens as a table: no page, but a file of the server's own.
pub const EXPORT_CSV: &str = "/settings/api-tokens/export.csv";
/// The same, an object a line.
pub const EXPORT_NDJSON: &str = "/settings/api-tokens/export.ndjson";
/// Changes to several tokens at once.
pub const BULK_CHANGES: &str = "/settings/api-tokens/changes";
/// The audit trail.
pub const AUDIT_TRAIL: &str = "/settings/audit-trail";
/// The description of the REST interface, a page of the server's own.
pub const DOCS: &str = "/docs";
/// What can be said in the text of a filter, on that page.
pub const DOCS_FILTERS: &str = "/docs#filters";
/// Keeping a picture for a form: the target of a POST only, whose body is the file.
pub const UPLOAD_ICON: &str = "/uploads/icon";
/// A token's picture, in the server's notation.
pub const ICON_PATH: &str = "/settings/api-tokens/{id}/icon/{icon}";
/// An account's picture, in the server's notation.
pub const ACCOUNT_ICON_PATH: &str = "/settings/accounts/{id}/icon/{icon}";
/// How to add a token.
pub const HELP_ADD_TOKEN: &str = "/help/add-api-token";
/// How to find, sort and filter tokens.
pub const HELP_FIND_TOKEN: &str = "/help/find-api-tokens";
/// How to edit a token.
pub const HELP_EDIT_TOKEN: &str = "/help/edit-api-token";
/// How to see and copy a secret.
pub const HELP_SECRET: &str = "/help/api-token-secret";
/// How to disable, enable and delete a token.
pub const HELP_LIFECYCLE: &str = "/help/disable-enable-delete-api-token";
/// How to change several tokens at once.
pub const HELP_BULK: &str = "/help/change-several-api-tokens";
/// How to read the audit trail.
pub const HELP_AUDIT_TRAIL: &str = "/help/audit-trail";
/// How to invite and manage users.
pub const HELP_USERS: &str = "/help/users";
/// What modules are, and how they are defined.
pub const HELP_MODULES: &str = "/help/modules";
/// How to manage accounts.
pub const HELP_ACCOUNTS: &str = "/help/accounts";

/// A step of the form for a new token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddStep {
    /// Account, logo, name, description, who may see the secret later.
    General,
    /// Modules.
    Modules,
    /// All of it once more, to look over.
    Overview,
    /// The token that was added, with its secret.
    Summary,
}

impl AddStep {
    /// Every step, in order.
    pub const ALL: [Self; 4] = [Self::General, Self::Modules, Self::Overview, Self::Summary];

    /// The step that an address names; nonsense means the first.
    #[must_use]
    pub fn lenient(text: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|step| Some(step.as_str()) == text)
            .unwrap_or(Self::General)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Modules => "modules",
            Self::Overview => "overview",
            Self::Summary => "summary",
        }
    }
}

/// A step of the edit dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditStep {
    /// Name and description.
    General,
    /// Modules.
    Modules,
}

impl EditStep {
    /// The step that an address names; nonsense means the first.
    #[must_use]
    pub fn lenient(text: Option<&str>) -> Self {
        if text == Some("modules") {
            Self::Modules
        } else {
            Self::General
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Modules => "modules",
        }
    }
}

/// A tab of the details page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the tab of that name")]
pub enum TokenTab {
    General,
    Modules,
    Details,
    AuditTrail,
}

impl TokenTab {
    /// Every tab, in order.
    pub const ALL: [Self; 4] = [
        Self::General,
        Self::Modules,
        Self::Details,
        Self::AuditTrail,
    ];

    /// The tab that an address names; nonsense means the first.
    #[must_use]
    pub fn lenient(text: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|tab| Some(tab.as_str()) == text)
            .unwrap_or(Self::General)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Modules => "modules",
            Self::Details => "details",
            Self::AuditTrail => "audit-trail",
        }
    }
}

/// The list as this query has it; what is usual is left out.
#[must_use]
pub fn tokens(query: &TokenQuery) -> String {
    with_query(TOKENS, list_pairs(query))
}

/// All of the list as this query has it, as the file at `path`: whatever is shown of it, every row with all that is known.
#[must_use]
pub fn export(path: &str, query: &TokenQuery) -> String {
    let mut pairs = narrowing(query);
    pairs.retain(|(key, _)| ["search", "filter", "order"].contains(key));
    with_query(path, pairs)
}

/// What the raw query string of the list, or of a dialog over it, asks for.
#[must_use]
pub fn token_query(search: &str) -> TokenQuery {
    let value = |key| query_value(search, key);
    let size = value("size").and_then(|text| PageRequest::offered(&text));
    TokenQuery {
        page: PageRequest::lenient(value("page").as_deref(), value("size").as_deref()),
        sized: size.is_some(),
        order: TokenOrders::lenient(&value("order").unwrap_or_default()),
        search: value("search").unwrap_or_default().trim().to_owned(),
        filter: value("filter").unwrap_or_default().trim().to_owned(),
        layout: Layout::lenient(
            &value("columns").unwrap_or_default(),
            &value("fit").unwrap_or_default(),
        ),
        view: value("view").unwrap_or_default(),
    }
}

/// The first value of `key` in a raw query string, decoded once. (The router's own map decodes values twice.)
#[must_use]
pub fn query_value(search: &str, key: &str) -> Option<String> {
    let pairs = search.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(name, _)| *name == key)
        .map(|(_, value)| Url::unescape(&value.replace('+', " ")))
        .next()
}

/// A token's details, on this tab.
#[must_use]
pub fn token(id: &str, tab: TokenTab) -> String {
    match tab {
        TokenTab::General => format!("{TOKENS}/{id}"),
        tab => format!("{TOKENS}/{id}?tab={}", tab.as_str()),
    }
}

/// One of the changes to several tokens.
#[must_use]
pub fn bulk_change(id: &str) -> String {
    format!("{BULK_CHANGES}/{id}")
}

/// The page that lies behind a dialog about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behind {
    /// The token's details, on this tab.
    Details(TokenTab),
    /// The list, as it was.
    List(TokenQuery),
}

impl Behind {
    /// What the raw query string of the dialog's address says.
    #[must_use]
    pub fn from_search(search: &str) -> Self {
        if query_value(search, "from").as_deref() == Some("list") {
            Self::List(token_query(search))
        } else {
            Self::Details(TokenTab::lenient(query_value(search, "tab").as_deref()))
        }
    }

    /// The address of the page behind, for the token `id`.
    #[must_use]
    pub fn address(&self, id: &str) -> String {
        match self {
            Self::Details(tab) => token(id, *tab),
            Self::List(query) => tokens(query),
        }
    }
}

/// Editing a token, over the page behind.
#[must_use]
pub fn edit_token(id: &str, step: EditStep, behind: &Behind) -> String {
    let mut pairs = vec![("step", step.as_str().to_owned())];
    match behind {
        Behind::Details(TokenTab::General) => {}
        Behind::Details(tab) => pairs.push(("tab", tab.as_str().to_owned())),
        Behind::List(query) => {
            pairs.push(("from", "list".to_owned()));
            pairs.extend(list_pairs(query));
        }
    }
    with_query(&format!("{TOKENS}/{id}/edit"), pairs)
}

/// Adding a token, over the list.
#[must_use]
pub fn add_token(step: AddStep, list: &TokenQuery) -> String {
    let mut pairs = vec![("step", step.as_str().to_owned())];
    pairs.extend(list_pairs(list));
    with_query(ADD_TOKEN, pairs)
}

/// A token's picture.
#[must_use]
pub fn icon(token: TokenId, icon: &IconId) -> String {
    format!("{TOKENS}/{token}/icon/{icon}")
}

/// Signing in, and after it the address that was asked for.
#[must_use]
pub fn sign_in(next: &str) -> String {
    with_query(SIGN_IN, vec![("next", next.to_owned())])
}

/// Accepting the invitation with this code.
#[must_use]
pub fn invitation(code: &str) -> String {
    with_query(INVITATION, vec![("code", code.to_owned())])
}

/// All but the page, as it stands in an address.
#[must_use]
pub fn narrowing(query: &TokenQuery) -> Vec<(&'static str, String)> {
    let pairs = [
        ("view", query.view.clone()),
        ("search", query.search.clone()),
        ("filter", query.filter.clone()),
        ("order", query.order.to_text()),
    ];
    let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    said.chain(layout_pairs(&query.layout)).collect()
}

fn list_pairs(query: &TokenQuery) -> Vec<(&'static str, String)> {
    let mut pairs = narrowing(query);
    if query.sized {
        pairs.push(("size", query.page.size.to_string()));
    }
    if query.page.number != 1 {
        pairs.push(("page", query.page.number.to_string()));
    }
    pairs
}

fn with_query(path: &str, pairs: Vec<(&str, String)>) -> String {
    let mut address = path.to_owned();
    for (index, (key, value)) in pairs.into_iter().enumerate() {
        let plain = value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        let value = if plain { value } else { Url::escape(&value) };
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(key);
        address.push('=');
        address.push_str(&value);
    }
    address
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::token_query::TokenOrder;
    use proptest::prelude::*;

    #[test]
    fn the_usual_list_has_the_plain_address() {
        assert_eq!(tokens(&TokenQuery::default()), TOKENS);
    }

    #[test]
    fn an_export_asks_for_all_that_the_list_holds_and_not_for_how_it_is_shown() {
        let query = TokenQuery {
            page: PageRequest { number: 3, size: 5 },
            order: TokenOrders::lenient("status"),
            search: "a & b".into(),
            layout: Layout::lenient("status", "screen"),
            view: "VIW-1234-1234".into(),
            ..TokenQuery::default()
        };
        let address = export(EXPORT_CSV, &query);
        assert_eq!(
            address,
            format!("{EXPORT_CSV}?search=a%20%26%20b&order=status")
        );
        for path in [EXPORT_CSV, EXPORT_NDJSON] {
            assert_eq!(Place::from_path(path), Place::Nowhere, "it is no token");
        }
    }

    #[test]
    fn a_dialog_over_the_list_keeps_the_list_as_it_was() {
        let behind = Behind::List(TokenQuery {
            search: "50% off".into(),
            ..TokenQuery::default()
        });
        let address = edit_token("TKN-1234-1234", EditStep::Modules, &behind);
        assert_eq!(
            address,
            "/settings/api-tokens/TKN-1234-1234/edit?step=modules&from=list&search=50%25%20off"
        );
        let (path, search) = address.split_once('?').unwrap();
        assert_eq!(Behind::from_search(search), behind);
        assert_eq!(
            Place::from_path(path),
            Place::EditToken("TKN-1234-1234".into())
        );
    }

    #[test]
    fn a_size_stands_in_links_when_it_stands_in_the_address_also_the_usual_one() {
        for (search, kept) in [
            ("size=10", "?size=10"),
            ("size=25", "?size=25"),
            ("size=7", ""),
            ("", ""),
        ] {
            assert_eq!(
                tokens(&token_query(search)),
                format!("{TOKENS}{kept}"),
                "{search}"
            );
        }
        let remembered = TokenQuery {
            page: PageRequest {
                number: 1,
                size: 50,
            },
            ..TokenQuery::default()
        };
        assert_eq!(tokens(&remembered), TOKENS);
    }

    proptest! {
        #[test]
        fn a_list_is_found_again_by_its_address(search in "\\S(\\PC{0,20}\\S)?", page in 1_u32.., descending: bool) {
            let query = TokenQuery {
                page: PageRequest { number: page, size: 25 },
                sized: true,
                order: TokenOrders::new([TokenOrder { descending, ..TokenOrder::USUAL }]),
                filter: format!("eq(name,'{}')", search.trim()),
                search: search.trim().to_owned(),
                layout: Layout::lenient("modules,status~200", "screen"),
                view: "VIW-1234-1234".to_owned(),
            };
            let address = tokens(&query);
            let (_, raw) = address.split_once('?').unwrap();
            prop_assert_eq!(token_query(raw), query);
        }
    }
}
