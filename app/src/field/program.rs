//! The program as the tablet keeps it: the service worker that does so, and the newer version that waits to be taken.

use crate::{
    components::prelude::*,
    i18n::{t, use_i18n},
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    MessageEvent, RegistrationOptions, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerUpdateViaCache, VisibilityState,
};

const WORKER: &str = "/field/sw.js";
const SCOPE: &str = "/field";
/// A tablet may show the field for days: the browser itself looks for a new version only when a page is loaded.
const LOOK_AGAIN: Duration = Duration::from_secs(60 * 60);

/// Whether the program opens without a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// This browser can't, or not on this connection.
    Impossible,
    /// On the way.
    Loading,
    /// It does.
    Ready,
    /// The last try failed.
    Failed,
}

/// The program on this tablet.
#[derive(Clone, Copy)]
pub struct Program {
    kept: RwSignal<Kept>,
    /// A newer version is complete and waits.
    waiting: RwSignal<bool>,
    /// Another tab has taken a newer version; this one still shows the old.
    left_behind: RwSignal<bool>,
    /// This tab asked for the newer version.
    asked: StoredValue<bool>,
    registration: StoredValue<Option<ServiceWorkerRegistration>, LocalStorage>,
}

impl Program {
    /// Has the program kept, and follows what becomes of it.
    pub(super) fn follow() -> Self {
        let program = Self {
            kept: RwSignal::new(Kept::Loading),
            waiting: RwSignal::new(false),
            left_behind: RwSignal::new(false),
            asked: StoredValue::new(false),
            registration: StoredValue::new_local(None),
        };
        if let Some(container) = container() {
            program.follow_control(&container);
            hear_of_network(&container);
            program.register(container);
            program.look_again();
        } else {
            program.kept.set(Kept::Impossible);
        }
        program
    }

    /// Whether the program opens without a network; follows it.
    #[must_use]
    pub fn kept(self) -> Kept {
        self.kept.get()
    }

    /// Whether there is a newer version to take; follows it.
    #[must_use]
    pub fn has_newer(self) -> bool {
        self.waiting.get() || self.left_behind.get()
    }

    /// Takes the newer version: this page is loaded anew with it.
    pub fn take_newer(self) {
        match self.registered().and_then(|registration| registration.waiting()) {
            Some(worker) => {
                self.asked.set_value(true);
                // It fails only for what can't be copied; a word can.
                let _ = worker.post_message(&JsValue::from_str("skip-waiting"));
            }
            None => reload(),
        }
    }

    fn registered(self) -> Option<ServiceWorkerRegistration> {
        self.registration.get_value()
    }

    fn register(self, container: ServiceWorkerContainer) {
        let options = RegistrationOptions::new();
        options.set_scope(SCOPE);
        options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
        let registered = container.register_with_options(WORKER, &options);
        spawn_local(async move {
            match registered.await.map(JsCast::dyn_into::<ServiceWorkerRegistration>) {
                Ok(Ok(registration)) => self.follow_versions(registration),
                _ => self.kept.set(Kept::Failed),
            }
        });
    }

    fn follow_versions(self, registration: ServiceWorkerRegistration) {
        self.registration.set_value(Some(registration.clone()));
        let found = Closure::<dyn Fn()>::new(move || {
            if let Some(worker) = self.registered().and_then(|registration| registration.installing()) {
                self.follow_worker(&worker);
            }
            self.read();
        });
        registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        // The registration lives as long as the tab.
        found.forget();
        if let Some(worker) = registration.installing().or_else(|| registration.waiting()) {
            self.follow_worker(&worker);
        }
        self.read();
    }

    fn follow_worker(self, worker: &ServiceWorker) {
        let changed = Closure::<dyn Fn()>::new(move || self.read());
        worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    }

    /// Reads how things stand.
    fn read(self) {
        let Some(registration) = self.registered() else { return };
        let (active, waiting) = (registration.active().is_some(), registration.waiting().is_some());
        self.waiting.set(active && waiting);
        self.kept.set(match (active, waiting || registration.installing().is_some()) {
            (true, _) => Kept::Ready,
            (false, true) => Kept::Loading,
            (false, false) => Kept::Failed,
        });
    }

