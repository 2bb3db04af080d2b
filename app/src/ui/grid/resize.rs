//! The widths of columns as they are in the page, and the handle at a column's right edge. The handle is for the mouse; by
//! keyboard a column's menu has the same.

use crate::{
    domain::grid::{WIDTH_MAX, WIDTH_MIN},
    ui::{Erase as _, handler},
};
use leptos::{ev, html, prelude::*};
use std::{cell::Cell, rc::Rc};
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
        follow(table, place, event.client_x(), resized);
    };
    view! { <span class="resize" aria-hidden="true" on:pointerdown=handler(drag)></span> }.erased()
}

/// All widths, with the column at this place so much wider.
pub(super) fn changed(table: &HtmlTableElement, place: usize, by: i32) -> Vec<u16> {
    let mut widths = widths(table);
    if let Some(width) = widths.get_mut(place) {
        *width = wider(*width, by);
    }
    widths
}

fn wider(width: u16, by: i32) -> u16 {
    let wanted = i32::from(width) + by;
    let wanted = wanted.clamp(i32::from(WIDTH_MIN), i32::from(WIDTH_MAX));
    u16::try_from(wanted).unwrap_or(width)
}

/// Follows the pointer until it is let go. Until it moves, nothing changes: a click on the handle is no wish.
fn follow(table: HtmlTableElement, place: usize, from: i32, resized: Callback<Vec<u16>>) {
    let before = widths(&table);
    let Some(start) = before.get(place).copied() else {
        return;
    };
    let now = Rc::new(Cell::new(None));
    let moved = {
        let (before, now) = (before.clone(), Rc::clone(&now));
        window_event_listener(ev::pointermove, move |event| {
            let width = wider(start, event.client_x() - from);
            if now.get().is_none() {
                if width == start {
                    return;
                }
                fix(&table, &before);
            }
            now.set(Some(width));
            set_width(&table, place, width);
        })
    };
    let listeners = Rc::new(Cell::new(None::<[WindowListenerHandle; 3]>));
    let end = {
        let listeners = Rc::clone(&listeners);
        move || {
            for listener in listeners.take().into_iter().flatten() {
                listener.remove();
            }
            let mut widths = before.clone();
            if let (Some(width), Some(now)) = (widths.get_mut(place), now.get()) {
                *width = now;
                // The grid may be gone, rows and all.
                let _ = resized.try_run(widths);
            }
        }
    };
    let up = {
        let end = end.clone();
        window_event_listener(ev::pointerup, move |_| end())
    };
    let away = window_event_listener(ev::pointercancel, move |_| end());
    listeners.set(Some([moved, up, away]));
}

/// How wide the columns are now. Together they are no wider than the table, though each is at least as wide as one may be.
fn widths(table: &HtmlTableElement) -> Vec<u16> {
    let Ok(heads) = table.query_selector_all("thead th") else {
        return Vec::new();
    };
    let mut widths: Vec<u16> = (0..heads.length())
        .filter_map(|index| heads.get(index)?.dyn_into::<HtmlElement>().ok())
        .map(|head| u16::try_from(head.offset_width()).unwrap_or(WIDTH_MIN))
        .map(|width| width.clamp(WIDTH_MIN, WIDTH_MAX))
        .collect();
    let all: i32 = widths.iter().copied().map(i32::from).sum();
    if let Some(widest) = widths.iter_mut().max() {
        *widest = wider(*widest, Ord::min(table.offset_width() - all, 0));
    }
    widths
}

/// Makes the columns as wide as they are, whatever stands in them.
fn fix(table: &HtmlTableElement, widths: &[u16]) {
    let list = table.class_list();
    let _ = list.remove_2("even", "whole");
    let _ = list.add_1("sized");
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
