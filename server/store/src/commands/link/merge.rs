//! Two records become one: everything of the newer one moves to the older one, and what the older one does not know is
//! filled in. The newer record stays, empty-handed, so that lists which know the person by it still find them.

use super::super::{case_state, neighbor};
use crate::{
    crypt::Cell,
    entity::{
        assignment, attachment, case_event, case_file, household_member, link, neighbor as neighbor_row, neighbor_named, note,
        round_entry, round_row, sign_tick, signal, visit,
    },
    error::StoreError,
    records,
    write::{Write, insert_chunks},
};
use domain::{
    Rule,
    case::ClosureReason,
    ids::{CaseId, NeighborId},
    profile::{ContactConsent, LivingPlace, NeighborProfile, Sex},
    round::TriageDecision,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    prelude::Expr,
};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Moves everything of `newer` to `older`.
pub(super) async fn merge(
    write: &mut Write<'_>,
    mut newer: neighbor_row::Model,
    mut older: neighbor_row::Model,
) -> Result<(), StoreError> {
    let kept = keep_one_case(write, &mut newer, &mut older).await?;
    move_rows(write, newer.id, older.id).await?;
    move_signals(write, newer.id, older.id).await?;
    move_entries(write, newer.id, older.id).await?;
    move_links(write, newer.id, older.id).await?;
    move_members(write, &newer, &older).await?;
    fill_profile(write, &newer, &mut older).await?;
    join_restriction(write, &newer, &mut older).await?;
    older.open_case_id = kept.as_ref().map(|case| case.id);
    older.worker_id = kept.and_then(|case| case.worker_id);
    case_state::follow_restriction(write, &older).await?;
    case_state::follow_profile(write, &older).await?;
    newer.merged_into = Some(older.id);
    newer.open_case_id = None;
    newer.worker_id = None;
    neighbor::put_name(write, NeighborId(newer.id), None).await?;
    neighbor::put_name(write, NeighborId(older.id), older.name.as_deref()).await?;
    neighbor::save(write, newer).await?;
    neighbor::save(write, older).await?;
    Ok(())
}

/// Of two open cases one may stay: when nothing was done in the other, that one is closed as a duplicate.
async fn keep_one_case(
    write: &mut Write<'_>,
    newer: &mut neighbor_row::Model,
    older: &mut neighbor_row::Model,
) -> Result<Option<case_file::Model>, StoreError> {
    let (of_newer, of_older) = (open_case(write, newer).await?, open_case(write, older).await?);
    match (of_newer, of_older) {
        (Some(new), Some(old)) => {
            if is_untouched(write, new.id).await? {
                close_duplicate(write, new).await?;
                Ok(Some(old))
            } else if is_untouched(write, old.id).await? {
                close_duplicate(write, old).await?;
                Ok(Some(new))
            } else {
                Err(Rule::CaseOpen.into())
            }
        }
        (new, old) => Ok(old.or(new)),
    }
}

async fn open_case(write: &Write<'_>, person: &neighbor_row::Model) -> Result<Option<case_file::Model>, StoreError> {
    let Some(id) = person.open_case_id else { return Ok(None) };
    Ok(Some(case_state::find(write, CaseId(id)).await?.0))
}

async fn is_untouched(write: &Write<'_>, case: Uuid) -> Result<bool, StoreError> {
    let tenant = write.ctx.tenant().0;
    let visits = visit::Entity::find().filter(visit::Column::TenantId.eq(tenant)).filter(visit::Column::CaseId.eq(case));
    let notes = note::Entity::find().filter(note::Column::TenantId.eq(tenant)).filter(note::Column::CaseId.eq(case));
    let files =
        attachment::Entity::find().filter(attachment::Column::TenantId.eq(tenant)).filter(attachment::Column::CaseId.eq(case));
    Ok(visits.count(write.tx).await? == 0 && notes.count(write.tx).await? == 0 && files.count(write.tx).await? == 0)
}

async fn close_duplicate(write: &mut Write<'_>, mut case: case_file::Model) -> Result<(), StoreError> {
    case.closed_at = Some(write.now);
    case.closure = Some(ClosureReason::Duplicate.code().to_owned());
    let (id, neighbor) = (CaseId(case.id), NeighborId(case.neighbor_id));
    write.audit("case", id, Some(neighbor));
    write.event(Some(id), neighbor, "case_closed", json!({ "reason": ClosureReason::Duplicate }));
    case_state::save(write, case).await.map(drop)
}

