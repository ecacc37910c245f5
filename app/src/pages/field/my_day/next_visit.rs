//! The visit to go to next, with what is needed to get there.

use super::super::parts::{TwoPersonBadge, name_or_unknown};
use crate::field::at;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    profile::LivingPlace,
    view::visits::{Contact, VisitCard},
};
use leptos::prelude::*;

/// Large, at the top: name, address, telephone, and the one button for the door.
#[component]
pub(super) fn NextVisit(card: VisitCard, contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let VisitCard { id, case, name, dong, kind, window, urgency, two_person, purpose, .. } = card;
    let about = move || format!("{} · {}", text::named(i18n, &dong), kind.label(i18n));
    view! {
        <section class="section stack next-visit" aria-labelledby="next-title">
            <p class="cluster">
                <Badge tone="tone-info" icon=IconName::ArrowRight label=move || t_string!(i18n, my_day.next) />
                <UrgencyBadge urgency />
                {two_person.then(|| view! { <TwoPersonBadge /> })}
            </p>
            <h2 id="next-title" class="next-name">
                <span class="next-time">{text::window(window)}</span>
                " "
                {move || name_or_unknown(i18n, name.as_deref())}
            </h2>
            <p class="muted">{about} {purpose.map(|purpose| format!(" · {purpose}"))}</p>
            <AddressLine contact=contact.clone() />
            {contact.phone.map(|phone| view! { <p><PhoneLink digits=phone.digits() /></p> })}
            <div class="cluster next-actions">
                <LinkButton href=at(format!("/visits/{id}")) kind=ButtonKind::Primary icon=IconName::NotePencil>
                    {t!(i18n, my_day.record)}
                </LinkButton>
                <LinkButton href=at(format!("/cases/{case}")) icon=IconName::Clipboard>
                    {t!(i18n, my_day.open_case)}
                </LinkButton>
            </div>
        </section>
    }
    .into_any()
}

/// The address with a button that copies it, or why there is none.
#[component]
pub(in crate::pages::field) fn AddressLine(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let none = move || {
        if contact.no_fixed_address { t_string!(i18n, my_day.no_fixed_address) } else { t_string!(i18n, my_day.no_address) }
    };
    let place = Some(contact.living_place).filter(|place| *place != LivingPlace::Unknown);
    match contact.address {
        None => view! { <p class="muted address-line"><Icon name=IconName::MapPin /> {none}</p> }.into_any(),
        Some(address) => {
            let copied = address.clone();
            let copy = move || {
                if copy_text(&copied) {
                    toaster.done(move || t_string!(i18n, my_day.copied));
                } else {
                    toaster.failed(move || t_string!(i18n, my_day.copy_failed));
                }
            };
            view! {
                <p class="cluster address-line">
                    <Icon name=IconName::MapPin />
                    <span>{address}</span>
                    {place.map(|place| view! { <span class="muted">{move || place.label(i18n)}</span> })}
                    <Button on_press=copy>{t!(i18n, my_day.copy_address)}</Button>
                </p>
            }
            .into_any()
        }
    }
}

/// Puts a text on the clipboard. False where the browser has none: pages without a secure connection.
#[cfg(feature = "hydrate")]
fn copy_text(text: &str) -> bool {
    let navigator = window().navigator();
    let found = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if found.is_ok_and(|clipboard| clipboard.is_object()) {
        // The browser asks the person itself where it must; nothing waits for the answer.
        let _ = navigator.clipboard().write_text(text);
        return true;
    }
    false
}

#[cfg(not(feature = "hydrate"))]
fn copy_text(_: &str) -> bool {
    false
}
