//! Where one can go in the field: at the side of a tablet, below on a phone; and the lock.

use super::gate::{Gate, Stand};
use crate::{
    components::{
        icon::{Icon, IconName},
        text::I18n,
    },
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// One place to go.
#[derive(Clone, Copy)]
struct Place {
    href: &'static str,
    icon: IconName,
    label: fn(I18n) -> &'static str,
}

const PLACES: [Place; 5] = [
    Place { href: "/field/my-day", icon: IconName::Sun, label: |i18n| t_string!(i18n, nav.my_day) },
    Place { href: "/field/cases", icon: IconName::UsersThree, label: |i18n| t_string!(i18n, nav.caseload) },
    Place { href: "/field/register", icon: IconName::UserPlus, label: |i18n| t_string!(i18n, nav.register) },
    Place { href: "/field/outbox", icon: IconName::Tray, label: |i18n| t_string!(i18n, outbox.title) },
    Place { href: "/field/calendar", icon: IconName::Calendar, label: |i18n| t_string!(i18n, nav.calendar) },
];

/// Only in the menu.
const CLOSE: Place = Place { href: "/field/close", icon: IconName::CheckCircle, label: |i18n| t_string!(i18n, close.title) };
const PIN: Place = Place { href: "/field/pin", icon: IconName::Key, label: |i18n| t_string!(i18n, gate.change_title) };

#[component]
fn Link(place: Place) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <li>
            <A href=place.href attr:class="nav-link">
                <Icon name=place.icon />
                <span>{move || (place.label)(i18n)}</span>
            </A>
        </li>
    }
    .into_any()
}

fn is_open(gate: Gate) -> Memo<bool> {
    let stand = gate.stand();
    Memo::new(move |_| stand.get() == Stand::Open)
}

/// The navigation at the side.
#[component]
pub(super) fn FieldSide(gate: Gate) -> impl IntoView {
    let i18n = use_i18n();
    let open = is_open(gate);
    view! {
        <Show when=move || open.get()>
            <nav class="side-nav" aria-label=move || t_string!(i18n, nav.main)>
                <ul>{PLACES.map(|place| view! { <Link place /> }).collect_view()}</ul>
            </nav>
        </Show>
    }
    .into_any()
}

/// The most used places and the menu, within reach of a thumb.
#[component]
pub(super) fn FieldTabs(gate: Gate, menu: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let open = is_open(gate);
    view! {
        <Show when=move || open.get()>
            <nav class="bottom-tabs" aria-label=move || t_string!(i18n, nav.tabs)>
                <ul>
                    {PLACES.into_iter().take(4).map(|place| view! { <Link place /> }).collect_view()} <li>
                        <button type="button" class="nav-link" aria-haspopup="dialog" on:click=move |_| menu.set(true)>
                            <Icon name=IconName::Menu />
                            <span>{t!(i18n, nav.menu)}</span>
                        </button>
                    </li>
                </ul>
            </nav>
        </Show>
    }
    .into_any()
}

/// All places, in the menu.
#[component]
pub(super) fn FieldPlaces(gate: Gate) -> impl IntoView {
    let i18n = use_i18n();
    let open = is_open(gate);
    view! {
        <Show when=move || open.get()>
            {PLACES.map(|place| view! { <Link place /> }).collect_view()}
            <Link place=CLOSE />
            <Link place=PIN />
            <li>
                <button type="button" class="nav-link" on:click=move |_| gate.lock()>
                    <Icon name=IconName::Lock />
                    <span>{t!(i18n, gate.lock)}</span>
                </button>
            </li>
        </Show>
    }
    .into_any()
}
