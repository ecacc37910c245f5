//! Seven days side by side along the hours of the day; one below the other on a phone and a tablet.

use super::super::parts::{TwoPersonBadge, name_or_unknown};
use crate::field::at;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{Days, NaiveDate, TimeDelta, Timelike};
use domain::{
    clock::{korean_day, korean_time},
    command::{Envelope, VisitCommand},
    holidays::{holiday_name, is_weekend},
    ids::Rev,
    view::visits::VisitCard,
    visit::{Plan, VisitState, Window},
};
use leptos::{ev::DragEvent, prelude::*};
use std::{collections::BTreeMap, ops::RangeInclusive};

/// What is being dragged, and where it goes.
#[derive(Clone, Copy)]
struct Drag {
    card: RwSignal<Option<VisitCard>>,
    drop: Callback<Dropped>,
}

/// A visit that was dragged: to which day and, where the hours are shown, to which hour.
#[derive(Clone, Debug)]
pub(super) struct Dropped {
    card: VisitCard,
    day: NaiveDate,
    hour: Option<u32>,
}

impl Dropped {
    /// The visit's window there; the minutes stay.
    fn window(&self) -> Window {
        let Window { start, end } = self.card.window;
        let days = TimeDelta::days((self.day - korean_day(start)).num_days());
        let hours = self.hour.map_or(0, |hour| i64::from(hour) - i64::from(hour_of(&self.card)));
        let by = days + TimeDelta::hours(hours);
        Window { start: start + by, end: end + by }
    }
}

fn hour_of(card: &VisitCard) -> u32 {
    korean_time(card.window.start).hour()
}

/// The hours of the axis: office hours, and whatever is planned around them.
fn hours_around(visits: &[VisitCard]) -> RangeInclusive<u32> {
    let (first, last) = (visits.iter().map(hour_of).min(), visits.iter().map(hour_of).max());
    first.map_or(9, |first| first.min(9))..=last.map_or(17, |last| last.max(17))
}

/// The week.
#[component]
pub(super) fn WeekGrid(
    monday: NaiveDate,
    visits: Vec<VisitCard>,
    in_team: bool,
    moving: RwSignal<Option<VisitCard>>,
    drop: Callback<Dropped>,
) -> impl IntoView {
    let drag = Drag { card: RwSignal::new(None), drop };
    let hours = hours_around(&visits);
    let rows = format!("week rows-{}", hours.clone().count() + 1);
    let axis = hours.clone().map(|hour| view! { <span>{format!("{hour:02}:00")}</span> }).collect_view();
    let mut by_day = BTreeMap::<NaiveDate, Vec<VisitCard>>::new();
    for card in visits {
        by_day.entry(korean_day(card.window.start)).or_default().push(card);
    }
    let days = (0..7).map(|n| {
        let day = monday + Days::new(n);
        let cards = by_day.remove(&day).unwrap_or_default();
        view! { <Day day cards hours=hours.clone() in_team moving drag /> }
    });
    view! {
        <div class=rows>
            <div class="axis" aria-hidden="true">
                <span></span>
                {axis}
            </div>
            {days.collect_view()}
        </div>
    }
    .into_any()
}

