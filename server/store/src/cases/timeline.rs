//! What happened to a person, newest first: lists, visits, notes, assignments and steps from their own tables, merged
//! by time. Each table is read from the key on, a page at most, by its index on neighbor and time.

use super::{cursor, names::Names, page::find_neighbor};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    crypt::{Cell, TenantKeys},
    entity::{assignment, case_event, note, visit},
    error::StoreError,
    neighbors,
    records::code,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    case::{ClosureReason, Step, Urgency},
    ids::{NeighborId, VisitId},
    profile::Channel,
    view::{
        Page,
        cases::{Happening, TimelineEntry},
        neighbors::RoundSignals,
    },
    visit::{CancelReason, NotMetReason, SeenWith, VisitKind, VisitState},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Entries of one page.
const PAGE: usize = 30;
/// Entries of a whole timeline at most: more than a life with the office has.
const WHOLE: usize = 5_000;

/// From which table an entry comes; of things at the same instant the later table comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Source {
    Signal,
    Event,
    Assignment,
    Visit,
    Note,
}

/// The place of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Spot(DateTime<Utc>, Source, Uuid);

/// Which part of a timeline.
#[derive(Clone, Copy, Debug)]
struct Part {
    after: Option<Spot>,
    most: usize,
}

/// What happened, once the names are known.
type Tell = Box<dyn FnOnce(&Names) -> Happening + Send>;

/// An entry with its place and who did it, before names are known.
struct Found {
    spot: Spot,
    by: Option<Uuid>,
    workers: Vec<Uuid>,
    what: Tell,
}

/// One page of what happened to a person, 30 entries at most.
///
/// # Errors
/// [`ApiError::NotFound`] for a person hidden from the actor, [`ApiError::BadRequest`] for a foreign cursor.
pub async fn timeline(ctx: &OpContext, id: NeighborId, after: Option<&str>) -> Result<Page<TimelineEntry>, ApiError> {
    let spot: Option<Spot> = cursor::read(after)?;
    find_neighbor(ctx, id).await?;
    let page = load(ctx, id, Part { after: spot, most: PAGE }).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "timeline", id, Some(id))]).await?;
    Ok(page)
}

/// The newest page, for a caller that has authorized and records the look itself.
pub(crate) async fn first(ctx: &OpContext, id: NeighborId) -> Result<Page<TimelineEntry>, StoreError> {
    load(ctx, id, Part { after: None, most: PAGE }).await
}

/// Everything that happened, for a caller that has authorized and records the look itself.
pub(crate) async fn whole(ctx: &OpContext, id: NeighborId) -> Result<Page<TimelineEntry>, StoreError> {
    load(ctx, id, Part { after: None, most: WHOLE }).await
}

async fn load(ctx: &OpContext, id: NeighborId, part: Part) -> Result<Page<TimelineEntry>, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut found = signals(ctx, id, part).await?;
    found.extend(events(ctx, id, part).await?);
    found.extend(assignments(ctx, id, part, &keys).await?);
    found.extend(visits(ctx, id, part, &keys).await?);
    found.extend(notes(ctx, id, part, &keys).await?);
    found.sort_by_key(|found| std::cmp::Reverse(found.spot));
    let more = found.len() > part.most;
    found.truncate(part.most);
    let next = found.last().filter(|_| more).map(|last| cursor::write(&last.spot)).transpose()?;
    let mut names = Names::default();
    let workers = found.iter().flat_map(|found| found.by.iter().chain(&found.workers).copied()).collect::<Vec<_>>();
    names.add_workers(ctx.store.read(), ctx.tenant(), workers).await?;
    let rows = found.into_iter().map(|found| entry(&names, found)).collect();
    Ok(Page { rows, next })
}

fn entry(names: &Names, found: Found) -> TimelineEntry {
    let Spot(at, _, id) = found.spot;
    TimelineEntry { key: id.to_string(), at, by: found.by.map(|by| names.worker(by)), what: (found.what)(names) }
}

