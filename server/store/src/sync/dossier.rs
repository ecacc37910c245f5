//! One person as a tablet keeps them, and the district around.

use crate::{OpContext, cases, entity::case_file, error::StoreError, feed, records, staff, tenants, visible, visits};
use domain::{
    ids::{CaseId, NeighborId},
    sync::replica::{CaseDossier, District, Dossier},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The dossier of a person; `None` when the actor's tablet keeps none. The caller records the look.
pub(super) async fn load(ctx: &OpContext, id: NeighborId) -> Result<Option<Dossier>, StoreError> {
    let as_of = feed::position(&ctx.store, ctx.tenant()).await?;
    let row = case_file::Entity::find()
        .filter(visible::field_cases(&ctx.actor))
        .filter(case_file::Column::NeighborId.eq(id.0))
        .order_by_desc(case_file::Column::IsOpen)
        .order_by_desc(case_file::Column::OpenedAt)
        .one(ctx.store.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut page = Box::pin(cases::load_page(ctx, CaseId(row.id))).await?;
    page.neighbor.timeline = Box::pin(cases::whole_timeline(ctx, id)).await?;
    let case = CaseDossier {
        card: page.case,
        facts: records::case_facts(&row),
        assigned_at: row.assigned_at,
        last_contact_at: row.last_contact_at,
    };
    Ok(Some(Dossier { as_of, neighbor: page.neighbor, case, visits: visits::files(ctx, &row).await? }))
}

/// The people whom the actor's tablet keeps, by id.
pub(super) async fn everybody(ctx: &OpContext) -> Result<Vec<NeighborId>, StoreError> {
    let ids: Vec<Uuid> = case_file::Entity::find()
        .select_only()
        .column(case_file::Column::NeighborId)
        .distinct()
        .filter(visible::field_cases(&ctx.actor))
        .order_by_asc(case_file::Column::NeighborId)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(ids.into_iter().map(NeighborId).collect())
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
