//! One visit: at the door it is recorded with a few presses; afterwards it shows what was recorded.

mod answers;
mod form;
mod next_step;
mod recorded;
mod sending;
mod when;

use super::{
    move_visit::MoveDialog,
    my_day::AddressLine,
    parts::{TwoPersonBadge, day_with_holiday, id_in_address, name_or_unknown},
};
use crate::field::at;
use crate::{
    api::{load_contact, load_visit},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    clock::korean_day,
    ids::{CaseId, VisitId},
    view::visits::{ContactForm, VisitForm},
    visit::VisitState,
};
use form::{Door, RecordForm};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use recorded::Recorded;

/// `/visits/:id`.
#[component]
pub fn VisitPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = id_in_address();
    // Grows when this page itself changed the visit. Others' changes don't load it again: somebody may be writing.
    let version = RwSignal::new(0_u32);
    let form = Resource::new(move || (id.get(), version.get()), |(id, _)| load_visit(VisitId(id)));
    view! {
        <Loaded resource=form title=move || t_string!(i18n, visit.title) let:form>
            <OneVisit form version />
        </Loaded>
    }
    .into_any()
}

#[component]
fn OneVisit(form: VisitForm, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let card = form.page.card.clone();
    let planned = card.state == VisitState::Scheduled;
    let to_be_moved = use_query_map().with_untracked(|query| query.get("end").is_some_and(|end| end == "move"));
    let moving = RwSignal::new((planned && to_be_moved && version.get_untracked() == 0).then(|| card.clone()));
    let workers = StoredValue::new(form.page.workers.clone());
    let (name, to_move) = (card.name.clone(), card.clone());
    let title = move || if planned { t_string!(i18n, visit.record_title) } else { t_string!(i18n, visit.title) };
    view! {
        <PageHead
            title
            heading=move || name_or_unknown(i18n, name.as_deref())
            crumbs=vec![Crumb::new("/my-day", move || t_string!(i18n, my_day.title))]
        >
            {planned
                .then(|| {
                    view! {
                        <Button icon=IconName::Calendar on_press=move || moving.set(Some(to_move.clone()))>
                            {t!(i18n, visit.reschedule)}
                        </Button>
                    }
                })}
            <LinkButton href=at(format!("/cases/{}", card.case)) icon=IconName::Clipboard>
                {t!(i18n, my_day.open_case)}
            </LinkButton>
        </PageHead>
        <VisitHead form=form.clone() />
        {if planned {
            let door = Door::of_visit(form);
            view! { <RecordForm door /> }.into_any()
        } else {
            view! { <Recorded form version /> }.into_any()
        }}
        <MoveDialog card=moving workers done=Callback::new(move |()| version.update(|version| *version += 1)) />
    }
    .into_any()
}

/// When, how, where: what a worker reads before knocking.
#[component]
fn VisitHead(form: VisitForm) -> impl IntoView {
    let i18n = use_i18n();
    let (card, contact) = (form.page.card, form.page.contact);
    let day = korean_day(card.window.start);
    let about = move || format!("{} · {}", text::named(i18n, &card.dong), card.kind.label(i18n));
    let crew = [Some(card.worker), card.second_worker].into_iter().flatten().map(|worker| worker.name);
    let crew = crew.collect::<Vec<_>>().join(" · ");
    view! {
        <section class="section stack visit-head">
            <p class="cluster">
                <VisitBadge state=card.state />
                <UrgencyBadge urgency=card.urgency />
                <StageBadge stage=form.page.stage />
                {card.two_person.then(|| view! { <TwoPersonBadge /> })}
                {card
                    .series
                    .map(|_| view! { <Badge icon=IconName::Repeat label=move || t_string!(i18n, visit.series) /> })}
            </p>
            <p>
                <b>{move || day_with_holiday(i18n, day)} " " {text::window(card.window)}</b>
            </p>
            <p class="muted">{about} " · " {crew} {card.purpose.map(|purpose| format!(" · {purpose}"))}</p>
            <AddressLine contact=contact.clone() />
            {contact.phone.map(|phone| view! { <p><PhoneLink digits=phone.digits() /></p> })}
            {card
                .two_person
                .then(|| view! { <Banner tone=Tone::Warn title=move || t_string!(i18n, visit.two_person) /> })}
        </section>
    }
    .into_any()
}

/// `/cases/:id/visits/record`: a contact that nobody planned.
#[component]
pub fn ContactRecordPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = id_in_address();
    let form = Resource::new(move || id.get(), |id| load_contact(CaseId(id)));
    view! {
        <Loaded resource=form title=move || t_string!(i18n, visit.unplanned_title) let:form>
            <Contact form />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Contact(form: ContactForm) -> impl IntoView {
    let i18n = use_i18n();
    let name = form.planning.name.clone();
    let crumb = Crumb::new(format!("/cases/{}", form.planning.case), move || t_string!(i18n, visit.of_case));
    let door = Door::of_case(form);
    view! {
        <PageHead
            title=move || t_string!(i18n, visit.unplanned_title)
            heading=move || format!("{} · {}", t_string!(i18n, visit.unplanned_title), name_or_unknown(i18n, name.as_deref()))
            crumbs=vec![crumb]
        />
        <RecordForm door />
    }
    .into_any()
}
