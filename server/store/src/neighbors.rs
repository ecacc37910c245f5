//! People as screens show them: one person, the household, why we know of them, and who may be the same.

mod look_alikes;

use crate::{
    OpContext,
    audit::{Entry, record_reads},
    cases::{Names, first_of_timeline, viewers},
    entity::{case_file, discovery_round, household_member, indicator, link, neighbor, sign, sign_tick, signal},
    error::StoreError,
    records,
    records::code,
    staff,
};
use domain::{
    ApiError,
    case::Urgency,
    ids::{CaseId, LinkId, NeighborId, TeamId},
    policy::{Action, Kind, Role, reach},
    profile::{Channel, HouseholdMember},
    round::RoundPeriod,
    view::{
        Worker,
        neighbors::{BothNames, May, NeighborPage, OpenLink, Person, RoundSignals, SeenSign, Why},
    },
};
pub use look_alikes::look_alikes;
#[cfg(test)]
pub(crate) use look_alikes::{by_dong_and_year, by_phone};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Signs of one person that a page shows.
const SIGNS: u64 = 100;

/// A person's page.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such person or the record is hidden from the actor.
pub async fn get(ctx: &OpContext, id: NeighborId) -> Result<NeighborPage, ApiError> {
    let page = async { Box::pin(load(ctx, find(ctx, id).await?)).await };
    let page = page.await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "neighbor", id, Some(id))]).await?;
    Ok(page)
}

/// The people who can be named when a record is restricted: the district's caseworkers and managers, by name.
///
/// # Errors
/// [`ApiError::Forbidden`] for those who can restrict no record.
pub async fn namable(ctx: &OpContext) -> Result<Vec<Worker>, ApiError> {
    if reach(&ctx.actor, Action::Assign, Kind::Neighbor).is_empty() {
        return Err(ApiError::Forbidden);
    }
    staff::holders(ctx, &[Role::Caseworker, Role::Manager], Condition::all()).await.map_err(StoreError::into_api)
}

/// Who else lives with a person.
///
/// # Errors
/// [`ApiError::NotFound`] when the record is hidden from the actor.
pub async fn members(ctx: &OpContext, id: NeighborId) -> Result<Vec<HouseholdMember>, ApiError> {
    let members = async {
        let row = find(ctx, id).await?;
        household(ctx.store.read(), &row).await
    };
    let members = members.await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "household", id, Some(id))]).await?;
    Ok(members)
}

/// A neighbor's row, after policy allowed to look at it. The caller records the look.
pub(crate) async fn find(ctx: &OpContext, id: NeighborId) -> Result<neighbor::Model, StoreError> {
    let db = ctx.store.read();
    let row = neighbor::Entity::find_by_id((ctx.tenant().0, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let only = records::named(db, ctx.tenant(), row.id, row.restricted).await?;
    let resource = records::neighbor_resource(&row, only);
    ctx.check(Action::View, &viewers(db, row.open_case_id, resource).await?)?;
    Ok(row)
}

/// The page of a row, for a caller that has authorized and records the look itself.
pub(crate) async fn load(ctx: &OpContext, row: neighbor::Model) -> Result<NeighborPage, StoreError> {
    let (db, id) = (ctx.store.read(), NeighborId(row.id));
    let only = records::named(db, ctx.tenant(), row.id, row.restricted).await?;
    let resource = records::neighbor_resource(&row, only.clone());
    let case = ctx.resource(Kind::Case).in_team(row.team_id.map(TeamId));
    let may = May {
        edit: ctx.check(Action::Edit, &resource).is_ok(),
        restrict: ctx.check(Action::Assign, &resource).is_ok(),
        open_case: row.open_case_id.is_none() && ctx.check(Action::Create, &case.owned_by([ctx.user()])).is_ok(),
        ..May::default()
    };
    let rounds = round_signals(ctx, id).await?.into_iter().map(|(_, signals)| signals).collect();
    Ok(NeighborPage {
        why: Why { rounds, signs: seen_signs(ctx, id).await? },
        members: household(db, &row).await?,
        links: open_links(ctx, id).await?,
        timeline: Box::pin(first_of_timeline(ctx, id)).await?,
        closed_cases: closed_cases(ctx, id).await?,
        person: person(ctx, row, only).await?,
        may,
    })
}

async fn person(ctx: &OpContext, row: neighbor::Model, only: Option<Vec<domain::ids::UserId>>) -> Result<Person, StoreError> {
    let mut names = Names::load(ctx.store.read(), ctx.tenant()).await?;
    names.add_workers(ctx.store.read(), ctx.tenant(), only.iter().flatten().map(|user| user.0)).await?;
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut named: Vec<Worker> = only.iter().flatten().map(|user| names.worker(user.0)).collect();
    named.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Person {
        named,
        record: records::open_neighbor(&keys, &row, only)?,
        dong: names.dong(&row.dong_code)?,
        team: row.team_id.and_then(|team| names.team(team)),
        open_case: row.open_case_id.map(CaseId),
        registered_at: row.registered_at,
        merged_into: row.merged_into.map(NeighborId),
    })
}

async fn household<C: ConnectionTrait>(db: &C, row: &neighbor::Model) -> Result<Vec<HouseholdMember>, StoreError> {
    use household_member::Column;
    let rows = household_member::Entity::find()
        .filter(Column::TenantId.eq(row.tenant_id))
        .filter(Column::HouseholdId.eq(row.household_id))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(records::member).collect()
}

/// What the lists said of a person, the newest list first, with its id.
pub(crate) async fn round_signals(ctx: &OpContext, id: NeighborId) -> Result<Vec<(Uuid, RoundSignals)>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let rows = signal::Entity::find()
        .filter(signal::Column::TenantId.eq(tenant))
        .filter(signal::Column::NeighborId.eq(id.0))
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let words = indicator_names(ctx, rows.iter().map(|row| row.indicator.clone()).collect()).await?;
    let mut by_round: BTreeMap<Uuid, Vec<signal::Model>> = BTreeMap::new();
    for row in rows {
        by_round.entry(row.round_id).or_default().push(row);
    }
    let rounds = discovery_round::Entity::find()
        .filter(discovery_round::Column::TenantId.eq(tenant))
        .filter(discovery_round::Column::Id.is_in(by_round.keys().copied()))
        .all(db)
        .await?;
    let mut found: Vec<(Uuid, RoundSignals)> = Vec::new();
    for round in rounds {
        let signals = by_round.remove(&round.id).unwrap_or_default();
        let received_at = signals.iter().map(|row| row.received_at).max().unwrap_or(round.imported_at);
        let indicators = signals.iter().filter_map(|row| words.get(&row.indicator).cloned()).collect();
        found.push((round.id, RoundSignals { period: period(&round)?, received_at, indicators }));
    }
    found.sort_by_key(|(id, signals)| std::cmp::Reverse((signals.received_at, *id)));
    Ok(found)
}