/// Moves a dropped visit to another day or hour, with a way back.
pub(super) fn use_drop(done: Callback<()>) -> Callback<Dropped> {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let back = StoredValue::new(None::<(VisitCard, Window, Rev)>);
    let undo = use_write(errors, move |_| {
        toaster.done(move || t_string!(i18n, common.undone));
        done.run(());
    });
    let write = use_write(errors, move |applied| {
        back.update_value(|back| {
            if let Some((_, _, rev)) = back {
                *rev = applied.rev;
            }
        });
        let take_back = Callback::new(move |()| {
            if let Some((card, dropped, rev)) = back.get_value() {
                undo.send(Envelope::new(moved(&card, card.window, dropped), now.get_untracked()).based_on(rev));
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
    Callback::new(move |dropped: Dropped| {
        let (to, card) = (dropped.window(), dropped.card);
        if to == card.window {
            return;
        }
        let envelope = Envelope::new(moved(&card, to, card.window), now.get_untracked()).based_on(card.rev);
        back.set_value(Some((card.clone(), to, card.rev)));
        write.send(envelope);
    })
}

/// A visit at another time than `from`, with whom it is.
fn moved(card: &VisitCard, window: Window, from: Window) -> VisitCommand {
    let seen = Plan { window: from, ..card.plan() };
    VisitCommand::Move { id: card.id, window, worker: seen.worker, second_worker: seen.second_worker, seen: Some(seen) }
}

/// The hour that the pointer is over; `None` where the hours have no boxes of their own: on phones and tablets.
#[cfg(feature = "hydrate")]
fn hour_under(event: &DragEvent) -> Option<u32> {
    use leptos::{wasm_bindgen::JsCast, web_sys::Element};
    let slot = event.target()?.dyn_into::<Element>().ok()?.closest("[data-hour]").ok()??;
    (slot.client_height() > 0).then(|| slot.get_attribute("data-hour")?.parse().ok())?
}

#[cfg(not(feature = "hydrate"))]
const fn hour_under(_: &DragEvent) -> Option<u32> {
    None
}

#[component]
fn Day(
    day: NaiveDate,
    cards: Vec<VisitCard>,
    hours: RangeInclusive<u32>,
    in_team: bool,
    moving: RwSignal<Option<VisitCard>>,
    drag: Drag,
) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    // Whether something is dragged over this day, and over which hour.
    let over = RwSignal::new(None::<Option<u32>>);
    let off = holiday_name(day).is_some() || is_weekend(day);
    let (empty, count) = (cards.is_empty(), cards.len());
    let enter = move |event: DragEvent| {
        if drag.card.with_untracked(Option::is_some) {
            event.prevent_default();
            over.set(Some(hour_under(&event)));
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(None);
        if let Some(card) = drag.card.try_update(Option::take).flatten() {
            drag.drop.run(Dropped { card, day, hour: hour_under(&event) });
        }
    };
    let mut by_hour = BTreeMap::<u32, Vec<VisitCard>>::new();
    for card in cards {
        by_hour.entry(hour_of(&card)).or_default().push(card);
    }
    let slots = hours.map(|hour| {
        let cards = by_hour.remove(&hour).unwrap_or_default();
        view! { <Slot hour cards in_team moving drag over /> }
    });
    let id = format!("day-{day}");
    let labelled_by = id.clone();
    view! {
        <section
            class="day"
            class:day-off=off
            class:day-today=move || today.get() == day
            class:day-over=move || over.get() == Some(None)
            aria-labelledby=labelled_by
            data-day=day.to_string()
            on:dragover=enter
            on:dragleave=move |_| over.set(None)
            on:drop=drop
        >
            <DayHead id day count />
            {empty.then(|| view! { <p class="muted day-empty">{t!(i18n, calendar.empty_day)}</p> })}
            {slots.collect_view()}
        </section>
    }
    .into_any()
}

#[component]
fn DayHead(id: String, day: NaiveDate, count: usize) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let holiday = holiday_name(day).map(|name| name.replace(';', " · "));
    view! {
        <h3 id=id class="day-head">
            <time datetime=day.to_string()>{move || text::short_date(i18n, day)}</time>
            {(count > 0).then(|| view! { <span class="count">{count}</span> })}
            {holiday.map(|name| view! { <span class="holiday">{name}</span> })}
            <Show when=move || today.get() == day>
                <span class="badge tone-info">{t!(i18n, common.today)}</span>
            </Show>
        </h3>
    }
    .into_any()
}

/// What begins within one hour.
#[component]
fn Slot(
    hour: u32,
    cards: Vec<VisitCard>,
    in_team: bool,
    moving: RwSignal<Option<VisitCard>>,
    drag: Drag,
    over: RwSignal<Option<Option<u32>>>,
) -> impl IntoView {
    let list = (!cards.is_empty()).then(|| {
        let visits = cards.into_iter().map(|card| view! { <CalendarVisit card in_team moving drag /> });
        view! { <ol class="day-visits">{visits.collect_view()}</ol> }
    });
    view! {
        <div class="slot" class:slot-over=move || over.get() == Some(Some(hour)) data-hour=hour.to_string()>
            {list}
        </div>
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
    let about = move || format!("{} · {}", text::named(i18n, &dong), kind.label(i18n));
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
            <a class="calendar-link" href=at(format!("/visits/{id}")) draggable="false">
                <span class="visit-time">{text::window(window)}</span>
                <b>{move || name_or_unknown(i18n, name.as_deref())}</b>
                <span class="muted">{about}</span>
                {in_team.then(|| view! { <span class="crew">{crew}</span> })}
            </a>
            <span class="calendar-marks">
                {(!planned).then(|| view! { <VisitBadge state /> })} {two_person.then(|| view! { <TwoPersonBadge /> })}
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