/// The rows of one table that come after a place, newest first.
fn older<E: EntityTrait>(rows: Select<E>, time: E::Column, id: E::Column, source: Source, part: Part) -> Select<E> {
    let rows = match beyond(source, time, id, part.after) {
        Some(after) => rows.filter(after),
        None => rows,
    };
    rows.order_by_desc(time).order_by_desc(id).limit(part.most as u64 + 1)
}

fn beyond<C: ColumnTrait>(source: Source, time: C, id: C, after: Option<Spot>) -> Option<Condition> {
    let Spot(at, from, last) = after?;
    Some(match source.cmp(&from) {
        std::cmp::Ordering::Less => Condition::all().add(time.lte(at)),
        std::cmp::Ordering::Greater => Condition::all().add(time.lt(at)),
        // The first condition lets the index start at the place.
        std::cmp::Ordering::Equal => Condition::all().add(time.lte(at)).add(time.lt(at).or(id.lt(last))),
    })
}

async fn signals(ctx: &OpContext, id: NeighborId, part: Part) -> Result<Vec<Found>, StoreError> {
    // A person's signals are few: six lists a year.
    let rounds = neighbors::round_signals(ctx, id).await?;
    let found = rounds.into_iter().map(|(round, signals)| {
        let RoundSignals { period, received_at, indicators } = signals;
        Found {
            spot: Spot(received_at, Source::Signal, round),
            by: None,
            workers: Vec::new(),
            what: Box::new(move |_| Happening::Signals { period, indicators }),
        }
    });
    Ok(found.filter(|found| part.after.is_none_or(|after| found.spot < after)).collect())
}

fn event_rows(ctx: &OpContext, id: NeighborId, part: Part) -> Select<case_event::Entity> {
    use case_event::Column;
    let rows = case_event::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.eq(id.0))
        // Assignments and visits have rows of their own, which say more.
        .filter(Column::Kind.is_not_in([
            "assigned",
            "assignment_taken_back",
            "transfer_offered",
            "transfer_accepted",
            "transfer_rejected",
            "visit_recorded",
            "visit_cancelled",
        ]));
    older(rows, Column::At, Column::Id, Source::Event, part)
}

async fn events(ctx: &OpContext, id: NeighborId, part: Part) -> Result<Vec<Found>, StoreError> {
    let rows = event_rows(ctx, id, part).all(ctx.store.read()).await?;
    Ok(rows.iter().map(event).collect())
}

fn event(row: &case_event::Model) -> Found {
    let word = |key: &str| row.facts.get(key).and_then(|value| value.as_str());
    let fields = row.facts.get("fields").and_then(|value| value.as_array());
    let what = Happening::Event {
        step: word("step").and_then(Step::from_code),
        on: word("on").and_then(|day| day.parse().ok()),
        urgency: word("to").or_else(|| word("urgency")).and_then(Urgency::from_code),
        closure: word("reason").and_then(ClosureReason::from_code),
        channel: word("channel").and_then(Channel::from_code),
        fields: fields.into_iter().flatten().filter_map(|field| field.as_str().map(str::to_owned)).collect(),
        kind: row.kind.clone(),
    };
    Found {
        spot: Spot(row.at, Source::Event, row.id),
        by: Some(row.actor_id),
        workers: Vec::new(),
        what: Box::new(move |_| what),
    }
}

fn assignment_rows(ctx: &OpContext, id: NeighborId, part: Part) -> Select<assignment::Entity> {
    use assignment::Column;
    let rows = assignment::Entity::find().filter(Column::TenantId.eq(ctx.tenant().0)).filter(Column::NeighborId.eq(id.0));
    older(rows, Column::MadeAt, Column::Id, Source::Assignment, part)
}

async fn assignments(ctx: &OpContext, id: NeighborId, part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    assignment_rows(ctx, id, part).all(ctx.store.read()).await?.into_iter().map(|row| assigned(keys, row)).collect()
}

