//! What stands in place of rows when there are none.

use super::{Erase as _, Symbol, icon};
use leptos::prelude::*;

/// A heading, a sentence, and perhaps a way on.
#[component]
pub fn Empty(
    title: &'static str,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(Symbol::Key)}
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .erased()
}
