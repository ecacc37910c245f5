//! One person as a tablet keeps them, and the district around.

use crate::{
    OpContext, cases,
    entity::case_file,
    error::StoreError,
    feed,
    records::{self, code},
    staff, tenants, visible, visits,
};
use domain::{
    ids::NeighborId,
    sync::replica::{CaseDossier, District, Dossier},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The dossiers of people; whoever is not kept by the actor's tablet has none. The caller records the looks.
pub(super) async fn load(ctx: &OpContext, people: &[NeighborId]) -> Result<BTreeMap<NeighborId, Dossier>, StoreError> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let as_of = feed::position(&ctx.store, ctx.tenant()).await?;
    let mut rows: BTreeMap<Uuid, case_file::Model> = BTreeMap::new();
    let kept = case_file::Entity::find()
        .filter(visible::field_cases(&ctx.actor))
        .filter(case_file::Column::NeighborId.is_in(people.iter().map(|id| id.0)))
        .all(ctx.store.read())
        .await?;
    for row in kept {
        // Of several cases of one person the open one, or else the latest.
        let is_newer = |known: &case_file::Model| (row.is_open, row.opened_at) > (known.is_open, known.opened_at);
        if rows.get(&row.neighbor_id).is_none_or(is_newer) {
            rows.insert(row.neighbor_id, row);
        }
    }
    let rows: Vec<case_file::Model> = rows.into_values().collect();
    let mut files = Box::pin(visits::files(ctx, &rows)).await?;
    // A case that was moved or hidden while it was being read has no page.
    let pages = Box::pin(cases::load_whole(ctx, rows.clone())).await?;
    let rows: HashMap<Uuid, case_file::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut dossiers = BTreeMap::new();
    for page in pages {
        let row = code(rows.get(&page.case.id.0), "case_file.id")?;
        let case = CaseDossier {
            card: page.case,
            facts: records::case_facts(row),
            assigned_at: row.assigned_at,
            last_contact_at: row.last_contact_at,
        };
        let visits = files.remove(&row.id).unwrap_or_default();
        dossiers.insert(NeighborId(row.neighbor_id), Dossier { as_of, neighbor: page.neighbor, case, visits });
    }
    Ok(dossiers)
}

/// The people whom the actor's tablet keeps, by id.
pub(super) async fn everybody(ctx: &OpContext) -> Result<Vec<NeighborId>, StoreError> {
    let mut everybody = BTreeSet::new();
    for part in visible::field_cases_in_parts(&ctx.actor) {
        let ids = case_file::Entity::find().select_only().column(case_file::Column::NeighborId).filter(part);
        let ids: Vec<Uuid> = ids.into_tuple().all(ctx.store.read()).await?;
        everybody.extend(ids.into_iter().map(NeighborId));
    }
    Ok(everybody.into_iter().collect())
}

/// The district around the actor, with the name of its state: that changes when anything in it does.
pub(super) async fn district(ctx: &OpContext) -> Result<(String, District), StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant());
    let place = tenants::find(&ctx.store, tenant).await?.ok_or(StoreError::Corrupt("tenant"))?;
    let mut names = cases::Names::load(db, tenant).await?;
    names.add_workers(db, tenant, [ctx.user().0]).await?;
    let (_, signs) = cases::district(ctx).await?;
    let district = District {
        name_ko: place.name_ko,
        name_en: place.name_en,
        me: names.worker(ctx.user().0),
        settings: tenants::settings(db, tenant).await?,
        dongs: names.dongs(),
        teams: names.teams(),
        signs,
        workers: staff::colleagues(ctx).await?,
    };
    let text = serde_json::to_vec(&district).map_err(|_unwritable| StoreError::Corrupt("district"))?;
    Ok((hex::encode(Sha256::digest(text)), district))
}
