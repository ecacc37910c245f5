//! From rows to records and back: opening and sealing fields, and what policy must know about a row.

use crate::{
    OpContext,
    crypt::{Cell, TenantKeys},
    entity::{case_file, household_member, neighbor, neighbor_named, visit},
    error::StoreError,
};
use domain::{
    case::{CaseFacts, ClosureReason, Stage, Urgency},
    ids::{HouseholdId, MemberId, NeighborId, Rev, TeamId, TenantId, UserId},
    policy::{Kind, Resource},
    profile::{
        AgeBand, Channel, ContactConsent, HouseholdMember, Language, LivingPlace, NeighborProfile, NeighborRecord, Relation, Sex,
    },
    text::{BirthYear, DongCode, PhoneNumber},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// Reads a stored code.
pub(crate) fn code<T>(value: Option<T>, column: &'static str) -> Result<T, StoreError> {
    value.ok_or(StoreError::Corrupt(column))
}

/// For whom a restricted neighbor exists; `None` when it is not restricted.
pub(crate) async fn named<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    neighbor: Uuid,
    restricted: bool,
) -> Result<Option<Vec<UserId>>, StoreError> {
    if !restricted {
        return Ok(None);
    }
    Ok(Some(named_for(db, tenant, vec![neighbor]).await?.remove(&neighbor).unwrap_or_default()))
}

/// For whom restricted neighbors exist, by neighbor; one for whom nobody is named is left out.
pub(crate) async fn named_for<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    restricted: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<UserId>>, StoreError> {
    let mut named: HashMap<Uuid, Vec<UserId>> = HashMap::new();
    if restricted.is_empty() {
        return Ok(named);
    }
    let rows = neighbor_named::Entity::find()
        .filter(neighbor_named::Column::TenantId.eq(tenant.0))
        .filter(neighbor_named::Column::NeighborId.is_in(restricted))
        .all(db)
        .await?;
    for row in rows {
        named.entry(row.neighbor_id).or_default().push(UserId(row.account_id));
    }
    named.values_mut().for_each(|users| users.sort_unstable());
    Ok(named)
}

/// What policy must know about a neighbor.
pub(crate) fn neighbor_resource(row: &neighbor::Model, only: Option<Vec<UserId>>) -> Resource {
    Resource::of(Kind::Neighbor, TenantId(row.tenant_id))
        .in_team(row.team_id.map(TeamId))
        .owned_by(row.worker_id.map(UserId))
        .only_for(only)
}

/// What policy must know about a case.
pub(crate) fn case_resource(row: &case_file::Model, only: Option<Vec<UserId>>) -> Resource {
    Resource::of(Kind::Case, TenantId(row.tenant_id))
        .in_team(row.team_id.map(TeamId))
        .owned_by(row.worker_id.map(UserId))
        .only_for(only)
}

/// What policy must know about a visit.
pub(crate) fn visit_resource(row: &visit::Model, only: Option<Vec<UserId>>) -> Resource {
    Resource::of(Kind::Visit, TenantId(row.tenant_id))
        .in_team(row.team_id.map(TeamId))
        .owned_by([Some(row.worker_id), row.second_worker_id].into_iter().flatten().map(UserId))
        .only_for(only)
}

/// Opens a neighbor's row.
pub(crate) fn open_profile(keys: &TenantKeys, row: &neighbor::Model) -> Result<NeighborProfile, StoreError> {
    let open = |column, sealed: &Option<Vec<u8>>| keys.open_text(Cell::new("neighbor", column, row.id), sealed.as_deref());
    let birth_year = row.birth_year.map(|year| i16::try_from(year).ok().and_then(|y| BirthYear::try_from(y).ok()));
    let phone = open("phone", &row.phone)?.map(PhoneNumber::try_from).transpose();
    Ok(NeighborProfile {
        name: row.name.clone(),
        birth_year: birth_year.map(|year| code(year, "neighbor.birth_year")).transpose()?,
        age_band: row.age_band.as_deref().map(|band| code(AgeBand::from_code(band), "neighbor.age_band")).transpose()?,
        sex: code(Sex::from_code(&row.sex), "neighbor.sex")?,
        dong: code(DongCode::try_from(row.dong_code.clone()).ok(), "neighbor.dong_code")?,
        address: open("address", &row.address)?,
        no_fixed_address: row.no_fixed_address,
        phone: code(phone.ok(), "neighbor.phone")?,
        language: code(Language::from_code(&row.language), "neighbor.language")?,
        living_place: code(LivingPlace::from_code(&row.living_place), "neighbor.living_place")?,
        contact_consent: code(ContactConsent::from_code(&row.contact_consent), "neighbor.contact_consent")?,
        health_note: open("health_note", &row.health_note)?,
    })
}

