//! People as screens show them: one person, the household, why we know of them, and who may be the same.

mod look_alikes;

use crate::{
    OpContext,
    audit::{Entry, record_reads},
    cases::{Names, Part, along, timelines, viewers},
    crypt::TenantKeys,
    entity::{case_file, discovery_round, household_member, indicator, link, neighbor, sign, sign_tick, signal},
    error::StoreError,
    records,
    records::code,
    staff,
};
use domain::{
    ApiError,
    case::Urgency,
    ids::{CaseId, LinkId, NeighborId, TeamId, UserId},
    policy::{Action, Kind, Role, reach},
    profile::{Channel, HouseholdMember},
    round::RoundPeriod,
    view::{
        Page, Worker,
        cases::TimelineEntry,
        neighbors::{BothNames, May, NeighborPage, OpenLink, Person, RoundSignals, SeenSign, Why},
    },
};
pub use look_alikes::look_alikes;
#[cfg(test)]
pub(crate) use look_alikes::{by_dong_and_year, by_phone};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Signs of one person that a page shows.
const SIGNS: usize = 100;
/// Pairs and closed cases of one person that a page shows.
const FEW: usize = 20;

/// A person's page.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such person or the record is hidden from the actor.
pub async fn get(ctx: &OpContext, id: NeighborId) -> Result<NeighborPage, ApiError> {
    let page = async {
        let row = find(ctx, id).await?;
        Box::pin(load(ctx, vec![row], Part::First)).await?.remove(&id.0).ok_or_else(|| ApiError::NotFound.into())
    };
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
        Ok(households(ctx, vec![row.household_id]).await?.remove(&row.household_id).unwrap_or_default())
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

/// The pages of people, by id, for a caller that has authorized and records the looks itself.
pub(crate) async fn load(
    ctx: &OpContext,
    rows: Vec<neighbor::Model>,
    part: Part,
) -> Result<HashMap<Uuid, NeighborPage>, StoreError> {
    let mut around = Box::pin(Around::load(ctx, &rows, part)).await?;
    rows.into_iter().map(|row| Ok((row.id, around.page(ctx, row)?))).collect()
}

/// What stands around people: each table is asked once for all of them.
struct Around {
    keys: Arc<TenantKeys>,
    names: Names,
    named: HashMap<Uuid, Vec<UserId>>,
    rounds: Rounds,
    signs: HashMap<Uuid, Vec<SeenSign>>,
    households: HashMap<Uuid, Vec<HouseholdMember>>,
    links: HashMap<Uuid, Vec<OpenLink>>,
    timelines: HashMap<Uuid, Page<TimelineEntry>>,
    closed: HashMap<Uuid, Vec<CaseId>>,
}

impl Around {
    async fn load(ctx: &OpContext, rows: &[neighbor::Model], part: Part) -> Result<Self, StoreError> {
        let (db, tenant) = (ctx.store.read(), ctx.tenant());
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let named = records::named_for(db, tenant, restricted(rows)).await?;
        let mut names = Names::load(db, tenant).await?;
        names.add_workers(db, tenant, named.values().flatten().map(|user| user.0)).await?;
        let rounds = round_signals(ctx, &ids).await?;
        Ok(Self {
            keys: ctx.store.keys(tenant).await?,
            signs: seen_signs(ctx, &ids).await?,
            households: households(ctx, rows.iter().map(|row| row.household_id).collect()).await?,
            links: open_links(ctx, &ids).await?,
            timelines: Box::pin(timelines(ctx, &ids, part, &rounds)).await?,
            closed: closed_cases(ctx, &ids).await?,
            names,
            named,
            rounds,
        })
    }

    fn page(&mut self, ctx: &OpContext, row: neighbor::Model) -> Result<NeighborPage, StoreError> {
        let only = row.restricted.then(|| self.named.remove(&row.id).unwrap_or_default());
        let resource = records::neighbor_resource(&row, only.clone());
        let case = ctx.resource(Kind::Case).in_team(row.team_id.map(TeamId));
        let may = May {
            edit: ctx.check(Action::Edit, &resource).is_ok(),
            restrict: ctx.check(Action::Assign, &resource).is_ok(),
            open_case: row.open_case_id.is_none() && ctx.check(Action::Create, &case.owned_by([ctx.user()])).is_ok(),
            ..May::default()
        };
        let rounds = self.rounds.remove(&row.id).unwrap_or_default().into_iter().map(|(_, signals)| signals).collect();
        Ok(NeighborPage {
            why: Why { rounds, signs: self.signs.remove(&row.id).unwrap_or_default() },
            // Two people may share a household.
            members: self.households.get(&row.household_id).cloned().unwrap_or_default(),
            links: self.links.remove(&row.id).unwrap_or_default(),
            timeline: self.timelines.remove(&row.id).unwrap_or_default(),
            closed_cases: self.closed.remove(&row.id).unwrap_or_default(),
            person: self.person(row, only)?,
            may,
        })
    }

    fn person(&self, row: neighbor::Model, only: Option<Vec<UserId>>) -> Result<Person, StoreError> {
        let mut named: Vec<Worker> = only.iter().flatten().map(|user| self.names.worker(user.0)).collect();
        named.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Person {
            named,
            record: records::open_neighbor(&self.keys, &row, only)?,
            dong: self.names.dong(&row.dong_code)?,
            team: row.team_id.and_then(|team| self.names.team(team)),
            open_case: row.open_case_id.map(CaseId),
            registered_at: row.registered_at,
            merged_into: row.merged_into.map(NeighborId),
        })
    }
}

