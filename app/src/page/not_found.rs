//! The page for an address that leads nowhere.

use crate::{
    error::ApiError,
    ui::{Failure, page_title},
};
use leptos::prelude::*;

/// The page. It sets the status on the server.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        {page_title("Not found")}
        <div class="card"><Failure error=ApiError::not_found() whole_page=true/></div>
    }
}
