//! Rows of visits with the names around them: neighbor, dong, workers.

use crate::{
    OpContext,
    entity::{case_file, dong, visit},
    error::StoreError,
    records::code,
    staff,
};
use domain::{
    case::Urgency,
    ids::{CaseId, NeighborId, Rev, SeriesId, UserId, VisitId},
    view::{Worker, neighbors::BothNames, visits::VisitCard},
    visit::{CancelReason, NotMetReason, SeenWith, VisitKind, VisitState, Window},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The names that cards need, loaded once for a whole list.
pub(super) struct Names {
    cases: HashMap<Uuid, case_file::Model>,
    dongs: HashMap<String, BothNames>,
    workers: HashMap<Uuid, String>,
}

impl Names {
    /// The names around `visits`, and around cases that are at hand already.
    pub(super) async fn around(
        ctx: &OpContext,
        visits: &[visit::Model],
        cases: Vec<case_file::Model>,
        others: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self, StoreError> {
        let mut cases: HashMap<Uuid, case_file::Model> = cases.into_iter().map(|case| (case.id, case)).collect();
        let missing: BTreeSet<Uuid> = visits.iter().map(|row| row.case_id).filter(|id| !cases.contains_key(id)).collect();
        for case in cases_by_id(ctx, missing).await? {
            cases.insert(case.id, case);
        }
        let people = visits.iter().flat_map(|row| [Some(row.worker_id), row.second_worker_id, row.recorded_by]).flatten();
        let workers = staff::names(ctx.store.read(), ctx.tenant(), people.chain(others).collect()).await?;
        Ok(Self { cases, dongs: dong_names(ctx).await?, workers })
    }

    /// A worker by name; somebody whose account is gone keeps their id.
    pub(super) fn worker(&self, id: Uuid) -> Worker {
        Worker { id: UserId(id), name: self.workers.get(&id).cloned().unwrap_or_default() }
    }

    pub(super) fn dong(&self, dong: &str) -> BothNames {
        self.dongs.get(dong).cloned().unwrap_or_default()
    }

    pub(super) fn case(&self, id: Uuid) -> Option<&case_file::Model> {
        self.cases.get(&id)
    }

    /// A row as a card.
    pub(super) fn card(&self, row: &visit::Model) -> Result<VisitCard, StoreError> {
        let case = code(self.case(row.case_id), "visit.case_id")?;
        Ok(VisitCard {
            id: VisitId(row.id),
            case: CaseId(row.case_id),
            neighbor: NeighborId(row.neighbor_id),
            name: known_name(case),
            dong: self.dong(&case.dong_code),
            urgency: code(Urgency::from_code(&case.urgency), "case_file.urgency")?,
            kind: code(VisitKind::from_code(&row.kind), "visit.kind")?,
            window: Window { start: row.starts_at, end: row.ends_at },
            worker: self.worker(row.worker_id),
            second_worker: row.second_worker_id.map(|id| self.worker(id)),
            two_person: row.two_person,
            purpose: row.purpose.clone(),
            series: row.series_id.map(SeriesId),
            state: code(VisitState::from_code(&row.state), "visit.state")?,
            face_to_face: row.face_to_face.as_deref().and_then(SeenWith::from_code),
            not_met_reason: row.not_met_reason.as_deref().and_then(NotMetReason::from_code),
            cancel_reason: row.cancel_reason.as_deref().and_then(CancelReason::from_code),
            happened_at: row.happened_at,
            rev: Rev(row.rev),
        })
    }

    /// Rows as cards.
    pub(super) fn cards(&self, rows: &[visit::Model]) -> Result<Vec<VisitCard>, StoreError> {
        rows.iter().map(|row| self.card(row)).collect()
    }
}

/// The neighbor's name as the case keeps it, where it is known.
pub(super) fn known_name(case: &case_file::Model) -> Option<String> {
    Some(case.neighbor_name.clone()).filter(|name| !name.is_empty())
}

async fn cases_by_id(ctx: &OpContext, ids: BTreeSet<Uuid>) -> Result<Vec<case_file::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let cases =
        case_file::Entity::find().filter(case_file::Column::TenantId.eq(ctx.tenant().0)).filter(case_file::Column::Id.is_in(ids));
    Ok(cases.all(ctx.store.read()).await?)
}

async fn dong_names(ctx: &OpContext) -> Result<HashMap<String, BothNames>, StoreError> {
    let rows = dong::Entity::find().filter(dong::Column::TenantId.eq(ctx.tenant().0)).all(ctx.store.read()).await?;
    Ok(rows.into_iter().map(|row| (row.code, BothNames { ko: row.name_ko, en: row.name_en })).collect())
}
