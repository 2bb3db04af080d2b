//! Views and event handlers without their types.

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

/// What an event does, without its type: the machinery around a handler is compiled once for each kind of event and not
/// for each place that hears one.
pub fn handler<E: 'static>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}
