//! Who may do what: the only file with that knowledge.
//!
//! An account is a wall. Behind it, what is not there and what belongs to somebody else look the same.

use crate::repo::{
    audit_read::AuditScope,
    tokens::{TokenRow, TokenScope},
    users::UserRow,
};
use app::{
    domain::{
        account::{AccountId, AccountRef, AccountStatus},
        lifecycle::{RECENT_DAYS, TokenAction},
        secret::SecretAccess,
        time::Timestamp,
        token::{Allowed, TokenStatus},
        user::{CurrentUser, Role, UserStatus},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Who},
};

/// Whether somebody sees every account: people of an Operations account, and Latchkey itself.
fn sees_all_accounts(who: &Who) -> bool {
    match who {
        Who::User(user) => user.sees_all_accounts(),
        Who::System => true,
    }
}

/// The tokens that exist for the actor. Deleted ones exist for Operations only.
pub(super) fn token_scope(actor: &Actor) -> TokenScope {
    only_account(actor).map_or(EVERY_TOKEN, |account| TokenScope {
        account: Some(account.id),
        deleted: false,
    })
}

/// The records of the audit trail that exist for the actor: those of his account, of every account for whoever sees
/// all. A role hides none (rule 7).
pub(super) fn audit_scope(actor: &Actor) -> AuditScope {
    let account = only_account(actor).map(|account| account.id);
    AuditScope { account }
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
    let other = |own: AccountId| account.is_some_and(|account| account != own);
    match &actor.who {
        Who::System => Ok(()),
        Who::User(user) if other(user.account.id) && !sees_all_accounts(&actor.who) => {
            Err(ApiError::not_found())
        }
        Who::User(user) if user.may_edit_tokens() => Ok(()),
        Who::User(_) => Err(ApiError::new(ErrorCode::Forbidden, refusal)),
    }
}

/// The account whose people the actor is one of, when he acts in that one only; `None` for whoever acts in all.
pub(super) fn only_account(actor: &Actor) -> Option<&AccountRef> {
    match &actor.who {
        Who::User(user) if !sees_all_accounts(&actor.who) => Some(&user.account),
        _ => None,
    }
}

/// The id by which rows name the actor; empty for Latchkey itself.
pub(super) fn actor_id(actor: &Actor) -> String {
    match &actor.who {
        Who::User(user) => user.id.to_string(),
        Who::System => String::new(),
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

/// Refuses to disable the last of so many active Administrators of an account.
pub(super) fn may_disable(user: &CurrentUser, administrators: i64) -> Result<(), ApiError> {
    if user.role != Role::Administrator || administrators > 1 {
        return Ok(());
    }
    let message = format!(
        "{} is the last active Administrator of {} and stays enabled. Make somebody else Administrator first.",
        user.name, user.account.name
    );
    Err(ApiError::new(ErrorCode::Invalid, message))
}

/// The person who acts; only persons have sign-ins and passwords.
pub(super) fn person(actor: &Actor) -> Result<&CurrentUser, ApiError> {
    match &actor.who {
        Who::User(user) => Ok(user),
        Who::System => Err(ApiError::unauthenticated()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::{
        domain::{account::AccountType, user::UserId},
        port::Origin,
    };

    fn actor(kind: AccountType, role: Role, account: u64) -> Actor {
        let account = AccountRef {
            id: AccountId::from_number(account).unwrap(),
            name: "Account".into(),
            kind,
            status: AccountStatus::Active,
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
            let scope = token_scope(&actor(kind, Role::Administrator, 1));
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
