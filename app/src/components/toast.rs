//! Short messages about what was just done, with a way back where there is one.

use super::{
    banner::Tone,
    button::IconButton,
    icon::{Icon, IconName},
};
use crate::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: TextProp,
    undo: Option<Callback<()>>,
}

/// Shows short messages; get it with [`use_toaster`].
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toaster {
    pub(crate) fn new() -> Self {
        Self { toasts: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// "It is done", for eight seconds.
    pub fn done(self, text: impl Into<TextProp>) {
        self.show(Tone::Success, text.into(), None);
    }

    /// "It is done", with twenty seconds to take it back.
    pub fn done_with_undo(self, text: impl Into<TextProp>, undo: Callback<()>) {
        self.show(Tone::Success, text.into(), Some(undo));
    }

    /// "It failed", until closed.
    pub fn failed(self, text: impl Into<TextProp>) {
        self.show(Tone::Error, text.into(), None);
    }

    fn show(self, tone: Tone, text: TextProp, undo: Option<Callback<()>>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let stays = if undo.is_some() { Duration::from_secs(20) } else { Duration::from_secs(8) };
        self.toasts.update(|toasts| toasts.push(Toast { id, tone, text, undo }));
        if tone != Tone::Error {
            set_timeout(move || self.close(id), stays);
        }
    }

    fn close(self, id: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

/// The toaster of this page.
#[must_use]
pub fn use_toaster() -> Toaster {
    use_context().unwrap_or_else(Toaster::new)
}

/// Where the messages appear; once, in the frame. It is a live region from the start, so that each message is read.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toaster = use_toaster();
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-atomic="false">
            <For each=move || toaster.toasts.get() key=|toast| toast.id let:toast>
                <ToastView toaster toast />
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn ToastView(toaster: Toaster, toast: Toast) -> impl IntoView {
    let i18n = use_i18n();
    let Toast { id, tone, text, undo } = toast;
    let take_back = move |undo: Callback<()>| {
        let press = move |_| {
            toaster.close(id);
            undo.run(());
        };
        view! {
            <button type="button" class="button button-small" on:click=press>
                <Icon name=IconName::Undo />
                <span>{t!(i18n, common.undo)}</span>
            </button>
        }
    };
    view! {
        <div class=format!("toast {}", tone.class())>
            <Icon name=tone.icon() />
            <p>{move || text.get()}</p>
            {undo.map(take_back)}
            <IconButton
                label=move || t_string!(i18n, common.close)
                icon=IconName::Close
                on_press=move || toaster.close(id)
            />
        </div>
    }
    .into_any()
}
