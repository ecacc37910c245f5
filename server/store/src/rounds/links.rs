//! Pairs of records that may be one person, side by side.

use super::list::dongs;
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    crypt::TenantKeys,
    entity::{link, neighbor},
    error::StoreError,
    records::{self, code},
    visible,
};
use domain::{
    ApiError,
    ids::{CaseId, LinkId, NeighborId, TeamId},
    linkage::{Identity, score},
    policy::{Action, Decision, Kind, decide},
    profile::Channel,
    view::{
        Page,
        rounds::{LinkPair, LinkPerson, Named},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Pairs on a page.
const PAGE: u64 = 20;

/// A page of the pairs that wait for a decision by the actor, the oldest first.
///
/// # Errors
/// [`ApiError::Forbidden`] for those who do not work with lists; [`ApiError::BadRequest`] for a cursor that is none; the database's faults.
pub async fn list_links(ctx: &OpContext, cursor: Option<&str>) -> Result<Page<LinkPair>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Round))?;
    let after: Option<Uuid> = cursor.map(|cursor| cursor.parse().map_err(|_cause| ApiError::BadRequest)).transpose()?;
    let page = load(ctx, after).await.map_err(StoreError::into_api)?;
    let shown = |pair: &LinkPair| [pair.older.id, pair.newer.id].map(|id| Entry::one("view", "link", pair.id, Some(id)));
    record_reads(ctx, page.rows.iter().flat_map(shown).collect()).await?;
    Ok(page)
}

async fn load(ctx: &OpContext, after: Option<Uuid>) -> Result<Page<LinkPair>, StoreError> {
    let mut query = link::Entity::find().filter(visible::links(&ctx.actor)).filter(link::Column::State.eq("open"));
    if let Some(after) = after {
        query = query.filter(link::Column::Id.gt(after));
    }
    let mut rows = query.order_by_asc(link::Column::Id).limit(PAGE + 1).all(ctx.store.read()).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let people = people(ctx, &rows).await?;
    let dongs = dongs(ctx).await?;
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut pairs = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(newer), Some(older)) = (people.get(&row.newer_id), people.get(&row.older_id)) else { continue };
        if is_kept(ctx, &row, newer).await? || is_kept(ctx, &row, older).await? {
            continue;
        }
        pairs.push(pair(&keys, &dongs, &row, newer, older)?);
    }
    Ok(Page { rows: pairs, next })
}

async fn people(ctx: &OpContext, rows: &[link::Model]) -> Result<HashMap<Uuid, neighbor::Model>, StoreError> {
    let ids: BTreeSet<Uuid> = rows.iter().flat_map(|row| [row.newer_id, row.older_id]).collect();
    let rows = neighbor::Entity::find()
        .filter(neighbor::Column::TenantId.eq(ctx.tenant().0))
        .filter(neighbor::Column::Id.is_in(ids))
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Whether a restricted record keeps the pair from the actor.
async fn is_kept(ctx: &OpContext, link: &link::Model, person: &neighbor::Model) -> Result<bool, StoreError> {
    let only = records::named(ctx.store.read(), ctx.tenant(), person.id, person.restricted).await?;
    let resource = ctx.resource(Kind::Link).in_team(link.team_id.map(TeamId)).only_for(only);
    Ok(decide(&ctx.actor, Action::View, &resource) != Decision::Allow)
}

fn pair(
    keys: &TenantKeys,
    dongs: &HashMap<String, Named>,
    row: &link::Model,
    newer: &neighbor::Model,
    older: &neighbor::Model,
) -> Result<LinkPair, StoreError> {
    let (newer, older) = (person(keys, dongs, newer)?, person(keys, dongs, older)?);
    // Of what is known today: a phone that was added since the pair was found counts.
    let score = score(&Identity::from(&newer.profile), &Identity::from(&older.profile));
    Ok(LinkPair { id: LinkId(row.id), found_at: row.found_at, older, newer, score })
}

fn person(keys: &TenantKeys, dongs: &HashMap<String, Named>, row: &neighbor::Model) -> Result<LinkPerson, StoreError> {
    let mut profile = records::open_profile(keys, row)?;
    // Who somebody is can be told without what ails them.
    profile.health_note = None;
    Ok(LinkPerson {
        id: NeighborId(row.id),
        profile,
        dong: dongs.get(&row.dong_code).cloned().unwrap_or_default(),
        learned_from: code(Channel::from_code(&row.learned_from), "neighbor.learned_from")?,
        since: row.registered_at,
        open_case: row.open_case_id.map(CaseId),
    })
}