fn period(round: &discovery_round::Model) -> Result<RoundPeriod, StoreError> {
    Ok(RoundPeriod {
        year: code(i16::try_from(round.year).ok(), "discovery_round.year")?,
        number: code(round.number.try_into().ok(), "discovery_round.number")?,
    })
}

/// The names of indicators, each in its newest version.
async fn indicator_names(ctx: &OpContext, codes: Vec<String>) -> Result<HashMap<String, BothNames>, StoreError> {
    let rows = indicator::Entity::find()
        .filter(indicator::Column::TenantId.eq(ctx.tenant().0))
        .filter(indicator::Column::Code.is_in(codes))
        .order_by_asc(indicator::Column::Version)
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.code, BothNames { ko: row.name_ko, en: row.name_en })).collect())
}

/// The signs that were ticked, the newest first, in the words of the version that was shown.
async fn seen_signs(ctx: &OpContext, id: NeighborId) -> Result<Vec<SeenSign>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let ticks = sign_tick::Entity::find()
        .filter(sign_tick::Column::TenantId.eq(tenant))
        .filter(sign_tick::Column::NeighborId.eq(id.0))
        .order_by_desc(sign_tick::Column::TickedAt)
        .limit(SIGNS)
        .all(db)
        .await?;
    if ticks.is_empty() {
        return Ok(Vec::new());
    }
    let words = sign::Entity::find()
        .filter(sign::Column::TenantId.eq(tenant))
        .filter(sign::Column::Code.is_in(ticks.iter().map(|tick| tick.sign.clone())))
        .all(db)
        .await?;
    let words: HashMap<(String, i32), sign::Model> =
        words.into_iter().map(|row| ((row.code.clone(), row.version), row)).collect();
    ticks.into_iter().map(|tick| seen_sign(&words, tick)).collect()
}

fn seen_sign(words: &HashMap<(String, i32), sign::Model>, tick: sign_tick::Model) -> Result<SeenSign, StoreError> {
    let sign = code(words.get(&(tick.sign.clone(), tick.sign_version)), "sign_tick.sign")?;
    Ok(SeenSign {
        name: BothNames { ko: sign.name_ko.clone(), en: sign.name_en.clone() },
        urgency: code(Urgency::from_code(&sign.urgency), "sign.urgency")?,
        channel: code(Channel::from_code(&tick.channel), "sign_tick.channel")?,
        at: tick.ticked_at,
        code: tick.sign,
    })
}

/// Pairs with this person that wait for a decision, where the other record may be seen too.
async fn open_links(ctx: &OpContext, id: NeighborId) -> Result<Vec<OpenLink>, StoreError> {
    use link::Column;
    let rows = link::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NewerId.eq(id.0).or(Column::OlderId.eq(id.0)))
        .filter(Column::State.eq("open"))
        .limit(20)
        .all(ctx.store.read())
        .await?;
    let mut links = Vec::new();
    for row in rows {
        let other = NeighborId(if row.newer_id == id.0 { row.older_id } else { row.newer_id });
        match find(ctx, other).await {
            Ok(found) => links.push(OpenLink { id: LinkId(row.id), other, name: found.name }),
            Err(StoreError::Api(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(links)
}

async fn closed_cases(ctx: &OpContext, id: NeighborId) -> Result<Vec<CaseId>, StoreError> {
    use case_file::Column;
    let ids: Vec<Uuid> = case_file::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.eq(id.0))
        .filter(Column::IsOpen.eq(false))
        .order_by_desc(Column::ClosedAt)
        .limit(20)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(ids.into_iter().map(CaseId).collect())
}
