//! Tablets with their last contact, and a way to shut one out.

use crate::{
    api::AppError,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::{Envelope, UserCommand},
    sync::clock::MOST_OFF,
    view::devices::DeviceView,
};
use leptos::prelude::*;

/// A list of tablets.
#[component]
pub fn Devices(
    /// The tablets.
    devices: Result<Vec<DeviceView>, AppError>,
    /// Whether they are of several people, so that each says whose it is.
    #[prop(optional)]
    with_holders: bool,
    /// Grows when one was shut out.
    version: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    // The rest of the page does not fall with this list.
    let devices = devices.unwrap_or_default();
    if devices.is_empty() {
        return view! { <EmptyState icon=IconName::Monitor title=move || t_string!(i18n, devices.empty) /> }.into_any();
    }
    view! {
        <ul class="account-sessions">
            {devices.into_iter().map(|device| view! { <DeviceLine device with_holders version /> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn DeviceLine(device: DeviceView, with_holders: bool, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (toaster, now, asked, errors) = (use_toaster(), use_now(), RwSignal::new(false), FormErrors::new());
    let write = use_write(errors, move |_| {
        toaster.done(move || t_string!(i18n, devices.revoked_now));
        version.update(|version| *version += 1);
    });
    let id = device.id;
    let revoke = move || {
        asked.set(false);
        write.send(Envelope::new(UserCommand::RevokeDevice { id }, now.get_untracked()));
    };
    let DeviceView { name, program, holder, contact_at, clock_off_seconds, waiting, revoked_at, wiped, .. } = device;
    let contact = move || match contact_at {
        Some(at) => t_string!(i18n, devices.contact, when = text::date_time(i18n, at)).to_string(),
        None => t_string!(i18n, devices.no_contact).to_owned(),
    };
    let off = clock_off_seconds.is_some_and(|off| off.abs() > MOST_OFF.num_seconds());
    let name_spoken = name.clone();
    view! {
        <li>
            <span>
                <b>{name}</b>
                " "
                <span class="muted">{program}</span>
                {with_holders.then(|| view! { " · " {holder.name} })}
                " · "
                {contact}
                {(waiting > 0).then(|| view! { " · " {move || t_string!(i18n, sync.waiting, count = waiting).to_string()} })}
                {off.then(|| view! { " " <Badge tone=Tone::Warn.class() label=move || t_string!(i18n, devices.clock_off) /> })}
            </span>
            {match revoked_at {
                Some(_) => {
                    let label = move || if wiped { t_string!(i18n, devices.wiped) } else { t_string!(i18n, devices.revoked) };
                    view! { <Badge tone=Tone::Error.class() label /> }.into_any()
                }
                None => view! { <Button on_press=move || asked.set(true)>{t!(i18n, devices.revoke)}</Button> }.into_any(),
            }}
            <Show when=move || asked.get()>
                <Banner tone=Tone::Warn live=true title={
                    let name = name_spoken.clone();
                    move || t_string!(i18n, devices.revoke_ask, name = name.clone()).to_string()
                }>
                    <p>{t!(i18n, devices.revoke_lead)}</p>
                    <div class="cluster">
                        <Button kind=ButtonKind::Danger busy=write.pending() on_press=revoke>
                            {t!(i18n, devices.revoke)}
                        </Button>
                        <Button on_press=move || asked.set(false)>{t!(i18n, common.cancel)}</Button>
                    </div>
                </Banner>
            </Show>
            <Show when=move || errors.whole().get().is_some()>
                <p class="field-error" role="alert">
                    {move || errors.whole().get().map(|error| error_text(i18n, &error))}
                </p>
            </Show>
        </li>
    }
    .into_any()
}
