//! The browser's entry point. It owns nothing but the call that brings the served page to life.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the HTML that the server rendered. Called once by the page's own script.
#[wasm_bindgen]
pub fn hydrate() {
    app::hear_back_first();
    leptos::mount::hydrate_body(app::App);
}
