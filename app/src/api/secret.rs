//! Server functions about secrets. Their answers are never part of a page (T-24).

use crate::{
    call::Call,
    domain::secret::{SecretText, SecretUse},
    error::ApiError,
};
use leptos::prelude::*;

/// A token's secret.
///
/// # Errors
/// As [`Console::reveal_secret`](crate::port::Console::reveal_secret); unauthenticated.
#[server(prefix = "/fn", endpoint = "reveal_secret", protocol = Call)]
pub async fn reveal_secret(id: String, purpose: SecretUse) -> Result<SecretText, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console
                .reveal_secret(&actor, super::existing(&id)?, purpose)
                .await
        }
        .await,
    )
}

/// Records that a secret on the screen was copied.
///
/// # Errors
/// As [`Console::note_secret_copied`](crate::port::Console::note_secret_copied); unauthenticated.
#[server(prefix = "/fn", endpoint = "note_secret_copied", protocol = Call)]
pub async fn note_secret_copied(id: String) -> Result<(), ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console
                .note_secret_copied(&actor, super::existing(&id)?)
                .await
        }
        .await,
    )
}

/// Takes one's password once more.
///
/// # Errors
/// As [`Console::confirm_password`](crate::port::Console::confirm_password); unauthenticated.
#[server(prefix = "/fn", endpoint = "confirm_password", protocol = Call)]
pub async fn confirm_password(password: SecretText) -> Result<(), ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.confirm_password(&actor, &password).await
        }
        .await,
    )
}
