//! Who may change several tokens at once, and who sees such changes. Programs do neither.

use super::people::person;
use app::{
    domain::{
        account::AccountId,
        user::{CurrentUser, Role},
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};

/// The person who may change several tokens at once.
pub(in crate::service) fn changer(actor: &Actor) -> Result<&CurrentUser, ApiError> {
    let user = person(actor)?;
    if user.may_edit_tokens() {
        return Ok(user);
    }
    Err(ApiError::new(
        ErrorCode::Forbidden,
        "You can look at API tokens but not change them. Ask an Administrator of your account.",
    ))
}

/// The account whose changes a person sees; `None` for all.
pub(in crate::service) fn scope(user: &CurrentUser) -> Option<AccountId> {
    (!user.sees_all_accounts()).then_some(user.account.id)
}

/// Whether a person may stop the changes that people of this account began.
pub(in crate::service) fn may_stop(user: &CurrentUser, account: AccountId) -> bool {
    user.role == Role::Administrator && (user.sees_all_accounts() || user.account.id == account)
}
