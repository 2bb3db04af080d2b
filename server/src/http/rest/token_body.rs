//! API tokens as they go out and come in: their members, and what bodies that describe one mean.

use super::{
    body::sent,
    lists::Meta,
    reference::{Account, ModuleBody, ModuleSummary, Reference, StampBody},
    select::Shape,
};
use app::{
    domain::{
        account::AccountId,
        module::ModuleId,
        token::TokenDetails,
        token_change::{TokenDelta, TokenDraft},
    },
    error::{ApiError, FieldError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub const SHAPE: Shape = Shape {
    names: &[
        "id",
        "name",
        "icon",
        "revision",
        "status",
        "description",
        "lastAccessAt",
        "account",
        "modules",
        "audit",
    ],
    omitted: &["audit"],
    summaries: &[("modules", ModuleBody::SUMMARY)],
};

/// An API token. Members that have no value are absent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// `TKN-NNNN-NNNN`.
    #[schema(example = "TKN-1234-1234")]
    pub id: String,
    /// Its name.
    #[schema(example = "Robot 1")]
    name: String,
    /// Where its picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/public/v1/accounts/api-tokens/TKN-1234-1234/icon")]
    icon: Option<String>,
    /// Rises with each change.
    revision: i64,
    /// `Active`, `Disabled` or `Deleted`.
    #[schema(example = "Active")]
    status: &'static str,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// When it was presented last, known to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-11-20T08:00:00.000Z")]
    last_access_at: Option<String>,
    /// The secret: in the answer to adding it only, and nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Whose it is.
    account: Account,
    /// What it may use.
    #[schema(value_type = Vec<ModuleSummary>)]
    modules: Vec<ModuleBody>,
    /// When what was done to it, and by whom. Left out unless it is asked for.
    #[schema(required = false)]
    audit: Audit,
}

/// When what was done to a token.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiTokenAudit)]
pub struct Audit {
    created: StampBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<StampBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<StampBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled: Option<StampBody>,
}

/// A page of API tokens.
#[derive(Serialize, ToSchema)]
pub struct ApiTokenList {
    #[serde(rename = "$meta")]
    meta: Meta,
    data: Vec<ApiToken>,
}

/// An API token to add. Members that are not named here are passed over.
#[derive(Deserialize, ToSchema)]
pub struct NewApiToken {
    /// Whose it is to be: the caller's own account, or with `platform-account-management` any.
    #[schema(required = true, nullable = false)]
    account: Option<Reference>,
    /// 1 to 200 characters.
    #[schema(required = true, nullable = false, example = "Robot 2")]
    name: Option<String>,
    /// Up to 2,000 characters.
    description: Option<String>,
    /// Nothing, or an empty text: a picture is sent to the token's own address for it.
    icon: Option<String>,
    /// The modules, at most those that the caller has; without them, those that every new token gets.
    modules: Option<Vec<Reference>>,
}

/// What is to change of an API token. What is not sent stays. Members that are not named here are passed over, `status`
/// among them: it changes by enable, disable and delete.
#[derive(Deserialize, ToSchema)]
#[expect(
    clippy::option_option,
    reason = "not sent, null and a value are three things"
)]
pub struct ApiTokenChange {
    /// 1 to 200 characters.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "Robot 2")]
    name: Option<Option<String>>,
    /// Up to 2,000 characters; `null` takes it away.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    /// `null` or an empty text takes the picture away.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    icon: Option<Option<String>>,
    /// All modules that it is to have. A token that takes `access-management` from itself cannot come back.
    modules: Option<Vec<Reference>>,
}

impl From<TokenDetails> for ApiToken {
    fn from(token: TokenDetails) -> Self {
        let id = token.id.to_string();
        Self {
            icon: token.icon.is_some().then(|| icon_address(&id)),
            id,
            name: token.name,
            revision: token.revision,
            status: token.status.as_str(),
            description: (!token.description.is_empty()).then_some(token.description),
            last_access_at: token.last_access_at.map(|at| at.to_string()),
            token: None,
            account: token.account.into(),
            modules: token.modules.into_iter().map(Into::into).collect(),
            audit: Audit {
                created: token.created.into(),
                updated: token.updated.map(Into::into),
                enabled: token.enabled.map(Into::into),
                disabled: token.disabled.map(Into::into),
            },
        }
    }
}

fn icon_address(id: &str) -> String {
    format!("/public/v1/accounts/api-tokens/{id}/icon")
}

/// The token that a body describes; every fault of its shape at once.
pub fn drafted(new: NewApiToken, key: Option<String>) -> Result<TokenDraft, ApiError> {
    let mut errors = Vec::new();
    let named = new.account.and_then(|account| account.id);
    let account: Option<AccountId> = named.as_ref().and_then(|id| id.parse().ok());
    if account.is_none() {
        let message = match named {
            None => "Name the account, as in {\"account\": {\"id\": \"ACC-0001-0002\"}}.",
            Some(_) => "This is no id of an account. Write one like ACC-0001-0002.",
        };
        errors.push(fault("account.id", message));
    }
    if new.name.is_none() {
        errors.push(fault(
            "name",
            "Name the token, as in {\"name\": \"Robot 2\"}.",
        ));
    }
    let modules = new.modules.map(|modules| module_ids(modules, &mut errors));
    if new.icon.is_some_and(|icon| !icon.is_empty()) {
        let message = "A picture is sent to the token's own address for it, after it was added.";
        errors.push(fault("icon", message));
    }
    match (account, errors.is_empty()) {
        (Some(account), true) => Ok(TokenDraft {
            account,
            name: new.name.unwrap_or_default(),
            description: new.description.unwrap_or_default(),
            modules,
            key,
        }),
        _ => Err(ApiError::invalid(errors)),
    }
}

/// What a body changes of the token with this id; every fault of its shape at once.
pub fn delta(
    id: &str,
    change: ApiTokenChange,
    revision: Option<i64>,
) -> Result<TokenDelta, ApiError> {
    let mut errors = Vec::new();
    let icon = change.icon.map(Option::unwrap_or_default);
    let no_icon = icon.as_ref().is_some_and(String::is_empty);
    // What a token was read with may be sent back.
    if icon.is_some_and(|icon| !icon.is_empty() && icon != icon_address(id)) {
        errors.push(fault(
            "icon",
            "A picture is sent to the token's own address for it.",
        ));
    }
    let modules = change
        .modules
        .map(|modules| module_ids(modules, &mut errors));
    if errors.is_empty() {
        Ok(TokenDelta {
            name: change.name.map(Option::unwrap_or_default),
            description: change.description.map(Option::unwrap_or_default),
            no_icon,
            modules,
            revision,
        })
    } else {
        Err(ApiError::invalid(errors))
    }
}

fn module_ids(modules: Vec<Reference>, errors: &mut Vec<FieldError>) -> Vec<ModuleId> {
    let mut ids = Vec::with_capacity(modules.len());
    for (index, module) in modules.into_iter().enumerate() {
        match module.id.as_deref().unwrap_or_default().parse() {
            Ok(id) => ids.push(id),
            Err(_) => errors.push(fault(
                "modules",
                &format!(
                    "Entry {} is no module. Write an id, as in MOD-1756.",
                    index + 1
                ),
            )),
        }
    }
    ids
}

fn fault(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}
