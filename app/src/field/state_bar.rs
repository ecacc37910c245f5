//! How far the tablet is in step with the server, in words, on every screen.

use super::{
    at,
    database::LocalError,
    tablet::{Step, Tablet},
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::sync::clock::MOST_OFF;
use leptos::prelude::*;
use leptos_router::components::A;
use std::rc::Rc;

/// Progress of loading, what waits, what asks for a choice, a wrong clock.
#[component]
pub(super) fn StateBar() -> impl IntoView {
    let tablet = StoredValue::new_local(super::tablet());
    move || tablet.get_value().map(|tablet| view! { <Bar tablet=StoredValue::new_local(tablet) /> })
}

#[component]
fn Bar(tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let (step, version) = tablet.with_value(|tablet| (tablet.step(), tablet.version()));
    let ledger = Signal::derive(move || {
        let _ = (step.get(), version.get());
        tablet.with_value(|tablet| tablet.outbox().ledger())
    });
    let asking = move || ledger.get().conflicts + ledger.get().refused;
    let waiting = move || ledger.get().waiting + ledger.get().sent;
    let said = move || match step.get() {
        Step::Loading(done, total) => t_string!(i18n, sync.loading, done = done, total = total).to_string(),
        Step::Working => t_string!(i18n, sync.working).to_owned(),
        Step::Alone => t_string!(i18n, sync.alone).to_owned(),
        Step::Refused(error) => error_text(i18n, &error),
        Step::Broken(error) => broken_words(i18n, error).to_owned(),
        Step::Resting => String::new(),
    };
    let off = move || {
        let _ = step.get();
        tablet.with_value(|tablet| tablet.offset()).abs() > MOST_OFF
    };
    view! {
        <div class="state-bar" role="status">
            <span class="state-said">{said}</span>
            <LoadProgress step />
            {move || {
                (waiting() > 0)
                    .then(|| {
                        view! {
                            <A href=at("/outbox") attr:class="state-count">
                                <Icon name=IconName::Tray />
                                {move || t_string!(i18n, sync.waiting, count = waiting()).to_string()}
                            </A>
                        }
                    })
            }}
            {move || {
                (asking() > 0)
                    .then(|| {
                        view! {
                            <A href=at("/outbox") attr:class="state-count state-asking">
                                <Icon name=IconName::Warning />
                                {move || t_string!(i18n, sync.asking, count = asking()).to_string()}
                            </A>
                        }
                    })
            }}
        </div>
        {move || {
            off().then(|| view! { <Banner tone=Tone::Warn title=move || t_string!(i18n, sync.clock_off)>{t!(i18n, sync.clock_off_do)}</Banner> })
        }}
    }
    .into_any()
}

/// How far a long load is, as a bar; nothing at other times. The words beside it say the same.
#[component]
pub(super) fn LoadProgress(step: Signal<Step>) -> impl IntoView {
    move || match step.get() {
        Step::Loading(done, total) => {
            Some(view! { <progress class="load-progress" value=done max=total aria-hidden="true"></progress> })
        }
        _ => None,
    }
}

/// What is wrong with the tablet's own store.
pub(super) fn broken_words(i18n: text::I18n, error: LocalError) -> &'static str {
    match error {
        LocalError::Full => t_string!(i18n, gate.full),
        LocalError::Missing => t_string!(i18n, gate.impossible),
        LocalError::Failed | LocalError::Tampered => t_string!(i18n, gate.broken),
    }
}
