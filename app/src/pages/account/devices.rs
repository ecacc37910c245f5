//! One's own tablets.

use crate::{
    api::{own_devices, use_me},
    components::{devices::Devices, prelude::*},
    i18n::{t, use_i18n},
};
use domain::policy::{Action, Kind};
use leptos::prelude::*;

/// The list, for those who may set one up.
#[component]
pub fn OwnDevices() -> impl IntoView {
    use_me().is_some_and(|me| me.may(Action::Create, Kind::Visit)).then(|| view! { <List /> }).into_any()
}

#[component]
fn List() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let devices = Resource::new(move || version.get(), |_| own_devices());
    view! {
        <section class="section stack account-part">
            <h2>{t!(i18n, devices.title)}</h2>
            <p class="muted">{t!(i18n, devices.lead)}</p>
            <p>
                <a class="button" href="/field/my-day" rel="external">
                    {t!(i18n, devices.set_up)}
                </a>
            </p>
            <Transition fallback=|| {
                view! { <Skeleton lines=2_usize /> }
            }>{settled(devices, move |devices| view! { <Devices devices version /> })}</Transition>
        </section>
    }
    .into_any()
}
