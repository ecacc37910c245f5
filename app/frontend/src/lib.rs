//! The wasm entry: takes over the page that the server rendered.

#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the server puts into every page.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let typed = app::hydration::TypedEarly::read();
    leptos::mount::hydrate_body(app::App);
    typed.give_back();
    app::mark_ready();
}
