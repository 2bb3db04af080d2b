//! Views and event handlers without their types.

use leptos::{prelude::*, tachys::reactive_graph::SharedReactiveFunction};
use std::sync::{Arc, Mutex};

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

/// A part of a view, or the value of an attribute, that changes with what it reads, without its type. `view!` does the
/// same with a closure that is written inside it; one that has a name, or that a function gives as its view, needs this.
pub fn changing<T: 'static>(part: impl FnMut() -> T + Send + 'static) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(part))
}

/// What an event does, without its type: the machinery around a handler is compiled once for each kind of event and not
/// for each place that hears one.
pub fn handler<E: 'static>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}
