//! Seven days side by side, one below the other on a phone.

use super::super::parts::{TwoPersonBadge, name_or_unknown, place};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{Days, NaiveDate, TimeDelta};
use domain::{
    clock::korean_day,
    command::{Envelope, VisitCommand},
    holidays::{holiday_name, is_weekend},
    ids::Rev,
    view::visits::VisitCard,
    visit::{VisitState, Window},
};
use leptos::{ev::DragEvent, prelude::*};
use std::collections::BTreeMap;

/// What is being dragged, and where it goes.
#[derive(Clone, Copy)]
struct Drag {
    card: RwSignal<Option<VisitCard>>,
    drop: Callback<(VisitCard, NaiveDate)>,
}

/// The week.
#[component]
pub(super) fn WeekGrid(
    monday: NaiveDate,
    visits: Vec<VisitCard>,
    in_team: bool,
    moving: RwSignal<Option<VisitCard>>,
    drop: Callback<(VisitCard, NaiveDate)>,
) -> impl IntoView {
    let drag = Drag { card: RwSignal::new(None), drop };
    let mut by_day = BTreeMap::<NaiveDate, Vec<VisitCard>>::new();
    for card in visits {
        by_day.entry(korean_day(card.window.start)).or_default().push(card);
    }
    let days = (0..7).map(|n| {
        let day = monday + Days::new(n);
        let cards = by_day.remove(&day).unwrap_or_default();
        view! { <Day day cards in_team moving drag /> }
    });
    view! { <div class="week">{days.collect_view()}</div> }.into_any()
}

/// Moves a dropped visit to the same time on another day, with a way back.
pub(super) fn use_drop(done: Callback<()>) -> Callback<(VisitCard, NaiveDate)> {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let back = StoredValue::new(None::<(VisitCard, Rev)>);
    let undo = use_write(errors, move |_| {
        toaster.done(move || t_string!(i18n, common.undone));
        done.run(());
    });
    let write = use_write(errors, move |applied| {
        back.update_value(|back| {
            if let Some((_, rev)) = back {
                *rev = applied.rev;
            }
        });
        let take_back = Callback::new(move |()| {
            if let Some((card, rev)) = back.get_value() {
                undo.send(Envelope::new(moved(&card, card.window), now.get_untracked()).based_on(rev));
            }
        });
        toaster.done_with_undo(move || t_string!(i18n, calendar.moved), take_back);
        done.run(());
    });
    Effect::new(move || {
        if let Some(error) = errors.whole().get() {
            toaster.failed(move || error_text(i18n, &error));
        }
    });
    Effect::new(move || {
        // Somebody was faster: the page shows their version, and the form offers the choice.
        if write.conflict().with(Option::is_some) || undo.conflict().with(Option::is_some) {
            toaster.failed(move || t_string!(i18n, calendar.conflict_title));
            done.run(());
        }
    });
    Callback::new(move |(card, day): (VisitCard, NaiveDate)| {
        let by = TimeDelta::days((day - korean_day(card.window.start)).num_days());
        if by.is_zero() {
            return;
        }
        let window = Window { start: card.window.start + by, end: card.window.end + by };
        let envelope = Envelope::new(moved(&card, window), now.get_untracked()).based_on(card.rev);
        back.set_value(Some((card.clone(), card.rev)));
        write.send(envelope);
    })
}

fn moved(card: &VisitCard, window: Window) -> VisitCommand {
    let second_worker = card.second_worker.as_ref().map(|worker| worker.id);
    VisitCommand::Move { id: card.id, window, worker: card.worker.id, second_worker }
}

#[component]
fn Day(day: NaiveDate, cards: Vec<VisitCard>, in_team: bool, moving: RwSignal<Option<VisitCard>>, drag: Drag) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let over = RwSignal::new(false);
    let holiday = holiday_name(day).map(|name| name.replace(';', " · "));
    let off = holiday.is_some() || is_weekend(day);
    let (empty, count) = (cards.is_empty(), cards.len());
    let enter = move |event: DragEvent| {
        if drag.card.with_untracked(Option::is_some) {
            event.prevent_default();
            over.set(true);
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(card) = drag.card.try_update(Option::take).flatten() {
            drag.drop.run((card, day));
        }
    };
    let id = format!("day-{day}");
    let labelled_by = id.clone();
    view! {
        <section
            class="day"
            class:day-off=off
            class:day-today=move || today.get() == day
            class:day-over=move || over.get()
            aria-labelledby=labelled_by
            data-day=day.to_string()
            on:dragover=enter
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <h3 id=id class="day-head">
                <time datetime=day.to_string()>{move || text::short_date(i18n, day)}</time>
                {(count > 0).then(|| view! { <span class="count">{count}</span> })}
                {holiday.map(|name| view! { <span class="holiday">{name}</span> })}
                <Show when=move || today.get() == day>
                    <span class="badge tone-info">{t!(i18n, common.today)}</span>
                </Show>
            </h3>
            {empty.then(|| view! { <p class="muted day-empty">{t!(i18n, calendar.empty_day)}</p> })}
            <ol class="day-visits">
                {cards.into_iter().map(|card| view! { <CalendarVisit card in_team moving drag /> }).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

const fn tone(state: VisitState) -> &'static str {
    match state {
        VisitState::Scheduled => "calendar-visit state-scheduled",
        VisitState::Met => "calendar-visit state-met",
        VisitState::NotMet => "calendar-visit state-not-met",
        VisitState::Cancelled => "calendar-visit",
    }
}

#[component]
fn CalendarVisit(card: VisitCard, in_team: bool, moving: RwSignal<Option<VisitCard>>, drag: Drag) -> impl IntoView {
    let i18n = use_i18n();
    let planned = card.state == VisitState::Scheduled;
    let (to_move, to_drag) = (card.clone(), card.clone());
    let VisitCard { id, name, dong, kind, window, worker, second_worker, two_person, state, .. } = card;
    let about = move || format!("{} · {}", place(i18n, &dong), kind.label(i18n));
    let crew = [Some(worker), second_worker].into_iter().flatten().map(|worker| worker.name).collect::<Vec<_>>().join(" · ");
    let spoken = name.clone();
    let label = move || {
        let name = name_or_unknown(i18n, spoken.as_deref());
        t_string!(i18n, calendar.change_of, name = name, time = text::time(window.start)).to_string()
    };
    view! {
        <li
            class=tone(state)
            draggable=if planned { "true" } else { "false" }
            data-visit=id.to_string()
            on:dragstart=move |_| drag.card.set(Some(to_drag.clone()).filter(|_| planned))
            on:dragend=move |_| drag.card.set(None)
        >
            <a class="calendar-link" href=format!("/visits/{id}") draggable="false">
                <span class="visit-time">{text::window(window)}</span>
                <b>{move || name_or_unknown(i18n, name.as_deref())}</b>
                <span class="muted">{about}</span>
                {in_team.then(|| view! { <span class="crew">{crew}</span> })}
            </a>
            <span class="calendar-marks">
                <VisitBadge state /> {two_person.then(|| view! { <TwoPersonBadge /> })}
                {planned
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button button-tertiary button-small"
                                aria-label=label
                                on:click=move |_| moving.set(Some(to_move.clone()))
                            >
                                {t!(i18n, calendar.change)}
                            </button>
                        }
                    })}
            </span>
        </li>
    }
    .into_any()
}
