//! What is planned and recorded in the field.

use super::{Dossier, Event, Writing};
use crate::{
    ApiError, Invalid, Rule,
    case::{ClosureReason, Step, check_step},
    clock::is_plausible,
    clock::korean_day,
    command::VisitCommand,
    ids::{Rev, SeriesId, UserId, VisitId},
    profile::Channel,
    sync::replica::VisitFile,
    text,
    view::{Worker, visits::VisitCard},
    visit::{CancelReason, Outcome, Plan, SeenWith, VisitEvent, VisitKind, VisitState, Window, occurrence_id},
};
use chrono::{DateTime, TimeDelta, Utc};

/// How far ahead of the server's clock a visit may be said to have happened.
const AHEAD: TimeDelta = TimeDelta::minutes(15);
/// How long a contact without a plan counts for the calendar.
const UNPLANNED: TimeDelta = TimeDelta::minutes(30);

/// What a worker tells of a visit.
struct Told<'a> {
    at: DateTime<Utc>,
    outcome: &'a Outcome,
    signs: &'a [String],
    note: Option<&'a str>,
}

pub(super) fn apply(
    writing: &Writing<'_>,
    dossier: &mut Dossier,
    command: &VisitCommand,
    base: Option<Rev>,
) -> Result<(), ApiError> {
    match command {
        VisitCommand::Schedule { .. } => schedule(writing, dossier, command)?,
        VisitCommand::Move { id, window, worker, second_worker, seen } => {
            let wish = Plan { window: *window, worker: *worker, second_worker: *second_worker };
            if !reschedule(writing, dossier, (*id, base), wish, *seen)? {
                return Ok(());
            }
        }
        VisitCommand::Cancel { id, reason, following } => cancel(writing, dossier, *id, *reason, *following)?,
        VisitCommand::Record { id, at, outcome, signs, note } => {
            let told = Told { at: *at, outcome, signs, note: note.as_deref() };
            let mut file = own(writing, dossier, *id)?.clone();
            step(&mut file.card, event_of(outcome))?;
            check(writing, &told, file.card.kind)?;
            fill(writing, &mut file, &told)?;
            file.card.rev = file.card.rev.next();
            *own(writing, dossier, *id)? = file;
            follow(writing, dossier, &told)?;
        }
        VisitCommand::RecordUnplanned { id, kind, at, outcome, signs, note, .. } => {
            let told = Told { at: *at, outcome, signs, note: note.as_deref() };
            work(dossier)?;
            check(writing, &told, *kind)?;
            check_new(dossier, *id)?;
            let window = Window { start: told.at, end: told.at + UNPLANNED };
            let mut file = blank(dossier, *id, *kind, window, writing.me().clone());
            step(&mut file.card, event_of(outcome))?;
            fill(writing, &mut file, &told)?;
            dossier.visits.push(file);
            follow(writing, dossier, &told)?;
        }
    }
    dossier.case.card.rev = dossier.case.card.rev.next();
    Ok(())
}

const fn work(dossier: &Dossier) -> Result<(), ApiError> {
    if dossier.neighbor.may.work { Ok(()) } else { Err(ApiError::Forbidden) }
}

/// A visit that the writer may change: of a case of theirs, or their own.
fn own<'a>(writing: &Writing<'_>, dossier: &'a mut Dossier, id: VisitId) -> Result<&'a mut VisitFile, ApiError> {
    let (may, me) = (dossier.neighbor.may.work, writing.me().id);
    let file = dossier.visits.iter_mut().find(|visit| visit.card.id == id).ok_or(ApiError::NotFound)?;
    let goes = file.card.worker.id == me || file.card.second_worker.as_ref().is_some_and(|second| second.id == me);
    if may || goes { Ok(file) } else { Err(ApiError::Forbidden) }
}

fn step(card: &mut VisitCard, event: VisitEvent) -> Result<(), ApiError> {
    card.state = card.state.next(event)?;
    Ok(())
}

