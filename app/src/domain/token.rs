//! API tokens: what is shown of one, how it is edited, and what comes of an edit.

use super::{
    account::AccountRef,
    filter::{FilterForm, Named},
    icon::IconId,
    lifecycle::TokenAction,
    module::{Module, ModuleId, ModuleRef},
    page::Page,
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
    /// Rises with every change that an edit could collide with.
    pub revision: i64,
    /// What the person who asks may do to it now.
    pub allowed: Allowed,
}

/// The list of tokens, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenList {
    /// The rows.
    pub page: Page<TokenSummary>,
    /// The filter as its builder shows it; `None` when that cannot show it.
    pub form: Option<FilterForm>,
    /// What the things are called that ids in the form name, as far as the actor may know.
    pub names: Vec<Named>,
    /// Whether several tokens are being changed at once.
    pub several_change: bool,
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
