//! A worker's day: where to go, what is late, what is new, what waits for an answer.

use super::{
    cards::{Names, known_name},
    check_reach, count,
    one::contact,
    select::{self, Part, Span},
};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    crypt::{Cell, TenantKeys},
    entity::{assignment, case_file, visit},
    error::StoreError,
    records::{self, code},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ApiError,
    case::{ClockKind, Stage, Urgency},
    ids::{AssignmentId, CaseId, NeighborId, UserId, VisitId},
    policy::Action,
    view::visits::{Contact, MyDay, WaitingCase, WaitingTransfer},
    visit::VisitState,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

/// How many late things a day shows.
const LATE: u64 = 50;
/// Since how many days a case counts as newly assigned.
const NEW_DAYS: i64 = 7;

/// The actor's own day.
///
/// # Errors
/// [`ApiError::Forbidden`] for roles without visits; the database's faults.
pub async fn my_day(ctx: &OpContext, day: NaiveDate) -> Result<MyDay, ApiError> {
    let (view, next) = Box::pin(load(ctx, day)).await.map_err(StoreError::into_api)?;
    let shown = view.visits.len() + view.unrecorded.len() + view.first_contacts.len() + view.assigned.len() + view.kept.len();
    let mut looks = vec![Entry::list("list", "visit", shown + view.transfers.len())];
    looks.extend(next.map(|(id, neighbor)| Entry::one("view", "visit", id, Some(neighbor))));
    record_reads(ctx, looks).await?;
    Ok(view)
}

async fn load(ctx: &OpContext, day: NaiveDate) -> Result<(MyDay, Option<(VisitId, NeighborId)>), StoreError> {
    check_reach(ctx, Action::View)?;
    let today = own(ctx, select::days(day, 1), select::standing).await?;
    let unrecorded = own(ctx, select::unrecorded_before(ctx.now(), day), select::planned).await?;
    let late = select::first_contacts(&ctx.actor, day).limit(LATE).all(ctx.store.read()).await?;
    let since = ctx.now() - TimeDelta::days(NEW_DAYS);
    let mut new = select::newly_assigned(&ctx.actor, since).limit(LATE).all(ctx.store.read()).await?;
    new.retain(|case| !late.iter().any(|other| other.id == case.id));
    let kept = select::kept(&ctx.actor).limit(LATE).all(ctx.store.read()).await?;
    let offers = select::offers(&ctx.actor).all(ctx.store.read()).await?;
    let offered = offered_cases(ctx, &offers).await?;

    let visits = [today.as_slice(), &unrecorded].concat();
    let cases = [late.as_slice(), &new, &offered, &kept].concat();
    let names = Names::around(ctx, &visits, cases, offers.iter().map(|offer| offer.made_by)).await?;
    let next = next_of(&today, ctx.now());
    let contact = next_contact(ctx, next).await?;
    let next = next.map(|row| (VisitId(row.id), NeighborId(row.neighbor_id)));
    let view = MyDay {
        day,
        next: next.map(|(id, _)| id).zip(contact),
        visits: names.cards(&today)?,
        unrecorded: names.cards(unrecorded.get(..LATE as usize).unwrap_or(&unrecorded))?,
        first_contacts: by_urgency(waiting(&names, &late, day)?),
        assigned: waiting(&names, &new, day)?,
        kept: by_urgency(waiting(&names, &kept, day)?),
        transfers: transfers(ctx, &names, &offers).await?,
        week_ahead: week_ahead(ctx, day).await?,
    };
    Ok((view, next))
}

/// The actor's visits as first and as second worker, in time order.
async fn own(
    ctx: &OpContext,
    span: Span,
    query: fn(&domain::policy::Actor, UserId, Part, Span) -> sea_orm::Select<visit::Entity>,
) -> Result<Vec<visit::Model>, StoreError> {
    let mut rows = Vec::new();
    for part in Part::BOTH {
        rows.extend(query(&ctx.actor, ctx.user(), part, span.clone()).limit(200).all(ctx.store.read()).await?);
    }
    rows.sort_by_key(|row| (row.starts_at, row.id));
    Ok(rows)
}

