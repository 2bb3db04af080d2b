//! The few things that only a browser can do. Nothing here runs on the server: it is called from event handlers
//! and effects only.

mod back;
mod clipboard;
mod file;
mod kept;

pub use back::{after_question, guard_leaving, guard_unload, hear_back, hear_back_first};
pub use clipboard::{click_counts, copy, copy_promised, select};
pub use file::{
    carries_files, chosen_file, dropped_file, file_url, forget_url, post_file, refuse_stray_files,
};
pub use kept::{forget, keep, kept, random_key, remember, remembered};

use leptos::{html, prelude::*};
use std::{
    task::{Context, Poll},
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDialogElement, HtmlElement};

/// Whether the page is live: hydrated, so that a click does something. Controls that need script wait for it.
#[derive(Clone, Copy)]
pub struct Live(ReadSignal<bool>);

impl Live {
    /// Puts the signal into the context; it turns true once, in the browser.
    pub fn provide() {
        let (live, set_live) = signal(false);
        Effect::new(move |_| set_live.set(true));
        provide_context(Self(live));
    }

    /// The negation, as `disabled` wants it.
    pub fn waiting() -> Signal<bool> {
        let live = use_context::<Self>();
        Signal::derive(move || !live.is_some_and(|live| live.0.get()))
    }
}

/// What has the focus, if anything has.
pub fn focused() -> Option<HtmlElement> {
    let element = document()
        .active_element()?
        .dyn_into::<HtmlElement>()
        .ok()?;
    (element.tag_name() != "BODY").then_some(element)
}

/// Gives the focus back to `element` after the current change of the page, unless somebody has given it to something else;
/// when that was made anew meanwhile, to the one with the same id, or to the page's main part.
pub fn restore_focus(element: Option<HtmlElement>) {
    request_animation_frame(move || {
        let element = element.and_then(|element| {
            if element.is_connected() {
                return Some(element);
            }
            let id = element.id();
            (!id.is_empty()).then(|| element_by_id(&id)).flatten()
        });
        find_focus(element);
    });
}

/// Gives the focus to `element` or to the page's main part, unless something has it that somebody chose.
fn find_focus(element: Option<HtmlElement>) {
    if focused().is_none_or(|element| element.id() == "main")
        && let Some(element) = element.or_else(|| element_by_id("main"))
    {
        let _ = element.focus();
    }
}

/// The element with this id.
pub fn element_by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Gives the focus to the element with this id, after the current change of the page.
pub fn focus_id(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = element_by_id(&id) {
            let _ = element.focus();
        }
    });
}

/// Puts a text into the field with this id, unless it is there.
pub fn set_value(id: &str, text: &str) {
    let input = element_by_id(id).and_then(|element| element.dyn_into().ok());
    if let Some(input) = input
        && web_sys::HtmlInputElement::value(&input) != text
    {
        input.set_value(text);
    }
}

/// The focus in a part of the page that is made anew when its data is fetched again: it goes to the element with the
/// same id in the new part.
#[derive(Clone, Copy)]
pub struct KeptFocus {
    /// The section around the part.
    pub part: NodeRef<html::Section>,
    id: StoredValue<String>,
    waiting: Signal<bool>,
}

impl KeptFocus {
    /// Nothing had the focus yet.
    pub fn new() -> Self {
        Self {
            part: NodeRef::new(),
            id: StoredValue::new(String::new()),
            waiting: Live::waiting(),
        }
    }

    /// Remembers what has got the focus; for the `focusin` of the element around the part.
    pub fn note(self, event: &web_sys::FocusEvent) {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        self.id
            .set_value(target.map_or_else(String::new, |target: HtmlElement| target.id()));
    }

    /// Called by the part when it is about to be made anew. A focus that is elsewhere stays there.
    pub fn keep(self) {
        if !self.waiting.get_untracked() {
            self.let_go();
        }
        Effect::new(move |_| {
            let id = self.id.get_value();
            request_animation_frame(move || {
                if !id.is_empty() {
                    find_focus(element_by_id(&id));
                }
            });
        });
    }

    /// Takes the focus from the part. When what has it leaves the page, the browser works out at once how all that came
    /// into the page looks, in the same task that made it.
    fn let_go(self) {
        let part = self.part.get_untracked();
        let inside = |element: &HtmlElement| {
            part.is_some_and(|part| {
                part.unchecked_ref::<web_sys::Node>()
                    .contains(Some(element))
            })
        };
        if let Some(element) = focused().filter(inside) {
            let _ = element.blur();
        }
    }
}