fn restricted(rows: &[neighbor::Model]) -> Vec<Uuid> {
    rows.iter().filter(|row| row.restricted).map(|row| row.id).collect()
}

/// Who lives in each household.
async fn households(ctx: &OpContext, households: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<HouseholdMember>>, StoreError> {
    use household_member::Column;
    let rows = household_member::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::HouseholdId.is_in(households))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::Id)
        .all(ctx.store.read())
        .await?;
    let mut members: HashMap<Uuid, Vec<HouseholdMember>> = HashMap::new();
    for row in rows {
        members.entry(row.household_id).or_default().push(records::member(row)?);
    }
    Ok(members)
}

/// What the lists said of people, by person, the newest list first, with its id.
pub(crate) type Rounds = HashMap<Uuid, Vec<(Uuid, RoundSignals)>>;

/// What the lists said of people.
pub(crate) async fn round_signals(ctx: &OpContext, people: &[Uuid]) -> Result<Rounds, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let mut rows = signal::Entity::find()
        .filter(signal::Column::TenantId.eq(tenant))
        .filter(signal::Column::NeighborId.is_in(people.iter().copied()))
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Rounds::new());
    }
    rows.sort_by(|one, other| one.indicator.cmp(&other.indicator));
    let words = indicator_names(ctx, rows.iter().map(|row| row.indicator.clone()).collect()).await?;
    let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.round_id).collect();
    let rounds = discovery_round::Entity::find()
        .filter(discovery_round::Column::TenantId.eq(tenant))
        .filter(discovery_round::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let mut told: BTreeMap<(Uuid, Uuid), Vec<signal::Model>> = BTreeMap::new();
    for row in rows {
        told.entry((row.neighbor_id, row.round_id)).or_default().push(row);
    }
    let rounds: HashMap<Uuid, discovery_round::Model> = rounds.into_iter().map(|round| (round.id, round)).collect();
    let mut found = Rounds::new();
    for ((person, round), signals) in told {
        let round = code(rounds.get(&round), "signal.round_id")?;
        let received_at = signals.iter().map(|row| row.received_at).max().unwrap_or(round.imported_at);
        let indicators = signals.iter().filter_map(|row| words.get(&row.indicator).cloned()).collect();
        found.entry(person).or_default().push((round.id, RoundSignals { period: period(round)?, received_at, indicators }));
    }
    found.values_mut().for_each(|told| told.sort_by_key(|(id, signals)| Reverse((signals.received_at, *id))));
    Ok(found)
}

fn period(round: &discovery_round::Model) -> Result<RoundPeriod, StoreError> {
    Ok(RoundPeriod {
        year: code(i16::try_from(round.year).ok(), "discovery_round.year")?,
        number: code(round.number.try_into().ok(), "discovery_round.number")?,
    })
}

/// The names of indicators, each in its newest version.
async fn indicator_names(ctx: &OpContext, codes: BTreeSet<String>) -> Result<HashMap<String, BothNames>, StoreError> {
    let rows = indicator::Entity::find()
        .filter(indicator::Column::TenantId.eq(ctx.tenant().0))
        .filter(indicator::Column::Code.is_in(codes))
        .order_by_asc(indicator::Column::Version)
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.code, BothNames { ko: row.name_ko, en: row.name_en })).collect())
}

