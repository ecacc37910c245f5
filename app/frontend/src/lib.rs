//! The wasm entries: one takes over the page that the server rendered, the other fills the empty page of the field.

#![recursion_limit = "512"]

use leptos::prelude::set_timeout;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the server puts into every page.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // In a task of its own: what starts the program has kept the browser busy long enough.
    set_timeout(take_over, Duration::ZERO);
}

fn take_over() {
    let typed = app::hydration::TypedEarly::read();
    leptos::mount::hydrate_body(app::App);
    typed.give_back();
    app::mark_ready();
}

/// Called by `/field/start.js`, the script of the page that tablets keep.
#[wasm_bindgen]
pub fn field() {
    console_error_panic_hook::set_once();
    app::field::mount();
    app::mark_ready();
}