async fn week_ahead(ctx: &OpContext, day: NaiveDate) -> Result<u32, StoreError> {
    let mut ahead = 0;
    let span = select::days(day + chrono::Days::new(1), 6);
    for part in Part::BOTH {
        ahead += select::planned(&ctx.actor, ctx.user(), part, span.clone()).count(ctx.store.read()).await?;
    }
    Ok(count(ahead))
}

/// The first visit without a record that has not ended yet, or else the first without a record.
fn next_of(today: &[visit::Model], now: DateTime<Utc>) -> Option<&visit::Model> {
    let open = || today.iter().filter(|row| row.state == VisitState::Scheduled.code());
    open().find(|row| row.ends_at > now).or_else(|| open().next())
}

async fn next_contact(ctx: &OpContext, next: Option<&visit::Model>) -> Result<Option<Contact>, StoreError> {
    match next {
        Some(row) => contact(ctx, row.neighbor_id).await.map(Some),
        None => Ok(None),
    }
}

fn waiting(names: &Names, cases: &[case_file::Model], day: NaiveDate) -> Result<Vec<WaitingCase>, StoreError> {
    let late = |due: NaiveDate| u32::try_from((day - due).num_days()).unwrap_or(0);
    let one = |case: &case_file::Model| {
        Ok(WaitingCase {
            case: CaseId(case.id),
            name: known_name(case),
            dong: names.dong(&case.dong_code),
            urgency: code(Urgency::from_code(&case.urgency), "case_file.urgency")?,
            stage: code(Stage::from_code(&case.stage), "case_file.stage")?,
            clock: case.next_due_clock.as_deref().and_then(ClockKind::from_code),
            due: case.next_due_on,
            days_late: case.next_due_on.map_or(0, late),
            assigned_at: case.assigned_at,
            next_visit_at: case.next_visit_at,
        })
    };
    cases.iter().map(one).collect()
}

/// The most urgent first; among equals the latest.
fn by_urgency(mut cases: Vec<WaitingCase>) -> Vec<WaitingCase> {
    cases.sort_by_key(|case| (case.urgency, case.due, case.case));
    cases
}

/// The cases of offers, without those that don't exist for the actor.
async fn offered_cases(ctx: &OpContext, offers: &[assignment::Model]) -> Result<Vec<case_file::Model>, StoreError> {
    let mut cases = Vec::new();
    for offer in offers {
        let key = (offer.tenant_id, offer.case_id);
        let Some(case) = case_file::Entity::find_by_id(key).one(ctx.store.read()).await? else { continue };
        let only = records::named(ctx.store.read(), ctx.tenant(), case.neighbor_id, case.restricted).await?;
        if only.is_none_or(|only| only.contains(&ctx.user())) {
            cases.push(case);
        }
    }
    Ok(cases)
}

async fn transfers(ctx: &OpContext, names: &Names, offers: &[assignment::Model]) -> Result<Vec<WaitingTransfer>, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut views = Vec::new();
    for offer in offers {
        let Some(case) = names.case(offer.case_id) else { continue };
        let visits = visit::Entity::find()
            .filter(visit::Column::TenantId.eq(ctx.tenant().0))
            .filter(visit::Column::CaseId.eq(case.id))
            .filter(visit::Column::State.eq(VisitState::Scheduled.code()))
            .count(ctx.store.read())
            .await?;
        views.push(transfer(&keys, names, offer, case, count(visits))?);
    }
    Ok(views)
}

fn transfer(
    keys: &TenantKeys,
    names: &Names,
    offer: &assignment::Model,
    case: &case_file::Model,
    visits: u32,
) -> Result<WaitingTransfer, StoreError> {
    Ok(WaitingTransfer {
        id: AssignmentId(offer.id),
        case: CaseId(case.id),
        name: known_name(case),
        dong: names.dong(&case.dong_code),
        urgency: code(Urgency::from_code(&case.urgency), "case_file.urgency")?,
        stage: code(Stage::from_code(&case.stage), "case_file.stage")?,
        from: Some(names.worker(offer.made_by)),
        offered_at: offer.made_at,
        reason: keys.open_text(Cell::new("assignment", "reason", offer.id), offer.reason.as_deref())?,
        visits,
    })
}
