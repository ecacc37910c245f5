//! "This tablet": which version is here, whether it opens without a network, how much may be kept, how to install it.

use super::{
    device::{Storage, is_installed, keep_for_good, version},
    online::use_online,
    program::{Kept, use_program},
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use leptos::{prelude::*, task::spawn_local};

/// The page.
#[component]
pub(super) fn AboutPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, shell.about) />
        <ProgramPart />
        <StoragePart />
        {(!is_installed()).then(|| view! { <InstallPart /> })}
    }
    .into_any()
}

/// How to put it on the home screen.
#[component]
fn InstallPart() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section stack">
            <h2>{t!(i18n, shell.install)}</h2>
            <p>{t!(i18n, shell.install_lead)}</p>
            <h3>{t!(i18n, shell.android)}</h3>
            <p>{t!(i18n, shell.android_steps)}</p>
            <h3>{t!(i18n, shell.ipad)}</h3>
            <p>{t!(i18n, shell.ipad_steps)}</p>
        </section>
    }
    .into_any()
}

/// A fact with its name.
#[component]
fn Fact(
    /// What it is about.
    #[prop(into)]
    name: TextProp,
    /// How it stands.
    #[prop(into)]
    value: TextProp,
) -> impl IntoView {
    view! {
        <div>
            <dt>{move || name.get()}</dt>
            <dd>{move || value.get()}</dd>
        </div>
    }
    .into_any()
}

#[component]
fn ProgramPart() -> impl IntoView {
    let i18n = use_i18n();
    let (program, online) = (use_program(), use_online());
    let (installed, version) = (is_installed(), version());
    let opened = move || {
        if installed { t_string!(i18n, shell.opened_app) } else { t_string!(i18n, shell.opened_browser) }
    };
    let kept = move || match program.kept() {
        Kept::Impossible => t_string!(i18n, shell.kept_impossible),
        Kept::Loading => t_string!(i18n, shell.kept_loading),
        Kept::Ready => t_string!(i18n, shell.kept_ready),
        Kept::Failed => t_string!(i18n, shell.kept_failed),
    };
    let network = move || if online.get() { t_string!(i18n, shell.network_on) } else { t_string!(i18n, shell.network_off) };
    view! {
        <section class="section">
            <h2>{t!(i18n, shell.program)}</h2>
            <dl class="tablet-facts">
                <Fact name=move || t_string!(i18n, shell.version) value=move || version.clone() />
                <Fact name=move || t_string!(i18n, shell.opened) value=opened />
                <Fact name=move || t_string!(i18n, shell.network) value=network />
                <Fact name=move || t_string!(i18n, shell.kept) value=kept />
            </dl>
        </section>
    }
    .into_any()
}

/// How much may be kept, and whether it stays when the tablet runs short of space.
#[component]
fn StoragePart() -> impl IntoView {
    let i18n = use_i18n();
    let storage = RwSignal::new(None::<Storage>);
    let refused = RwSignal::new(false);
    // What is no longer on the screen needs no answer.
    let read = move || async move {
        let _ = storage.try_set(Storage::read().await);
    };
    // The answer is said last: who reads it sees beside it what was read after it.
    let ask = move || {
        spawn_local(async move {
            let granted = keep_for_good().await;
            read().await;
            let _ = refused.try_set(!granted);
        });
    };
    // Keeping the program changes what is in use.
    let program = use_program();
    Effect::new(move || {
        let _ = program.kept();
        spawn_local(read());
    });
    let used = move || match storage.get() {
        Some(storage) => {
            t_string!(i18n, shell.space_used, used = text::bytes(storage.used), quota = text::bytes(storage.quota)).to_string()
        }
        None => t_string!(i18n, shell.unknown).to_owned(),
    };
    let lasting = move || match storage.get() {
        Some(Storage { lasting: true, .. }) => t_string!(i18n, shell.lasting),
        Some(_) => t_string!(i18n, shell.not_lasting),
        None => t_string!(i18n, shell.unknown),
    };
    let can_ask = move || storage.get().is_some_and(|storage| !storage.lasting);
    view! {
        <section class="section stack">
            <h2>{t!(i18n, shell.space)}</h2>
            <dl class="tablet-facts">
                <Fact name=move || t_string!(i18n, shell.space_use) value=used />
                <Fact name=move || t_string!(i18n, shell.safety) value=lasting />
            </dl>
            <div class="cluster">
                <Show when=can_ask>
                    <Button icon=IconName::Shield on_press=ask>{t!(i18n, shell.make_lasting)}</Button>
                </Show>
                <p role="status">{move || (refused.get() && can_ask()).then(|| t_string!(i18n, shell.refused))}</p>
            </div>
        </section>
    }
    .into_any()
}
