//! What outlives a reload of the page in this tab, what this browser remembers, and the random key of a form. No secret
//! is ever kept here.

use leptos::prelude::*;
use std::fmt::Write;

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps a text until the tab is closed. Where the browser allows no storage, nothing is kept.
pub fn keep(name: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, text);
    }
}

/// The text that was kept under this name.
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps nothing more under this name.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// Remembers a text in this browser, until it is replaced.
pub fn remember(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, text);
    }
}

/// The text that this browser remembers under this name.
pub fn remembered(name: &str) -> Option<String> {
    let storage = window().local_storage().ok().flatten()?;
    storage.get_item(name).ok().flatten()
}

/// 128 random bits as 32 hexadecimal digits. (`randomUUID` exists on https and localhost only; this is everywhere.)
pub fn random_key() -> String {
    let mut bytes = [0_u8; 16];
    let mut key = String::new();
    if let Ok(crypto) = window().crypto()
        && crypto.get_random_values_with_u8_array(&mut bytes).is_ok()
    {
        for byte in bytes {
            let _ = write!(key, "{byte:02x}");
        }
    }
    key
}
