//! What is done to a case.

use super::{case_state, neighbor};
use crate::{
    crypt::Cell,
    entity::{account, assignment, case_file, note, role_grant, visit},
    error::StoreError,
    records::{self, code},
    write::Write,
};
use chrono::NaiveDate;
use domain::{
    ApiError, Invalid, Rule,
    case::{ClosureEvent, ClosureReason, ClosureState, Step, Urgency, check_step},
    command::CaseCommand,
    ids::{AssignmentId, CaseId, NeighborId, NoteId, Rev, UserId},
    merge::{Edit, Merge},
    policy::{Action, Resource},
    text,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

pub(super) async fn apply(write: &mut Write<'_>, command: &CaseCommand) -> Result<Rev, StoreError> {
    match command {
        CaseCommand::Open { id, neighbor, urgency, learned_from, worker } => {
            if let Some(worker) = worker {
                check_worker(write, *worker).await?;
            }
            let (neighbor, urgency, learned_from, worker) = (*neighbor, *urgency, *learned_from, *worker);
            let opening =
                case_state::Opening { id: *id, neighbor, urgency, learned_from, worker, discovered_at: write.written_at };
            case_state::open(write, &opening).await
        }
        CaseCommand::SetUrgency { id, urgency, reason } => set_urgency(write, *id, urgency, reason).await,
        CaseCommand::Assign { cases, worker } => assign(write, cases, *worker).await,
        CaseCommand::TakeBack { assignments } => take_back(write, assignments).await,
        CaseCommand::Transfer { id, case, worker, reason } => transfer(write, *id, *case, *worker, reason).await,
        CaseCommand::AnswerTransfer { id, accept, reason } => answer_transfer(write, *id, *accept, reason.as_deref()).await,
        CaseCommand::RecordStep { id, step, on } => record_step(write, *id, *step, *on).await,
        CaseCommand::AddNote { id, case, body } => add_note(write, *id, *case, body).await,
        CaseCommand::Close { id, reason, explanation } => close(write, *id, *reason, explanation).await,
        CaseCommand::AnswerClosure { id, approve, comment } => answer_closure(write, *id, *approve, comment.as_deref()).await,
        CaseCommand::Reopen { id, reason } => reopen(write, *id, reason).await,
    }
}

/// A worker must be there, unlocked, and hold the role of a caseworker.
pub(super) async fn check_worker(write: &Write<'_>, worker: UserId) -> Result<(), StoreError> {
    let unknown = || ApiError::invalid("worker", Invalid::UnknownUser);
    let tenant = write.ctx.tenant().0;
    let row = account::Entity::find_by_id((tenant, worker.0)).one(write.tx).await?.ok_or_else(unknown)?;
    let grant = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::AccountId.eq(worker.0))
        .filter(role_grant::Column::Role.eq("caseworker"))
        .filter(role_grant::Column::EndedAt.is_null())
        .one(write.tx)
        .await?;
    if row.locked || grant.is_none() { Err(unknown().into()) } else { Ok(()) }
}

fn audited(write: &mut Write<'_>, row: &case_file::Model, kind: &'static str, facts: serde_json::Value) {
    let (id, neighbor) = (CaseId(row.id), NeighborId(row.neighbor_id));
    write.audit("case", id, Some(neighbor));
    write.event(Some(id), neighbor, kind, facts);
}

async fn set_urgency(write: &mut Write<'_>, id: CaseId, edit: &Edit<Urgency>, reason: &str) -> Result<Rev, StoreError> {
    let (mut row, _) = case_state::load_open(write, id, Action::Edit).await?;
    let mut urgency = code(Urgency::from_code(&row.urgency), "case_file.urgency")?;
    let mut merge = Merge::default();
    merge.field("urgency", &mut urgency, Some(edit));
    if !merge.conflicts.is_empty() {
        return Err(ApiError::Conflict { fields: merge.conflicts, rev: row.rev }.into());
    }
    let reason = text::required_text("reason", reason.to_owned(), 500)?;
    audited(write, &row, "urgency_set", json!({ "from": row.urgency, "to": urgency }));
    insert_note(write, NoteId::new(), &row, &reason).await?;
    urgency.code().clone_into(&mut row.urgency);
    case_state::save(write, row).await
}

async fn assign(write: &mut Write<'_>, cases: &[(CaseId, AssignmentId)], worker: UserId) -> Result<Rev, StoreError> {
    if cases.is_empty() || cases.len() > 200 {
        return Err(ApiError::invalid("cases", Invalid::Range).into());
    }
    check_worker(write, worker).await?;
    let mut rev = Rev::FIRST;
    for (case, id) in cases {
        let (row, _) = case_state::load_open(write, *case, Action::Assign).await?;
        if pending_transfer(write, row.id).await?.is_some() {
            return Err(Rule::TransferPending.into());
        }
        insert_assignment(write, *id, &row, worker, "assigned", None).await?;
        audited(write, &row, "assigned", json!({ "from": row.worker_id, "to": worker }));
        write.notify("case_assigned", Some(worker), json!({ "case": case }));
        rev = hand_over(write, row, worker).await?;
    }
    Ok(rev)
}