const fn event_of(outcome: &Outcome) -> VisitEvent {
    match outcome {
        Outcome::Met { .. } => VisitEvent::Meet,
        Outcome::NotMet { .. } => VisitEvent::Miss,
    }
}

fn check_new(dossier: &Dossier, id: VisitId) -> Result<(), ApiError> {
    if dossier.visit(id).is_some() { Err(ApiError::invalid("id", Invalid::Taken)) } else { Ok(()) }
}

fn worker(writing: &Writing<'_>, field: &str, id: UserId) -> Result<Worker, ApiError> {
    let found = writing.district.workers.iter().map(|colleague| &colleague.worker).find(|worker| worker.id == id);
    found.cloned().ok_or_else(|| ApiError::invalid(field, Invalid::UnknownUser))
}

/// Who goes, and who goes along.
fn crew(
    writing: &Writing<'_>,
    (first, second): (UserId, Option<UserId>),
    two_person: bool,
) -> Result<(Worker, Option<Worker>), ApiError> {
    let one = worker(writing, "worker", first)?;
    let Some(second) = second else {
        return if two_person { Err(Rule::SecondWorker.into()) } else { Ok((one, None)) };
    };
    if second == first {
        return Err(ApiError::invalid("second_worker", Invalid::Taken));
    }
    Ok((one, Some(worker(writing, "second_worker", second)?)))
}

/// A visit of the case about which nothing is known but its plan.
fn blank(dossier: &Dossier, id: VisitId, kind: VisitKind, window: Window, worker: Worker) -> VisitFile {
    let person = &dossier.neighbor.person;
    let dong = &person.dong.name;
    VisitFile {
        card: VisitCard {
            id,
            case: dossier.case.card.id,
            neighbor: dossier.id(),
            name: person.record.profile.name.clone(),
            dong: dong.clone(),
            urgency: dossier.case.card.urgency,
            kind,
            window,
            worker,
            second_worker: None,
            two_person: false,
            purpose: None,
            series: None,
            state: VisitState::Scheduled,
            face_to_face: None,
            not_met_reason: None,
            cancel_reason: None,
            happened_at: None,
            rev: Rev::FIRST,
        },
        note: None,
        signs: Vec::new(),
        recorded_by: None,
        recorded_at: None,
    }
}

fn schedule(writing: &Writing<'_>, dossier: &mut Dossier, command: &VisitCommand) -> Result<(), ApiError> {
    let VisitCommand::Schedule { id, series, kind, window, worker, second_worker, two_person, purpose, recurrence, .. } = command
    else {
        return Err(ApiError::BadRequest);
    };
    work(dossier)?;
    let facts = &dossier.case.facts;
    if facts.closed_at.is_some() && !facts.closure.is_some_and(ClosureReason::needs_aftercare) {
        return Err(Rule::CaseClosed.into());
    }
    let (first, second) = crew(writing, (*worker, *second_worker), *two_person)?;
    let purpose = text::optional_line("purpose", purpose.clone(), 200)?;
    let opening = window.checked()?;
    let windows = match recurrence {
        Some(rule) => rule.checked(opening)?.expand(opening),
        None => vec![opening],
    };
    if windows.is_empty() {
        return Err(ApiError::invalid("recurrence", Invalid::Range));
    }
    let series = recurrence.as_ref().map(|_| series.ok_or_else(|| ApiError::invalid("series", Invalid::Missing))).transpose()?;
    check_new(dossier, *id)?;
    for (n, window) in (0u16..).zip(windows) {
        let mut file = blank(dossier, nth(*id, series, n), *kind, window, first.clone());
        file.card.second_worker.clone_from(&second);
        file.card.two_person = *two_person;
        file.card.purpose.clone_from(&purpose);
        file.card.series = series;
        dossier.visits.push(file);
    }
    dossier.neighbor.timeline.rows.push(writing.entry(0, Event::default().named("visit_scheduled")));
    Ok(())
}

fn nth(first: VisitId, series: Option<SeriesId>, n: u16) -> VisitId {
    match series {
        Some(series) if n > 0 => occurrence_id(series, n),
        _ => first,
    }
}

