//! What stands where data is still on its way. What was there before stays until the new data has come.

use super::Erase as _;
use leptos::prelude::*;
use std::{future::Future, pin::Pin};

/// A part of a page, once its data is there.
pub type Part = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Shows what `part` comes to; a line while it does so for the first time. (Boxed on purpose: the browser's half
/// then holds this machinery once and not once a page.)
pub fn loading(part: impl Fn() -> Part + Send + Sync + 'static) -> AnyView {
    let part: Box<dyn Fn() -> Part + Send + Sync> = Box::new(part);
    let line = || view! { <progress class="loading" aria-label="Loading"></progress> }.erased();
    view! {
        <Transition fallback=line>{move || Suspend::new(part())}</Transition>
    }
    .erased()
}

/// The same for a part that reads as it goes what has been loaded for it, with [`Loaded::now`](crate::wire::Loaded).
pub fn loading_within(part: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    loading(move || Box::pin(std::future::ready(part())))
}
