//! The handle at a column's right edge. It is for the mouse; by keyboard a column's menu has the same.

use crate::{
    domain::grid::{WIDTH_MAX, WIDTH_MIN},
    ui::Erase as _,
};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTableElement, PointerEvent};

/// The handle of the column at this place. `resized` is told of all widths once it is let go.
pub(super) fn handle(
    table: NodeRef<html::Table>,
    place: usize,
    waiting: Signal<bool>,
    resized: Callback<Vec<u16>>,
) -> AnyView {
    let drag = move |event: PointerEvent| {
        let Some(table) = table.get_untracked() else {
            return;
        };
        if waiting.get_untracked() || event.button() != 0 {
            return;
        }
        event.prevent_default();
        follow(&table, place, event.client_x(), resized);
    };
    view! { <span class="resize" aria-hidden="true" on:pointerdown=drag></span> }.erased()
}

/// Follows the pointer until it is let go.
fn follow(table: &HtmlTableElement, place: usize, from: i32, resized: Callback<Vec<u16>>) {
    let before = widths(table);
    let Some(start) = before.get(place).copied() else {
        return;
    };
    let list = table.class_list();
    let _ = list.remove_2("even", "whole");
    let _ = list.add_1("sized");
    set_widths(table, &before);
    let width = move |event: &PointerEvent| {
        let wanted = i32::from(start) + event.client_x() - from;
        let wanted = wanted.clamp(i32::from(WIDTH_MIN), i32::from(WIDTH_MAX));
        u16::try_from(wanted).unwrap_or(start)
    };
    let moved = {
        let table = table.clone();
        window_event_listener(ev::pointermove, move |event| {
            set_width(&table, place, width(&event));
        })
    };
    let ended = StoredValue::new_local(None::<[WindowListenerHandle; 3]>);
    let end = move || {
        for listener in ended
            .try_update_value(Option::take)
            .flatten()
            .into_iter()
            .flatten()
        {
            listener.remove();
        }
    };
    let up = window_event_listener(ev::pointerup, move |event| {
        end();
        let mut widths = before.clone();
        if let Some(one) = widths.get_mut(place) {
            *one = width(&event);
        }
        resized.run(widths);
    });
    let away = window_event_listener(ev::pointercancel, move |_| end());
    ended.set_value(Some([moved, up, away]));
}

/// How wide the columns are now.
fn widths(table: &HtmlTableElement) -> Vec<u16> {
    let Ok(heads) = table.query_selector_all("thead th") else {
        return Vec::new();
    };
    (0..heads.length())
        .filter_map(|index| heads.get(index)?.dyn_into::<HtmlElement>().ok())
        .map(|head| u16::try_from(head.offset_width()).unwrap_or(WIDTH_MIN))
        .map(|width| width.clamp(WIDTH_MIN, WIDTH_MAX))
        .collect()
}

fn set_widths(table: &HtmlTableElement, widths: &[u16]) {
    for (place, width) in widths.iter().enumerate() {
        set_width(table, place, *width);
    }
}

fn set_width(table: &HtmlTableElement, place: usize, width: u16) {
    if let Ok(columns) = table.query_selector_all("colgroup col")
        && let Some(column) = u32::try_from(place)
            .ok()
            .and_then(|place| columns.get(place))
        && let Ok(column) = column.dyn_into::<Element>()
    {
        let _ = column.set_attribute("width", &width.to_string());
    }
}
