//! Objects as other objects show them, and as bodies name them.

use app::domain::{
    account::AccountRef,
    module::{Module, ModuleDetails, ModuleSettings},
    token::Stamp,
    user::PersonRef,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An object that a body names by its id. What else is said of it is passed over.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Reference {
    /// Its id.
    #[schema(required = true, nullable = false)]
    pub id: Option<String>,
}

/// An account, in short.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// `ACC-NNNN-NNNN`.
    #[schema(example = "ACC-0001-0002")]
    id: String,
    /// Its name.
    #[schema(example = "Stark Industries")]
    name: String,
    /// `Client`, `Vendor` or `Operations`.
    #[schema(example = "Client")]
    r#type: &'static str,
    /// `Active` or `Disabled`.
    #[schema(example = "Active")]
    status: &'static str,
    /// The address of its picture. Absent when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/public/v1/accounts/accounts/ACC-0001-0002/icon")]
    icon: Option<String>,
}

impl From<AccountRef> for Account {
    fn from(account: AccountRef) -> Self {
        let id = account.id;
        let picture = |_| format!("/public/v1/accounts/accounts/{id}/icon");
        Self {
            id: id.to_string(),
            name: account.name,
            r#type: account.kind.as_str(),
            status: account.status.as_str(),
            icon: account.icon.map(picture),
        }
    }
}

/// How a module is given.
#[derive(Serialize, ToSchema)]
pub struct Settings {
    /// Whether tokens can be given it and denied it; if not, its default holds for each.
    configurable: bool,
    /// Whether a token has it that says nothing else.
    default: bool,
    /// Whether the platform charges for it.
    paid: bool,
}

impl From<ModuleSettings> for Settings {
    fn from(settings: ModuleSettings) -> Self {
        Self {
            configurable: settings.configurable,
            default: settings.default,
            paid: settings.paid,
        }
    }
}

/// A module.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Module)]
pub struct ModuleBody {
    /// `MOD-NNNN`.
    #[schema(example = "MOD-1756")]
    id: String,
    /// Its name.
    #[schema(example = "Access Management")]
    name: String,
    /// What it opens. Absent when nothing is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    description: String,
    /// Its unique word.
    #[schema(example = "access-management")]
    code: String,
    /// Rises with each change.
    revision: i64,
    /// The types of accounts that may have it.
    #[schema(example = json!(["Client", "Vendor", "Operations"]))]
    account_types: Vec<&'static str>,
    /// How it is given.
    settings: Settings,
    /// When it was made, and by whom. Left out unless it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<ModuleAudit>,
}

/// When a module was made.
#[derive(Serialize, ToSchema)]
pub struct ModuleAudit {
    created: StampBody,
}

/// A module within a token. With `select=modules` it comes with all members of a module.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only described: what goes out is picked from a module"
)]
pub struct ModuleSummary {
    /// `MOD-NNNN`.
    #[schema(example = "MOD-1756")]
    id: String,
    /// Its name.
    #[schema(example = "Access Management")]
    name: Option<String>,
    /// What it opens. Absent when nothing is said.
    description: Option<String>,
    /// Its unique word.
    #[schema(example = "access-management")]
    code: Option<String>,
    /// Rises with each change.
    revision: Option<i64>,
    /// How it is given.
    settings: Option<Settings>,
}

impl ModuleBody {
    /// The members that are shown of a module within a token, unless all are asked for.
    pub const SUMMARY: &[&str] = &["id", "name", "description", "code", "settings", "revision"];
}

impl From<Module> for ModuleBody {
    fn from(module: Module) -> Self {
        let types = module.account_types.iter();
        Self {
            id: module.id.to_string(),
            name: module.name,
            description: module.description,
            code: module.code,
            revision: 1,
            account_types: types.map(|kind| kind.as_str()).collect(),
            settings: module.settings.into(),
            audit: None,
        }
    }
}

impl From<ModuleDetails> for ModuleBody {
    fn from(details: ModuleDetails) -> Self {
        let created = details.created.map(StampBody::from);
        Self {
            audit: created.map(|created| ModuleAudit { created }),
            ..details.module.into()
        }
    }
}

/// A person or program, in short.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// `USR-NNNN-NNNN` or `TKN-NNNN-NNNN`. Absent for Latchkey itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false, example = "USR-1234-1210")]
    id: String,
    /// The name.
    #[schema(example = "Sarah Sanderson")]
    name: String,
}

impl From<PersonRef> for Person {
    fn from(person: PersonRef) -> Self {
        Self {
            id: person.id,
            name: person.name,
        }
    }
}

/// When something was done, and by whom.
#[derive(Serialize, ToSchema)]
#[schema(as = Stamp)]
pub struct StampBody {
    /// The moment, in UTC.
    #[schema(format = DateTime, example = "2026-04-15T12:34:00.000Z")]
    at: String,
    /// Who.
    by: Person,
}

impl From<Stamp> for StampBody {
    fn from(stamp: Stamp) -> Self {
        Self {
            at: stamp.at.to_string(),
            by: stamp.by.into(),
        }
    }
}
