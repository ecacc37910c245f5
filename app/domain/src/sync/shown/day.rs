//! The day and the week.

use super::{Head, goes};
use crate::{
    case::ClockKind,
    clock::{day_start, korean_day},
    sync::replica::District,
    view::visits::{CalendarLens, MyDay, VisitCard, WaitingCase, Week},
    visit::VisitState,
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use std::cmp::Reverse;

/// How many late things a day shows.
const LATE: usize = 50;
/// Since how many days a case counts as newly assigned.
const NEW_DAYS: i64 = 7;
/// How far back a visit without a record is still asked for, in days.
const UNRECORDED: i64 = 90;

/// The holder's day. Offers of cases are not part of it: they are answered with a network.
#[must_use]
pub fn my_day<'a>(heads: impl IntoIterator<Item = &'a Head>, district: &District, now: DateTime<Utc>) -> MyDay {
    let heads: Vec<&Head> = heads.into_iter().collect();
    let (me, day) = (district.me.id, korean_day(now));
    let begins = day_start(day);
    let mut cards: Vec<(&Head, &VisitCard)> =
        heads.iter().flat_map(|head| head.visits.iter().map(|card| (*head, card))).filter(|(_, card)| goes(card, me)).collect();
    cards.sort_by_key(|(_, card)| (card.window.start, card.id));
    let within = |from: DateTime<Utc>, to: DateTime<Utc>, planned: bool| {
        cards.iter().copied().filter(move |(_, card)| {
            (from..to).contains(&card.window.start)
                && card.state != VisitState::Cancelled
                && (!planned || card.state == VisitState::Scheduled)
        })
    };
    let tomorrow = begins + TimeDelta::days(1);
    let today: Vec<(&Head, &VisitCard)> = within(begins, tomorrow, false).collect();
    let next = next_of(&today, now).map(|(head, card)| (card.id, head.contact.clone()));
    let late = late(&heads, district, day);
    let assigned = newly_assigned(&heads, district, now, &late);
    MyDay {
        day,
        next,
        visits: today.into_iter().map(|(_, card)| card.clone()).collect(),
        unrecorded: within(begins - TimeDelta::days(UNRECORDED), begins, true).take(LATE).map(|(_, card)| card.clone()).collect(),
        first_contacts: late,
        assigned,
        transfers: Vec::new(),
        kept: kept(&heads, district, day),
        week_ahead: u32::try_from(within(tomorrow, tomorrow + TimeDelta::days(6), true).count()).unwrap_or(u32::MAX),
    }
}

/// The first visit without a record that has not ended yet, or else the first without a record.
fn next_of<'a>(today: &[(&'a Head, &'a VisitCard)], now: DateTime<Utc>) -> Option<(&'a Head, &'a VisitCard)> {
    let open = || today.iter().copied().filter(|(_, card)| card.state == VisitState::Scheduled);
    open().find(|(_, card)| card.window.end > now).or_else(|| open().next())
}

fn waiting(head: &Head, day: NaiveDate) -> WaitingCase {
    let row = &head.row;
    WaitingCase {
        case: row.id,
        name: row.name.clone(),
        dong: row.dong.name.clone(),
        urgency: row.urgency,
        stage: row.stage,
        clock: row.due.map(|(clock, _)| clock),
        due: row.due.map(|(_, due)| due),
        days_late: row.due.map_or(0, |(_, due)| u32::try_from((day - due).num_days()).unwrap_or(0)),
        assigned_at: head.assigned_at,
        next_visit_at: row.next_visit_at,
    }
}

/// First contacts that are late or due today, the most urgent first.
fn late(heads: &[&Head], district: &District, day: NaiveDate) -> Vec<WaitingCase> {
    let due = |head: &Head| head.row.due.filter(|(clock, due)| *clock == ClockKind::FirstContact && *due <= day);
    let mine = heads.iter().copied().filter(|head| head.is_of(district.me.id) && head.facts.closed_at.is_none());
    let mut late: Vec<&Head> = mine.filter(|head| due(head).is_some()).collect();
    late.sort_by_key(|head| (head.row.due.map(|(_, due)| due), head.row.id));
    late.truncate(LATE);
    let mut late: Vec<WaitingCase> = late.into_iter().map(|head| waiting(head, day)).collect();
    late.sort_by_key(|case| (case.urgency, case.due, case.case));
    late
}

/// Own cases about which something waits that came too late.
fn kept(heads: &[&Head], district: &District, day: NaiveDate) -> Vec<WaitingCase> {
    let mine = heads.iter().filter(|head| head.kept && head.is_of(district.me.id) && head.facts.closed_at.is_none());
    let mut kept: Vec<&&Head> = mine.collect();
    kept.sort_by_key(|head| head.row.id);
    kept.truncate(LATE);
    let mut kept: Vec<WaitingCase> = kept.into_iter().map(|head| waiting(head, day)).collect();
    kept.sort_by_key(|case| (case.urgency, case.due, case.case));
    kept
}

/// Cases of the last week that saw no contact, the newest first.
fn newly_assigned(heads: &[&Head], district: &District, now: DateTime<Utc>, late: &[WaitingCase]) -> Vec<WaitingCase> {
    let since = now - TimeDelta::days(NEW_DAYS);
    let is_new = |head: &&Head| {
        head.is_of(district.me.id)
            && head.facts.closed_at.is_none()
            && head.facts.first_contact_at.is_none()
            && head.assigned_at.is_some_and(|at| at >= since)
    };
    let mut new: Vec<&Head> = heads.iter().copied().filter(is_new).collect();
    new.sort_by_key(|head| (Reverse(head.assigned_at), head.row.id));
    new.truncate(LATE);
    let known = |head: &&Head| late.iter().all(|other| other.case != head.row.id);
    new.into_iter().filter(known).map(|head| waiting(head, korean_day(now))).collect()
}

/// The holder's week that `day` lies in.
#[must_use]
pub fn week<'a>(heads: impl IntoIterator<Item = &'a Head>, district: &District, day: NaiveDate) -> Week {
    let monday = day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
    let span = day_start(monday)..day_start(monday) + TimeDelta::days(7);
    let mut visits: Vec<VisitCard> = heads
        .into_iter()
        .flat_map(|head| &head.visits)
        .filter(|card| span.contains(&card.window.start) && card.state != VisitState::Cancelled && goes(card, district.me.id))
        .cloned()
        .collect();
    visits.sort_by_key(|card| (card.window.start, card.id));
    let lens = CalendarLens::Worker { worker: district.me.id };
    Week { monday, lens, visits, cut: false, workers: vec![district.me.clone()], teams: Vec::new() }
}
