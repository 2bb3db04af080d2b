//! Who may do what: the only place with that knowledge. What concerns saved views, and
//! people, modules and accounts, stands in parts of its own.
//!
//! An account is a wall. Behind it, what is not there and what belongs to somebody else look the same.

pub(super) mod bulk;
pub(super) mod people;
pub(super) mod views;

use crate::repo::{
    audit_read::AuditScope,
    filter::SYSTEM_NAME,
    tokens::{TokenRow, TokenScope},
    users::UserRow,
};
use app::{
    domain::{
        account::{AccountId, AccountRef, AccountStatus, AccountType},
        lifecycle::{RECENT_DAYS, TokenAction},
        module::{
            ACCESS_MANAGEMENT, AUDIT_TRAIL, Module, PLATFORM_ACCOUNT_MANAGEMENT, TOKEN_VERIFICATION,
        },
        program::CurrentToken,
        secret::SecretAccess,
        time::Timestamp,
        token::{Allowed, TokenStatus},
        user::{CurrentUser, PersonRef, Role, UserStatus},
    },
    error::{ApiError, ErrorCode, FieldError},
    port::{Actor, Who},
};

/// Refuses a program whose token lacks a module. People need none: their role says what they may do.
pub(super) fn needs(actor: &Actor, code: &str) -> Result<(), ApiError> {
    match &actor.who {
        Who::Token(token) if !token.may_use(code) => Err(ApiError::module_needed(code)),
        _ => Ok(()),
    }
}

/// Whether somebody sees every account: people of an Operations account, programs of one whose token says so, and
/// Latchkey itself.
fn sees_all_accounts(who: &Who) -> bool {
    match who {
        Who::User(user) => user.sees_all_accounts(),
        Who::Token(token) => {
            token.account.kind == AccountType::Operations
                && token.may_use(PLATFORM_ACCOUNT_MANAGEMENT)
        }
        Who::System => true,
    }
}

/// The tokens that exist for the actor. Deleted ones exist for Operations only.
///
/// # Errors
/// A program's token lacks the module that opens them.
pub(super) fn token_scope(actor: &Actor) -> Result<TokenScope, ApiError> {
    needs(actor, ACCESS_MANAGEMENT)?;
    Ok(
        only_account(actor).map_or(EVERY_TOKEN, |account| TokenScope {
            account: Some(account.id),
            deleted: false,
        }),
    )
}

/// The account whose modules exist for the actor; `None` for all.
///
/// # Errors
/// A program's token lacks the module that opens them.
pub(super) fn module_scope(actor: &Actor) -> Result<Option<AccountId>, ApiError> {
    needs(actor, ACCESS_MANAGEMENT)?;
    Ok(only_account(actor).map(|account| account.id))
}

/// The records of the audit trail that exist for the actor: those of his account, of every account for whoever sees
/// all. A role hides none (rule 7).
///
/// # Errors
/// A program's token lacks the module that opens them.
pub(super) fn audit_scope(actor: &Actor) -> Result<AuditScope, ApiError> {
    needs(actor, AUDIT_TRAIL)?;
    let account = only_account(actor).map(|account| account.id);
    Ok(AuditScope { account })
}

/// Refuses whoever may not ask what a secret is good for.
pub(super) fn may_introspect(actor: &Actor) -> Result<(), ApiError> {
    needs(actor, TOKEN_VERIFICATION)
}

/// Whether the actor is told anything of a token whose secret he has.
pub(super) fn is_told_of(actor: &Actor, token: &CurrentToken) -> bool {
    only_account(actor).is_none_or(|own| own.id == token.account.id)
}

/// What the actor may do to a token that he sees, as it stands.
pub(super) fn allowed(actor: &Actor, token: &TokenRow, now: Timestamp) -> Allowed {
    if token.status == TokenStatus::Deleted || may_edit_token(actor, token.account.id).is_err() {
        return Allowed::default();
    }
    let recent = now.plus_seconds(-RECENT_DAYS * 24 * 3_600);
    Allowed {
        edit: true,
        actions: TokenAction::from(token.status).collect(),
        name_to_delete: token.last_access_at.is_some_and(|at| at >= recent),
    }
}

/// Whether the actor can have a token's secret shown: an Administrator of its account, while it is stored. Operations
/// may do everything to a token of another account but this (rule 7).
pub(super) fn secret_access(actor: &Actor, token: &TokenRow) -> SecretAccess {
    if token.status == TokenStatus::Deleted || !token.has_secret {
        return SecretAccess::Gone;
    }
    match &actor.who {
        Who::User(user)
            if user.role == Role::Administrator && user.account.id == token.account.id =>
        {
            SecretAccess::Open
        }
        _ => SecretAccess::Others,
    }
}

