//! The row of a case: loading it for a change, deriving what follows from its facts, and keeping the neighbor's and
//! the visits' copies of its worker, team and restriction in step.

use super::neighbor;
use crate::{
    entity::{case_file, neighbor as neighbor_row, visit},
    error::StoreError,
    records,
    standing::Thing,
    tenants,
    write::{Changed, Write},
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError, Rule,
    case::{CaseFacts, Stage, Urgency},
    ids::{CaseId, NeighborId, Rev, TeamId, UserId},
    policy::{Action, Kind, Resource},
    profile::Channel,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
    sea_query::Order,
};
use serde_json::json;

/// A case to be opened.
pub(super) struct Opening {
    pub id: CaseId,
    pub neighbor: NeighborId,
    pub urgency: Urgency,
    pub learned_from: Channel,
    pub worker: Option<UserId>,
    /// When the signal or report reached the district: the first clock starts here.
    pub discovered_at: DateTime<Utc>,
}

/// Opens a case for a neighbor without an open one.
pub(super) async fn open(write: &mut Write<'_>, opening: &Opening) -> Result<Rev, StoreError> {
    let person = neighbor::load(write, opening.neighbor, Action::View).await?;
    open_for(write, opening, person).await
}

/// Opens the first case of a neighbor whom the same command has registered: nobody else has seen them yet, and whoever reaches
/// no more than their own sees them by this case.
pub(super) async fn open_first(write: &mut Write<'_>, opening: &Opening) -> Result<Rev, StoreError> {
    let person = neighbor::find(write, opening.neighbor).await?;
    open_for(write, opening, person).await
}

async fn open_for(write: &mut Write<'_>, opening: &Opening, mut person: neighbor_row::Model) -> Result<Rev, StoreError> {
    let team = person.team_id.map(TeamId);
    write.allow(Action::Create, &write.ctx.resource(Kind::Case).in_team(team).owned_by(opening.worker))?;
    if person.open_case_id.is_some() {
        return Err(Rule::CaseOpen.into());
    }
    let row = new_row(write, opening, &person).await?;
    let change = changed(&row);
    case_file::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(write.tx).await?;
    person.open_case_id = Some(opening.id.0);
    person.worker_id = opening.worker.map(Into::into);
    neighbor::save(write, person).await?;
    write.changed(change);
    write.audit("case", opening.id, Some(opening.neighbor));
    let facts = json!({ "urgency": opening.urgency, "channel": opening.learned_from, "worker": opening.worker });
    write.event(Some(opening.id), opening.neighbor, "case_opened", facts);
    Ok(Rev::FIRST)
}

async fn new_row(write: &Write<'_>, opening: &Opening, person: &neighbor_row::Model) -> Result<case_file::Model, StoreError> {
    let mut row = case_file::Model {
        tenant_id: write.ctx.tenant().0,
        id: opening.id.0,
        neighbor_id: opening.neighbor.0,
        neighbor_name: person.name.clone().unwrap_or_default(),
        dong_code: person.dong_code.clone(),
        team_id: person.team_id,
        worker_id: opening.worker.map(Into::into),
        urgency: opening.urgency.code().to_owned(),
        stage: Stage::Discovered.code().to_owned(),
        is_open: true,
        restricted: person.restricted,
        learned_from: opening.learned_from.code().to_owned(),
        discovered_at: opening.discovered_at,
        opened_by: write.ctx.user().0,
        opened_at: write.written_at,
        assigned_at: opening.worker.map(|_| write.written_at),
        first_contact_at: None,
        counselled_on: None,
        intake_on: None,
        assessed_on: None,
        conference_on: None,
        planned_on: None,
        served_on: None,
        reviewed_on: None,
        closed_at: None,
        closure: None,
        aftercare_on: None,
        closure_asked_by: None,
        closure_asked_at: None,
        closure_note: None,
        next_due_on: None,
        next_due_clock: None,
        last_contact_at: None,
        next_visit_at: None,
        updated_at: write.now,
        rev: 1,
    };
    let settings = tenants::settings(write.tx, write.ctx.tenant()).await?;
    let facts = CaseFacts { discovered_at: opening.discovered_at, ..CaseFacts::default() };
    records::put_facts(write.ctx, &settings, &mut row, &facts)?;
    Ok(row)
}

/// A case's row, locked, with what policy knows of it, after policy allowed `action`.
pub(super) async fn load(write: &Write<'_>, id: CaseId, action: Action) -> Result<(case_file::Model, Resource), StoreError> {
    let (row, resource) = find(write, id).await?;
    match write.allow_on(action, &resource, Thing::Case(row.id)).await {
        Ok(()) => Ok((row, resource)),
        // Whoever goes along to a planned visit may know of the case, so it is "forbidden" for them.
        Err(hidden) => {
            let along = crate::cases::viewers(write.tx, Some(row.id), resource).await?;
            Err(write.allow(Action::View, &along).map_or(hidden, |()| ApiError::Forbidden.into()))
        }
    }
}

