//! What waits for somebody's answer: transfers for the receiver's, closures as unreachable for a second person's.

use super::Frame;
use crate::{
    OpContext,
    crypt::Cell,
    entity::{assignment, case_file},
    error::StoreError,
    records::{self, code},
    visible,
};
use domain::{
    case::{Stage, Urgency},
    ids::{AssignmentId, CaseId, UserId},
    policy::{Action, Resource},
    text::DongCode,
    view::team::{BoardCase, WaitingClosure, WaitingTransfer},
    workload::WaitingCase,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Answers that one board shows.
const MOST: u64 = 100;

/// A case as the suggestion needs it.
pub(super) fn waiting_case(row: &case_file::Model, known_to: Vec<UserId>) -> Result<WaitingCase, StoreError> {
    Ok(WaitingCase {
        id: CaseId(row.id),
        urgency: code(Urgency::from_code(&row.urgency), "case_file.urgency")?,
        stage: code(Stage::from_code(&row.stage), "case_file.stage")?,
        dong: code(DongCode::try_from(row.dong_code.clone()).ok(), "case_file.dong_code")?,
        known_to,
    })
}

pub(super) async fn transfers(ctx: &OpContext, frame: &Frame) -> Result<Vec<WaitingTransfer>, StoreError> {
    let offers = assignment::Entity::find()
        .filter(assignment::Column::TenantId.eq(ctx.tenant().0))
        .filter(assignment::Column::State.eq("pending"))
        .order_by_asc(assignment::Column::MadeAt)
        .order_by_asc(assignment::Column::Id)
        .limit(MOST)
        .all(ctx.store.read())
        .await?;
    let cases = frame.open_cases(ctx).filter(case_file::Column::Id.is_in(offers.iter().map(|offer| offer.case_id)));
    let rows: HashMap<Uuid, case_file::Model> = cases.all(ctx.store.read()).await?.into_iter().map(|row| (row.id, row)).collect();
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut found = Vec::new();
    for offer in offers {
        let Some(row) = rows.get(&offer.case_id) else { continue };
        let resource = Resource { team: None, owners: vec![UserId(offer.to_worker_id)], ..records::case_resource(row, None) };
        found.push(WaitingTransfer {
            id: AssignmentId(offer.id),
            case: frame.case(row)?,
            made_by: frame.name(offer.made_by),
            to: frame.name(offer.to_worker_id),
            reason: keys.open_text(Cell::new("assignment", "reason", offer.id), offer.reason.as_deref())?.unwrap_or_default(),
            made_at: offer.made_at,
            mine_to_answer: ctx.check(Action::Transfer, &resource).is_ok(),
        });
    }
    Ok(found)
}

pub(super) async fn closures(ctx: &OpContext, frame: &Frame) -> Result<Vec<WaitingClosure>, StoreError> {
    let rows = frame
        .open_cases(ctx)
        .filter(case_file::Column::ClosureAskedAt.is_not_null())
        .order_by_asc(case_file::Column::ClosureAskedAt)
        .order_by_asc(case_file::Column::Id)
        .limit(MOST)
        .all(ctx.store.read())
        .await?;
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut found = Vec::new();
    for row in &rows {
        let (Some(asked_by), Some(asked_at)) = (row.closure_asked_by, row.closure_asked_at) else { continue };
        let may = ctx.check(Action::Approve, &records::case_resource(row, None)).is_ok();
        let note = keys.open_text(Cell::new("case_file", "closure_note", row.id), row.closure_note.as_deref())?;
        found.push(WaitingClosure {
            case: frame.case(row)?,
            asked_by: frame.name(asked_by),
            asked_at,
            explanation: note.unwrap_or_default(),
            mine_to_answer: may && asked_by != ctx.user().0,
        });
    }
    Ok(found)
}

/// Cases about which something came too late from a tablet.
pub(super) async fn kept(ctx: &OpContext, frame: &Frame) -> Result<Vec<BoardCase>, StoreError> {
    let rows = frame
        .open_cases(ctx)
        .filter(case_file::Column::Id.in_subquery(visible::kept_cases(&ctx.actor)))
        .order_by_asc(case_file::Column::Id)
        .limit(MOST)
        .all(ctx.store.read())
        .await?;
    frame.cases(&rows)
}