async fn take_back(write: &mut Write<'_>, assignments: &[AssignmentId]) -> Result<Rev, StoreError> {
    if assignments.is_empty() || assignments.len() > 200 {
        return Err(ApiError::invalid("assignments", Invalid::Range).into());
    }
    let mut rev = Rev::FIRST;
    for id in assignments {
        let key = (write.ctx.tenant().0, id.0);
        let given = assignment::Entity::find_by_id(key).one(write.tx).await?.ok_or(ApiError::NotFound)?;
        let (row, _) = case_state::load_open(write, CaseId(given.case_id), Action::Assign).await?;
        if given.state != "assigned" || has_begun(write, &row, &given).await? {
            return Err(Rule::AssignmentBegun.into());
        }
        let (worker, former) = (UserId(given.to_worker_id), given.from_worker_id.map(UserId));
        let mut taken = given.into_active_model();
        taken.state = Set("taken_back".to_owned());
        assignment::Entity::update(taken).exec(write.tx).await?;
        audited(write, &row, "assignment_taken_back", json!({ "from": worker, "to": former }));
        write.notify("assignment_taken_back", Some(worker), json!({ "case": row.id }));
        rev = match former {
            Some(former) => hand_over(write, row, former).await?,
            None => put_into_queue(write, row).await?,
        };
    }
    Ok(rev)
}

/// Whether the case is somebody else's by now, on offer, or has visits of the worker who was given it out of the queue.
async fn has_begun(write: &Write<'_>, row: &case_file::Model, given: &assignment::Model) -> Result<bool, StoreError> {
    if row.worker_id != Some(given.to_worker_id) || pending_transfer(write, row.id).await?.is_some() {
        return Ok(true);
    }
    let visit = visit::Entity::find()
        .filter(visit::Column::TenantId.eq(row.tenant_id))
        .filter(visit::Column::CaseId.eq(row.id))
        .filter(visit::Column::WorkerId.eq(given.to_worker_id))
        .one(write.tx)
        .await?;
    Ok(given.from_worker_id.is_none() && visit.is_some())
}

/// Leaves the case without a worker.
async fn put_into_queue(write: &mut Write<'_>, mut row: case_file::Model) -> Result<Rev, StoreError> {
    row.worker_id = None;
    row.assigned_at = None;
    let mut person = neighbor::find(write, NeighborId(row.neighbor_id)).await?;
    person.worker_id = None;
    neighbor::save(write, person).await?;
    case_state::save(write, row).await
}

/// Makes `worker` the one who holds the case; planned visits of the former worker go along.
async fn hand_over(write: &mut Write<'_>, mut row: case_file::Model, worker: UserId) -> Result<Rev, StoreError> {
    if let Some(former) = row.worker_id.filter(|former| *former != worker.0) {
        super::visit::hand_over(write, row.id, former, worker.0).await?;
    }
    row.worker_id = Some(worker.0);
    row.assigned_at = Some(write.now);
    let mut person = neighbor::find(write, NeighborId(row.neighbor_id)).await?;
    person.worker_id = Some(worker.0);
    neighbor::save(write, person).await?;
    case_state::save(write, row).await
}

async fn insert_assignment(
    write: &Write<'_>,
    id: AssignmentId,
    row: &case_file::Model,
    to: UserId,
    state: &str,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let assignment = assignment::ActiveModel {
        tenant_id: Set(row.tenant_id),
        id: Set(id.0),
        case_id: Set(row.id),
        neighbor_id: Set(row.neighbor_id),
        from_worker_id: Set(row.worker_id),
        to_worker_id: Set(to.0),
        state: Set(state.to_owned()),
        reason: Set(write.keys.seal_text(Cell::new("assignment", "reason", id), reason)?),
        made_by: Set(write.ctx.user().0),
        made_at: Set(write.now),
        answered_by: Set(None),
        answered_at: Set(None),
        answer: Set(None),
        rev: Set(1),
    };
    assignment::Entity::insert(assignment).exec_without_returning(write.tx).await?;
    Ok(())
}

async fn pending_transfer(write: &Write<'_>, case: Uuid) -> Result<Option<assignment::Model>, StoreError> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(assignment::Column::CaseId.eq(case))
        .filter(assignment::Column::State.eq("pending"))
        .one(write.tx)
        .await?)
}