/// Whether a token's secret can be on the actor's screen, though it may be stored no longer: he is an Administrator of
/// its account, or added the token and was shown the summary.
pub(super) fn may_have_seen_secret(actor: &Actor, token: &TokenRow) -> bool {
    match &actor.who {
        Who::User(user) if user.role == Role::Administrator => {
            user.account.id == token.account.id || token.created.1 == user.id.to_string()
        }
        _ => false,
    }
}

/// Refuses whoever may not edit a token of this account, or take a step in its life.
pub(super) fn may_edit_token(actor: &Actor, account: AccountId) -> Result<(), ApiError> {
    may_change(
        actor,
        Some(account),
        "You can look at this token but not change it. Ask an Administrator of your account.",
    )
}

/// Refuses whoever may not add a token to this account, or while none is chosen, to any.
pub(super) fn may_add_token(actor: &Actor, account: Option<AccountId>) -> Result<(), ApiError> {
    may_change(
        actor,
        account,
        "You can look at API tokens but not add any. Ask an Administrator of your account.",
    )
}

fn may_change(actor: &Actor, account: Option<AccountId>, refusal: &str) -> Result<(), ApiError> {
    needs(actor, ACCESS_MANAGEMENT)?;
    let other = |own: AccountId| account.is_some_and(|account| account != own);
    match &actor.who {
        Who::Token(token) if other(token.account.id) && !sees_all_accounts(&actor.who) => {
            Err(ApiError::not_found())
        }
        Who::System | Who::Token(_) => Ok(()),
        Who::User(user) if other(user.account.id) && !sees_all_accounts(&actor.who) => {
            Err(ApiError::not_found())
        }
        Who::User(user) if user.may_edit_tokens() => Ok(()),
        Who::User(_) => Err(ApiError::new(ErrorCode::Forbidden, refusal)),
    }
}

/// Refuses whoever may not send pictures: those who may add tokens may, but for Latchkey itself, which has none.
pub(super) fn may_send_icon(actor: &Actor) -> Result<(), ApiError> {
    let home = home(actor).ok_or_else(ApiError::unauthenticated)?;
    may_add_token(actor, Some(home))
}

/// Refuses whoever may not add records of his own to the audit trail: programs of Vendors and of Operations may.
pub(super) fn may_add_record(actor: &Actor) -> Result<(), ApiError> {
    match &actor.who {
        Who::System => Ok(()),
        Who::Token(token) if token.account.kind != AccountType::Client => Ok(()),
        _ => Err(ApiError::new(
            ErrorCode::Forbidden,
            "Only programs of Vendor and Operations accounts can add records to the audit trail.",
        )),
    }
}

/// The account that the actor belongs to; none for Latchkey itself.
pub(super) fn home(actor: &Actor) -> Option<AccountId> {
    match &actor.who {
        Who::User(user) => Some(user.account.id),
        Who::Token(token) => Some(token.account.id),
        Who::System => None,
    }
}

/// Refuses a program that would give a token, by adding, editing or enabling it, modules that its own does not have:
/// else one token of little could make itself one of much (rule 3).
pub(super) fn may_give<'m>(
    actor: &Actor,
    modules: impl IntoIterator<Item = &'m Module>,
) -> Result<(), ApiError> {
    let Who::Token(token) = &actor.who else {
        return Ok(());
    };
    let beyond: Vec<_> = modules
        .into_iter()
        // What every token of an account has is nothing that could be given.
        .filter(|module| module.settings.configurable && !token.holds(module.id))
        .map(|module| format!("{} {}", module.id, module.name))
        .collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let message = format!(
        "The token that you presented does not have {}, so it cannot give it to a token.",
        beyond.join(", ")
    );
    Err(ApiError {
        fields: vec![FieldError {
            field: "modules".to_owned(),
            message: message.clone(),
        }],
        ..ApiError::new(ErrorCode::Forbidden, message)
    })
}

/// The account whose people the actor is one of, when he acts in that one only; `None` for whoever acts in all.
pub(super) fn only_account(actor: &Actor) -> Option<&AccountRef> {
    match &actor.who {
        Who::User(user) if !sees_all_accounts(&actor.who) => Some(&user.account),
        Who::Token(token) if !sees_all_accounts(&actor.who) => Some(&token.account),
        _ => None,
    }
}

/// The id by which rows name the actor; empty for Latchkey itself.
pub(super) fn actor_id(actor: &Actor) -> String {
    match &actor.who {
        Who::User(user) => user.id.to_string(),
        Who::Token(token) => token.id.to_string(),
        Who::System => String::new(),
    }
}

