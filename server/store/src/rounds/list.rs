//! The rounds with how far their triage has come.

use crate::{
    OpContext,
    entity::{account, discovery_round, dong, link, round_entry},
    error::StoreError,
    records::code,
    staff, visible,
};
use domain::{
    ApiError,
    ids::RoundId,
    policy::{Action, Decision, Kind, Role, decide},
    round::{RoundPeriod, TriageDecision},
    view::{
        Worker,
        rounds::{Named, RoundList, RoundSummary, TriageCounts, TriageHead},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Rounds of one list: six years.
const MOST: u64 = 36;

/// The newest rounds, with counts of the entries that the actor may see.
///
/// # Errors
/// [`ApiError::Forbidden`] for who has nothing to do with rounds; the database's faults.
pub async fn list_rounds(ctx: &OpContext) -> Result<RoundList, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Round))?;
    load_list(ctx).await.map_err(StoreError::into_api)
}

async fn load_list(ctx: &OpContext) -> Result<RoundList, StoreError> {
    let rows = discovery_round::Entity::find()
        .filter(discovery_round::Column::TenantId.eq(ctx.tenant().0))
        .order_by_desc(discovery_round::Column::Year)
        .order_by_desc(discovery_round::Column::Number)
        .limit(MOST)
        .all(ctx.store.read())
        .await?;
    let waiting = link::Entity::find().filter(visible::links(&ctx.actor)).filter(link::Column::State.eq("open"));
    Ok(RoundList {
        rounds: summaries(ctx, rows).await?,
        links_waiting: u32::try_from(waiting.count(ctx.store.read()).await?).unwrap_or(u32::MAX),
        may_import: decide(&ctx.actor, Action::Import, &ctx.resource(Kind::Round)) == Decision::Allow,
    })
}

async fn summaries(ctx: &OpContext, rows: Vec<discovery_round::Model>) -> Result<Vec<RoundSummary>, StoreError> {
    let counts = counts(ctx, rows.iter().map(|row| row.id).collect()).await?;
    let names = names(ctx, rows.iter().map(|row| row.imported_by).collect()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(RoundSummary {
                id: RoundId(row.id),
                period: code(period_of(&row), "discovery_round.year")?,
                imported_at: row.imported_at,
                imported_by: names.get(&row.imported_by).cloned().unwrap_or_default(),
                counts: counts.get(&row.id).copied().unwrap_or_default(),
            })
        })
        .collect()
}

fn period_of(row: &discovery_round::Model) -> Option<RoundPeriod> {
    Some(RoundPeriod { year: row.year.try_into().ok()?, number: row.number.try_into().ok()? })
}

async fn counts(ctx: &OpContext, rounds: Vec<Uuid>) -> Result<HashMap<Uuid, TriageCounts>, StoreError> {
    let rows: Vec<(Uuid, String, i64)> = round_entry::Entity::find()
        .select_only()
        .columns([round_entry::Column::RoundId, round_entry::Column::Decision])
        .column_as(round_entry::Column::Id.count(), "entries")
        .filter(visible::round_entries(&ctx.actor))
        .filter(round_entry::Column::RoundId.is_in(rounds))
        .group_by(round_entry::Column::RoundId)
        .group_by(round_entry::Column::Decision)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut counts: HashMap<Uuid, TriageCounts> = HashMap::new();
    for (round, decision, count) in rows {
        let decision = code(TriageDecision::from_code(&decision), "round_entry.decision")?;
        counts.entry(round).or_default().add(decision, u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(counts)
}

/// Names of accounts on screens.
pub(super) async fn names(ctx: &OpContext, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, StoreError> {
    let rows: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::TenantId.eq(ctx.tenant().0))
        .filter(account::Column::Id.is_in(ids))
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().collect())
}

/// What the triage page of a round needs besides its rows.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such round.
pub async fn triage_head(ctx: &OpContext, id: RoundId) -> Result<TriageHead, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Round))?;
    load_head(ctx, id).await.map_err(StoreError::into_api)
}

async fn load_head(ctx: &OpContext, id: RoundId) -> Result<TriageHead, StoreError> {
    let key = (ctx.tenant().0, id.0);
    let row = discovery_round::Entity::find_by_id(key).one(ctx.store.read()).await?.ok_or(ApiError::NotFound)?;
    let round = summaries(ctx, vec![row]).await?.pop().ok_or(ApiError::NotFound)?;
    let dongs = dongs(ctx).await?.into_values();
    let mut dongs: Vec<Named> = dongs.collect();
    dongs.sort_by(|a, b| a.ko.cmp(&b.ko));
    Ok(TriageHead { round, dongs, workers: workers(ctx).await? })
}

/// The round of a period, when it was loaded.
///
/// # Errors
/// As [`list_rounds`].
pub async fn round_of(ctx: &OpContext, period: RoundPeriod) -> Result<Option<RoundId>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Round))?;
    let row = discovery_round::Entity::find()
        .filter(discovery_round::Column::TenantId.eq(ctx.tenant().0))
        .filter(discovery_round::Column::Year.eq(i32::from(period.year)))
        .filter(discovery_round::Column::Number.eq(i32::from(period.number)))
        .one(ctx.store.read())
        .await
        .map_err(|error| StoreError::from(error).into_api())?;
    Ok(row.map(|row| RoundId(row.id)))
}

/// Dongs of the district, by code.
pub(super) async fn dongs(ctx: &OpContext) -> Result<HashMap<String, Named>, StoreError> {
    let rows = dong::Entity::find().filter(dong::Column::TenantId.eq(ctx.tenant().0)).all(ctx.store.read()).await?;
    Ok(rows.into_iter().map(|row| (row.code.clone(), Named { code: row.code, ko: row.name_ko, en: row.name_en })).collect())
}

/// Caseworkers within the actor's reach: those of the actor's teams, or of the district.
async fn workers(ctx: &OpContext) -> Result<Vec<Worker>, StoreError> {
    let reach = domain::policy::reach(&ctx.actor, Action::Triage, Kind::Round);
    staff::holders(ctx, &[Role::Caseworker], staff::grants_within(ctx, &reach)).await
}
