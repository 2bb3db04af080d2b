//! Server functions about saved views.

use crate::{
    call::Call,
    domain::view::{ListName, NewView, SavedView, ViewEdit},
    error::ApiError,
};
use leptos::prelude::*;

/// The views of a list: one's own, then those shared with one's account.
///
/// # Errors
/// As [`Console::list_views`](crate::port::Console::list_views); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_views", protocol = Call)]
pub async fn list_views(list: ListName) -> Result<Vec<SavedView>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_views(&actor, list).await
        }
        .await,
    )
}

/// Keeps a view.
///
/// # Errors
/// As [`Console::create_view`](crate::port::Console::create_view); unauthenticated.
#[server(prefix = "/fn", endpoint = "create_view", protocol = Call)]
pub async fn create_view(new: NewView) -> Result<SavedView, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.create_view(&actor, &new).await
        }
        .await,
    )
}

/// Changes a view.
///
/// # Errors
/// As [`Console::edit_view`](crate::port::Console::edit_view); unauthenticated.
#[server(prefix = "/fn", endpoint = "edit_view", protocol = Call)]
pub async fn edit_view(id: String, edit: ViewEdit) -> Result<SavedView, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console
                .edit_view(&actor, super::existing(&id)?, &edit)
                .await
        }
        .await,
    )
}

/// Deletes a view.
///
/// # Errors
/// As [`Console::delete_view`](crate::port::Console::delete_view); unauthenticated.
#[server(prefix = "/fn", endpoint = "delete_view", protocol = Call)]
pub async fn delete_view(id: String) -> Result<(), ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.delete_view(&actor, super::existing(&id)?).await
        }
        .await,
    )
}

/// Makes one's list begin with this view, or with none.
///
/// # Errors
/// As [`Console::set_default_view`](crate::port::Console::set_default_view); unauthenticated.
#[server(prefix = "/fn", endpoint = "set_default_view", protocol = Call)]
pub async fn set_default_view(list: ListName, id: Option<String>) -> Result<(), ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            let id = id.as_deref().map(super::existing).transpose()?;
            console.set_default_view(&actor, list, id).await
        }
        .await,
    )
}
