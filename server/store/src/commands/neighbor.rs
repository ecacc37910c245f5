//! Registering, recognising and editing neighbors.

use super::{case_state, household};
use crate::{
    entity::{account, link, neighbor, neighbor_name, neighbor_named, sign_tick},
    error::StoreError,
    records,
    standing::Thing,
    tenants,
    write::{Changed, Write, insert_chunks},
};
use domain::{
    ApiError, Invalid,
    case::Urgency,
    command::NeighborCommand,
    ids::{CaseId, HouseholdId, LinkId, NeighborId, Rev, TeamId, TickId, UserId, VisitId},
    policy::{Action, Kind},
    profile::{Channel, ContactConsent, HouseholdMember, Language, LivingPlace, NeighborProfile, ProfileEdits, Sex},
    search, text,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, sea_query::OnConflict,
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) async fn apply(write: &mut Write<'_>, command: &NeighborCommand) -> Result<Rev, StoreError> {
    match command {
        NeighborCommand::Register { id, household, profile, members, signs, learned_from, different_from, open_case } => {
            let new = NewNeighbor { id: *id, household: *household, learned_from: *learned_from };
            register(write, &new, profile, members, signs).await?;
            note_different(write, *id, different_from).await?;
            if let Some((case, urgency)) = open_case {
                open_first_case(write, *id, *case, *urgency, *learned_from).await?;
            }
            Ok(Rev::FIRST)
        }
        NeighborCommand::Recognise { id, signs, learned_from } => recognise(write, *id, signs, *learned_from).await,
        NeighborCommand::Edit { id, edits } => edit(write, *id, edits).await,
        NeighborCommand::PutMember { id, member } => household::put_member(write, *id, member).await,
        NeighborCommand::EditMember { id, member, edits } => household::edit_member(write, *id, *member, edits).await,
        NeighborCommand::RemoveMember { id, member } => household::remove_member(write, *id, *member).await,
        NeighborCommand::Restrict { id, only } => restrict(write, *id, only).await,
    }
}

/// A neighbor's row, locked, after policy allowed `action`.
pub(super) async fn load(write: &Write<'_>, id: NeighborId, action: Action) -> Result<neighbor::Model, StoreError> {
    let row = find(write, id).await?;
    let only = records::named(write.tx, write.ctx.tenant(), row.id, row.restricted).await?;
    let resource = records::neighbor_resource(&row, only);
    let resource = match action {
        Action::View => crate::cases::viewers(write.tx, row.open_case_id, resource).await?,
        _ => resource,
    };
    write.allow_on(action, &resource, Thing::Neighbor(row.id)).await?;
    Ok(row)
}

/// A neighbor's row, locked, without asking policy: for what a right on the case allows.
pub(super) async fn find(write: &Write<'_>, id: NeighborId) -> Result<neighbor::Model, StoreError> {
    let query = neighbor::Entity::find_by_id((write.ctx.tenant().0, id.0));
    let query = if write.ctx.store.backend() == DbBackend::Postgres { query.lock_exclusive() } else { query };
    let row = query.one(write.tx).await?.ok_or(ApiError::NotFound)?;
    write.saw(changed(&row));
    Ok(row)
}

/// Writes a changed row back, one revision on, and tells the feed.
pub(super) async fn save(write: &mut Write<'_>, mut row: neighbor::Model) -> Result<Rev, StoreError> {
    row.rev += 1;
    row.updated_at = write.now;
    let changed = changed(&row);
    neighbor::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    write.changed(changed);
    Ok(changed.rev)
}

pub(super) fn changed(row: &neighbor::Model) -> Changed {
    Changed {
        former: false,
        entity: "neighbor",
        id: row.id,
        rev: Rev(row.rev),
        neighbor: Some(NeighborId(row.id)),
        team: row.team_id.map(TeamId),
        worker: row.worker_id.map(UserId),
        second: None,
        restricted: row.restricted,
    }
}

