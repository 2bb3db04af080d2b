//! The audit trail: the page, and the tab of a token.

use leptos::prelude::*;

/// The page.
#[component]
pub fn AuditTrail() -> impl IntoView {}

/// The tab of the token with this id.
#[component]
pub fn TokenAudit(id: String) -> impl IntoView {
    let _ = id;
}
