//! Who may do what with saved views. Operations are not above others here: a view is nothing that needs running.

use crate::repo::views::{ViewRow, ViewScope};
use app::{
    domain::user::{CurrentUser, Role},
    error::{ApiError, ErrorCode, FieldError},
    port::{Actor, Who},
};

/// The person who acts; programs have no views.
pub(in crate::service) fn person(actor: &Actor) -> Result<&CurrentUser, ApiError> {
    match &actor.who {
        Who::User(user) => Ok(user),
        Who::Token(_) | Who::System => Err(ApiError::new(
            ErrorCode::Forbidden,
            "Saved views belong to people, so programs have none. Send the filter and the order with the request.",
        )),
    }
}

/// The views that exist for a person: his own, and those shared with his account. No account sees another's.
pub(in crate::service) fn scope(user: &CurrentUser) -> ViewScope {
    ViewScope {
        user: user.id,
        account: user.account.id,
    }
}

/// Refuses whoever may not share a view with his account.
pub(in crate::service) fn may_share(user: &CurrentUser) -> Result<(), ApiError> {
    if user.role == Role::Administrator {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Forbidden,
        "Only Administrators can share a view with the account. Save it for yourself, or ask an Administrator to share \
         one like it.",
    ))
}

/// Refuses whoever may not change or delete a view that he sees: one that is shared is for Administrators.
pub(in crate::service) fn may_change(user: &CurrentUser, view: &ViewRow) -> Result<(), ApiError> {
    if !view.shared || user.role == Role::Administrator {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Forbidden,
        "This view is shared with your account, so only an Administrator can change or delete it. Save one like it for \
         yourself, or ask an Administrator.",
    ))
}

/// Refuses whoever may not change a view that he sees to one that is `shared`, or is not. Nobody can take a view of
/// another out of his own sight.
pub(in crate::service) fn may_edit(
    user: &CurrentUser,
    view: &ViewRow,
    shared: bool,
) -> Result<(), ApiError> {
    may_change(user, view)?;
    if shared {
        return may_share(user);
    }
    if view.owner == user.id {
        return Ok(());
    }
    let message = format!(
        "This view is {owner}'s, and only {owner} can keep it without sharing it. Delete it if nobody else needs it, or \
         leave it shared.",
        owner = view.owner_name
    );
    Err(ApiError::invalid(vec![FieldError {
        field: "shared".to_owned(),
        message,
    }]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{
        account::{AccountId, AccountRef, AccountStatus, AccountType},
        time::Timestamp,
        user::UserId,
        view::{ListName, ViewId},
    };

    fn user(number: u64, role: Role) -> CurrentUser {
        CurrentUser {
            id: UserId::from_number(number).unwrap(),
            name: "Person".into(),
            email: "p@example.com".into(),
            role,
            account: AccountRef {
                id: AccountId::from_number(1).unwrap(),
                name: "Account".into(),
                kind: AccountType::Operations,
                status: AccountStatus::Active,
                icon: None,
            },
        }
    }

    fn view(owner: u64, shared: bool) -> ViewRow {
        ViewRow {
            id: ViewId::from_number(1).unwrap(),
            list: ListName::Tokens,
            owner: UserId::from_number(owner).unwrap(),
            owner_name: "Owner".into(),
            name: "View".into(),
            query: String::new(),
            shared,
            revision: 1,
            updated: (Timestamp(0), String::new()),
            is_default: false,
        }
    }

    #[test]
    fn what_is_shared_is_for_administrators_and_what_is_not_for_its_owner() {
        use Role::{Administrator, Viewer};
        let (forbidden, invalid) = (Some(ErrorCode::Forbidden), Some(ErrorCode::Invalid));
        // Role, owner (the asker is 1), whether it is shared, whether it is to be, change, edit.
        for (role, owner, shared, to, change, edit) in [
            (Administrator, 1, false, false, None, None),
            (Administrator, 1, false, true, None, None),
            (Administrator, 1, true, true, None, None),
            (Administrator, 1, true, false, None, None),
            (Administrator, 2, true, true, None, None),
            (Administrator, 2, true, false, None, invalid),
            (Viewer, 1, false, false, None, None),
            (Viewer, 1, false, true, None, forbidden),
            (Viewer, 1, true, true, forbidden, forbidden),
            (Viewer, 1, true, false, forbidden, forbidden),
            (Viewer, 2, true, true, forbidden, forbidden),
            (Viewer, 2, true, false, forbidden, forbidden),
        ] {
            let (user, view) = (user(1, role), view(owner, shared));
            let code = |answer: Result<(), ApiError>| answer.err().map(|error| error.code);
            let case = format!("{role:?} {owner} {shared} {to}");
            assert_eq!(code(may_change(&user, &view)), change, "{case}");
            assert_eq!(code(may_edit(&user, &view, to)), edit, "{case}");
        }
    }
}