    /// When a newer version takes over, the tab that asked for it begins anew; others say so and wait for their person.
    fn follow_control(self, container: &ServiceWorkerContainer) {
        let before = StoredValue::new(container.controller().is_some());
        let changed = Closure::<dyn Fn()>::new(move || {
            let first = !before.get_value();
            before.set_value(true);
            self.read();
            if self.asked.get_value() {
                reload();
            } else if !first {
                self.left_behind.set(true);
            }
        });
        container.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    }

    /// Looks for a newer version when the network comes back, when the screen is looked at again, and each hour.
    fn look_again(self) {
        let _ = window_event_listener(ev::online, move |_| self.look());
        let _ = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                self.look();
            }
        });
        set_interval(move || self.look(), LOOK_AGAIN);
    }

    fn look(self) {
        if !window().navigator().on_line() {
            return;
        }
        match self.registered() {
            // Without an answer the version at hand goes on.
            Some(registration) if self.kept.get_untracked() == Kept::Ready => {
                let Ok(looked) = registration.update() else { return };
                spawn_local(async move { drop(looked.await) });
            }
            _ => {
                if let Some(container) = container() {
                    self.register(container);
                }
            }
        }
    }
}

/// Gets in step when the browser says through the service worker that there is a network again: also for a tab that nobody looks at.
fn hear_of_network(container: &ServiceWorkerContainer) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if event.data().as_string().as_deref() == Some("sync")
            && let Some(tablet) = super::tablet()
        {
            tablet.sync_soon();
        }
    });
    container.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

/// Asks the browser to say so when there is a network again. Not every browser does; the tab itself looks, too.
pub(super) fn await_network() {
    let Some(container) = container() else { return };
    spawn_local(async move {
        // Where it can't be had there is nothing to do: the tab goes on looking.
        drop(ask_for_sync(&container).await);
    });
}

async fn ask_for_sync(container: &ServiceWorkerContainer) -> Result<(), JsValue> {
    let Some(registration) = found(container).await else { return Ok(()) };
    let sync = js_sys::Reflect::get(&registration, &"sync".into())?;
    if sync.is_undefined() {
        return Ok(());
    }
    let register: js_sys::Function = js_sys::Reflect::get(&sync, &"register".into())?.dyn_into()?;
    let asked: js_sys::Promise = register.call1(&sync, &"iut-outbox".into())?.dyn_into()?;
    wasm_bindgen_futures::JsFuture::from(asked).await.map(drop)
}

async fn found(container: &ServiceWorkerContainer) -> Option<JsValue> {
    let found = container.get_registration_with_document_url(SCOPE).await.ok()?;
    (!found.is_undefined()).then_some(found)
}

/// The program of this tab.
#[must_use]
pub fn use_program() -> Program {
    use_context().unwrap_or_else(Program::follow)
}

/// Whether this browser keeps the program.
pub(super) async fn is_kept() -> bool {
    let Some(container) = container() else { return false };
    let found = container.get_registration_with_document_url(SCOPE).await;
    found.is_ok_and(|registration| !registration.is_undefined())
}

/// Nothing where pages have no service workers: without a secure connection.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let found = js_sys::Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    found.dyn_into().ok()
}

fn reload() {
    // It fails only for a page that is about to leave.
    let _ = window().location().reload();
}

/// "A newer version is there", and the way to it.
#[component]
pub(super) fn UpdateBar() -> impl IntoView {
    let i18n = use_i18n();
    let program = use_program();
    view! {
        <div class="update-bar" role="status">
            <Show when=move || program.has_newer()>
                <div class="banner tone-info">
                    <Icon name=IconName::Download />
                    <p class="banner-body">{t!(i18n, shell.newer)}</p>
                    <Button kind=ButtonKind::Primary on_press=move || program.take_newer()>
                        {t!(i18n, shell.take_newer)}
                    </Button>
                </div>
            </Show>
        </div>
    }
    .into_any()
}
