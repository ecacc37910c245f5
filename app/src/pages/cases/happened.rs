//! One timeline of all that happened to a person, with a filter by kind.

use super::{
    attachments::{Attached, kind_icon, kind_word},
    card::round_name,
    forms::use_forms,
};
use crate::field::at;
use crate::{
    api::load_timeline,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    clock::korean_day,
    ids::NeighborId,
    view::{
        Page,
        cases::{Happening, TimelineEntry, TimelineKind},
    },
    visit::VisitState,
};
use leptos::{prelude::*, task::spawn_local};

/// The timeline with its filter and the way further back.
#[component]
pub(super) fn Happened(
    neighbor: NeighborId,
    page: Page<TimelineEntry>,
    /// Whether the actor works on the case.
    #[prop(optional)]
    work: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let (entries, next) = (RwSignal::new(page.rows), RwSignal::new(page.next));
    let (forms, busy) = (use_forms(), RwSignal::new(false));
    let kind = forms.shown_kind;
    // Loads pages until `wanted` of them stand below the first.
    let load = move |wanted: u32| {
        busy.set(true);
        spawn_local(async move {
            for _ in 0..wanted {
                let Some(after) = next.try_get_untracked().flatten() else { break };
                match load_timeline(neighbor, Some(after)).await {
                    Ok(page) => {
                        // The page may have been left meanwhile.
                        let _ = next.try_set(page.next);
                        let _ = entries.try_update(|entries| entries.extend(page.rows));
                    }
                    Err(error) => {
                        toaster.failed(move || error_text(i18n, &error.0));
                        break;
                    }
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let more = move || {
        forms.older_pages.update_value(|pages| *pages += 1);
        load(1);
    };
    // After a reload of the page's content, what stood there comes back.
    Effect::new(move |_| {
        if forms.older_pages.get_value() > 0 {
            load(forms.older_pages.get_value());
        }
    });
    let days = move || {
        let mut days: Vec<(chrono::NaiveDate, Vec<TimelineEntry>)> = Vec::new();
        let shown = |entry: &TimelineEntry| kind.get().is_none_or(|kind| entry.what.kind() == kind);
        for entry in entries.get().into_iter().filter(shown) {
            let day = korean_day(entry.at);
            match days.last_mut() {
                Some((last, entries)) if *last == day => entries.push(entry),
                _ => days.push((day, vec![entry])),
            }
        }
        days
    };
    let day = move |(day, entries): (chrono::NaiveDate, Vec<TimelineEntry>)| {
        view! { <TimelineDay day>{entries.into_iter().map(|entry| view! { <Entry entry work /> }).collect_view()}</TimelineDay> }
    };
    view! {
        <section class="section stack" aria-labelledby="timeline-title">
            <h2 id="timeline-title">{t!(i18n, case.timeline)}</h2>
            <Kinds kind />
            {move || {
                let days = days();
                if days.is_empty() {
                    view! { <EmptyState icon=IconName::Note title=move || t_string!(i18n, case.timeline_empty) /> }.into_any()
                } else {
                    view! { <Timeline>{days.into_iter().map(day).collect_view()}</Timeline> }.into_any()
                }
            }}
            <Show when=move || next.with(Option::is_some)>
                <Button icon=IconName::CaretDown busy on_press=more>{t!(i18n, common.more)}</Button>
            </Show>
        </section>
    }
    .into_any()
}

#[component]
fn Kinds(kind: RwSignal<Option<TimelineKind>>) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |choice: Option<TimelineKind>| {
        let on = Memo::new(move |_| kind.get() == choice);
        view! {
            <button
                type="button"
                class="filter-toggle"
                class:filter-on=move || on.get()
                aria-pressed=move || if on.get() { "true" } else { "false" }
                on:click=move |_| kind.set(choice)
            >
                {move || choice.map_or_else(|| t_string!(i18n, common.all), |choice| kind_label(i18n, choice))}
            </button>
        }
    };
    view! {
        <div class="cluster no-print" role="group" aria-label=move || t_string!(i18n, case.filter)>
            {button(None)}
            {TimelineKind::ALL.iter().map(|choice| button(Some(*choice))).collect_view()}
        </div>
    }
    .into_any()
}

fn kind_label(i18n: I18n, kind: TimelineKind) -> &'static str {
    match kind {
        TimelineKind::Signal => t_string!(i18n, case.kind_signal),
        TimelineKind::Visit => t_string!(i18n, case.kind_visit),
        TimelineKind::Note => t_string!(i18n, case.kind_note),
        TimelineKind::Attachment => t_string!(i18n, case.kind_attachment),
        TimelineKind::Assignment => t_string!(i18n, case.kind_assignment),
        TimelineKind::Step => t_string!(i18n, case.kind_step),
    }
}

#[component]
fn Entry(entry: TimelineEntry, work: bool) -> impl IntoView {
    let i18n = use_i18n();
    let TimelineEntry { at, by, what, .. } = entry;
    let (icon, tone) = mark(&what);
    let actor = by.map(|by| by.name).unwrap_or_default();
    let spoken = what.clone();
    view! {
        <TimelineItem at icon tone actor=actor title=move || title(i18n, &spoken)>
            {more_about(i18n, what, work)}
        </TimelineItem>
    }
    .into_any()
}

const fn mark(what: &Happening) -> (IconName, &'static str) {
    match what {
        Happening::Signals { .. } => (IconName::Siren, "tone-warn"),
        Happening::Visit { state: VisitState::Met, .. } => (IconName::CheckCircle, "tone-success"),
        Happening::Visit { state: VisitState::NotMet, .. } => (IconName::XCircle, "tone-warn"),
        Happening::Visit { state: VisitState::Cancelled, .. } => (IconName::CalendarX, ""),
        Happening::Visit { .. } => (IconName::Clock, "tone-error"),
        Happening::Note { .. } => (IconName::Note, ""),
        Happening::Attachment { card } => (kind_icon(card.kind), ""),
        Happening::Assignment { .. } => (IconName::UserSwitch, "tone-info"),
        Happening::Event { .. } => (IconName::Circle, "tone-info"),
    }
}

fn title(i18n: I18n, what: &Happening) -> String {
    match what {
        Happening::Signals { period, .. } => t_string!(i18n, case.signals_of, round = round_name(i18n, *period)).to_string(),
        Happening::Visit { kind, state: VisitState::Scheduled, .. } => {
            format!("{} · {}", kind.label(i18n), t_string!(i18n, case.visit_to_record))
        }
        Happening::Visit { kind, state, .. } => format!("{} · {}", kind.label(i18n), state.label(i18n)),
        Happening::Note { .. } => t_string!(i18n, case.kind_note).to_owned(),
        Happening::Attachment { card } => kind_word(i18n, card.kind).to_owned(),
        Happening::Assignment { to, state, .. } => {
            let to = to.name.clone();
            match state.as_str() {
                "pending" => t_string!(i18n, case.offered, to = to).to_string(),
                "accepted" => t_string!(i18n, case.accepted, to = to).to_string(),
                "rejected" => t_string!(i18n, case.rejected, to = to).to_string(),
                "taken_back" => t_string!(i18n, case.taken_back).to_owned(),
                "lapsed" => t_string!(i18n, case.lapsed).to_owned(),
                _ => t_string!(i18n, case.assigned, to = to).to_string(),
            }
        }
        Happening::Event { .. } => event_title(i18n, what),
    }
}

fn event_title(i18n: I18n, what: &Happening) -> String {
    let Happening::Event { kind, step, urgency, closure, fields, .. } = what else { return String::new() };
    match kind.as_str() {
        "registered" => t_string!(i18n, case.ev_registered).to_owned(),
        "recognised" => t_string!(i18n, case.ev_recognised).to_owned(),
        "case_opened" => t_string!(i18n, case.ev_case_opened).to_owned(),
        "urgency_set" => {
            let urgency = urgency.map(|urgency| urgency.label(i18n)).unwrap_or_default();
            t_string!(i18n, case.ev_urgency_set, urgency = urgency).to_string()
        }
        "step_recorded" => {
            let step = step.map(|step| step.label(i18n)).unwrap_or_default();
            t_string!(i18n, case.ev_step, step = step).to_string()
        }
        "case_closed" => {
            let reason = closure.map(|closure| closure.label(i18n)).unwrap_or_default();
            t_string!(i18n, case.ev_closed, reason = reason).to_string()
        }
        "closure_asked" => t_string!(i18n, case.ev_closure_asked).to_owned(),
        "closure_refused" => t_string!(i18n, case.ev_closure_refused).to_owned(),
        "case_reopened" => t_string!(i18n, case.ev_reopened).to_owned(),
        "edited" => {
            let fields = fields.iter().map(|field| text::field_label(i18n, field)).collect::<Vec<_>>().join(", ");
            t_string!(i18n, case.ev_edited, fields = fields).to_string()
        }
        "household_changed" => t_string!(i18n, case.ev_household).to_owned(),
        "restricted" => t_string!(i18n, case.ev_restricted).to_owned(),
        "visit_scheduled" => t_string!(i18n, case.ev_visit_scheduled).to_owned(),
        "visit_moved" => t_string!(i18n, case.ev_visit_moved).to_owned(),
        _ => t_string!(i18n, case.ev_other).to_owned(),
    }
}

fn more_about(i18n: I18n, what: Happening, work: bool) -> AnyView {
    match what {
        Happening::Attachment { card } => view! { <Attached card work /> }.into_any(),
        Happening::Signals { indicators, .. } => {
            let names = move || indicators.iter().map(|name| text::named(i18n, name)).collect::<Vec<_>>().join(", ");
            view! { <p>{names}</p> }.into_any()
        }
        Happening::Note { body } => view! { <p class="pre">{body}</p> }.into_any(),
        Happening::Visit { id, state, face_to_face, not_met, cancelled, note, .. } => {
            let why = move || not_met.map(|why| why.label(i18n)).or_else(|| cancelled.map(|why| why.label(i18n)));
            let seen = move || face_to_face.map(|with| t_string!(i18n, case.face_to_face, who = with.label(i18n)).to_string());
            let open = state == VisitState::Scheduled;
            view! {
                <p>{why} {seen}</p>
                {note.map(|note| view! { <p class="pre">{note}</p> })}
                <p class="no-print">
                    <a href=at(format!("/visits/{id}"))>
                        {move || if open { t_string!(i18n, case.record_visit) } else { t_string!(i18n, common.details) }}
                    </a>
                </p>
            }
            .into_any()
        }
        Happening::Assignment { reason, answer, .. } => {
            view! { {[reason, answer].into_iter().flatten().map(|text| view! { <p class="pre">{text}</p> }).collect_view()} }
                .into_any()
        }
        Happening::Event { channel, on, .. } => {
            let day = move || on.map(|on| text::date(i18n, on));
            let from = move || channel.map(|channel| channel.label(i18n));
            view! { <p class="muted">{day} {from}</p> }.into_any()
        }
    }
}
