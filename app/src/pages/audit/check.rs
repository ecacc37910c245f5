//! Checking the seals of the whole trail on demand.

use crate::{
    api::check_trail,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    policy::{Action, Kind},
    view::trail::{TrailCheck, TrailFault},
};
use leptos::{prelude::*, task::spawn_local};

/// `/audit/trail`.
#[component]
pub fn TrailCheckPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Permitted title=move || t_string!(i18n, audit.check) action=Action::View kind=Kind::Trail>
            <TrailCheckNow />
        </Permitted>
    }
    .into_any()
}

#[component]
fn TrailCheckNow() -> impl IntoView {
    let i18n = use_i18n();
    let (busy, found) = (RwSignal::new(false), RwSignal::new(None::<TrailCheck>));
    let toaster = use_toaster();
    let check = move || {
        busy.set(true);
        spawn_local(async move {
            match check_trail().await {
                Ok(result) => found.set(Some(result)),
                Err(error) => toaster.failed(move || error_text(i18n, &error.0)),
            }
            busy.set(false);
        });
    };
    view! {
        <PageHead title=move || t_string!(i18n, audit.check) lead=move || t_string!(i18n, audit.check_lead)>
            <Button kind=ButtonKind::Primary icon=IconName::Shield busy=busy on_press=check>{t!(i18n, audit.check_now)}</Button>
        </PageHead>
        <div aria-live="polite">
            {move || match found.get() {
                Some(found) => view! { <Found found /> }.into_any(),
                None => {
                    view! {
                        <EmptyState icon=IconName::Shield title=move || t_string!(i18n, audit.check_start)>
                            <p class="muted">{t!(i18n, audit.check_start_hint)}</p>
                        </EmptyState>
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Found(found: TrailCheck) -> impl IntoView {
    let i18n = use_i18n();
    let (at, rows, batches, waiting) = (found.at, found.rows, found.batches, found.waiting);
    let counts = move || {
        view! {
            <p>{move || t_string!(i18n, audit.check_counts, rows = text::number(rows), batches = text::number(batches), waiting = text::number(waiting))}</p>
            <p class="muted">{move || text::date_time(i18n, at)}</p>
        }
    };
    match found.broken {
        None => view! { <Banner tone=Tone::Success title=move || t_string!(i18n, audit.whole)>{counts()}</Banner> }.into_any(),
        Some(fault) => view! {
            <Banner tone=Tone::Error title=move || t_string!(i18n, audit.broken)>
                <FaultLine fault />
                {counts()}
                <p>{t!(i18n, audit.broken_hint)}</p>
            </Banner>
        }
        .into_any(),
    }
}

#[component]
fn FaultLine(fault: TrailFault) -> impl IntoView {
    let i18n = use_i18n();
    let (batch, place) = (fault.batch, fault.place.unwrap_or(0));
    let kind = move || match fault.fault.as_str() {
        "changed" => t_string!(i18n, audit.fault_changed),
        "deleted" => t_string!(i18n, audit.fault_deleted),
        "swapped" => t_string!(i18n, audit.fault_swapped),
        "batch" => t_string!(i18n, audit.fault_batch),
        _ => t_string!(i18n, audit.fault_chain),
    };
    view! {
        <p>
            <b>{kind}</b>
            " "
            {move || t_string!(i18n, audit.fault_place, batch = batch, place = place)}
            " "
            {fault.row.map(|row| view! { <code>{row.to_string()}</code> })}
        </p>
    }
    .into_any()
}
