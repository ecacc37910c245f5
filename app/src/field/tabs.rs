//! What the tabs of one tablet tell each other.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// Something was written.
pub(super) const CHANGED: &str = "changed";
/// The tablet was locked or erased: every tab looks at the lock anew.
pub(super) const LOCKED: &str = "locked";

const NAME: &str = "iut-field";

thread_local! {
    /// A browser without such channels has tabs that do not know of each other; each then sees what others wrote when it is opened.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new(NAME).ok();
}

/// Tells the other tabs.
pub(super) fn tell(word: &str) {
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            // It fails only for what can't be copied; a word can.
            let _ = channel.post_message(&JsValue::from_str(word));
        }
    });
}

/// Hears what other tabs tell, as long as this one lives.
pub(super) fn hear(run: impl Fn(&str) + 'static) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(word) = event.data().as_string() {
            run(&word);
        }
    });
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
    });
    heard.forget();
}