async fn transfer(
    write: &mut Write<'_>,
    id: AssignmentId,
    case: CaseId,
    worker: UserId,
    reason: &str,
) -> Result<Rev, StoreError> {
    let (row, _) = case_state::load_open(write, case, Action::Transfer).await?;
    let reason = text::required_text("reason", reason.to_owned(), 500)?;
    check_worker(write, worker).await?;
    if row.worker_id == Some(worker.0) {
        return Err(ApiError::invalid("worker", Invalid::Taken).into());
    }
    if pending_transfer(write, row.id).await?.is_some() {
        return Err(Rule::TransferPending.into());
    }
    insert_assignment(write, id, &row, worker, "pending", Some(&reason)).await?;
    audited(write, &row, "transfer_offered", json!({ "from": row.worker_id, "to": worker }));
    write.notify("transfer_offered", Some(worker), json!({ "case": case, "transfer": id }));
    case_state::save(write, row).await
}

async fn answer_transfer(write: &mut Write<'_>, id: AssignmentId, accept: bool, reason: Option<&str>) -> Result<Rev, StoreError> {
    let offer = assignment::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?.ok_or(ApiError::NotFound)?;
    let (row, resource) = case_state::find(write, CaseId(offer.case_id)).await?;
    // The case is not the receiver's yet; what is theirs is the offer.
    write.allow(Action::Transfer, &Resource { team: None, owners: vec![UserId(offer.to_worker_id)], ..resource })?;
    // Nobody answers for the receiver, whatever else they may do in the district.
    if write.ctx.user().0 != offer.to_worker_id {
        return Err(ApiError::NotFound.into());
    }
    if offer.state != "pending" {
        return Err(Rule::NoTransfer.into());
    }
    let reason = if accept {
        text::optional_text("reason", reason.map(str::to_owned), 500)?
    } else {
        Some(text::required_text("reason", reason.unwrap_or_default().to_owned(), 500)?)
    };
    let mut answered = offer.clone().into_active_model();
    answered.state = Set(if accept { "accepted" } else { "rejected" }.to_owned());
    answered.answered_by = Set(Some(write.ctx.user().0));
    answered.answered_at = Set(Some(write.now));
    answered.answer = Set(write.keys.seal_text(Cell::new("assignment", "answer", id), reason.as_deref())?);
    answered.rev = Set(offer.rev + 1);
    assignment::Entity::update(answered).exec(write.tx).await?;
    let kind = if accept { "transfer_accepted" } else { "transfer_rejected" };
    audited(write, &row, kind, json!({ "from": offer.from_worker_id, "to": offer.to_worker_id }));
    write.notify(kind, Some(UserId(offer.made_by)), json!({ "case": row.id, "transfer": id }));
    if accept { hand_over(write, row, UserId(offer.to_worker_id)).await } else { case_state::save(write, row).await }
}

async fn record_step(write: &mut Write<'_>, id: CaseId, step: Step, on: NaiveDate) -> Result<Rev, StoreError> {
    let (mut row, _) = case_state::load(write, id, Action::Edit).await?;
    let mut facts = records::case_facts(&row);
    check_step(&facts, step, on, write.ctx.today())?;
    facts.record(step, on);
    audited(write, &row, "step_recorded", json!({ "step": step, "on": on }));
    let settings = crate::tenants::settings(write.tx, write.ctx.tenant()).await?;
    records::put_facts(write.ctx, &settings, &mut row, &facts)?;
    case_state::save(write, row).await
}

async fn add_note(write: &mut Write<'_>, id: NoteId, case: CaseId, body: &str) -> Result<Rev, StoreError> {
    let (row, _) = case_state::load(write, case, Action::Edit).await?;
    let body = text::required_text("body", body.to_owned(), 10_000)?;
    insert_note(write, id, &row, &body).await?;
    write.audit("note", id, Some(NeighborId(row.neighbor_id)));
    case_state::save(write, row).await
}

/// Writes a note into a case's timeline.
pub(super) async fn insert_note(write: &Write<'_>, id: NoteId, row: &case_file::Model, body: &str) -> Result<(), StoreError> {
    let note = note::ActiveModel {
        tenant_id: Set(row.tenant_id),
        id: Set(id.0),
        case_id: Set(row.id),
        neighbor_id: Set(row.neighbor_id),
        author_id: Set(write.ctx.user().0),
        written_at: Set(write.written_at),
        body: Set(write.keys.seal(Cell::new("note", "body", id), body.as_bytes())?),
    };
    note::Entity::insert(note).exec_without_returning(write.tx).await?;
    Ok(())
}

