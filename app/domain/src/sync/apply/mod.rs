//! What a command does to a dossier: what the tablet shows at once, before the server has heard of it. The rules are those of the
//! server's write path, and a test of the store holds both against each other; but the server has the last word, and what it says
//! replaces what was foreseen here.

mod attachment;
mod case;
mod neighbor;
mod visit;

use super::{
    outbox::Outbox,
    replica::{District, Dossier},
};
use crate::{
    ApiError,
    case::{Stage, Step, ToldVisit, Urgency, attempts_since_contact, clocks, unreachable_rule},
    clock::korean_day,
    command::{AttachmentCommand, CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{CaseId, ChangeSeq, NeighborId, OpId},
    profile::Channel,
    view::{
        Worker,
        cases::{Happening, TimelineEntry, VisitAhead},
        visits::VisitCard,
    },
    visit::VisitState,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;
use uuid::Uuid;

/// Visits ahead that a case's page shows.
pub const AHEAD: usize = 10;

/// Who writes, when, and under which id.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    /// What is known of the district.
    pub district: &'a District,
    /// When it is written, by the server's clock as far as it is known.
    pub at: DateTime<Utc>,
    /// The command's id.
    pub op: OpId,
}

impl Writing<'_> {
    fn me(&self) -> &Worker {
        &self.district.me
    }

    fn today(&self) -> NaiveDate {
        korean_day(self.at)
    }

    /// Something for the timeline that has no record of its own; `nth` tells apart what one command adds.
    fn entry(&self, nth: u128, what: Happening) -> TimelineEntry {
        let key = Uuid::from_u128(self.op.0.as_u128() ^ nth).to_string();
        TimelineEntry { key, at: self.at, by: Some(self.me().clone()), what }
    }
}

/// An event of the timeline, with what it says beside its kind.
#[derive(Default)]
struct Event {
    step: Option<(Step, NaiveDate)>,
    urgency: Option<Urgency>,
    channel: Option<Channel>,
    fields: Vec<String>,
}

impl Event {
    fn named(self, kind: &str) -> Happening {
        let (step, on) = self.step.unzip();
        let Self { urgency, channel, fields, .. } = self;
        Happening::Event { kind: kind.to_owned(), step, on, urgency, closure: None, channel, fields }
    }
}

/// The dossier that a command begins: a neighbor who is registered with a case of the writer's own.
///
/// # Errors
/// What is wrong with the registration.
pub fn begin(writing: &Writing<'_>, command: &Command) -> Result<Option<Dossier>, ApiError> {
    match command {
        Command::Neighbor(command) => neighbor::register(writing, command),
        _ => Ok(None),
    }
}

/// Applies a command to the dossier that it [is about](is_about). Commands that are never made in the field change nothing.
///
/// # Errors
/// What the server would answer, as far as it can be known here; the dossier is unchanged then.
pub fn apply(writing: &Writing<'_>, dossier: &mut Dossier, envelope: &Envelope) -> Result<(), ApiError> {
    let mut changed = dossier.clone();
    match &envelope.command {
        Command::Neighbor(command) => neighbor::apply(writing, &mut changed, command)?,
        Command::Case(command) => case::apply(writing, &mut changed, command)?,
        Command::Visit(command) => visit::apply(writing, &mut changed, command, envelope.base_rev)?,
        Command::Attachment(command) => attachment::apply(writing, &mut changed, command)?,
        _ => {}
    }
    *dossier = changed;
    Ok(())
}

/// A person as this tablet shows them: as they were pulled, with what was written here since on top. `reached` is how far in the feed
/// the tablet has everything.
#[must_use]
pub fn present(
    base: Option<Dossier>,
    id: NeighborId,
    outbox: &Outbox,
    district: &District,
    reached: ChangeSeq,
    now: DateTime<Utc>,
) -> Option<Dossier> {
    let mut shown = base;
    for entry in outbox.entries() {
        let known = shown.as_ref().map_or(reached, |dossier| dossier.as_of);
        if !entry.state.is_ahead(known) {
            continue;
        }
        let writing = Writing { district, at: entry.written_at(), op: entry.envelope.op_id };
        match &mut shown {
            // What others wrote meanwhile may stand in its way; then the server says what becomes of it.
            Some(dossier) if is_about(&entry.envelope.command, dossier) => drop(apply(&writing, dossier, &entry.envelope)),
            Some(_) => {}
            None => shown = begin(&writing, &entry.envelope.command).ok().flatten().filter(|dossier| dossier.id() == id),
        }
    }
    if let Some(dossier) = &mut shown {
        settle(dossier, district, now);
    }
    shown
}