/// Whoever acts, by id and by the name that is shown.
pub(super) fn actor_ref(actor: &Actor) -> PersonRef {
    let name = match &actor.who {
        Who::User(user) => &*user.name,
        Who::Token(token) => &*token.name,
        Who::System => SYSTEM_NAME,
    };
    PersonRef {
        id: actor_id(actor),
        name: name.to_owned(),
    }
}

/// Every token, deleted ones too: for provisioning, which never revives one.
pub(crate) const EVERY_TOKEN: TokenScope = TokenScope {
    account: None,
    deleted: true,
};

/// Why somebody is kept out although his password is right; `None` when he is not.
pub(super) fn shut_out(row: &UserRow) -> Option<&'static str> {
    if row.status != UserStatus::Active {
        Some("user disabled")
    } else if row.user.account.status != AccountStatus::Active {
        Some("account disabled")
    } else {
        None
    }
}

/// The person who acts; only persons have sign-ins, passwords and a profile.
pub(super) fn person(actor: &Actor) -> Result<&CurrentUser, ApiError> {
    match &actor.who {
        Who::User(user) => Ok(user),
        Who::Token(_) | Who::System => Err(ApiError::unauthenticated()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::{domain::user::UserId, port::Origin};

    fn actor(kind: AccountType, role: Role, account: u64) -> Actor {
        let account = AccountRef {
            id: AccountId::from_number(account).unwrap(),
            name: "Account".into(),
            kind,
            status: AccountStatus::Active,
            icon: None,
        };
        let id = UserId::from_number(1).unwrap();
        let user = CurrentUser {
            id,
            name: "Person".into(),
            email: "p@example.com".into(),
            role,
            account,
        };
        Actor {
            who: Who::User(user),
            sign_in: None,
            origin: Origin::default(),
        }
    }

    fn edits(actor: &Actor, account: u64) -> Result<(), ErrorCode> {
        may_edit_token(actor, AccountId::from_number(account).unwrap()).map_err(|error| error.code)
    }

    #[test]
    fn only_operations_see_other_accounts_and_deleted_tokens() {
        for kind in AccountType::ALL {
            let scope = token_scope(&actor(kind, Role::Administrator, 1)).unwrap();
            let all = kind == AccountType::Operations;
            assert_eq!(
                (scope.account.is_none(), scope.deleted),
                (all, all),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn adding_needs_the_role_and_one_s_own_account_unless_one_acts_in_all() {
        use AccountType::{Client, Operations, Vendor};
        let (forbidden, hidden) = (Some(ErrorCode::Forbidden), Some(ErrorCode::NotFound));
        for (kind, role, account, answer) in [
            (Client, Role::Administrator, Some(1), None),
            (Client, Role::Administrator, Some(2), hidden),
            (Vendor, Role::Viewer, Some(1), forbidden),
            (Vendor, Role::Viewer, Some(2), hidden),
            (Operations, Role::Administrator, Some(2), None),
            (Operations, Role::Administrator, None, None),
            (Operations, Role::Viewer, Some(2), forbidden),
            (Operations, Role::Viewer, None, forbidden),
        ] {
            let account = account.and_then(AccountId::from_number);
            let answered = may_add_token(&actor(kind, role, 1), account);
            assert_eq!(
                answered.err().map(|error| error.code),
                answer,
                "{kind:?} {role:?}"
            );
        }
    }

    #[test]
    fn only_operations_act_in_every_account() {
        for kind in AccountType::ALL {
            let actor = actor(kind, Role::Viewer, 1);
            let own = only_account(&actor).map(|account| account.id);
            let all = kind == AccountType::Operations;
            assert_eq!(own.is_none(), all, "{kind:?}");
            assert!(all || own == AccountId::from_number(1));
            assert_eq!(actor_id(&actor), "USR-0000-0001");
        }
    }

    #[test]
    fn editing_needs_the_role_and_the_account() {
        for kind in [AccountType::Client, AccountType::Vendor] {
            assert_eq!(edits(&actor(kind, Role::Administrator, 1), 1), Ok(()));
            assert_eq!(
                edits(&actor(kind, Role::Viewer, 1), 1),
                Err(ErrorCode::Forbidden)
            );
            assert_eq!(
                edits(&actor(kind, Role::Administrator, 1), 2),
                Err(ErrorCode::NotFound)
            );
            assert_eq!(
                edits(&actor(kind, Role::Viewer, 1), 2),
                Err(ErrorCode::NotFound)
            );
        }
        assert_eq!(
            edits(&actor(AccountType::Operations, Role::Administrator, 1), 2),
            Ok(())
        );
        assert_eq!(
            edits(&actor(AccountType::Operations, Role::Viewer, 1), 2),
            Err(ErrorCode::Forbidden)
        );
    }
}