const fn closure_state(row: &case_file::Model) -> ClosureState {
    match (row.is_open, row.closure_asked_by) {
        (false, _) => ClosureState::Closed,
        (true, Some(_)) => ClosureState::Requested,
        (true, None) => ClosureState::Open,
    }
}

async fn close(write: &mut Write<'_>, id: CaseId, reason: ClosureReason, explanation: &str) -> Result<Rev, StoreError> {
    let (mut row, _) = case_state::load(write, id, Action::Edit).await?;
    let event = if reason == ClosureReason::Unreachable { ClosureEvent::Request } else { ClosureEvent::Close };
    closure_state(&row).next(event)?;
    let explanation = text::required_text("explanation", explanation.to_owned(), 2_000)?;
    insert_note(write, NoteId::new(), &row, &explanation).await?;
    if reason == ClosureReason::Unreachable {
        super::visit::check_attempts(write, id).await?;
        row.closure_asked_by = Some(write.ctx.user().0);
        row.closure_asked_at = Some(write.now);
        row.closure_note = Some(write.keys.seal(Cell::new("case_file", "closure_note", id), explanation.as_bytes())?);
        audited(write, &row, "closure_asked", json!({ "reason": reason }));
        return case_state::save(write, row).await;
    }
    end(write, row, reason).await
}

async fn answer_closure(write: &mut Write<'_>, id: CaseId, approve: bool, comment: Option<&str>) -> Result<Rev, StoreError> {
    let (mut row, _) = case_state::load(write, id, Action::Approve).await?;
    closure_state(&row).next(if approve { ClosureEvent::Approve } else { ClosureEvent::Refuse })?;
    let asked_by = row.closure_asked_by.ok_or(Rule::NoClosureRequest)?;
    if asked_by == write.ctx.user().0 {
        return Err(Rule::OwnAccount.into());
    }
    let comment = if approve { comment.map(str::to_owned) } else { Some(comment.unwrap_or_default().to_owned()) };
    if let Some(comment) = comment.filter(|comment| !approve || !comment.trim().is_empty()) {
        let comment = text::required_text("comment", comment, 2_000)?;
        insert_note(write, NoteId::new(), &row, &comment).await?;
    }
    row.closure_asked_by = None;
    row.closure_asked_at = None;
    row.closure_note = None;
    if approve {
        return end(write, row, ClosureReason::Unreachable).await;
    }
    audited(write, &row, "closure_refused", json!({}));
    write.notify("closure_refused", Some(UserId(asked_by)), json!({ "case": id }));
    case_state::save(write, row).await
}

/// Closes: planned visits are cancelled, an offered transfer lapses, the neighbor has no open case any more.
async fn end(write: &mut Write<'_>, mut row: case_file::Model, reason: ClosureReason) -> Result<Rev, StoreError> {
    super::visit::cancel_planned(write, row.id).await?;
    if let Some(offer) = pending_transfer(write, row.id).await? {
        let mut lapsed = offer.into_active_model();
        lapsed.state = Set("lapsed".to_owned());
        assignment::Entity::update(lapsed).exec(write.tx).await?;
    }
    row.closed_at = Some(write.now);
    row.closure = Some(reason.code().to_owned());
    row.next_visit_at = None;
    audited(write, &row, "case_closed", json!({ "reason": reason }));
    set_open_case(write, &row, None).await?;
    case_state::save(write, row).await
}

async fn reopen(write: &mut Write<'_>, id: CaseId, reason: &str) -> Result<Rev, StoreError> {
    let (mut row, _) = case_state::load(write, id, Action::Edit).await?;
    closure_state(&row).next(ClosureEvent::Reopen)?;
    let reason = text::required_text("reason", reason.to_owned(), 2_000)?;
    insert_note(write, NoteId::new(), &row, &reason).await?;
    // The neighbor may have moved while the case was closed.
    let person = neighbor::find(write, NeighborId(row.neighbor_id)).await?;
    row.dong_code = person.dong_code;
    row.team_id = person.team_id;
    row.closed_at = None;
    row.closure = None;
    row.aftercare_on = None;
    audited(write, &row, "case_reopened", json!({}));
    set_open_case(write, &row, Some(row.id)).await?;
    case_state::save(write, row).await
}

/// Tells the neighbor which case is open.
async fn set_open_case(write: &mut Write<'_>, row: &case_file::Model, open: Option<Uuid>) -> Result<(), StoreError> {
    let mut person = neighbor::find(write, NeighborId(row.neighbor_id)).await?;
    if open.is_some() && person.open_case_id.is_some() {
        return Err(Rule::CaseOpen.into());
    }
    person.open_case_id = open;
    person.worker_id = row.worker_id.filter(|_| open.is_some());
    neighbor::save(write, person).await.map(drop)
}
