//! The small coloured word that says where something stands.

use super::Erase as _;
use crate::domain::{account::AccountStatus, token::TokenStatus};
use leptos::prelude::*;

/// Where a token stands.
#[component]
pub fn StatusChip(status: TokenStatus) -> impl IntoView {
    let class = match status {
        TokenStatus::Active => "chip ok",
        TokenStatus::Disabled => "chip off",
        TokenStatus::Deleted => "chip gone",
    };
    view! { <span class=class>{status.as_str()}</span> }.erased()
}

/// Where an account stands.
#[component]
pub fn AccountChip(status: AccountStatus) -> impl IntoView {
    let class = match status {
        AccountStatus::Active => "chip ok",
        AccountStatus::Disabled => "chip off",
    };
    view! { <span class=class>{status.as_str()}</span> }.erased()
}