/// Ready when no menu is open, and asked again some moments later otherwise.
pub fn poll_menus_closed(context: &mut Context<'_>) -> Poll<()> {
    if !matches!(document().query_selector("[role=menu]"), Ok(Some(_))) {
        return Poll::Ready(());
    }
    let waker = context.waker().clone();
    set_timeout(move || waker.wake(), Duration::from_millis(100));
    Poll::Pending
}

/// Gives the focus to the element with this id and clicks it, if it is there.
pub fn press(id: &str) {
    if let Some(element) = element_by_id(id) {
        let _ = element.focus();
        element.click();
    }
}

/// Closes the popover with this id, if it is open.
pub fn hide_popover(id: &str) {
    if let Some(element) = element_by_id(id) {
        let hide = js_sys::Reflect::get(&element, &JsValue::from_str("hidePopover"));
        if let Some(hide) = hide
            .ok()
            .and_then(|hide| hide.dyn_into::<js_sys::Function>().ok())
        {
            let _ = hide.call0(&element);
        }
    }
}

/// Opens the dialog over the page, also when the server sent it open, as soon as it stands in the page. `opener` hears
/// what has the focus until then.
pub fn show_modal(dialog: HtmlDialogElement, opener: impl FnOnce(Option<HtmlElement>) + 'static) {
    dialog.set_open(false);
    request_animation_frame(move || {
        if dialog.is_connected() {
            opener(focused());
            let _ = dialog.show_modal();
        }
    });
}

/// Minutes from UTC to the viewer's own time at this moment, east positive.
pub fn utc_offset_minutes(unix_millis: i64) -> i64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of any plausible year are exact in a double"
    )]
    let date = js_sys::Date::new(&JsValue::from_f64(unix_millis as f64));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an offset is at most a day"
    )]
    let behind = date.get_timezone_offset() as i64;
    -behind
}

/// Keeps a choice in a cookie for a year, for the server to read.
pub fn set_cookie(name: &str, value: &str) {
    if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
        let _ = page.set_cookie(&crate::cookie::choice(name, value));
    }
}

/// Posts a urlencoded form in the background. Gives the status and the body, or nothing when the server was not
/// reached.
pub async fn post_form(path: &str, fields: &[(&str, &str)]) -> Option<(u16, String)> {
    let body = web_sys::UrlSearchParams::new().ok()?;
    for (name, value) in fields {
        body.append(name, value);
    }
    post(path, None, &body).await
}

/// Posts JSON in the background, and gives the same as [`post_form`].
pub async fn post_json(path: &str, body: &str) -> Option<(u16, String)> {
    post(path, Some("application/json"), &JsValue::from_str(body)).await
}

/// `content_type` is for a body that does not say itself what it is.
async fn post(path: &str, content_type: Option<&str>, body: &JsValue) -> Option<(u16, String)> {
    let headers = web_sys::Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    if let Some(content_type) = content_type {
        headers.set("content-type", content_type).ok()?;
    }
    let request = web_sys::RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(body);
    let sent = window().fetch_with_str_and_init(path, &request);
    let response: web_sys::Response = wasm_bindgen_futures::JsFuture::from(sent)
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    let text = wasm_bindgen_futures::JsFuture::from(response.text().ok()?)
        .await
        .ok()?;
    Some((response.status(), text.as_string().unwrap_or_default()))
}

/// Goes to an address by loading it, so that the server decides anew who asks.
pub fn load(address: &str) {
    let _ = window().location().set_href(address);
}

/// The address of the page, without the host.
pub fn current_address() -> String {
    let location = window().location();
    format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    )
}

/// Whether the page's address has this path and raw query string.
pub fn is_at(path: &str, search: &str) -> bool {
    let location = window().location();
    let shown = location.search().unwrap_or_default();
    location.pathname().is_ok_and(|shown| shown == path)
        && shown.strip_prefix('?').unwrap_or_default() == search
}

/// Puts another address into this entry of the history. The page stays as it is.
pub fn rewrite_address(address: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }
}

/// So many steps back in the history.
pub fn go_back(steps: u32) {
    if let Ok(history) = window().history() {
        let _ = history.go_with_delta(-i32::try_from(steps).unwrap_or(1));
    }
}

/// The number that this entry of the history was marked with.
pub fn history_mark() -> Option<u32> {
    let state = window().history().ok()?.state().ok()?;
    state.as_string()?.parse().ok()
}

/// Calls `leaving` when the page is left or put aside. Ends with the component that calls it.
pub fn on_leaving(leaving: impl Fn() + Clone + 'static) {
    Effect::new(move |_| {
        let leaving = leaving.clone();
        let event = leptos::ev::Custom::<web_sys::Event>::new("pagehide");
        let hidden = window_event_listener(event, move |_| leaving());
        on_cleanup(move || hidden.remove());
    });
}