/// The ids that come with a registration.
pub(super) struct NewNeighbor {
    pub id: NeighborId,
    pub household: HouseholdId,
    pub learned_from: Channel,
}

async fn register(
    write: &mut Write<'_>,
    new: &NewNeighbor,
    profile: &NeighborProfile,
    members: &[HouseholdMember],
    signs: &[String],
) -> Result<(), StoreError> {
    let profile = profile.clone().checked()?;
    check_birth_year(write, &profile)?;
    let team = serving_team(write, &profile.dong).await?;
    // A worker registers whom they come across: in the dong of a team of theirs, or of any team when they have no team.
    write.allow(Action::Create, &write.ctx.resource(Kind::Neighbor).in_team(team).owned_by([write.ctx.user()]))?;
    check_new_household(write, new.household).await?;
    insert(write, new, &profile, team).await?;
    for member in members {
        household::store_member(write, new.household, member).await?;
    }
    tick_signs(write, new.id, None, signs, new.learned_from).await?;
    write.audit("neighbor", new.id, Some(new.id));
    write.event(None, new.id, "registered", json!({ "channel": new.learned_from, "signs": signs }));
    Ok(())
}

/// A household that is there already would show its members to whoever guessed its id.
async fn check_new_household(write: &Write<'_>, household: HouseholdId) -> Result<(), StoreError> {
    let taken = neighbor::Entity::find()
        .select_only()
        .column(neighbor::Column::Id)
        .filter(neighbor::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(neighbor::Column::HouseholdId.eq(household.0))
        .into_tuple::<Uuid>()
        .one(write.tx)
        .await?;
    if taken.is_some() { Err(ApiError::invalid("household", Invalid::Taken).into()) } else { Ok(()) }
}

/// Inserts a new neighbor with its name prepared for search.
pub(super) async fn insert(
    write: &mut Write<'_>,
    new: &NewNeighbor,
    profile: &NeighborProfile,
    team: Option<TeamId>,
) -> Result<(), StoreError> {
    let mut row = blank(write, new, team);
    records::put_profile(&write.keys, &mut row, profile)?;
    let change = changed(&row);
    neighbor::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(write.tx).await?;
    put_name(write, new.id, profile.name.as_deref()).await?;
    write.changed(change);
    Ok(())
}

/// A new row with nothing known yet.
pub(super) fn blank(write: &Write<'_>, new: &NewNeighbor, team: Option<TeamId>) -> neighbor::Model {
    neighbor::Model {
        tenant_id: write.ctx.tenant().0,
        id: new.id.0,
        household_id: new.household.0,
        name: None,
        birth_year: None,
        age_band: None,
        sex: Sex::Unknown.code().to_owned(),
        dong_code: String::new(),
        address: None,
        no_fixed_address: false,
        phone: None,
        phone_index: None,
        language: Language::Korean.code().to_owned(),
        living_place: LivingPlace::Unknown.code().to_owned(),
        contact_consent: ContactConsent::NotAsked.code().to_owned(),
        health_note: None,
        learned_from: new.learned_from.code().to_owned(),
        restricted: false,
        merged_into: None,
        team_id: team.map(Uuid::from),
        worker_id: None,
        open_case_id: None,
        registered_by: write.ctx.user().0,
        registered_at: write.written_at,
        updated_at: write.now,
        rev: 1,
    }
}

/// The team that serves a dong of this district.
pub(super) async fn serving_team(write: &Write<'_>, dong: &text::DongCode) -> Result<Option<TeamId>, StoreError> {
    let row = crate::entity::dong::Entity::find_by_id((write.ctx.tenant().0, dong.as_str().to_owned())).one(write.tx).await?;
    Ok(row.ok_or_else(|| ApiError::invalid("dong", Invalid::UnknownDong))?.team_id.map(TeamId))
}

fn check_birth_year(write: &Write<'_>, profile: &NeighborProfile) -> Result<(), StoreError> {
    use chrono::Datelike;
    let this_year = write.ctx.today().year();
    match profile.birth_year {
        Some(year) if !year.plausible(this_year) => Err(ApiError::invalid("birth_year", Invalid::BirthYear).into()),
        _ => Ok(()),
    }
}

/// Prepares a name for search, or takes it out.
pub(super) async fn put_name(write: &Write<'_>, id: NeighborId, name: Option<&str>) -> Result<(), StoreError> {
    let tenant = write.ctx.tenant().0;
    neighbor_name::Entity::delete_many()
        .filter(neighbor_name::Column::TenantId.eq(tenant))
        .filter(neighbor_name::Column::NeighborId.eq(id.0))
        .exec(write.tx)
        .await?;
    if let Some(name) = name {
        let row = neighbor_name::ActiveModel {
            tenant_id: Set(tenant),
            neighbor_id: Set(id.0),
            jamo: Set(search::jamo(name)),
            initials: Set(search::initials_index(name)),
        };
        neighbor_name::Entity::insert(row).exec_without_returning(write.tx).await?;
    }
    Ok(())
}

/// Keeps ticked signs as they were ticked, with the version of the catalogue that was shown.
pub(super) async fn tick_signs(
    write: &Write<'_>,
    id: NeighborId,
    visit: Option<VisitId>,
    signs: &[String],
    channel: Channel,
) -> Result<(), StoreError> {
    if signs.is_empty() {
        return Ok(());
    }
    let known = tenants::current_signs(write.tx, write.ctx.tenant()).await?;
    let mut rows = Vec::with_capacity(signs.len());
    for code in signs {
        let sign = known.get(code).ok_or_else(|| ApiError::invalid("signs", Invalid::UnknownCode))?;
        rows.push(sign_tick::ActiveModel {
            tenant_id: Set(write.ctx.tenant().0),
            id: Set(TickId::new().0),
            neighbor_id: Set(id.0),
            visit_id: Set(visit.map(Uuid::from)),
            sign: Set(sign.code.clone()),
            sign_version: Set(sign.version),
            channel: Set(channel.code().to_owned()),
            ticked_by: Set(write.ctx.user().0),
            ticked_at: Set(write.written_at),
        });
    }
    insert_chunks::<sign_tick::Entity, _>(write.tx, rows).await
}

/// Records that look-alikes were judged to be other people.
async fn note_different(write: &Write<'_>, id: NeighborId, others: &[NeighborId]) -> Result<(), StoreError> {
    for other in others {
        let older = load(write, *other, Action::View).await?;
        let row = link::ActiveModel {
            tenant_id: Set(write.ctx.tenant().0),
            id: Set(LinkId::new().0),
            newer_id: Set(id.0),
            older_id: Set(older.id),
            team_id: Set(older.team_id),
            reasons: Set(json!([])),
            state: Set("different".to_owned()),
            found_at: Set(write.written_at),
            decided_by: Set(Some(write.ctx.user().0)),
            decided_at: Set(Some(write.written_at)),
            rev: Set(1),
        };
        let once =
            OnConflict::columns([link::Column::TenantId, link::Column::NewerId, link::Column::OlderId]).do_nothing().to_owned();
        link::Entity::insert(row).on_conflict(once).exec_without_returning(write.tx).await?;
    }
    Ok(())
}

async fn open_first_case(
    write: &mut Write<'_>,
    id: NeighborId,
    case: CaseId,
    urgency: Urgency,
    learned_from: Channel,
) -> Result<(), StoreError> {
    // Whoever registers a neighbor and holds cases takes the case; a manager's goes to the team's queue.
    let worker = write.ctx.actor.is(domain::policy::Role::Caseworker).then(|| write.ctx.user());
    let opening = case_state::Opening { id: case, neighbor: id, urgency, learned_from, worker, discovered_at: write.written_at };
    case_state::open_first(write, &opening).await.map(drop)
}

async fn recognise(write: &mut Write<'_>, id: NeighborId, signs: &[String], learned_from: Channel) -> Result<Rev, StoreError> {
    let row = load(write, id, Action::Edit).await?;
    tick_signs(write, id, None, signs, learned_from).await?;
    write.audit("neighbor", id, Some(id));
    write.event(row.open_case_id.map(CaseId), id, "recognised", json!({ "channel": learned_from, "signs": signs }));
    save(write, row).await
}

async fn edit(write: &mut Write<'_>, id: NeighborId, edits: &ProfileEdits) -> Result<Rev, StoreError> {
    let mut row = load(write, id, Action::Edit).await?;
    let mut profile = records::open_profile(&write.keys, &row)?;
    let merge = edits.merge_into(&mut profile);
    if !merge.conflicts.is_empty() {
        return Err(ApiError::Conflict { fields: merge.conflicts, rev: row.rev }.into());
    }
    if merge.changed.is_empty() {
        return Ok(Rev(row.rev));
    }
    write.merged = write.base_rev.is_some_and(|base| base.0 < row.rev);
    let profile = profile.checked()?;
    check_birth_year(write, &profile)?;
    if merge.changed.contains(&"dong") {
        row.team_id = serving_team(write, &profile.dong).await?.map(Uuid::from);
    }
    records::put_profile(&write.keys, &mut row, &profile)?;
    if merge.changed.contains(&"name") {
        put_name(write, id, profile.name.as_deref()).await?;
    }
    write.audit("neighbor", id, Some(id));
    write.event(row.open_case_id.map(CaseId), id, "edited", json!({ "fields": merge.changed }));
    case_state::follow_profile(write, &row).await?;
    if merge.changed.contains(&"dong") {
        super::round::follow_dong(write, &row).await?;
        super::link::follow_team(write, &row).await?;
    }
    save(write, row).await
}

async fn restrict(write: &mut Write<'_>, id: NeighborId, only: &[UserId]) -> Result<Rev, StoreError> {
    let mut row = load(write, id, Action::Assign).await?;
    let tenant = write.ctx.tenant().0;
    let named_before = records::named(write.tx, write.ctx.tenant(), row.id, row.restricted).await?;
    neighbor_named::Entity::delete_many()
        .filter(neighbor_named::Column::TenantId.eq(tenant))
        .filter(neighbor_named::Column::NeighborId.eq(id.0))
        .exec(write.tx)
        .await?;
    let known = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::Id.is_in(only.iter().map(|user| user.0)))
        .count(write.tx)
        .await?;
    if known != only.iter().collect::<BTreeSet<_>>().len() as u64 {
        return Err(ApiError::invalid("only", Invalid::UnknownUser).into());
    }
    // Whoever restricts a record must not lock themselves out of lifting it again.
    let mut names: BTreeSet<UserId> = only.iter().copied().collect();
    if !only.is_empty() {
        names.insert(write.ctx.user());
    }
    let rows = names.iter().map(|user| neighbor_named::ActiveModel {
        tenant_id: Set(tenant),
        neighbor_id: Set(id.0),
        account_id: Set(user.0),
    });
    insert_chunks::<neighbor_named::Entity, _>(write.tx, rows.collect()).await?;
    row.restricted = !names.is_empty();
    if row.restricted {
        // Those who are named no longer can't hear of a restricted record: they are told by their own name.
        let unnamed = named_before.into_iter().flatten().filter(|user| !names.contains(user));
        unnamed.for_each(|user| {
            write.changed(Changed { team: None, worker: Some(user), restricted: false, former: true, ..changed(&row) });
        });
    }
    case_state::follow_restriction(write, &row).await?;
    write.audit("neighbor", id, Some(id));
    write.event(row.open_case_id.map(CaseId), id, "restricted", json!({ "restricted": row.restricted }));
    save(write, row).await
}