/// Moves a visit; false when it stands so already.
fn reschedule(
    writing: &Writing<'_>,
    dossier: &mut Dossier,
    (id, base): (VisitId, Option<Rev>),
    wish: Plan,
    seen: Option<Plan>,
) -> Result<bool, ApiError> {
    let card = &mut own(writing, dossier, id)?.card;
    step(card, VisitEvent::Move)?;
    wish.window.checked()?;
    let is_stale = base.is_some_and(|base| base != card.rev);
    let stands = card.plan();
    let plan = stands.merge(wish, seen, is_stale).map_err(|fields| ApiError::Conflict { fields, rev: card.rev.0 })?;
    if plan == stands && (is_stale || seen.is_some()) {
        return Ok(false);
    }
    let (first, second) = crew(writing, (plan.worker, plan.second_worker), card.two_person)?;
    card.window = plan.window;
    card.worker = first;
    card.second_worker = second;
    card.rev = card.rev.next();
    dossier.neighbor.timeline.rows.push(writing.entry(0, Event::default().named("visit_moved")));
    Ok(true)
}

fn cancel(
    writing: &Writing<'_>,
    dossier: &mut Dossier,
    id: VisitId,
    reason: CancelReason,
    following: bool,
) -> Result<(), ApiError> {
    let first = own(writing, dossier, id)?;
    let (series, from) = (first.card.series, first.card.window.start);
    first.card.state.next(VisitEvent::Cancel)?;
    for file in &mut dossier.visits {
        let card = &mut file.card;
        let later = following && series.is_some() && card.series == series && card.window.start > from;
        if card.id != id && (!later || card.state != VisitState::Scheduled) {
            continue;
        }
        step(card, VisitEvent::Cancel)?;
        card.cancel_reason = Some(reason);
        card.rev = card.rev.next();
        file.recorded_by = Some(writing.me().clone());
        file.recorded_at = Some(writing.at);
    }
    Ok(())
}

fn check(writing: &Writing<'_>, told: &Told<'_>, kind: VisitKind) -> Result<(), ApiError> {
    if told.at > writing.at + AHEAD {
        return Err(Rule::VisitAhead.into());
    }
    if !is_plausible(told.at) {
        return Err(ApiError::invalid("at", Invalid::Range));
    }
    match told.outcome {
        Outcome::Met { face_to_face: Some(_) } if !kind.is_in_person() => Err(ApiError::invalid("face_to_face", Invalid::Form)),
        _ => Ok(()),
    }
}

fn fill(writing: &Writing<'_>, file: &mut VisitFile, told: &Told<'_>) -> Result<(), ApiError> {
    match told.outcome {
        Outcome::Met { face_to_face } => file.card.face_to_face = *face_to_face,
        Outcome::NotMet { reason } => file.card.not_met_reason = Some(*reason),
    }
    file.note = text::optional_text("note", told.note.map(str::to_owned), 10_000)?;
    file.signs = told.signs.to_vec();
    file.signs.sort_unstable();
    file.card.happened_at = Some(told.at);
    file.recorded_by = Some(writing.me().clone());
    file.recorded_at = Some(writing.at);
    Ok(())
}

/// Signs, and the case with its clocks.
fn follow(writing: &Writing<'_>, dossier: &mut Dossier, told: &Told<'_>) -> Result<(), ApiError> {
    super::neighbor::tick(writing, dossier, told.signs, Channel::Worker)?;
    let Outcome::Met { face_to_face } = told.outcome else { return Ok(()) };
    let case = &mut dossier.case;
    case.facts.first_contact_at = Some(case.facts.first_contact_at.map_or(told.at, |first| first.min(told.at)));
    case.last_contact_at = case.last_contact_at.max(Some(told.at));
    let day = korean_day(told.at);
    let seen = face_to_face.is_some_and(|with| with != SeenWith::Neighbour) && case.facts.counselled_on.is_none();
    if seen && check_step(&case.facts, Step::Counselling, day, writing.today()).is_ok() {
        case.facts.counselled_on = Some(day);
    }
    Ok(())
}
