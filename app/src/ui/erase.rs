//! Views without their types.

use leptos::prelude::*;

/// `into_any` for what `view!` makes, without the wrapper around it. With the wrapper each element is two types, once
/// as the outermost of a view and once inside one, and each type is compiled into what the browser loads.
pub trait Erase {
    /// The view without its type.
    fn erased(self) -> AnyView;
}

impl<T: RenderHtml + Send + 'static> Erase for View<T> {
    fn erased(self) -> AnyView {
        self.into_inner().into_any()
    }
}
