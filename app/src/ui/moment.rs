//! A moment for people: UTC as the server sends it, the viewer's own time once the page is live.

use super::{Erase as _, changing};
use crate::{browser, domain::time::Timestamp};
use leptos::prelude::*;

/// Day and time, with the exact moment on hover and for assistive technology.
#[component]
pub fn Moment(
    at: Timestamp,
    /// The exact moment is there for everyone to read.
    #[prop(optional)]
    exactly: bool,
) -> impl IntoView {
    let local = RwSignal::new(None::<Timestamp>);
    Effect::new(move |_| {
        local.set(Some(
            at.plus_seconds(browser::utc_offset_minutes(at.unix_millis()) * 60),
        ));
    });
    let day = move || local.get().unwrap_or(at).utc_day();
    let time = move || match local.get() {
        Some(local) => local.utc_time().trim_end_matches(" UTC").to_owned(),
        None => at.utc_time(),
    };
    let exact = at.to_string();
    let (datetime, title) = (exact.clone(), exact.clone());
    view! {
        <time datetime=datetime title=title>
            {changing(day)}
            " "
            <span class="sub">{changing(time)}</span>
            {if exactly {
                view! { <span class="sub">{exact}</span> }.erased()
            } else {
                view! { <span class="visually-hidden">", exactly "{exact}</span> }.erased()
            }}
        </time>
    }
    .erased()
}

/// The same, or a dash when it never happened.
#[component]
pub fn OptionalMoment(at: Option<Timestamp>) -> impl IntoView {
    match at {
        Some(at) => view! { <Moment at/> }.erased(),
        None => view! {
            <span aria-hidden="true">"—"</span>
            <span class="visually-hidden">"never"</span>
        }
        .erased(),
    }
}
