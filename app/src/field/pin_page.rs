//! Another PIN for this tablet. Whoever changes it knows the former one.

use super::{
    enter::{PinField, WARN_FROM, chosen_pin},
    gate::Gate,
    vault::{Pin, TRIES},
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// What became of the last try.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Changed,
    /// After so many wrong PINs.
    Wrong(u32),
    Broken,
}

/// `/field/pin`.
#[component]
pub(super) fn PinPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, gate.change_title) lead=move || t_string!(i18n, gate.change_lead) />
        <PinForm />
    }
    .into_any()
}

#[component]
fn PinForm() -> impl IntoView {
    let i18n = use_i18n();
    let gate = use_context::<Gate>().unwrap_or_else(Gate::follow);
    let (errors, busy, said) = (FormErrors::new(), RwSignal::new(false), RwSignal::new(None::<Said>));
    let [former, pin, again] = [(); 3].map(|()| RwSignal::new(String::new()));
    let submit = move |()| {
        let Some(chosen) = chosen_pin(errors, &pin.get_untracked(), &again.get_untracked()) else { return };
        said.set(None);
        // What nobody may choose is nobody's PIN, and costs no try.
        let Ok(known) = former.get_untracked().parse::<Pin>() else { return said.set(Some(Said::Wrong(0))) };
        busy.set(true);
        let change = async move {
            let done = match gate.change_pin(&known, &chosen).await {
                Ok(Ok(())) => Said::Changed,
                Ok(Err(wrong)) => Said::Wrong(wrong),
                Err(_) => Said::Broken,
            };
            // After the last wrong one this screen is gone.
            for field in [former, pin, again] {
                let _ = field.try_set(String::new());
            }
            let _ = said.try_set(Some(done));
            let _ = busy.try_set(false);
        };
        // The screen says so before the try keeps it busy.
        set_timeout(move || spawn_local(change), Duration::from_millis(30));
    };
    view! {
        <PinSaid said />
        <CommandForm errors on_submit=Callback::new(submit)>
            <PinField name="pin_former" label=move || t_string!(i18n, gate.pin_former) value=former />
            <PinField name="pin" label=move || t_string!(i18n, gate.pin_new) value=pin />
            <p class="field-hint">{t!(i18n, gate.pin_hint)}</p>
            <PinField name="pin_again" label=move || t_string!(i18n, gate.pin_again) value=again />
            <Button kind=ButtonKind::Primary submit=true busy=busy>
                {t!(i18n, gate.change)}
            </Button>
        </CommandForm>
    }
    .into_any()
}

/// What became of it, read out.
#[component]
fn PinSaid(said: RwSignal<Option<Said>>) -> impl IntoView {
    let i18n = use_i18n();
    let words = move |said| match said {
        Said::Changed => t_string!(i18n, gate.changed).to_owned(),
        Said::Broken => t_string!(i18n, gate.broken).to_owned(),
        Said::Wrong(wrong) if wrong < WARN_FROM => t_string!(i18n, gate.former_wrong).to_owned(),
        Said::Wrong(wrong) => t_string!(i18n, gate.tries_left, count = TRIES.saturating_sub(wrong)).to_string(),
    };
    view! {
        <div role="status">
            {move || {
                said.get()
                    .map(|said| {
                        let tone = if said == Said::Changed { Tone::Success } else { Tone::Error };
                        view! { <Banner tone title=move || words(said) /> }
                    })
            }}
        </div>
    }
    .into_any()
}