/// Opens a neighbor's row with what goes around it.
pub(crate) fn open_neighbor(
    keys: &TenantKeys,
    row: &neighbor::Model,
    only: Option<Vec<UserId>>,
) -> Result<NeighborRecord, StoreError> {
    Ok(NeighborRecord {
        id: NeighborId(row.id),
        household: HouseholdId(row.household_id),
        profile: open_profile(keys, row)?,
        learned_from: code(Channel::from_code(&row.learned_from), "neighbor.learned_from")?,
        only,
        rev: Rev(row.rev),
    })
}

/// Puts a profile into a row, sealing what must be sealed. The team follows from the dong and is the caller's to set.
pub(crate) fn put_profile(keys: &TenantKeys, row: &mut neighbor::Model, profile: &NeighborProfile) -> Result<(), StoreError> {
    let seal = |column, text: Option<&str>| keys.seal_text(Cell::new("neighbor", column, row.id), text);
    let phone = profile.phone.as_ref().map(PhoneNumber::digits);
    (row.address, row.phone, row.health_note) = (
        seal("address", profile.address.as_deref())?,
        seal("phone", phone)?,
        seal("health_note", profile.health_note.as_deref())?,
    );
    row.phone_index = phone.map(|digits| phone_index(keys, digits));
    row.name.clone_from(&profile.name);
    row.birth_year = profile.birth_year.map(|year| i32::from(year.get()));
    row.age_band = profile.age_band.map(|band| band.code().to_owned());
    profile.sex.code().clone_into(&mut row.sex);
    profile.dong.as_str().clone_into(&mut row.dong_code);
    row.no_fixed_address = profile.no_fixed_address;
    profile.language.code().clone_into(&mut row.language);
    profile.living_place.code().clone_into(&mut row.living_place);
    profile.contact_consent.code().clone_into(&mut row.contact_consent);
    Ok(())
}

/// The blind index of a phone number.
pub(crate) fn phone_index(keys: &TenantKeys, digits: &str) -> Vec<u8> {
    keys.fingerprint("phone", digits)
}

/// What was done in a case.
pub(crate) fn case_facts(row: &case_file::Model) -> CaseFacts {
    CaseFacts {
        discovered_at: row.discovered_at,
        first_contact_at: row.first_contact_at,
        counselled_on: row.counselled_on,
        intake_on: row.intake_on,
        assessed_on: row.assessed_on,
        conference_on: row.conference_on,
        planned_on: row.planned_on,
        served_on: row.served_on,
        reviewed_on: row.reviewed_on,
        closed_at: row.closed_at,
        closure: row.closure.as_deref().and_then(ClosureReason::from_code),
        aftercare_on: row.aftercare_on,
    }
}

/// Puts facts into a case's row and derives stage and next due day from them.
pub(crate) fn put_facts(
    ctx: &OpContext,
    settings: &domain::settings::Settings,
    row: &mut case_file::Model,
    facts: &CaseFacts,
) -> Result<(), StoreError> {
    let urgency = code(Urgency::from_code(&row.urgency), "case_file.urgency")?;
    row.discovered_at = facts.discovered_at;
    row.first_contact_at = facts.first_contact_at;
    row.counselled_on = facts.counselled_on;
    row.intake_on = facts.intake_on;
    row.assessed_on = facts.assessed_on;
    row.conference_on = facts.conference_on;
    row.planned_on = facts.planned_on;
    row.served_on = facts.served_on;
    row.reviewed_on = facts.reviewed_on;
    row.closed_at = facts.closed_at;
    row.closure = facts.closure.map(|reason| reason.code().to_owned());
    row.aftercare_on = facts.aftercare_on;
    Stage::of(facts).code().clone_into(&mut row.stage);
    row.is_open = facts.closed_at.is_none();
    let due = domain::case::next_due(facts, urgency, &settings.clocks, ctx.today());
    row.next_due_on = due.map(|(_, day)| day);
    row.next_due_clock = due.map(|(clock, _)| clock.code().to_owned());
    Ok(())
}

/// A household member as written down.
pub(crate) fn member(row: household_member::Model) -> Result<HouseholdMember, StoreError> {
    Ok(HouseholdMember {
        id: MemberId(row.id),
        name: row.name,
        relation: code(Relation::from_code(&row.relation), "household_member.relation")?,
        birth_year: row.birth_year.and_then(|year| i16::try_from(year).ok()).and_then(|year| BirthYear::try_from(year).ok()),
        is_carer: row.is_carer,
        needs_care: row.needs_care,
        neighbor: row.neighbor_id.map(NeighborId),
    })
}