/// Points the rows of `$entity` that are about `$from` at `$to`.
macro_rules! repoint {
    ($write:expr, $from:expr, $to:expr, $($entity:ident),+) => {$(
        $entity::Entity::update_many()
            .col_expr($entity::Column::NeighborId, Expr::value($to))
            .filter($entity::Column::TenantId.eq($write.ctx.tenant().0))
            .filter($entity::Column::NeighborId.eq($from))
            .exec($write.tx)
            .await?;
    )+};
}

/// What can't collide: it belongs to the person as it is.
async fn move_rows(write: &Write<'_>, from: Uuid, to: Uuid) -> Result<(), StoreError> {
    repoint!(write, from, to, case_file, visit, note, case_event, assignment, attachment, sign_tick, round_row);
    Ok(())
}

/// A signal that both have is one signal.
async fn move_signals(write: &Write<'_>, from: Uuid, to: Uuid) -> Result<(), StoreError> {
    let of = |id: Uuid| {
        let tenant = signal::Column::TenantId.eq(write.ctx.tenant().0);
        signal::Entity::find().filter(tenant).filter(signal::Column::NeighborId.eq(id)).all(write.tx)
    };
    let known: HashSet<(Uuid, String)> = of(to).await?.into_iter().map(|row| (row.round_id, row.indicator)).collect();
    let twice: Vec<Uuid> = of(from)
        .await?
        .into_iter()
        .filter(|row| known.contains(&(row.round_id, row.indicator.clone())))
        .map(|row| row.id)
        .collect();
    if !twice.is_empty() {
        signal::Entity::delete_many()
            .filter(signal::Column::TenantId.eq(write.ctx.tenant().0))
            .filter(signal::Column::Id.is_in(twice))
            .exec(write.tx)
            .await?;
    }
    repoint!(write, from, to, signal);
    Ok(())
}

/// Two entries of one round become one: with the signals of both, and the decision of the one that was decided.
async fn move_entries(write: &Write<'_>, from: Uuid, to: Uuid) -> Result<(), StoreError> {
    let of = |id: Uuid| {
        let tenant = round_entry::Column::TenantId.eq(write.ctx.tenant().0);
        round_entry::Entity::find().filter(tenant).filter(round_entry::Column::NeighborId.eq(id)).all(write.tx)
    };
    let kept: HashMap<Uuid, round_entry::Model> = of(to).await?.into_iter().map(|row| (row.round_id, row)).collect();
    for row in of(from).await? {
        let Some(mut into) = kept.get(&row.round_id).cloned() else { continue };
        round_entry::Entity::delete_by_id((row.tenant_id, row.id)).exec(write.tx).await?;
        if into.note.is_none() {
            // A sealed text belongs to its row, so it is opened and sealed anew.
            let note = write.keys.open_text(Cell::new("round_entry", "note", row.id), row.note.as_deref())?;
            into.note = write.keys.seal_text(Cell::new("round_entry", "note", into.id), note.as_deref())?;
        }
        if into.decision == TriageDecision::Open.code() && row.decision != TriageDecision::Open.code() {
            into.decision = row.decision;
            into.reason = row.reason;
            into.case_id = row.case_id;
            into.decided_by = row.decided_by;
            into.decided_at = row.decided_at;
        }
        into.indicators = signals_in(write, to, into.round_id).await?;
        into.priority = into.priority.max(row.priority);
        into.rev += 1;
        round_entry::Entity::update(into.into_active_model().reset_all()).exec(write.tx).await?;
    }
    repoint!(write, from, to, round_entry);
    Ok(())
}

