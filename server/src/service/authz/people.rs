//! Who may do what with modules, accounts and people. Programs do none of it; they only see accounts.

use super::{needs, only_account};
use app::{
    domain::{
        account::AccountId,
        module::{ACCESS_MANAGEMENT, BUILT_IN, ModuleId},
        user::{CurrentUser, Role},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Who},
};

/// The person who acts.
pub(in crate::service) fn person(actor: &Actor) -> Result<&CurrentUser, ApiError> {
    match &actor.who {
        Who::User(user) => Ok(user),
        Who::Token(_) | Who::System => Err(forbidden(
            "Modules, accounts and users are administered by people, in the browser.",
        )),
    }
}

/// The account whose modules a person sees; `None` for all.
pub(in crate::service) fn module_scope(user: &CurrentUser) -> Option<AccountId> {
    (!user.sees_all_accounts()).then_some(user.account.id)
}

/// Whether a person defines modules, and adds and changes accounts.
pub(in crate::service) fn runs_platform(user: &CurrentUser) -> bool {
    user.sees_all_accounts() && user.role == Role::Administrator
}

/// Refuses whoever may not define, edit and retire modules, or add and change accounts.
pub(in crate::service) fn may_run_platform(user: &CurrentUser) -> Result<(), ApiError> {
    if runs_platform(user) {
        return Ok(());
    }
    Err(forbidden(
        "Only Administrators of an Operations account can do this. Ask one of them.",
    ))
}

/// Whether a module is part of Latchkey itself.
pub(in crate::service) fn is_built_in(module: ModuleId) -> bool {
    BUILT_IN
        .iter()
        .any(|built_in| built_in.number == module.number())
}

/// Refuses to change a module that is part of Latchkey: its code asks for it.
pub(in crate::service) fn may_change_module(module: ModuleId) -> Result<(), ApiError> {
    if !is_built_in(module) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Conflict,
        "This module is part of Latchkey, so it cannot be changed or retired. Take it from accounts that are not to \
         have it.",
    ))
}

/// Refuses whoever does not see an account: it is there for its own people and programs, and for whoever sees all.
///
/// # Errors
/// Not found; a program's token lacks the module that opens accounts.
pub(in crate::service) fn may_see_account(actor: &Actor, id: AccountId) -> Result<(), ApiError> {
    needs(actor, ACCESS_MANAGEMENT)?;
    match only_account(actor) {
        Some(own) if own.id != id => Err(ApiError::not_found()),
        _ => Ok(()),
    }
}

/// Refuses whoever does not see the list of accounts.
pub(in crate::service) fn may_see_accounts(user: &CurrentUser) -> Result<(), ApiError> {
    if user.sees_all_accounts() {
        return Ok(());
    }
    Err(forbidden("Accounts are seen by people of Operations only."))
}

/// The account whose people a person sees; `None` for all.
///
/// # Errors
/// Viewers see none, but for those of Operations, who read everything (rule 7).
pub(in crate::service) fn user_scope(user: &CurrentUser) -> Result<Option<AccountId>, ApiError> {
    if user.sees_all_accounts() {
        return Ok(None);
    }
    if user.role == Role::Administrator {
        return Ok(Some(user.account.id));
    }
    Err(forbidden(
        "Users are seen by Administrators only. Ask an Administrator of your account.",
    ))
}

/// Whether a person may change people of this account.
pub(in crate::service) fn changes_users_of(user: &CurrentUser, account: AccountId) -> bool {
    user.role == Role::Administrator && (user.sees_all_accounts() || user.account.id == account)
}

/// Refuses whoever may not invite or change people of this account. Another one's are not there for him.
pub(in crate::service) fn may_change_users_of(
    user: &CurrentUser,
    account: AccountId,
) -> Result<(), ApiError> {
    if changes_users_of(user, account) {
        return Ok(());
    }
    if user.account.id != account && !user.sees_all_accounts() {
        return Err(ApiError::not_found());
    }
    Err(forbidden(
        "Only Administrators can invite and change users. Ask an Administrator of your account.",
    ))
}

/// Refuses to do to oneself what nobody could undo for him.
pub(in crate::service) fn may_not_be_self(
    user: &CurrentUser,
    other: &CurrentUser,
    what: &str,
) -> Result<(), ApiError> {
    if user.id != other.id {
        return Ok(());
    }
    let message = format!("You cannot {what}. Ask another Administrator to do it.");
    Err(ApiError::new(ErrorCode::Conflict, message))
}

/// Refuses to leave an account without an active Administrator (rule 9). `others` are those beside this one; `stays` says
/// what he is, as in "stays enabled".
pub(in crate::service) fn may_step_down(
    user: &CurrentUser,
    others: u64,
    stays: &str,
) -> Result<(), ApiError> {
    if user.role != Role::Administrator || others > 0 {
        return Ok(());
    }
    let message = format!(
        "{} is the last active Administrator of {} and stays {stays}. Make somebody else Administrator first.",
        user.name, user.account.name
    );
    Err(ApiError::new(ErrorCode::Invalid, message))
}

fn forbidden(message: &str) -> ApiError {
    ApiError::new(ErrorCode::Forbidden, message)
}
