//! The provisioning file as it is written: JSON, `null` the same as absent, unknown names refused.
//!
//! Owns the format only; whether what it says can be is `provision`'s.

use super::reading::count_tokens;
use app::domain::{account::AccountType, token::TokenStatus, user::Role};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

/// A whole file, but for its tokens.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Contents {
    /// Modules, matched by code.
    #[serde(default, deserialize_with = "null_as_default")]
    pub modules: Vec<ModuleEntry>,
    /// Accounts, matched by id.
    #[serde(default, deserialize_with = "null_as_default")]
    pub accounts: Vec<AccountEntry>,
    /// Users, matched by e-mail address.
    #[serde(default, deserialize_with = "null_as_default")]
    pub users: Vec<UserEntry>,
    /// How many tokens there are, matched by id.
    #[serde(default, deserialize_with = "count_tokens")]
    pub tokens: usize,
    /// Records of other programs for the audit trail, matched by id.
    #[serde(default, deserialize_with = "null_as_default")]
    pub audit_records: Vec<RecordEntry>,
}

/// A module.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ModuleEntry {
    /// Its id; drawn when absent.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What it opens.
    pub description: Option<String>,
    /// Which accounts may have it; all when absent.
    pub account_types: Option<Vec<AccountType>>,
    /// How it is given.
    pub settings: Option<SettingsEntry>,
}

/// How a module is given.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsEntry {
    /// Given to every token that does not say otherwise; no when absent.
    pub default: Option<bool>,
    /// Whether it can be given and withheld; yes when absent.
    pub configurable: Option<bool>,
    /// Whether the platform charges for it; no when absent.
    pub paid: Option<bool>,
}

/// An account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: AccountType,
    /// Its modules, each by id or code.
    #[serde(default, deserialize_with = "null_as_default")]
    pub modules: Vec<String>,
}

/// A user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserEntry {
    /// His id; drawn when absent.
    pub id: Option<String>,
    /// The id of his account.
    pub account: String,
    /// His name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// What he may do.
    pub role: Role,
    /// His password; without one he cannot sign in until he is given one.
    pub password: Option<SecretString>,
}

/// A token.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenEntry {
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its modules, each by id or code.
    #[serde(default, deserialize_with = "null_as_default")]
    pub modules: Vec<String>,
    /// Where it stands; in use when absent.
    pub status: Option<TokenStatus>,
    /// Its secret; made when absent.
    pub secret: Option<SecretString>,
    /// The id of the user who made it; Latchkey itself when absent.
    pub created_by: Option<String>,
    /// When it was made, RFC 3339; now when absent.
    pub created_at: Option<String>,
    /// When it was last used, RFC 3339; never when absent.
    pub last_access_at: Option<String>,
}

/// What a record is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ObjectEntry {
    /// Its id.
    pub id: String,
    /// Its name; the id when absent.
    pub name: Option<String>,
    /// A word for its kind; it follows from the id when absent.
    pub object_type: Option<String>,
}

/// A record of another program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordEntry {
    /// Its id.
    pub id: String,
    /// The event's key.
    pub event: String,
    /// What it is about.
    pub object: ObjectEntry,
    /// One sentence.
    pub summary: String,
    /// What there is to say beyond it.
    pub details: String,
    /// JSON to keep with it.
    pub documents: Option<serde_json::Value>,
    /// Who may see it; its viewers when absent.
    #[serde(rename = "type")]
    pub visibility: Option<Visibility>,
    /// The ids of the accounts that see it, the one it concerns first.
    #[serde(default, deserialize_with = "null_as_default")]
    pub viewers: Vec<String>,
}

/// Who may see a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Visibility {
    /// Its viewers.
    Public,
    /// Operations only.
    Private,
}

fn null_as_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