async fn signals_in(write: &Write<'_>, neighbor: Uuid, round: Uuid) -> Result<i32, StoreError> {
    let count = signal::Entity::find()
        .filter(signal::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(signal::Column::NeighborId.eq(neighbor))
        .filter(signal::Column::RoundId.eq(round))
        .count(write.tx)
        .await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Open questions about the newer record are questions about the older one now; those that answer themselves lapse.
async fn move_links(write: &Write<'_>, from: Uuid, to: Uuid) -> Result<(), StoreError> {
    let about = |id: Uuid| Condition::any().add(link::Column::NewerId.eq(id)).add(link::Column::OlderId.eq(id));
    let of =
        |id: Uuid| link::Entity::find().filter(link::Column::TenantId.eq(write.ctx.tenant().0)).filter(about(id)).all(write.tx);
    let other = |row: &link::Model, id: Uuid| if row.newer_id == id { row.older_id } else { row.newer_id };
    let mut asked: HashSet<Uuid> = of(to).await?.iter().map(|row| other(row, to)).collect();
    for row in of(from).await?.into_iter().filter(|row| row.state == "open") {
        let third = other(&row, from);
        let lapses = third == to || !asked.insert(third);
        let (newer_is_third, rev) = (row.newer_id == third, row.rev + 1);
        let mut changed = row.into_active_model();
        changed.rev = Set(rev);
        if lapses {
            changed.state = Set("lapsed".to_owned());
        } else if newer_is_third {
            changed.older_id = Set(to);
        } else {
            changed.newer_id = Set(to);
        }
        link::Entity::update(changed).exec(write.tx).await?;
    }
    Ok(())
}

/// The household of the newer record joins, unless others still live in it.
async fn move_members(write: &Write<'_>, newer: &neighbor_row::Model, older: &neighbor_row::Model) -> Result<(), StoreError> {
    let shared = neighbor_row::Entity::find()
        .filter(neighbor_row::Column::TenantId.eq(newer.tenant_id))
        .filter(neighbor_row::Column::Id.ne(newer.id))
        .filter(neighbor_row::Column::HouseholdId.eq(newer.household_id));
    if newer.household_id == older.household_id || shared.count(write.tx).await? > 0 {
        return Ok(());
    }
    household_member::Entity::update_many()
        .col_expr(household_member::Column::HouseholdId, Expr::value(older.household_id))
        .filter(household_member::Column::TenantId.eq(newer.tenant_id))
        .filter(household_member::Column::HouseholdId.eq(newer.household_id))
        .exec(write.tx)
        .await?;
    Ok(())
}

async fn fill_profile(write: &Write<'_>, newer: &neighbor_row::Model, older: &mut neighbor_row::Model) -> Result<(), StoreError> {
    let mut known = records::open_profile(&write.keys, older)?;
    fill(&mut known, records::open_profile(&write.keys, newer)?);
    records::put_profile(&write.keys, older, &known)
}

/// Takes from `other` what `known` does not say. What both say stays as the older record says it.
fn fill(known: &mut NeighborProfile, other: NeighborProfile) {
    known.name = known.name.take().or(other.name);
    known.birth_year = known.birth_year.or(other.birth_year);
    known.age_band = known.age_band.or(other.age_band);
    known.phone = known.phone.take().or(other.phone);
    known.health_note = known.health_note.take().or(other.health_note);
    if known.sex == Sex::Unknown {
        known.sex = other.sex;
    }
    if known.address.is_none() && !known.no_fixed_address {
        known.address = other.address;
        known.no_fixed_address = other.no_fixed_address;
    }
    if known.living_place == LivingPlace::Unknown {
        known.living_place = other.living_place;
    }
    if known.contact_consent == ContactConsent::NotAsked {
        known.contact_consent = other.contact_consent;
    }
}

/// When only the newer record is restricted, the older one becomes so, for the same people.
async fn join_restriction(
    write: &Write<'_>,
    newer: &neighbor_row::Model,
    older: &mut neighbor_row::Model,
) -> Result<(), StoreError> {
    if !newer.restricted || older.restricted {
        return Ok(());
    }
    let names = records::named(write.tx, write.ctx.tenant(), newer.id, true).await?.unwrap_or_default();
    let rows = names.iter().map(|user| neighbor_named::ActiveModel {
        tenant_id: Set(older.tenant_id),
        neighbor_id: Set(older.id),
        account_id: Set(user.0),
    });
    insert_chunks::<neighbor_named::Entity, _>(write.tx, rows.collect()).await?;
    older.restricted = true;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{DONGS, dong_code};

    #[test]
    fn only_what_is_unknown_is_filled() {
        let mut known = NeighborProfile::in_dong(dong_code(DONGS[0]));
        known.address = Some("서초대로 1".to_owned());
        let mut other = NeighborProfile::in_dong(dong_code(DONGS[1]));
        other.name = Some("김가상".to_owned());
        other.address = Some("방배로 7".to_owned());
        other.sex = Sex::Female;
        fill(&mut known, other);
        assert_eq!((known.name.as_deref(), known.sex), (Some("김가상"), Sex::Female));
        assert_eq!((known.address.as_deref(), known.dong.as_str()), (Some("서초대로 1"), DONGS[0]));
    }

    #[test]
    fn no_fixed_address_is_an_answer() {
        let mut known = NeighborProfile::in_dong(dong_code(DONGS[0]));
        known.no_fixed_address = true;
        let mut other = known.clone();
        other.no_fixed_address = false;
        other.address = Some("방배로 7".to_owned());
        fill(&mut known, other);
        assert_eq!((known.address, known.no_fixed_address), (None, true));
    }
}
