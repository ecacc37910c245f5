//! Planning one visit or a series. A series is expanded when it is planned: every visit is a row of its own, so that one
//! can be moved or cancelled without the others.

use super::{
    case_state,
    visit::{Crew, changed, notify_crew, planned_on, save_case},
};
use crate::{
    entity::{case_file, visit, visit_series},
    error::StoreError,
    standing::Thing,
    write::{Write, insert_chunks},
};
use domain::{
    ApiError, Invalid, Rule,
    case::ClosureReason,
    clock::korean_day,
    command::VisitCommand,
    ids::{CaseId, NeighborId, Rev, SeriesId, VisitId},
    policy::Action,
    recurrence::Recurrence,
    text,
    visit::{VisitKind, VisitState, Window, occurrence_id},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

/// What all visits of one plan have in common.
pub(super) struct Plan<'a> {
    pub case: &'a case_file::Model,
    pub series: Option<SeriesId>,
    pub kind: VisitKind,
    pub crew: Crew,
    pub two_person: bool,
    pub purpose: Option<String>,
}

impl Plan<'_> {
    /// The row of one visit.
    pub(super) fn row(&self, write: &Write<'_>, id: VisitId, window: Window) -> visit::Model {
        visit::Model {
            tenant_id: self.case.tenant_id,
            id: id.0,
            case_id: self.case.id,
            neighbor_id: self.case.neighbor_id,
            team_id: self.case.team_id,
            series_id: self.series.map(Uuid::from),
            kind: self.kind.code().to_owned(),
            starts_at: window.start,
            ends_at: window.end,
            worker_id: self.crew.worker.0,
            second_worker_id: self.crew.second.map(Uuid::from),
            two_person: self.two_person,
            purpose: self.purpose.clone(),
            state: VisitState::Scheduled.code().to_owned(),
            face_to_face: None,
            not_met_reason: None,
            cancel_reason: None,
            happened_at: None,
            note: None,
            recorded_by: None,
            recorded_at: None,
            restricted: self.case.restricted,
            made_by: write.ctx.user().0,
            made_at: write.written_at,
            rev: 1,
        }
    }
}

pub(super) async fn schedule(write: &mut Write<'_>, command: &VisitCommand) -> Result<Rev, StoreError> {
    let VisitCommand::Schedule { id, series, case, kind, window, worker, second_worker, two_person, purpose, recurrence } =
        command
    else {
        return Err(ApiError::BadRequest.into());
    };
    let case = load_case(write, *case).await?;
    let crew = Crew { worker: *worker, second: *second_worker };
    crew.check(write, *two_person).await?;
    let purpose = text::optional_line("purpose", purpose.clone(), 200)?;
    let windows = windows(*window, *recurrence)?;
    let series = series_of(*series, recurrence.is_some())?;
    check_new(write, *id).await?;
    if let (Some(series), Some(recurrence)) = (series, recurrence) {
        insert_series(write, series, &case, *window, recurrence).await?;
    }
    let plan = Plan { case: &case, series, kind: *kind, crew, two_person: *two_person, purpose };
    insert_visits(write, &plan, *id, &windows).await?;
    save_case(write, case).await?;
    Ok(Rev::FIRST)
}

/// The case, open or closed with checks still to come, after policy allowed a new visit to it.
async fn load_case(write: &Write<'_>, id: CaseId) -> Result<case_file::Model, StoreError> {
    let (case, resource) = case_state::find(write, id).await?;
    write.allow_on(Action::Create, &planned_on(&case, resource), Thing::Case(case.id)).await?;
    let checks_to_come =
        || case.closure.as_deref().and_then(ClosureReason::from_code).is_some_and(ClosureReason::needs_aftercare);
    if case.is_open || checks_to_come() { Ok(case) } else { Err(Rule::CaseClosed.into()) }
}

fn windows(first: Window, recurrence: Option<Recurrence>) -> Result<Vec<Window>, StoreError> {
    let first = first.checked()?;
    let Some(recurrence) = recurrence else { return Ok(vec![first]) };
    let windows = recurrence.checked(first)?.expand(first);
    // Every day of the series may be a public holiday.
    if windows.is_empty() { Err(ApiError::invalid("recurrence", Invalid::Range).into()) } else { Ok(windows) }
}

fn series_of(series: Option<SeriesId>, recurs: bool) -> Result<Option<SeriesId>, StoreError> {
    match (series, recurs) {
        (None, true) => Err(ApiError::invalid("series", Invalid::Missing).into()),
        (Some(_), false) | (None, false) => Ok(None),
        (Some(series), true) => Ok(Some(series)),
    }
}

/// An id that is taken already belongs to a plan that was made before.
pub(super) async fn check_new(write: &Write<'_>, id: VisitId) -> Result<(), StoreError> {
    let taken = visit::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?.is_some();
    if taken { Err(ApiError::invalid("id", Invalid::Taken).into()) } else { Ok(()) }
}

async fn insert_series(
    write: &Write<'_>,
    series: SeriesId,
    case: &case_file::Model,
    first: Window,
    recurrence: &Recurrence,
) -> Result<(), StoreError> {
    let key = (write.ctx.tenant().0, series.0);
    if visit_series::Entity::find_by_id(key).one(write.tx).await?.is_some() {
        return Err(ApiError::invalid("series", Invalid::Taken).into());
    }
    let row = visit_series::ActiveModel {
        tenant_id: Set(case.tenant_id),
        id: Set(series.0),
        case_id: Set(case.id),
        rrule: Set(recurrence.to_rrule(korean_day(first.start))),
        skip_holidays: Set(recurrence.skip_holidays),
        made_by: Set(write.ctx.user().0),
        made_at: Set(write.written_at),
    };
    visit_series::Entity::insert(row).exec_without_returning(write.tx).await?;
    Ok(())
}

async fn insert_visits(write: &mut Write<'_>, plan: &Plan<'_>, id: VisitId, windows: &[Window]) -> Result<(), StoreError> {
    let ids = (0u16..).map(|n| match plan.series {
        Some(series) if n > 0 => occurrence_id(series, n),
        _ => id,
    });
    let rows: Vec<_> = ids.zip(windows).map(|(id, window)| plan.row(write, id, *window)).collect();
    let neighbor = NeighborId(plan.case.neighbor_id);
    write.audit("visit", id, Some(neighbor));
    if rows.len() > 1 {
        write.audit_many("visit", rows.len());
    }
    if let (Some(first), Some(at)) = (rows.first(), windows.first()) {
        // Whoever plans a visit for somebody else lets them know once, also for a series.
        notify_crew(write, first, (Uuid::nil(), None));
        let facts = json!({ "visit": id, "kind": plan.kind, "at": at.start, "worker": plan.crew.worker, "count": rows.len() });
        write.event(Some(CaseId(plan.case.id)), neighbor, "visit_scheduled", facts);
    }
    for row in &rows {
        write.changed(changed(row));
    }
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).collect();
    insert_chunks::<visit::Entity, _>(write.tx, rows).await
}
