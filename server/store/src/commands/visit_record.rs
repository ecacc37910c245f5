//! What happened on a visit, and what follows for the case: contact, initial counselling, clocks.

use super::{
    case_state, neighbor,
    visit::{Crew, changed, load, planned_on, save, save_case, step},
    visit_plan::{Plan, check_new},
};
use crate::{
    crypt::Cell,
    entity::{case_file, visit},
    error::StoreError,
    records::{self, code},
    standing::Thing,
    write::Write,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError, Invalid, Rule,
    case::{Step, check_step},
    clock::{is_plausible, korean_day},
    ids::{CaseId, NeighborId, Rev, VisitId},
    policy::Action,
    profile::Channel,
    text,
    visit::{Outcome, SeenWith, VisitEvent, VisitKind, Window},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

/// How far the clock of a tablet may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(15);
/// How long a contact without a plan counts for the calendar.
const UNPLANNED: TimeDelta = TimeDelta::minutes(30);

/// What a worker tells of a visit.
pub(super) struct Told<'a> {
    pub at: DateTime<Utc>,
    pub outcome: &'a Outcome,
    pub signs: &'a [String],
    pub note: Option<&'a str>,
}

impl Told<'_> {
    fn check(&self, write: &Write<'_>, kind: VisitKind) -> Result<(), StoreError> {
        if self.at > write.now + AHEAD {
            return Err(Rule::VisitAhead.into());
        }
        if !is_plausible(self.at) {
            return Err(ApiError::invalid("at", Invalid::Range).into());
        }
        // A telephone call is no face-to-face, whatever the form says.
        match self.outcome {
            Outcome::Met { face_to_face: Some(_) } if !kind.is_in_person() => {
                Err(ApiError::invalid("face_to_face", Invalid::Form).into())
            }
            _ => Ok(()),
        }
    }

    const fn event(&self) -> VisitEvent {
        match self.outcome {
            Outcome::Met { .. } => VisitEvent::Meet,
            Outcome::NotMet { .. } => VisitEvent::Miss,
        }
    }
}

pub(super) async fn record(write: &mut Write<'_>, id: VisitId, told: &Told<'_>) -> Result<Rev, StoreError> {
    let (mut row, case) = load(write, id, Action::Edit).await?;
    let kind = code(VisitKind::from_code(&row.kind), "visit.kind")?;
    step(&mut row, told.event())?;
    told.check(write, kind)?;
    fill(write, &mut row, told)?;
    let rev = save(write, row).await?;
    follow(write, id, kind, case, told).await?;
    Ok(rev)
}

pub(super) async fn record_unplanned(
    write: &mut Write<'_>,
    id: VisitId,
    case: CaseId,
    kind: VisitKind,
    told: &Told<'_>,
) -> Result<Rev, StoreError> {
    let (case, resource) = case_state::find(write, case).await?;
    write.allow_on(Action::Create, &planned_on(&case, resource), Thing::Case(case.id)).await?;
    told.check(write, kind)?;
    check_new(write, id).await?;
    let crew = Crew { worker: write.ctx.user(), second: None };
    let plan = Plan { case: &case, series: None, kind, crew, two_person: false, purpose: None };
    let mut row = plan.row(write, id, Window { start: told.at, end: told.at + UNPLANNED });
    step(&mut row, told.event())?;
    fill(write, &mut row, told)?;
    write.changed(changed(&row));
    visit::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(write.tx).await?;
    follow(write, id, kind, case, told).await?;
    Ok(Rev::FIRST)
}

fn fill(write: &Write<'_>, row: &mut visit::Model, told: &Told<'_>) -> Result<(), StoreError> {
    match told.outcome {
        Outcome::Met { face_to_face } => row.face_to_face = face_to_face.map(|with| with.code().to_owned()),
        Outcome::NotMet { reason } => row.not_met_reason = Some(reason.code().to_owned()),
    }
    let note = text::optional_text("note", told.note.map(str::to_owned), 10_000)?;
    row.note = write.keys.seal_text(Cell::new("visit", "note", row.id), note.as_deref())?;
    row.happened_at = Some(told.at);
    row.recorded_by = Some(write.ctx.user().0);
    row.recorded_at = Some(write.written_at);
    Ok(())
}

/// Signs, timeline, trail, and the case with its clocks.
async fn follow(
    write: &mut Write<'_>,
    id: VisitId,
    kind: VisitKind,
    mut case: case_file::Model,
    told: &Told<'_>,
) -> Result<(), StoreError> {
    let neighbor = NeighborId(case.neighbor_id);
    neighbor::tick_signs(write, neighbor, Some(id), told.signs, Channel::Worker).await?;
    write.audit("visit", id, Some(neighbor));
    let facts = json!({ "visit": id, "kind": kind, "at": told.at, "outcome": told.outcome, "signs": told.signs });
    write.event(Some(CaseId(case.id)), neighbor, "visit_recorded", facts);
    if let Outcome::Met { face_to_face } = told.outcome {
        note_contact(write, &mut case, told.at, *face_to_face);
    }
    save_case(write, case).await
}

/// Meeting somebody is a contact; seeing the neighbor or their household before any counselling is the initial counselling.
fn note_contact(write: &Write<'_>, case: &mut case_file::Model, at: DateTime<Utc>, seen: Option<SeenWith>) {
    case.first_contact_at = Some(case.first_contact_at.map_or(at, |first| first.min(at)));
    case.last_contact_at = case.last_contact_at.max(Some(at));
    let day = korean_day(at);
    let facts = records::case_facts(case);
    let counselled = seen.is_some_and(|with| with != SeenWith::Neighbour) && facts.counselled_on.is_none();
    if counselled && check_step(&facts, Step::Counselling, day, write.ctx.today()).is_ok() {
        case.counselled_on = Some(day);
    }
}
