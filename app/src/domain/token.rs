//! API tokens: what is shown of one, how it is edited, and what comes of an edit.

use super::{
    account::{AccountId, AccountRef},
    icon::IconId,
    lifecycle::TokenAction,
    module::{Module, ModuleId, ModuleRef},
    page::PageRequest,
    secret::{RevealPolicy, SecretAccess},
    time::Timestamp,
    user::PersonRef,
};
pub use super::{id::TokenId, lifecycle::TokenStatus};
use serde::{Deserialize, Serialize};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub account: AccountRef,
    /// What it may use, by name.
    pub modules: Vec<ModuleRef>,
    /// Who made it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: Timestamp,
    /// When it was last presented; `None` for never.
    pub last_access_at: Option<Timestamp>,
    /// Where it stands.
    pub status: TokenStatus,
    /// Its picture, if it has one.
    pub icon: Option<IconId>,
    /// What the person who asks may do to it now.
    pub allowed: Allowed,
}

/// What a person may do to a token as it stands. Only the server decides it; see its `authz`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Allowed {
    /// Whether he may edit it.
    pub edit: bool,
    /// The steps of its life that he may take, in the order of the menus.
    pub actions: Vec<TokenAction>,
    /// Whether it was used so recently that deleting it asks for its name.
    pub name_to_delete: bool,
}

/// When something was done, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonRef,
}

/// The details page of a token. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenDetails {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Where it stands.
    pub status: TokenStatus,
    /// Rises with every change that an edit could collide with.
    pub revision: i64,
    /// The prefix and first four characters of the secret (T-15).
    pub hint: String,
    /// Whose it is.
    pub account: AccountRef,
    /// What it may use, by name.
    pub modules: Vec<Module>,
    /// When it was last presented; `None` for never.
    pub last_access_at: Option<Timestamp>,
    /// From where.
    pub last_access_from: Option<String>,
    /// How often it was let in, as far as was counted.
    pub uses: u64,
    /// Made.
    pub created: Stamp,
    /// Last changed, if ever.
    pub updated: Option<Stamp>,
    /// Last enabled, if ever.
    pub enabled: Option<Stamp>,
    /// Last disabled, if ever.
    pub disabled: Option<Stamp>,
    /// The address under which programs reach the platform.
    pub api_endpoint: String,
    /// Deleted, if ever.
    pub deleted: Option<Stamp>,
    /// Its picture, if it has one.
    pub icon: Option<IconId>,
    /// Who may see its secret.
    pub reveal: RevealPolicy,
    /// Whether the person who asks can have it shown now.
    pub secret: SecretAccess,
    /// What the person who asks may do to it now.
    pub allowed: Allowed,
}

/// A module as the edit form offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleChoice {
    /// The module.
    pub module: Module,
    /// Whether the choice is made already: by the module's default, which cannot be changed.
    pub fixed: bool,
}

/// What the edit form starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenForm {
    /// The token as it stands.
    pub token: TokenDetails,
    /// The modules of its account, by name.
    pub choices: Vec<ModuleChoice>,
}

/// The fields of the edit form, complete, as they are to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenEdit {
    /// The revision that the form was opened on.
    pub revision: i64,
    /// The name.
    pub name: String,
    /// The description; may be empty.
    pub description: String,
    /// The picture: one it has, one that was uploaded before, or none.
    pub icon: Option<IconId>,
    /// Who may see the secret later; never looser than before.
    pub reveal: RevealPolicy,
    /// The modules, in any order.
    pub modules: Vec<ModuleId>,
}

/// A field that the edit form holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TokenField {
    /// The picture.
    Icon,
    /// The name.
    Name,
    /// The description.
    Description,
    /// Who may see the secret later.
    Reveal,
    /// The modules.
    Modules,
}

impl TokenField {
    /// Every field, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Icon,
        Self::Name,
        Self::Description,
        Self::Reveal,
        Self::Modules,
    ];

    /// The name in audit records, errors and requests.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Icon => "icon",
            Self::Name => "name",
            Self::Description => "description",
            Self::Reveal => "reveal",
            Self::Modules => "modules",
        }
    }

    /// The words beside the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Icon => "Logo",
            Self::Name => "API token name",
            Self::Description => "Description",
            Self::Reveal => "Who may see the secret later",
            Self::Modules => "Modules",
        }
    }
}

/// A field that somebody else changed while the form was open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// Which one.
    pub field: TokenField,
    /// Who changed it last, and when.
    pub changed: Stamp,
}

/// What an edit led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditOutcome {
    /// Saved, or nothing differed. `over` is the change by somebody else that it went along with.
    Saved {
        /// The token as it stands now.
        token: Box<TokenDetails>,
        /// A change made meanwhile that touched none of the form's fields.
        over: Option<Stamp>,
    },
    /// Not saved: fields of the form were changed meanwhile. Nothing of the edit was kept on the server.
    Outdated {
        /// The token as it stands now, with "their" values.
        token: Box<TokenDetails>,
        /// The fields that differ from the form, in its order.
        conflicts: Vec<FieldConflict>,
    },
}

/// A column that the list can be sorted by, under the name that REST gives the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant is the column of that name")]
pub enum TokenColumn {
    Name,
    CreatedBy,
    CreatedAt,
    LastAccess,
    Status,
}

impl TokenColumn {
    /// Every sortable column.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::CreatedBy,
        Self::CreatedAt,
        Self::LastAccess,
        Self::Status,
    ];

    /// The field's name in an address, as REST names it.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CreatedBy => "audit.created.by.name",
            Self::CreatedAt => "audit.created.at",
            Self::LastAccess => "lastAccessAt",
            Self::Status => "status",
        }
    }
}

/// How the list is sorted. Ties are broken by id, so that pages never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenOrder {
    /// By which column.
    pub column: TokenColumn,
    /// From large to small.
    pub descending: bool,
}

impl Default for TokenOrder {
    /// Newest first.
    fn default() -> Self {
        Self {
            column: TokenColumn::CreatedAt,
            descending: true,
        }
    }
}

impl TokenOrder {
    /// The order in an address: a path, with `-` before it for descending. Unknown text means the default.
    #[must_use]
    pub fn lenient(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        let (descending, path) = text
            .strip_prefix('-')
            .map_or((false, text), |path| (true, path));
        let column = TokenColumn::ALL
            .into_iter()
            .find(|column| column.path() == path);
        column.map_or_else(Self::default, |column| Self { column, descending })
    }

    /// The same order as an address says it.
    #[must_use]
    pub fn to_text(self) -> String {
        format!(
            "{}{}",
            if self.descending { "-" } else { "" },
            self.column.path()
        )
    }
}

/// What the list asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TokenQuery {
    /// Which page.
    pub page: PageRequest,
    /// In which order.
    pub order: TokenOrder,
    /// Text to find in names and ids, in any case; empty for all.
    pub search: String,
    /// A filter in the query language that programs use too; empty for all.
    #[serde(default)]
    pub filter: String,
    /// Only tokens that stand so; without it, all but the Deleted ones.
    pub status: Option<TokenStatus>,
    /// Only this account's; for those who see several.
    pub account: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_reads_as_it_is_written_and_nonsense_is_the_default() {
        for column in TokenColumn::ALL {
            for descending in [false, true] {
                let order = TokenOrder { column, descending };
                assert_eq!(TokenOrder::lenient(Some(&order.to_text())), order);
            }
        }
        for nonsense in ["", "-", "--name", "token", "name,status"] {
            assert_eq!(TokenOrder::lenient(Some(nonsense)), TokenOrder::default());
        }
    }
}
