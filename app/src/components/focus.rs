//! Where the keyboard goes when a key or a page sends it somewhere.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The element with this id.
#[must_use]
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Puts the keyboard to the element with this id; whether there is one. An element that can't take it leaves it where it is.
pub fn focus(id: &str) -> bool {
    element(id).inspect(|element| drop(element.focus())).is_some()
}
