//! Buttons, marks, clocks, bars, messages.

use super::days_from;
use crate::{
    components::{live::ConnectionNotice, prelude::*},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    ApiError,
    case::{Stage, Urgency},
    visit::VisitState,
};
use leptos::prelude::*;

#[component]
pub(super) fn Buttons() -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let open = RwSignal::new(false);
    view! {
        <section class="section stack">
            <h2>"Button · Dialog"</h2>
            <div class="cluster">
                <Button kind=ButtonKind::Primary icon=IconName::Check busy on_press=move || busy.set(true)>
                    {t!(i18n, common.save)}
                </Button>
                <Button kind=ButtonKind::Primary busy=true>{t!(i18n, common.saving)}</Button>
                <Button>{t!(i18n, common.cancel)}</Button>
                <Button kind=ButtonKind::Tertiary icon=IconName::Pencil>{t!(i18n, common.edit)}</Button>
                <Button kind=ButtonKind::Danger icon=IconName::Trash>{t!(i18n, common.delete)}</Button>
                <Button disabled=true>{t!(i18n, common.apply)}</Button>
                <IconButton label=move || t_string!(i18n, common.print) icon=IconName::Printer on_press=|| () />
                <Button icon=IconName::Info on_press=move || open.set(true)>{t!(i18n, common.details)}</Button>
            </div>
            <Dialog open id="gallery-dialog" title=move || t_string!(i18n, live.idle_title)>
                <p>{move || t_string!(i18n, live.lost_hint)}</p>
                <div class="dialog-actions">
                    <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
                    <Button kind=ButtonKind::Primary on_press=move || open.set(false)>{t!(i18n, common.confirm)}</Button>
                </div>
            </Dialog>
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn Marks() -> impl IntoView {
    let today = use_today().get_untracked();
    let clock = move |days: i64| view! { <ClockChip due=days_from(today, days) /> };
    view! {
        <section class="section stack">
            <h2>"Badge · ClockChip · Meter · PhoneLink"</h2>
            <div class="cluster">{Urgency::ALL.iter().map(|&urgency| view! { <UrgencyBadge urgency /> }).collect_view()}</div>
            <div class="cluster">{Stage::ALL.iter().map(|&stage| view! { <StageBadge stage /> }).collect_view()}</div>
            <div class="cluster">{VisitState::ALL.iter().map(|&state| view! { <VisitBadge state /> }).collect_view()}</div>
            <div class="cluster">
                {[-12, -1, 0, 1, 2, 9].map(clock).collect_view()} <ClockChip due=today done=true />
            </div>
            <div class="cluster">
                <Meter label="김하늘" value=62 max=80 high=70_u32 text="62 / 80" />
                <Meter label="박도윤" value=78 max=80 high=70_u32 text="78 / 80" />
                <Progress label="2026-5" percent=Some(45) />
            </div>
            <div class="cluster">
                <PhoneLink digits="01000000000" />
                <PhoneLink digits="0200000000" />
            </div>
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn Messages() -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let done = move || toaster.done(move || t_string!(i18n, common.saved));
    let undone = Callback::new(move |()| toaster.done(move || t_string!(i18n, common.undone)));
    let undo = move || toaster.done_with_undo(move || t_string!(i18n, common.saved), undone);
    let failed = move || toaster.failed(move || error_text(i18n, &ApiError::Unavailable));
    view! {
        <section class="section stack">
            <h2>"Banner · EmptyState · Skeleton · Toast"</h2>
            <Banner title=move || t_string!(i18n, live.back) />
            <Banner tone=Tone::Success title=move || t_string!(i18n, common.saved) />
            <Banner tone=Tone::Warn title=move || t_string!(i18n, live.lost)>
                <p>{t!(i18n, live.lost_hint)}</p>
            </Banner>
            <Banner tone=Tone::Error title=move || error_text(i18n, &ApiError::Internal) />
            <EmptyState icon=IconName::CalendarCheck title=move || t_string!(i18n, nav.person_none)>
                <LinkButton href="/register" kind=ButtonKind::Primary icon=IconName::UserPlus>
                    {t!(i18n, nav.register)}
                </LinkButton>
            </EmptyState>
            <Skeleton />
            <ConnectionNotice />
            <div class="cluster">
                <Button on_press=done>"done"</Button>
                <Button on_press=undo>"done_with_undo"</Button>
                <Button on_press=failed>"failed"</Button>
            </div>
        </section>
    }
    .into_any()
}
