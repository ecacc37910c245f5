//! What becomes of each person of a list: a case, another district, or nothing, with its reason.

use super::super::{
    case::check_worker,
    case_state::{self, Opening},
    neighbor,
};
use crate::{
    entity::{discovery_round, neighbor as neighbor_row, round_entry},
    error::StoreError,
    records,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid, Rule,
    case::Urgency,
    ids::{CaseId, NeighborId, Rev, RoundEntryId, TeamId, UserId},
    policy::{Action, Kind},
    profile::Channel,
    round::{NoActionReason, TriageDecision},
    text,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

/// Entries decided at once.
const MOST: usize = 200;

struct Entry {
    row: round_entry::Model,
    person: neighbor_row::Model,
}

/// An entry, locked, with its neighbor, after policy allowed the triage. For a restricted neighbor the entry exists
/// only for those named.
async fn load(write: &Write<'_>, id: RoundEntryId) -> Result<Entry, StoreError> {
    let query = round_entry::Entity::find_by_id((write.ctx.tenant().0, id.0));
    let query = if write.ctx.store.backend() == DbBackend::Postgres { query.lock_exclusive() } else { query };
    let row = query.one(write.tx).await?.ok_or(ApiError::NotFound)?;
    let person = neighbor::find(write, NeighborId(row.neighbor_id)).await?;
    let only = records::named(write.tx, write.ctx.tenant(), person.id, person.restricted).await?;
    let team = row.team_id.map(TeamId);
    write.allow(Action::Triage, &write.ctx.resource(Kind::Round).in_team(team).only_for(only))?;
    Ok(Entry { row, person })
}

async fn load_open(write: &Write<'_>, id: RoundEntryId) -> Result<Entry, StoreError> {
    let entry = load(write, id).await?;
    if entry.row.decision == TriageDecision::Open.code() { Ok(entry) } else { Err(Rule::Triaged.into()) }
}

fn check_count(count: usize) -> Result<(), StoreError> {
    if (1..=MOST).contains(&count) { Ok(()) } else { Err(ApiError::invalid("entries", Invalid::Range).into()) }
}

pub(super) async fn open_cases(
    write: &mut Write<'_>,
    entries: &[(RoundEntryId, CaseId)],
    urgency: Urgency,
    worker: Option<UserId>,
) -> Result<Rev, StoreError> {
    check_count(entries.len())?;
    if let Some(worker) = worker {
        check_worker(write, worker).await?;
    }
    let mut rev = Rev::FIRST;
    for (entry, case) in entries {
        let entry = load_open(write, *entry).await?;
        rev = match entry.person.open_case_id {
            Some(open) => attach(write, entry, CaseId(open)).await?,
            None => open_case(write, entry, *case, urgency, worker).await?,
        };
    }
    Ok(rev)
}

async fn attach(write: &mut Write<'_>, entry: Entry, case: CaseId) -> Result<Rev, StoreError> {
    write.event(
        Some(case),
        NeighborId(entry.person.id),
        "signals_attached",
        json!({ "entry": entry.row.id, "indicators": entry.row.indicators }),
    );
    decide(write, entry, TriageDecision::Attached, None, Some(case)).await
}

async fn open_case(
    write: &mut Write<'_>,
    entry: Entry,
    case: CaseId,
    urgency: Urgency,
    worker: Option<UserId>,
) -> Result<Rev, StoreError> {
    let key = (entry.row.tenant_id, entry.row.round_id);
    let round =
        discovery_round::Entity::find_by_id(key).one(write.tx).await?.ok_or(StoreError::Corrupt("round_entry.round_id"))?;
    let neighbor = NeighborId(entry.person.id);
    let learned_from = Channel::Signals;
    // The first clock starts when the list reached the district, not when somebody found the time to look at it.
    let opening = Opening { id: case, neighbor, urgency, learned_from, worker, discovered_at: round.imported_at };
    case_state::open(write, &opening).await?;
    if let Some(worker) = worker {
        write.notify("case_assigned", Some(worker), json!({ "case": case }));
    }
    decide(write, entry, TriageDecision::CaseOpened, None, Some(case)).await
}

pub(super) async fn pass_on(write: &mut Write<'_>, id: RoundEntryId, district: &str) -> Result<Rev, StoreError> {
    let entry = load_open(write, id).await?;
    let district = text::required_line("district", district.to_owned(), 60)?;
    decided_event(write, &entry, TriageDecision::PassedOn, json!({}));
    decide(write, entry, TriageDecision::PassedOn, Some(district), None).await
}

pub(super) async fn no_action(
    write: &mut Write<'_>,
    entries: &[RoundEntryId],
    reason: NoActionReason,
) -> Result<Rev, StoreError> {
    check_count(entries.len())?;
    let mut rev = Rev::FIRST;
    for id in entries {
        let entry = load_open(write, *id).await?;
        decided_event(write, &entry, TriageDecision::NoAction, json!({ "reason": reason }));
        rev = decide(write, entry, TriageDecision::NoAction, Some(reason.code().to_owned()), None).await?;
    }
    Ok(rev)
}

/// Takes a decision back. A case that was opened stays: it is closed as a case is closed.
pub(super) async fn reconsider(write: &mut Write<'_>, id: RoundEntryId) -> Result<Rev, StoreError> {
    let entry = load(write, id).await?;
    match TriageDecision::from_code(&entry.row.decision) {
        Some(TriageDecision::Open) => return Ok(Rev(entry.row.rev)),
        Some(TriageDecision::CaseOpened) => return Err(Rule::CaseOpen.into()),
        _ => {}
    }
    write.event(None, NeighborId(entry.person.id), "triage_reconsidered", json!({ "from": entry.row.decision }));
    decide(write, entry, TriageDecision::Open, None, None).await
}

fn decided_event(write: &mut Write<'_>, entry: &Entry, decision: TriageDecision, facts: serde_json::Value) {
    let case = entry.person.open_case_id.map(CaseId);
    write.event(case, NeighborId(entry.person.id), decision.code(), facts);
}

async fn decide(
    write: &mut Write<'_>,
    entry: Entry,
    decision: TriageDecision,
    reason: Option<String>,
    case: Option<CaseId>,
) -> Result<Rev, StoreError> {
    let Entry { mut row, person } = entry;
    let decided = decision != TriageDecision::Open;
    decision.code().clone_into(&mut row.decision);
    row.reason = reason;
    row.case_id = case.map(Into::into);
    row.decided_by = decided.then(|| write.ctx.user().0);
    row.decided_at = decided.then_some(write.now);
    write.audit("round_entry", RoundEntryId(row.id), Some(NeighborId(person.id)));
    save(write, row, &person).await
}

/// Lets what still waits in lists follow a neighbor to another dong, and so to the team that serves it.
pub(in crate::commands) async fn follow_dong(write: &mut Write<'_>, person: &neighbor_row::Model) -> Result<(), StoreError> {
    let waiting = round_entry::Entity::find()
        .filter(round_entry::Column::TenantId.eq(person.tenant_id))
        .filter(round_entry::Column::NeighborId.eq(person.id))
        .filter(round_entry::Column::Decision.eq(TriageDecision::Open.code()));
    for mut row in waiting.all(write.tx).await? {
        row.team_id = person.team_id;
        row.dong_code.clone_from(&person.dong_code);
        save(write, row, person).await?;
    }
    Ok(())
}

/// Writes the row one revision on, and tells the feed.
async fn save(write: &mut Write<'_>, mut row: round_entry::Model, person: &neighbor_row::Model) -> Result<Rev, StoreError> {
    row.rev += 1;
    let rev = Rev(row.rev);
    write.changed(Changed {
        former: false,
        entity: "round_entry",
        id: row.id,
        rev,
        neighbor: Some(NeighborId(person.id)),
        team: row.team_id.map(TeamId),
        worker: person.worker_id.map(UserId),
        second: None,
        restricted: person.restricted,
    });
    round_entry::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    Ok(rev)
}
