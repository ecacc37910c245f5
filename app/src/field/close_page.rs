//! The end of a day: what was done, what is still open, and whether all of it has arrived.

use super::{at, database::LocalError, tablet::Tablet};
use crate::{
    api::load_my_day,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::field::VisitRow,
};
use domain::{
    view::visits::{MyDay, VisitCard},
    visit::VisitState,
};
use leptos::prelude::*;
use std::rc::Rc;

/// `/field/close`.
#[component]
pub(super) fn ClosePage() -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let live = use_live(&["visit", "case"]);
    let day = Resource::new(move || (live.get(), today.get()), |_| load_my_day());
    let tablet = StoredValue::new_local(super::tablet());
    view! {
        <PageHead
            title=move || t_string!(i18n, close.title)
            lead=move || text::date(i18n, today.get())
            crumbs=vec![Crumb::new("/my-day", move || t_string!(i18n, my_day.title))]
        />
        {move || tablet.get_value().map(|tablet| view! { <Arrived tablet=StoredValue::new_local(tablet) /> })}
        <Loaded resource=day let:view>
            <Day view />
        </Loaded>
    }
    .into_any()
}

/// Whether everything has been sent, and what has not.
#[component]
fn Arrived(tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let (step, version) = tablet.with_value(|tablet| (tablet.step(), tablet.version()));
    let pending = LocalResource::new(move || {
        let _ = (step.get(), version.get());
        let tablet = tablet.get_value();
        async move { Ok::<_, LocalError>(tablet.files_waiting().await?.len()) }
    });
    let counts = move || {
        let _ = (step.get(), version.get());
        let ledger = tablet.with_value(|tablet| tablet.outbox().ledger());
        // Photos that can't be counted are not said to have arrived.
        let files = pending.get()?.ok();
        Some((ledger.waiting + ledger.sent, ledger.conflicts + ledger.refused, files))
    };
    view! {
        <section class="section stack" aria-labelledby="sent-title">
            <h2 id="sent-title">{t!(i18n, close.sent_title)}</h2>
            <div role="status" class="stack">
                {move || match counts() {
                    None => ().into_any(),
                    Some((0, 0, Some(0))) => view! { <Banner tone=Tone::Success title=move || t_string!(i18n, close.all_sent) /> }.into_any(),
                    Some(counts) => view! { <Unsent counts /> }.into_any(),
                }}
            </div>
            <div class="cluster">
                <Button icon=IconName::Refresh on_press=move || tablet.with_value(Tablet::sync_soon)>
                    {t!(i18n, sync.now)}
                </Button>
                <LinkButton href=at("/outbox") icon=IconName::Tray>
                    {t!(i18n, outbox.title)}
                </LinkButton>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Unsent(counts: (usize, usize, Option<usize>)) -> impl IntoView {
    let i18n = use_i18n();
    let (waiting, asking, files) = counts;
    let lines = move || {
        [
            (waiting > 0).then(|| t_string!(i18n, close.waiting, count = waiting).to_string()),
            (asking > 0).then(|| t_string!(i18n, close.asking, count = asking).to_string()),
            match files {
                Some(0) => None,
                Some(files) => Some(t_string!(i18n, close.files, count = files).to_string()),
                None => Some(t_string!(i18n, gate.broken).to_owned()),
            },
        ]
    };
    view! {
        <Banner tone=Tone::Warn title=move || t_string!(i18n, close.not_all)>
            {move || lines().into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()}
        </Banner>
    }
    .into_any()
}

#[component]
fn Day(view: MyDay) -> impl IntoView {
    let i18n = use_i18n();
    let (open, done): (Vec<_>, Vec<_>) = view.visits.into_iter().partition(|card| card.state == VisitState::Scheduled);
    let open: Vec<_> = view.unrecorded.into_iter().chain(open).collect();
    view! {
        <section class="section stack" aria-labelledby="open-title">
            <h2 id="open-title">{t!(i18n, close.open)} " " <span class="count">{open.len()}</span></h2>
            {open.is_empty().then(|| view! { <p class="muted">{t!(i18n, close.open_none)}</p> })}
            <ul class="rows">{open.into_iter().map(|card| view! { <OpenVisit card /> }).collect_view()}</ul>
        </section>
        <section class="section stack" aria-labelledby="done-title">
            <h2 id="done-title">{t!(i18n, close.done)} " " <span class="count">{done.len()}</span></h2>
            {done.is_empty().then(|| view! { <p class="muted">{t!(i18n, close.done_none)}</p> })}
            <ul class="rows">{done.into_iter().map(|card| view! { <VisitRow card with_case=true /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A visit about which something is to be said: what happened, another time, or that it will not be.
#[component]
fn OpenVisit(card: VisitCard) -> impl IntoView {
    let i18n = use_i18n();
    let id = card.id;
    view! {
        <VisitRow card dated=true />
        <li class="cluster open-visit-ends">
            <LinkButton href=at(format!("/visits/{id}")) kind=ButtonKind::Primary icon=IconName::NotePencil>
                {t!(i18n, close.record)}
            </LinkButton>
            <LinkButton href=at(format!("/visits/{id}?end=move")) icon=IconName::Calendar>
                {t!(i18n, close.move_it)}
            </LinkButton>
            <LinkButton href=at(format!("/visits/{id}?end=cancel"))>{t!(i18n, close.cancel)}</LinkButton>
        </li>
    }
    .into_any()
}
