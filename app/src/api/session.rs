//! Server functions about whoever is signed in.

use crate::{call::Call, domain::sign_in::SignIn, error::ApiError};
use leptos::prelude::*;

/// One's own sign-ins, the latest first.
///
/// # Errors
/// As [`Console::list_sign_ins`](crate::port::Console::list_sign_ins).
#[server(prefix = "/fn", endpoint = "list_sign_ins", protocol = Call)]
pub async fn list_sign_ins() -> Result<Vec<SignIn>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_sign_ins(&actor).await
        }
        .await,
    )
}