fn assigned(keys: &TenantKeys, row: assignment::Model) -> Result<Found, StoreError> {
    let open = |column, sealed: &Option<Vec<u8>>| keys.open_text(Cell::new("assignment", column, row.id), sealed.as_deref());
    let (reason, answer) = (open("reason", &row.reason)?, open("answer", &row.answer)?);
    Ok(Found {
        spot: Spot(row.made_at, Source::Assignment, row.id),
        by: Some(row.made_by),
        workers: row.from_worker_id.into_iter().chain([row.to_worker_id]).collect(),
        what: Box::new(move |names| Happening::Assignment {
            from: row.from_worker_id.map(|id| names.worker(id)),
            to: names.worker(row.to_worker_id),
            state: row.state,
            reason,
            answer,
        }),
    })
}

fn visit_rows(ctx: &OpContext, id: NeighborId, part: Part) -> Select<visit::Entity> {
    use visit::Column;
    let rows = visit::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.eq(id.0))
        // What lies ahead stands elsewhere on the page.
        .filter(Column::State.ne("scheduled").or(Column::StartsAt.lte(ctx.now())));
    older(rows, Column::StartsAt, Column::Id, Source::Visit, part)
}

async fn visits(ctx: &OpContext, id: NeighborId, part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    visit_rows(ctx, id, part).all(ctx.store.read()).await?.into_iter().map(|row| visited(keys, &row)).collect()
}

fn visited(keys: &TenantKeys, row: &visit::Model) -> Result<Found, StoreError> {
    let what = Happening::Visit {
        id: VisitId(row.id),
        kind: code(VisitKind::from_code(&row.kind), "visit.kind")?,
        state: code(VisitState::from_code(&row.state), "visit.state")?,
        face_to_face: row.face_to_face.as_deref().and_then(SeenWith::from_code),
        not_met: row.not_met_reason.as_deref().and_then(NotMetReason::from_code),
        cancelled: row.cancel_reason.as_deref().and_then(CancelReason::from_code),
        note: keys.open_text(Cell::new("visit", "note", row.id), row.note.as_deref())?,
    };
    Ok(Found {
        spot: Spot(row.starts_at, Source::Visit, row.id),
        by: Some(row.recorded_by.unwrap_or(row.worker_id)),
        workers: Vec::new(),
        what: Box::new(move |_| what),
    })
}

fn note_rows(ctx: &OpContext, id: NeighborId, part: Part) -> Select<note::Entity> {
    use note::Column;
    let rows = note::Entity::find().filter(Column::TenantId.eq(ctx.tenant().0)).filter(Column::NeighborId.eq(id.0));
    older(rows, Column::WrittenAt, Column::Id, Source::Note, part)
}

async fn notes(ctx: &OpContext, id: NeighborId, part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    note_rows(ctx, id, part).all(ctx.store.read()).await?.into_iter().map(|row| noted(keys, &row)).collect()
}

fn noted(keys: &TenantKeys, row: &note::Model) -> Result<Found, StoreError> {
    let body = keys.open_text(Cell::new("note", "body", row.id), Some(&row.body))?.unwrap_or_default();
    Ok(Found {
        spot: Spot(row.written_at, Source::Note, row.id),
        by: Some(row.author_id),
        workers: Vec::new(),
        what: Box::new(move |_| Happening::Note { body }),
    })
}

/// The statements of a page that is not the first, for the test that reads their plans.
#[cfg(test)]
pub(super) fn statements(ctx: &OpContext) -> Vec<sea_orm::Statement> {
    use sea_orm::QueryTrait;
    let (id, backend) = (NeighborId::new(), ctx.store.backend());
    let spot = |source| Part { after: Some(Spot(ctx.now(), source, id.0)), most: PAGE };
    vec![
        event_rows(ctx, id, spot(Source::Event)).build(backend),
        assignment_rows(ctx, id, spot(Source::Visit)).build(backend),
        visit_rows(ctx, id, spot(Source::Visit)).build(backend),
        note_rows(ctx, id, spot(Source::Note)).build(backend),
    ]
}