/// The signs that were ticked, by person, the newest first, in the words of the version that was shown.
async fn seen_signs(ctx: &OpContext, people: &[Uuid]) -> Result<HashMap<Uuid, Vec<SeenSign>>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let mut ticks = sign_tick::Entity::find()
        .filter(sign_tick::Column::TenantId.eq(tenant))
        .filter(sign_tick::Column::NeighborId.is_in(people.iter().copied()))
        .all(db)
        .await?;
    if ticks.is_empty() {
        return Ok(HashMap::new());
    }
    ticks.sort_by_key(|tick| Reverse((tick.ticked_at, tick.id)));
    let codes: BTreeSet<String> = ticks.iter().map(|tick| tick.sign.clone()).collect();
    let words =
        sign::Entity::find().filter(sign::Column::TenantId.eq(tenant)).filter(sign::Column::Code.is_in(codes)).all(db).await?;
    let words: HashMap<(String, i32), sign::Model> =
        words.into_iter().map(|row| ((row.code.clone(), row.version), row)).collect();
    let mut seen: HashMap<Uuid, Vec<SeenSign>> = HashMap::new();
    for tick in ticks {
        let of = seen.entry(tick.neighbor_id).or_default();
        if of.len() < SIGNS {
            of.push(seen_sign(&words, tick)?);
        }
    }
    Ok(seen)
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

/// Pairs with these people that wait for a decision, by person, where the other record may be seen too.
async fn open_links(ctx: &OpContext, people: &[Uuid]) -> Result<HashMap<Uuid, Vec<OpenLink>>, StoreError> {
    use link::Column;
    let mut ends = Vec::new();
    // One after the other, and whether they are open is seen here: else an engine would read all open pairs of the district.
    for (one, other) in [(Column::NewerId, Column::OlderId), (Column::OlderId, Column::NewerId)] {
        let rows: Vec<(Uuid, Uuid, Uuid, String)> = link::Entity::find()
            .select_only()
            .columns([Column::Id, one, other, Column::State])
            .filter(Column::TenantId.eq(ctx.tenant().0))
            .filter(one.is_in(people.iter().copied()))
            .into_tuple()
            .all(ctx.store.read())
            .await?;
        ends.extend(rows.into_iter().filter(|(_, _, _, state)| state == "open"));
    }
    ends.sort_unstable();
    let known = names_of(ctx, ends.iter().map(|(_, _, other, _)| *other).collect()).await?;
    let mut links: HashMap<Uuid, Vec<OpenLink>> = HashMap::new();
    for (id, person, other, _) in ends {
        let Some(name) = known.get(&other) else { continue };
        let of = links.entry(person).or_default();
        if of.len() < FEW {
            of.push(OpenLink { id: LinkId(id), other: NeighborId(other), name: name.clone() });
        }
    }
    Ok(links)
}

/// The names of those whom the actor may look at. The caller records the looks.
async fn names_of(ctx: &OpContext, people: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Option<String>>, StoreError> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let (db, tenant) = (ctx.store.read(), ctx.tenant());
    let rows = neighbor::Entity::find()
        .filter(neighbor::Column::TenantId.eq(tenant.0))
        .filter(neighbor::Column::Id.is_in(people))
        .all(db)
        .await?;
    let mut named = records::named_for(db, tenant, restricted(&rows)).await?;
    let along = along(db, tenant, rows.iter().filter_map(|row| row.open_case_id).collect()).await?;
    let is_seen = |row: &neighbor::Model| -> bool {
        let only = row.restricted.then(|| named.remove(&row.id).unwrap_or_default());
        let along = row.open_case_id.and_then(|case| along.get(&case)).into_iter().flatten().copied();
        ctx.check(Action::View, &records::neighbor_resource(row, only).owned_by(along)).is_ok()
    };
    Ok(rows.into_iter().filter(is_seen).map(|row| (row.id, row.name)).collect())
}

/// Closed cases, by person, the newest first.
async fn closed_cases(ctx: &OpContext, people: &[Uuid]) -> Result<HashMap<Uuid, Vec<CaseId>>, StoreError> {
    use case_file::Column;
    let rows: Vec<(Uuid, Uuid)> = case_file::Entity::find()
        .select_only()
        .columns([Column::NeighborId, Column::Id])
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.is_in(people.iter().copied()))
        .filter(Column::IsOpen.eq(false))
        .order_by_desc(Column::ClosedAt)
        .order_by_desc(Column::Id)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut closed: HashMap<Uuid, Vec<CaseId>> = HashMap::new();
    for (person, case) in rows {
        let of = closed.entry(person).or_default();
        if of.len() < FEW {
            of.push(CaseId(case));
        }
    }
    Ok(closed)
}
