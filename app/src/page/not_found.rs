//! The page for an address that leads nowhere.

use crate::{error::ApiError, ui::Failure};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page. It sets the status on the server.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found · Latchkey"/>
        <div class="card"><Failure error=ApiError::not_found() whole_page=true/></div>
    }
}
