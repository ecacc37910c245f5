//! The signs to tick: what calls for 119 or 112 first, the others by domain of life.

use super::{
    badge::UrgencyBadge,
    banner::{Banner, Tone},
    icon::{Icon, IconName},
    text::{self, Label},
};
use crate::i18n::{t, t_string, use_i18n};
use domain::{
    case::Urgency,
    catalogue::{LifeDomain, Sign},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Codes of the ticked signs.
pub type Ticked = BTreeSet<String>;

/// All signs, each with its urgency.
#[component]
pub fn SignTicks(
    /// The catalogue.
    signs: Vec<Sign>,
    /// What is ticked.
    ticked: RwSignal<Ticked>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (emergencies, others): (Vec<Sign>, Vec<Sign>) =
        signs.into_iter().filter(|sign| sign.active).partition(|sign| sign.urgency == Urgency::Emergency);
    let groups = LifeDomain::ALL.iter().map(|&domain| {
        let mut group: Vec<Sign> = others.iter().filter(|sign| sign.domain == domain).cloned().collect();
        group.sort_by_key(|sign| sign.urgency);
        view! { <SignGroup title=move || domain.label(i18n) signs=group ticked /> }
    });
    view! {
        <div class="signs">
            <div class="signs-emergency">
                <Banner tone=Tone::Error title=move || t_string!(i18n, signs.emergency_title)>
                    <p>{t!(i18n, signs.emergency_body)}</p>
                    <p class="signs-calls">
                        <EmergencyCall number="119" label=move || t_string!(i18n, signs.call_119) />
                        <EmergencyCall number="112" label=move || t_string!(i18n, signs.call_112) />
                    </p>
                </Banner>
                <SignGroup title=move || Urgency::Emergency.label(i18n) signs=emergencies ticked />
            </div>
            <div class="signs-groups">{groups.collect_view()}</div>
            <p class="muted" role="status">{move || t_string!(i18n, signs.ticked, count = ticked.with(Ticked::len))}</p>
        </div>
    }
    .into_any()
}

/// A number that must be one press away.
#[component]
pub fn EmergencyCall(
    /// `119` or `112`.
    number: &'static str,
    /// The words.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    view! {
        <a class="button button-danger" href=format!("tel:{number}")>
            <Icon name=IconName::Phone />
            <span>{move || label.get()}</span>
        </a>
    }
    .into_any()
}

#[component]
fn SignGroup(#[prop(into)] title: TextProp, signs: Vec<Sign>, ticked: RwSignal<Ticked>) -> impl IntoView {
    (!signs.is_empty())
        .then(|| {
            view! {
                <fieldset class="sign-group">
                    <legend>{move || title.get()}</legend>
                    {signs.into_iter().map(|sign| view! { <SignTick sign ticked /> }).collect_view()}
                </fieldset>
            }
        })
        .into_any()
}

#[component]
fn SignTick(sign: Sign, ticked: RwSignal<Ticked>) -> impl IntoView {
    let i18n = use_i18n();
    let Sign { code, name_ko, name_en, urgency, .. } = sign;
    let words = move || text::in_language(i18n, &name_ko, &name_en);
    let id = format!("sign-{code}");
    let is_ticked = {
        let code = code.clone();
        Memo::new(move |_| ticked.with(|ticked| ticked.contains(&code)))
    };
    let toggle = move |event| {
        let on = event_target_checked(&event);
        ticked.update(|ticked| {
            if on {
                ticked.insert(code.clone());
            } else {
                ticked.remove(&code);
            }
        });
    };
    view! {
        <label class="check sign">
            <input
                type="checkbox"
                id=id
                checked=is_ticked.get_untracked()
                prop:checked=move || is_ticked.get()
                on:change=toggle
            />
            <span class="sign-words">{words}</span>
            <UrgencyBadge urgency />
        </label>
    }
    .into_any()
}
