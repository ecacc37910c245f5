//! Who lives with a neighbor: members of the household are written down, changed and taken off.

use super::neighbor::{load, save};
use crate::{
    entity::{household_member, neighbor},
    error::StoreError,
    records,
    write::Write,
};
use domain::{
    ApiError, Invalid,
    ids::{CaseId, HouseholdId, MemberId, NeighborId, Rev},
    policy::Action,
    profile::{HouseholdMember, MemberEdits},
    text,
};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, sea_query::OnConflict};
use serde_json::json;
use uuid::Uuid;

/// Writes a member down, as a new row or over the one that is there.
pub(super) async fn store_member(write: &Write<'_>, household: HouseholdId, member: &HouseholdMember) -> Result<(), StoreError> {
    let name = text::optional_line("member_name", member.name.clone(), 60)?;
    let row = household_member::ActiveModel {
        tenant_id: Set(write.ctx.tenant().0),
        household_id: Set(household.0),
        id: Set(member.id.0),
        name: Set(name),
        relation: Set(member.relation.code().to_owned()),
        birth_year: Set(member.birth_year.map(|year| i32::from(year.get()))),
        is_carer: Set(member.is_carer),
        needs_care: Set(member.needs_care),
        neighbor_id: Set(member.neighbor.map(Uuid::from)),
        removed_at: Set(None),
    };
    use household_member::Column;
    let replace = OnConflict::columns([Column::TenantId, Column::HouseholdId, Column::Id])
        .update_columns([
            Column::Name,
            Column::Relation,
            Column::BirthYear,
            Column::IsCarer,
            Column::NeedsCare,
            Column::NeighborId,
            // Putting somebody back undoes taking them off.
            Column::RemovedAt,
        ])
        .to_owned();
    household_member::Entity::insert(row).on_conflict(replace).exec_without_returning(write.tx).await?;
    Ok(())
}

pub(super) async fn put_member(write: &mut Write<'_>, id: NeighborId, member: &HouseholdMember) -> Result<Rev, StoreError> {
    let row = load(write, id, Action::Edit).await?;
    let standing = find_member(write, &row, member.id).await?.filter(|found| found.removed_at.is_none());
    // The same again is no change; but nobody's member is written over unseen.
    if standing.map(records::member).transpose()?.is_some_and(|standing| standing != *member) {
        return Err(ApiError::invalid("member", Invalid::Taken).into());
    }
    store_member(write, HouseholdId(row.household_id), member).await?;
    write.audit("household_member", member.id, Some(id));
    write.event(row.open_case_id.map(CaseId), id, "household_changed", json!({}));
    save(write, row).await
}

async fn find_member(
    write: &Write<'_>,
    row: &neighbor::Model,
    member: MemberId,
) -> Result<Option<household_member::Model>, StoreError> {
    let key = (write.ctx.tenant().0, row.household_id, member.0);
    Ok(household_member::Entity::find_by_id(key).one(write.tx).await?)
}

/// An edit of somebody who was taken off meanwhile puts them back: whoever edits has seen them.
pub(super) async fn edit_member(
    write: &mut Write<'_>,
    id: NeighborId,
    member: MemberId,
    edits: &MemberEdits,
) -> Result<Rev, StoreError> {
    let row = load(write, id, Action::Edit).await?;
    let found = find_member(write, &row, member).await?.ok_or(ApiError::NotFound)?;
    let removed = found.removed_at.is_some();
    let mut found = records::member(found)?;
    let merge = edits.merge_into(&mut found);
    if !merge.conflicts.is_empty() {
        return Err(ApiError::Conflict { fields: merge.conflicts, rev: row.rev }.into());
    }
    if merge.changed.is_empty() && !removed {
        return Ok(Rev(row.rev));
    }
    write.merged = write.base_rev.is_some_and(|base| base.0 < row.rev);
    store_member(write, HouseholdId(row.household_id), &found).await?;
    write.audit("household_member", member, Some(id));
    write.event(row.open_case_id.map(CaseId), id, "household_changed", json!({}));
    save(write, row).await
}

pub(super) async fn remove_member(write: &mut Write<'_>, id: NeighborId, member: MemberId) -> Result<Rev, StoreError> {
    let row = load(write, id, Action::Edit).await?;
    let mut found = find_member(write, &row, member).await?.ok_or(ApiError::NotFound)?.into_active_model();
    found.removed_at = Set(Some(write.written_at));
    household_member::Entity::update(found).exec(write.tx).await?;
    write.audit("household_member", member, Some(id));
    write.event(row.open_case_id.map(CaseId), id, "household_changed", json!({}));
    save(write, row).await
}
