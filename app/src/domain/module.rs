//! Modules: the areas of the platform that a token may use.

use super::account::AccountType;
pub use super::id::ModuleId;
use serde::{Deserialize, Serialize};

/// How a module is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleSettings {
    /// Given to every token that does not say otherwise.
    pub default: bool,
    /// Whether it can be given and withheld; if not, its default holds for every token.
    pub configurable: bool,
    /// Whether the platform charges for it.
    pub paid: bool,
}

/// A module with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// `MOD-NNNN`.
    pub id: ModuleId,
    /// Its name, as in "Access Management".
    pub name: String,
    /// Its unique word in addresses and answers, as in `access-management`.
    pub code: String,
    /// What it opens.
    pub description: String,
    /// Which accounts may have it. Not sent to the browser, where nothing asks for it.
    #[serde(skip)]
    pub account_types: Vec<AccountType>,
    /// How it is given. Not sent to the browser either.
    #[serde(skip)]
    pub settings: ModuleSettings,
    /// Whether it is given no more. Not sent to the browser in this form.
    #[serde(skip)]
    pub retired: bool,
}

/// A module, and when and by whom it was made, as far as the trail says.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleDetails {
    /// The module.
    pub module: Module,
    /// When and by whom it was made.
    pub created: Option<super::token::Stamp>,
}

/// A module as a token's row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleRef {
    /// `MOD-NNNN`.
    pub id: ModuleId,
    /// Its name.
    pub name: String,
}

/// A row of the list of modules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleRow {
    /// Its id.
    pub id: ModuleId,
    /// What of it can be edited, as it stands.
    pub form: ModuleForm,
    /// Rises with every change.
    pub revision: i64,
    /// Whether it is given no more.
    pub retired: bool,
    /// How many accounts have it, of those that the person who asks sees.
    pub accounts: u64,
    /// How many tokens that can still open something have it, of those accounts.
    pub tokens: u64,
    /// Whether the person who asks may change it.
    pub may_change: bool,
}

/// What Operations can do with modules. The last number is how many tokens they have been told would lose something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleChange {
    /// Define one.
    Define(ModuleForm),
    /// Edit one that has this revision.
    Edit(ModuleId, i64, ModuleForm, u64),
    /// Take one from every account and every token.
    Retire(ModuleId, u64),
    /// Make one that was retired one that can be given.
    BringBack(ModuleId),
}

/// A module that an account can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleOffer {
    /// The module.
    pub module: Module,
    /// The types of account that it is for.
    pub types: Vec<AccountType>,
}

/// What is told of a module by whoever defines or edits it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleForm {
    /// Its name.
    pub name: String,
    /// Its code; for good, once it is defined.
    pub code: String,
    /// What it opens; may be empty.
    pub description: String,
    /// Which accounts may have it.
    pub account_types: Vec<AccountType>,
    /// How it is given.
    pub settings: ModuleSettings,
}

/// The module that opens tokens and modules to programs.
pub const ACCESS_MANAGEMENT: &str = "access-management";
/// The module with which a program of an Operations account acts in every account.
pub const PLATFORM_ACCOUNT_MANAGEMENT: &str = "platform-account-management";
/// The module that opens the audit trail to programs.
pub const AUDIT_TRAIL: &str = "audit-trail";
/// The module with which a program may ask what other programs' secrets are good for.
pub const TOKEN_VERIFICATION: &str = "token-verification";

/// A module built into every installation.
pub struct BuiltIn {
    /// The number in `MOD-NNNN`.
    pub number: u64,
    /// Its name.
    pub name: &'static str,
    /// Its code, which the code of Latchkey itself asks for.
    pub code: &'static str,
    /// What it opens.
    pub description: &'static str,
    /// Which accounts may have it.
    pub account_types: &'static [AccountType],
}

/// The modules that Latchkey itself gives a meaning; all `default=false, configurable=true`.
pub const BUILT_IN: [BuiltIn; 4] = [
    BuiltIn {
        number: 1756,
        name: "Access Management",
        code: ACCESS_MANAGEMENT,
        description: "Read and change the account's API tokens.",
        account_types: &AccountType::ALL,
    },
    BuiltIn {
        number: 1757,
        name: "Platform Account Management",
        code: PLATFORM_ACCOUNT_MANAGEMENT,
        description: "Act across all accounts of the platform.",
        account_types: &[AccountType::Operations],
    },
    BuiltIn {
        number: 1758,
        name: "Audit Trail",
        code: AUDIT_TRAIL,
        description: "Read the record of who changed what; programs of Vendors and Operations add to it.",
        account_types: &AccountType::ALL,
    },
    BuiltIn {
        number: 1759,
        name: "Token Verification",
        code: TOKEN_VERIFICATION,
        description: "Ask what other tokens may do, as services of your platform do (introspection).",
        account_types: &AccountType::ALL,
    },
];
