//! Which tab of a tablet speaks with the server: one at a time, by the browser's own locks (Web Locks), which end with the tab that
//! holds them.

use futures::channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

const NAME: &str = "iut-field-sync";

/// This tab's turn, until it is dropped.
pub(super) struct Turn(Option<Function>);

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(end) = &self.0 {
            // Settling a promise does not fail.
            let _ = end.call0(&JsValue::NULL);
        }
    }
}

/// Waits until no other tab speaks with the server. In a browser without locks every tab has its turn at once.
pub(super) async fn take() -> Turn {
    wait().await.unwrap_or(Turn(None))
}

async fn wait() -> Option<Turn> {
    // The crate of the browser's interfaces has no stable words for locks.
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let (granted, hears) = oneshot::channel();
    // The lock is held until the promise that comes back from here is settled.
    let held = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        let mut end = None;
        let held = Promise::new(&mut |settle, _fail| end = Some(settle));
        // A turn that nobody waits for any more ends here, by being dropped.
        drop(granted.send(Turn(end)));
        held.into()
    });
    request.call2(&locks, &NAME.into(), &held).ok()?;
    hears.await.ok()
}