/// Whether a command is about the person of a dossier.
#[must_use]
pub fn is_about(command: &Command, dossier: &Dossier) -> bool {
    let (person, of) = (dossier.id(), dossier.case.card.id);
    match command {
        Command::Neighbor(command) => match command {
            NeighborCommand::Register { id, .. }
            | NeighborCommand::Recognise { id, .. }
            | NeighborCommand::Edit { id, .. }
            | NeighborCommand::PutMember { id, .. }
            | NeighborCommand::EditMember { id, .. }
            | NeighborCommand::RemoveMember { id, .. }
            | NeighborCommand::Restrict { id, .. } => *id == person,
        },
        Command::Case(command) => case_of(command) == Some(of),
        Command::Visit(command) => match command {
            VisitCommand::Schedule { case, .. } | VisitCommand::RecordUnplanned { case, .. } => *case == of,
            VisitCommand::Move { id, .. } | VisitCommand::Cancel { id, .. } | VisitCommand::Record { id, .. } => {
                dossier.visit(*id).is_some()
            }
        },
        Command::Attachment(AttachmentCommand::Add { case, .. } | AttachmentCommand::Remove { case, .. }) => *case == of,
        _ => false,
    }
}

const fn case_of(command: &CaseCommand) -> Option<CaseId> {
    match command {
        CaseCommand::Open { id, .. }
        | CaseCommand::SetUrgency { id, .. }
        | CaseCommand::RecordStep { id, .. }
        | CaseCommand::Close { id, .. }
        | CaseCommand::AnswerClosure { id, .. }
        | CaseCommand::Reopen { id, .. } => Some(*id),
        CaseCommand::AddNote { case, .. } | CaseCommand::Transfer { case, .. } => Some(*case),
        CaseCommand::Assign { .. } | CaseCommand::TakeBack { .. } | CaseCommand::AnswerTransfer { .. } => None,
    }
}

/// Derives anew what follows from the record on the present day: stage, clocks, what lies ahead, the timeline's order. Done after
/// the last command, and whenever a dossier is shown on a later day.
pub fn settle(dossier: &mut Dossier, district: &District, now: DateTime<Utc>) {
    dossier.visits.sort_by_key(|visit| (visit.card.window.start, visit.card.id));
    let facts = &dossier.case.facts;
    let card = &mut dossier.case.card;
    card.stage = Stage::of(facts);
    card.steps = Step::ALL.iter().map(|step| (*step, facts.done_on(*step))).collect();
    card.next_step = facts.next_step();
    card.clocks = clocks(facts, card.urgency, &district.settings.clocks, korean_day(now));
    card.closed_at = facts.closed_at;
    card.closure = facts.closure;
    let told: Vec<ToldVisit> = dossier.visits.iter().filter_map(|visit| told(&visit.card)).collect();
    card.shortfall = unreachable_rule(&attempts_since_contact(&told)).err();
    let ahead = dossier.visits.iter().map(|visit| &visit.card).filter(|card| card.state == VisitState::Scheduled);
    card.visits = ahead.take(AHEAD).map(visit_ahead).collect();
    settle_timeline(dossier, now);
}

/// What the rule of the unreachable must know of a visit.
#[must_use]
pub fn told(card: &VisitCard) -> Option<ToldVisit> {
    let met = card.state == VisitState::Met;
    card.happened_at.map(|at| ToldVisit { at, kind: card.kind, met, not_met: card.not_met_reason })
}

fn visit_ahead(card: &VisitCard) -> VisitAhead {
    VisitAhead {
        id: card.id,
        kind: card.kind,
        window: card.window,
        worker: card.worker.clone(),
        second_worker: card.second_worker.clone(),
        purpose: card.purpose.clone(),
    }
}

/// Puts the visits of the case into the timeline as they stand now, and everything in order.
fn settle_timeline(dossier: &mut Dossier, now: DateTime<Utc>) {
    let rows = &mut dossier.neighbor.timeline.rows;
    rows.retain(|row| !matches!(row.what, Happening::Visit { id, .. } if dossier.visits.iter().any(|visit| visit.card.id == id)));
    for visit in &dossier.visits {
        let card = &visit.card;
        if card.state == VisitState::Scheduled && card.window.start > now {
            continue;
        }
        rows.push(TimelineEntry {
            key: card.id.to_string(),
            at: card.window.start,
            by: Some(visit.recorded_by.clone().unwrap_or_else(|| card.worker.clone())),
            what: Happening::Visit {
                id: card.id,
                kind: card.kind,
                state: card.state,
                face_to_face: card.face_to_face,
                not_met: card.not_met_reason,
                cancelled: card.cancel_reason,
                note: visit.note.clone(),
            },
        });
    }
    // Cached: reading a key is dear beside comparing two.
    rows.sort_by_cached_key(|row| Reverse((row.at, rank(&row.what), row.key.parse::<Uuid>().unwrap_or_default())));
}

/// Of things at the same instant the later kind comes first.
const fn rank(what: &Happening) -> u8 {
    match what {
        Happening::Signals { .. } => 0,
        Happening::Event { .. } => 1,
        Happening::Assignment { .. } => 2,
        Happening::Visit { .. } => 3,
        Happening::Note { .. } => 4,
        Happening::Attachment { .. } => 5,
    }
}
