//! The clipboard, which a browser gives only while a click counts, and not at all to every page.

use leptos::prelude::*;
use std::{future::Future, pin::Pin};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

const PLAIN: &str = "text/plain";

/// Copies text. Where the browser allows no access to the clipboard, selects the text of `fallback` instead, so
/// that one key press copies it. True when it was copied.
pub async fn copy(text: &str, fallback: Option<&HtmlElement>) -> bool {
    if has_clipboard() {
        let written = window().navigator().clipboard().write_text(text);
        if JsFuture::from(written).await.is_ok() {
            return true;
        }
    }
    if let Some(element) = fallback {
        select(element);
    }
    false
}

/// Selects the text of `element`.
pub fn select(element: &HtmlElement) {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.select_all_children(element);
    }
}

/// Copies a text that is still on its way. The clipboard is asked at once, while the click that wants it still
/// counts, and gets a promise of the text. The outcome comes when the text is there, or will not come; true when it
/// was copied.
pub fn copy_promised(
    text: impl Future<Output = Option<String>> + 'static,
) -> Pin<Box<dyn Future<Output = bool>>> {
    let item = has_clipboard().then(|| class("ClipboardItem")).flatten();
    let Some(item) = item else {
        return Box::pin(async move {
            match text.await {
                Some(text) => copy(&text, None).await,
                None => false,
            }
        });
    };
    let promise = wasm_bindgen_futures::future_to_promise(async move {
        let text = text.await.ok_or(JsValue::NULL)?;
        let parts = js_sys::Array::of1(&JsValue::from_str(&text));
        let options = object("type", &JsValue::from_str(PLAIN));
        let blob = class("Blob").ok_or(JsValue::NULL)?;
        js_sys::Reflect::construct(&blob, &js_sys::Array::of2(&parts, &options))
    });
    // Heard from the start: one that came to nothing with nobody listening would count as an error of the page.
    let came = JsFuture::from(promise.clone());
    let item = js_sys::Reflect::construct(&item, &js_sys::Array::of1(&object(PLAIN, &promise)));
    let written = item.map(|item| {
        let items = js_sys::Array::of1(&item);
        window().navigator().clipboard().write(&items)
    });
    Box::pin(async move {
        let written = match written {
            Ok(written) => JsFuture::from(written).await.is_ok(),
            Err(_) => false,
        };
        // A refusal may come before the text does.
        came.await.is_ok() && written
    })
}

/// Browsers give a clipboard only to pages that came over a safe connection.
fn has_clipboard() -> bool {
    !get(&window().navigator(), "clipboard").is_undefined()
}

/// Whether the browser still counts the last click or key press as a wish of the person.
pub fn click_counts() -> bool {
    get(&get(&window().navigator(), "userActivation"), "isActive").is_truthy()
}

/// One of the browser's classes, if it has it.
fn class(name: &str) -> Option<js_sys::Function> {
    get(&window(), name).dyn_into().ok()
}

/// A property; undefined where there is none, or nothing that could have one.
fn get(of: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// An object with one property.
fn object(name: &str, value: &JsValue) -> js_sys::Object {
    let object = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), value);
    object
}
