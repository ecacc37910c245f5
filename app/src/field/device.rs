//! What the browser says about this tablet: how the program is open, and how much it may keep for how long.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::StorageManager;

/// What is kept on this device for the program, as the browser estimates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Storage {
    /// Bytes in use.
    pub used: u64,
    /// Bytes that may be used.
    pub quota: u64,
    /// Whether the browser keeps it when the device runs short of space.
    pub lasting: bool,
}

impl Storage {
    /// Nothing where the browser does not say.
    pub async fn read() -> Option<Self> {
        let manager = manager()?;
        let estimate = manager.estimate().ok()?.await.ok()?;
        let lasting = manager.persisted().ok()?.await.ok()?.is_truthy();
        Some(Self { used: bytes(&estimate, "usage")?, quota: bytes(&estimate, "quota")?, lasting })
    }
}

/// Asks the browser to keep what is stored even when space runs short; it may ask the person, or decide by itself.
pub(super) async fn keep_for_good() -> bool {
    let Some(Ok(asked)) = manager().map(|manager| manager.persist()) else { return false };
    asked.await.is_ok_and(|granted| granted.is_truthy())
}

/// Whether the program was opened from the home screen, without the browser around it.
pub(super) fn is_installed() -> bool {
    let query = window().match_media("(display-mode: standalone)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// The version of this program and the build that the page came with.
pub(super) fn version() -> String {
    let root = leptos::prelude::document().document_element();
    let build = root.and_then(|root| root.get_attribute("data-build")).unwrap_or_default();
    format!("{} · {build}", env!("CARGO_PKG_VERSION"))
}

/// Nothing where pages may not keep anything: without a secure connection.
fn manager() -> Option<StorageManager> {
    Reflect::get(&window().navigator(), &"storage".into()).ok()?.dyn_into().ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of bytes is a whole number, and not below zero"
)]
fn bytes(estimate: &JsValue, key: &str) -> Option<u64> {
    Reflect::get(estimate, &key.into()).ok()?.as_f64().map(|bytes| bytes as u64)
}