/// A case's row, locked, without asking policy: for what another right than one on the case allows.
pub(super) async fn find(write: &Write<'_>, id: CaseId) -> Result<(case_file::Model, Resource), StoreError> {
    let query = case_file::Entity::find_by_id((write.ctx.tenant().0, id.0));
    let query = if write.ctx.store.backend() == DbBackend::Postgres { query.lock_exclusive() } else { query };
    let row = query.one(write.tx).await?.ok_or(ApiError::NotFound)?;
    write.saw(changed(&row));
    let only = records::named(write.tx, write.ctx.tenant(), row.neighbor_id, row.restricted).await?;
    let resource = records::case_resource(&row, only);
    Ok((row, resource))
}

/// As [`load`], and the case is open.
pub(super) async fn load_open(write: &Write<'_>, id: CaseId, action: Action) -> Result<(case_file::Model, Resource), StoreError> {
    let (row, resource) = load(write, id, action).await?;
    if row.is_open { Ok((row, resource)) } else { Err(Rule::CaseClosed.into()) }
}

/// Derives anew what follows from the facts, writes the row one revision on, and tells the feed.
pub(super) async fn save(write: &mut Write<'_>, mut row: case_file::Model) -> Result<Rev, StoreError> {
    let settings = tenants::settings(write.tx, write.ctx.tenant()).await?;
    let facts = records::case_facts(&row);
    records::put_facts(write.ctx, &settings, &mut row, &facts)?;
    row.rev += 1;
    row.updated_at = write.now;
    let change = changed(&row);
    case_file::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    write.changed(change);
    Ok(change.rev)
}

fn changed(row: &case_file::Model) -> Changed {
    Changed {
        former: false,
        entity: "case",
        id: row.id,
        rev: Rev(row.rev),
        neighbor: Some(NeighborId(row.neighbor_id)),
        team: row.team_id.map(TeamId),
        worker: row.worker_id.map(UserId),
        second: None,
        restricted: row.restricted,
    }
}

/// Sets `next_visit_at` to the earliest visit that is still planned.
pub(super) async fn follow_visits(write: &Write<'_>, row: &mut case_file::Model) -> Result<(), StoreError> {
    row.next_visit_at = visit::Entity::find()
        .select_only()
        .column(visit::Column::StartsAt)
        .filter(visit::Column::TenantId.eq(row.tenant_id))
        .filter(visit::Column::CaseId.eq(row.id))
        .filter(visit::Column::State.eq("scheduled"))
        .order_by(visit::Column::StartsAt, Order::Asc)
        .into_tuple::<DateTime<Utc>>()
        .one(write.tx)
        .await?;
    Ok(())
}

/// Keeps the open case's copies of name, dong and team in step with the neighbor, and the name of closed ones.
pub(super) async fn follow_profile(write: &mut Write<'_>, person: &neighbor_row::Model) -> Result<(), StoreError> {
    let name = person.name.clone().unwrap_or_default();
    case_file::Entity::update_many()
        .col_expr(case_file::Column::NeighborName, Expr::value(name.as_str()))
        .filter(case_file::Column::TenantId.eq(person.tenant_id))
        .filter(case_file::Column::NeighborId.eq(person.id))
        .filter(case_file::Column::IsOpen.eq(false))
        .exec(write.tx)
        .await?;
    let Some(id) = person.open_case_id else { return Ok(()) };
    let (mut row, _) = find(write, CaseId(id)).await?;
    if row.neighbor_name == name && row.dong_code == person.dong_code && row.team_id == person.team_id {
        return Ok(());
    }
    if row.team_id != person.team_id {
        super::visit::follow_team(write, id, person.team_id).await?;
    }
    row.neighbor_name = name;
    row.dong_code.clone_from(&person.dong_code);
    row.team_id = person.team_id;
    save(write, row).await.map(drop)
}

/// Keeps the restriction of all cases and visits of a neighbor in step. What is over follows silently; the open case and
/// what is planned in it reach the feed, so that screens drop or show them.
pub(super) async fn follow_restriction(write: &mut Write<'_>, person: &neighbor_row::Model) -> Result<(), StoreError> {
    if let Some(id) = person.open_case_id {
        super::visit::follow_restriction(write, id, person.restricted).await?;
        let (mut row, _) = find(write, CaseId(id)).await?;
        row.restricted = person.restricted;
        save(write, row).await?;
    }
    case_file::Entity::update_many()
        .col_expr(case_file::Column::Restricted, Expr::value(person.restricted))
        .filter(case_file::Column::TenantId.eq(person.tenant_id))
        .filter(case_file::Column::NeighborId.eq(person.id))
        .exec(write.tx)
        .await?;
    visit::Entity::update_many()
        .col_expr(visit::Column::Restricted, Expr::value(person.restricted))
        .filter(visit::Column::TenantId.eq(person.tenant_id))
        .filter(visit::Column::NeighborId.eq(person.id))
        .exec(write.tx)
        .await?;
    Ok(())
}
