//! A button that opens a menu (WAI-ARIA menu button pattern).

use super::{Erase as _, handler, truth};
use crate::{browser::Live, domain::text::fold};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{
    HtmlElement, KeyboardEvent, MouseEvent, Node, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// The button shows `trigger`; `label` is its name for assistive technology. The entries are elements with the role
/// `menuitem` or `menuitemradio`, made anew each time the menu opens.
#[component]
pub fn Menu(
    #[prop(into)] label: Signal<String>,
    class: &'static str,
    /// The key that opens it from anywhere on the page.
    #[prop(optional_no_strip)]
    key: Option<&'static str>,
    /// The id of the button.
    #[prop(optional, into)]
    id: Option<String>,
    /// The menu hangs from the button's left edge rather than its right one.
    #[prop(optional)]
    start: bool,
    trigger: Children,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let waiting = Live::waiting();
    let from_end = StoredValue::new(false);
    let show = move |last| {
        from_end.set_value(last);
        open.set(true);
    };
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            bring_into_view(&list);
            focus_entry(
                &list,
                if from_end.get_value() {
                    Move::Last
                } else {
                    Move::First
                },
            );
        }
    });
    let on_entry_key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        match event.key().as_str() {
            "Escape" => close(),
            "Tab" => return open.set(false),
            "ArrowDown" => focus_entry(&list, Move::Next),
            "ArrowUp" => focus_entry(&list, Move::Previous),
            "Home" => focus_entry(&list, Move::First),
            "End" => focus_entry(&list, Move::Last),
            key if key.chars().count() == 1 && key != " " => {
                focus_entry(&list, Move::Letter(fold(key)));
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // A form in the menu is sent by the click's default action, for which it must still be in the page; a link is
    // followed later, when the focus must be back already.
    let on_entry_click = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.closest("form").ok().flatten().is_some()) {
            request_animation_frame(close);
        } else {
            close();
        }
    };
    view! {
        <div class="menu-anchor" on:focusout=handler(move |event: leptos::ev::FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            let anchor = event.current_target().and_then(|anchor| anchor.dyn_into::<Node>().ok());
            if !anchor.is_some_and(|anchor| anchor.contains(to.as_ref())) {
                open.set(false);
            }
        })>
            <button
                type="button"
                class=class
                id=id
                node_ref=button
                disabled=waiting
                aria-label=label
                aria-keyshortcuts=key
                aria-haspopup="menu"
                aria-expanded=move || truth(open.get())
                on:click=handler(move |_| if open.get_untracked() { open.set(false) } else { show(false) })
                on:keydown=handler(move |event: KeyboardEvent| {
                    let key = event.key();
                    if key == "ArrowDown" || key == "ArrowUp" {
                        event.prevent_default();
                        show(key == "ArrowUp");
                    }
                })
            >
                {trigger()}
            </button>
            {move || open.get().then(|| view! {
                <div class="menu" class:start=start role="menu" aria-label=label node_ref=list on:keydown=handler(on_entry_key) on:click=handler(on_entry_click)>
                    {children()}
                </div>
            }.erased())}
        </div>
    }
    .erased()
}

/// Scrolls no further than is needed to see all of the menu, of which the edge of the window may hide a part.
fn bring_into_view(list: &HtmlElement) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    list.scroll_into_view_with_scroll_into_view_options(&options);
}

enum Move {
    First,
    Last,
    Next,
    Previous,
    Letter(String),
}

fn focus_entry(list: &HtmlElement, to: Move) {
    let Ok(found) = list.query_selector_all("[role^=menuitem]") else {
        return;
    };
    let entries: Vec<HtmlElement> = (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok())
        .collect();
    let Some(end) = entries.len().checked_sub(1) else {
        return;
    };
    let focused = crate::browser::focused();
    let current = entries
        .iter()
        .position(|entry| Some(entry) == focused.as_ref())
        .unwrap_or(end);
    let next = match to {
        Move::First => 0,
        Move::Last => end,
        Move::Next => (current + 1) % entries.len(),
        Move::Previous => (current + end) % entries.len(),
        Move::Letter(letter) => {
            let starts = |index: &usize| {
                let text = entries[*index % entries.len()]
                    .text_content()
                    .unwrap_or_default();
                fold(text.trim_start()).starts_with(&letter)
            };
            (current + 1..=current + entries.len())
                .find(starts)
                .unwrap_or(current)
                % entries.len()
        }
    };
    let _ = entries[next].focus();
}
