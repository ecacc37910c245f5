//! Who may be the same person as the one being registered. Candidates come by name, phone, and birth year with dong,
//! at most 200; `domain::linkage` puts them in order. Of people beyond the actor's view only the team is said; of
//! restricted ones nothing.

use crate::{
    OpContext,
    audit::{Entry, record_reads},
    cases::Names,
    dialect,
    entity::neighbor::{self, Column},
    error::StoreError,
    records, visible,
};
use domain::{
    ApiError,
    ids::{CaseId, NeighborId},
    linkage::{Identity, LinkLevel, LinkScore, score},
    policy::{Action, Kind},
    search::NameQuery,
    text::{BirthYear, DongCode},
    view::neighbors::{LookAlike, PersonDraft},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// Look-alikes that are shown.
const SHOWN: usize = 5;
/// Candidates by name.
const BY_NAME: u32 = 120;
/// Candidates by phone, and by birth year and dong.
const BY_OTHER: u64 = 40;

/// The five people who most likely are the one being written down, the likeliest first; nobody below "possible".
///
/// # Errors
/// [`ApiError::Forbidden`] for people who register nobody.
pub async fn look_alikes(ctx: &OpContext, draft: &PersonDraft) -> Result<Vec<LookAlike>, ApiError> {
    let own = ctx.resource(Kind::Neighbor).owned_by([ctx.user()]);
    ctx.check(Action::Create, &own).map_err(|_opaque| ApiError::Forbidden)?;
    if !draft.is_enough() {
        return Ok(Vec::new());
    }
    let found = Box::pin(load(ctx, draft)).await.map_err(StoreError::into_api)?;
    let looks = found.iter().filter_map(|found| match found {
        LookAlike::Known { id, .. } => Some(Entry::one("search", "neighbor", *id, Some(*id))),
        LookAlike::Elsewhere { .. } => None,
    });
    record_reads(ctx, looks.chain([Entry::list("search", "neighbor", found.len())]).collect()).await?;
    Ok(found)
}

async fn load(ctx: &OpContext, draft: &PersonDraft) -> Result<Vec<LookAlike>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant());
    let keys = ctx.store.keys(tenant).await?;
    let wanted = draft.identity();
    let mut ranked: Vec<(LinkScore, neighbor::Model)> = Vec::new();
    for row in candidates(ctx, draft).await? {
        let found = score(&wanted, &Identity::from(&records::open_profile(&keys, &row)?));
        if found.level() != LinkLevel::Unlikely {
            ranked.push((found, row));
        }
    }
    ranked.sort_by(|(a, _), (b, _)| b.weight.total_cmp(&a.weight));
    ranked.truncate(SHOWN);
    let seen = in_view(ctx, ranked.iter().map(|(_, row)| row.id)).await?;
    let mut names = Names::load(db, tenant).await?;
    names.add_workers(db, tenant, ranked.iter().filter_map(|(_, row)| row.worker_id)).await?;
    let mut elsewhere: BTreeSet<Option<Uuid>> = BTreeSet::new();
    let mut shown = Vec::new();
    for (found, row) in ranked {
        if seen.contains(&row.id) {
            shown.push(known(&names, found, row)?);
        } else if elsewhere.insert(row.team_id) {
            shown.push(LookAlike::Elsewhere { team: row.team_id.and_then(|team| names.team(team)) });
        }
    }
    Ok(shown)
}

/// Which of these the actor may look at.
async fn in_view(ctx: &OpContext, ids: impl IntoIterator<Item = Uuid>) -> Result<HashSet<Uuid>, StoreError> {
    let ids: Vec<Uuid> = neighbor::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .filter(visible::neighbors(&ctx.actor))
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(ids.into_iter().collect())
}

fn known(names: &Names, found: LinkScore, row: neighbor::Model) -> Result<LookAlike, StoreError> {
    Ok(LookAlike::Known {
        id: NeighborId(row.id),
        birth_year: row.birth_year.and_then(|year| i16::try_from(year).ok()).and_then(|year| BirthYear::try_from(year).ok()),
        age_band: row.age_band.as_deref().and_then(domain::profile::AgeBand::from_code),
        sex: records::code(domain::profile::Sex::from_code(&row.sex), "neighbor.sex")?,
        dong: names.dong(&row.dong_code)?,
        open_case: row.open_case_id.map(CaseId),
        worker: row.worker_id.map(|worker| names.worker(worker)),
        name: row.name,
        level: found.level(),
        probability: found.probability,
        reasons: found.reasons,
    })
}

async fn candidates(ctx: &OpContext, draft: &PersonDraft) -> Result<Vec<neighbor::Model>, StoreError> {
    let db = ctx.store.read();
    let named = name_candidates(ctx, draft.name.as_deref().unwrap_or_default()).await?;
    let mut rows = Vec::new();
    if !named.is_empty() {
        rows.extend(unmerged(ctx).filter(Column::Id.is_in(named)).all(db).await?);
    }
    if let Some(phone) = &draft.phone {
        let index = records::phone_index(&*ctx.store.keys(ctx.tenant()).await?, phone.digits());
        rows.extend(by_phone(ctx, index).all(db).await?);
    }
    if let Some((year, dong)) = draft.birth_year.zip(draft.dong.as_ref()) {
        rows.extend(by_dong_and_year(ctx, dong, year).all(db).await?);
    }
    let mut once = HashSet::new();
    rows.retain(|row| once.insert(row.id));
    Ok(rows)
}

/// By the whole name, and, so that a slip of the pen does not hide somebody, by its first and its last two characters.
async fn name_candidates(ctx: &OpContext, name: &str) -> Result<BTreeSet<Uuid>, StoreError> {
    let chars: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
    let whole: String = chars.iter().collect();
    let first: String = chars.iter().take(2).collect();
    let last: String = chars.iter().skip(chars.len().saturating_sub(2)).collect();
    let mut found = BTreeSet::new();
    for (part, limit) in [(whole, BY_NAME / 2), (last, BY_NAME / 4), (first, BY_NAME / 4)] {
        let NameQuery::Syllables { nfd, .. } = NameQuery::parse(&part) else { continue };
        let hits = dialect::name_hits(ctx.store.read(), ctx.tenant().0, (&nfd, false), None, limit).await?;
        found.extend(hits.into_iter().map(|(id, _)| id));
    }
    Ok(found)
}

/// Records that stand for themselves and are no secret, or are known to the actor.
fn unmerged(ctx: &OpContext) -> Select<neighbor::Entity> {
    neighbor::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::MergedInto.is_null())
        .filter(Condition::all().add(visible::unrestricted_neighbors(&ctx.actor)))
}

pub(crate) fn by_phone(ctx: &OpContext, index: Vec<u8>) -> Select<neighbor::Entity> {
    unmerged(ctx).filter(Column::PhoneIndex.eq(index)).limit(BY_OTHER)
}

pub(crate) fn by_dong_and_year(ctx: &OpContext, dong: &DongCode, year: BirthYear) -> Select<neighbor::Entity> {
    unmerged(ctx)
        .filter(Column::DongCode.eq(dong.as_str()))
        .filter(Column::BirthYear.eq(i32::from(year.get())))
        .order_by_desc(Column::Id)
        .limit(BY_OTHER)
}
