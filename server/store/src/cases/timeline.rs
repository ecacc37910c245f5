//! What happened to a person, newest first: lists, visits, notes, assignments and steps from their own tables, merged
//! by time. Each table is read once for all people that are asked for: for a page from the key on, by its index on neighbor
//! and time, else everything.

use super::{cursor, names::Names, page::find_neighbor};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    crypt::{Cell, TenantKeys},
    entity::{assignment, attachment, case_event, note, visit},
    error::StoreError,
    neighbors::{self, Rounds},
    records::code,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    attachment::{AttachmentCard, AttachmentKind, Removal},
    case::{ClosureReason, Step, Urgency},
    ids::{AttachmentId, CaseId, NeighborId, VisitId},
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
use std::{cmp::Reverse, collections::HashMap};
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
    Attachment,
}

/// The place of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Spot(DateTime<Utc>, Source, Uuid);

/// Which part of a timeline.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The newest page.
    First,
    /// The page after a place.
    After(Spot),
    /// Everything.
    Whole,
}

impl Part {
    const fn after(self) -> Option<Spot> {
        if let Self::After(spot) = self { Some(spot) } else { None }
    }

    const fn most(self) -> usize {
        if matches!(self, Self::Whole) { WHOLE } else { PAGE }
    }
}

/// What happened, once the names are known.
type Tell = Box<dyn FnOnce(&Names) -> Happening + Send>;

/// An entry with whom it is about, its place and who did it, before names are known.
struct Found {
    person: Uuid,
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
    let page = one(ctx, id.0, spot.map_or(Part::First, Part::After)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "timeline", id, Some(id))]).await?;
    Ok(page)
}

async fn one(ctx: &OpContext, id: Uuid, part: Part) -> Result<Page<TimelineEntry>, StoreError> {
    let rounds = neighbors::round_signals(ctx, &[id]).await?;
    Ok(load(ctx, &[id], part, &rounds).await?.remove(&id).unwrap_or_default())
}

/// What happened to each of these people, whose signals are at hand, for a caller that has authorized and records the looks
/// itself.
pub(crate) async fn load(
    ctx: &OpContext,
    people: &[Uuid],
    part: Part,
    rounds: &Rounds,
) -> Result<HashMap<Uuid, Page<TimelineEntry>>, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut found = signals(rounds, part);
    found.extend(events(ctx, people, part).await?);
    found.extend(assignments(ctx, people, part, &keys).await?);
    found.extend(visits(ctx, people, part, &keys).await?);
    found.extend(notes(ctx, people, part, &keys).await?);
    found.extend(attachments(ctx, people, part, &keys).await?);
    let mut names = Names::default();
    let workers = found.iter().flat_map(|found| found.by.iter().chain(&found.workers).copied()).collect::<Vec<_>>();
    names.add_workers(ctx.store.read(), ctx.tenant(), workers).await?;
    let mut of: HashMap<Uuid, Vec<Found>> = HashMap::new();
    for found in found {
        of.entry(found.person).or_default().push(found);
    }
    of.into_iter().map(|(person, found)| Ok((person, page(&names, found, part)?))).collect()
}

fn page(names: &Names, mut found: Vec<Found>, part: Part) -> Result<Page<TimelineEntry>, StoreError> {
    found.sort_by_key(|found| Reverse(found.spot));
    let more = found.len() > part.most();
    found.truncate(part.most());
    let next = found.last().filter(|_| more).map(|last| cursor::write(&last.spot)).transpose()?;
    Ok(Page { rows: found.into_iter().map(|found| entry(names, found)).collect(), next })
}

fn entry(names: &Names, found: Found) -> TimelineEntry {
    let Spot(at, _, id) = found.spot;
    TimelineEntry { key: id.to_string(), at, by: found.by.map(|by| names.worker(by)), what: (found.what)(names) }
}

/// The rows of one table that a part may hold: of a page, those of one person that come after a place, newest first.
fn older<E: EntityTrait>(rows: Select<E>, time: E::Column, id: E::Column, source: Source, part: Part) -> Select<E> {
    if matches!(part, Part::Whole) {
        return rows;
    }
    let rows = match beyond(source, time, id, part.after()) {
        Some(after) => rows.filter(after),
        None => rows,
    };
    rows.order_by_desc(time).order_by_desc(id).limit(part.most() as u64 + 1)
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

/// A person's signals are few: six lists a year.
fn signals(rounds: &Rounds, part: Part) -> Vec<Found> {
    let all = rounds.iter().flat_map(|(person, rounds)| rounds.iter().map(|(round, signals)| (*person, *round, signals.clone())));
    let found = all.map(|(person, round, RoundSignals { period, received_at, indicators })| Found {
        person,
        spot: Spot(received_at, Source::Signal, round),
        by: None,
        workers: Vec::new(),
        what: Box::new(move |_| Happening::Signals { period, indicators }),
    });
    found.filter(|found| part.after().is_none_or(|after| found.spot < after)).collect()
}

fn event_rows(ctx: &OpContext, people: &[Uuid], part: Part) -> Select<case_event::Entity> {
    use case_event::Column;
    let rows = case_event::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.is_in(people.iter().copied()))
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

async fn events(ctx: &OpContext, people: &[Uuid], part: Part) -> Result<Vec<Found>, StoreError> {
    let rows = event_rows(ctx, people, part).all(ctx.store.read()).await?;
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
        person: row.neighbor_id,
        spot: Spot(row.at, Source::Event, row.id),
        by: Some(row.actor_id),
        workers: Vec::new(),
        what: Box::new(move |_| what),
    }
}

fn assignment_rows(ctx: &OpContext, people: &[Uuid], part: Part) -> Select<assignment::Entity> {
    use assignment::Column;
    let rows = assignment::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.is_in(people.iter().copied()));
    older(rows, Column::MadeAt, Column::Id, Source::Assignment, part)
}

async fn assignments(ctx: &OpContext, people: &[Uuid], part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    assignment_rows(ctx, people, part).all(ctx.store.read()).await?.into_iter().map(|row| assigned(keys, row)).collect()
}

fn assigned(keys: &TenantKeys, row: assignment::Model) -> Result<Found, StoreError> {
    let open = |column, sealed: &Option<Vec<u8>>| keys.open_text(Cell::new("assignment", column, row.id), sealed.as_deref());
    let (reason, answer) = (open("reason", &row.reason)?, open("answer", &row.answer)?);
    Ok(Found {
        person: row.neighbor_id,
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

fn visit_rows(ctx: &OpContext, people: &[Uuid], part: Part) -> Select<visit::Entity> {
    use visit::Column;
    let rows = visit::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.is_in(people.iter().copied()))
        // What lies ahead stands elsewhere on the page.
        .filter(Column::State.ne("scheduled").or(Column::StartsAt.lte(ctx.now())));
    older(rows, Column::StartsAt, Column::Id, Source::Visit, part)
}

async fn visits(ctx: &OpContext, people: &[Uuid], part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    visit_rows(ctx, people, part).all(ctx.store.read()).await?.into_iter().map(|row| visited(keys, &row)).collect()
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
        person: row.neighbor_id,
        spot: Spot(row.starts_at, Source::Visit, row.id),
        by: Some(row.recorded_by.unwrap_or(row.worker_id)),
        workers: Vec::new(),
        what: Box::new(move |_| what),
    })
}

fn note_rows(ctx: &OpContext, people: &[Uuid], part: Part) -> Select<note::Entity> {
    use note::Column;
    let rows =
        note::Entity::find().filter(Column::TenantId.eq(ctx.tenant().0)).filter(Column::NeighborId.is_in(people.iter().copied()));
    older(rows, Column::WrittenAt, Column::Id, Source::Note, part)
}

async fn notes(ctx: &OpContext, people: &[Uuid], part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    note_rows(ctx, people, part).all(ctx.store.read()).await?.into_iter().map(|row| noted(keys, &row)).collect()
}

fn noted(keys: &TenantKeys, row: &note::Model) -> Result<Found, StoreError> {
    let body = keys.open_text(Cell::new("note", "body", row.id), Some(&row.body))?.unwrap_or_default();
    Ok(Found {
        person: row.neighbor_id,
        spot: Spot(row.written_at, Source::Note, row.id),
        by: Some(row.author_id),
        workers: Vec::new(),
        what: Box::new(move |_| Happening::Note { body }),
    })
}

fn attachment_rows(ctx: &OpContext, people: &[Uuid], part: Part) -> Select<attachment::Entity> {
    use attachment::Column;
    let rows = attachment::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::NeighborId.is_in(people.iter().copied()));
    older(rows, Column::AddedAt, Column::Id, Source::Attachment, part)
}

async fn attachments(ctx: &OpContext, people: &[Uuid], part: Part, keys: &TenantKeys) -> Result<Vec<Found>, StoreError> {
    attachment_rows(ctx, people, part).all(ctx.store.read()).await?.into_iter().map(|row| attached(keys, row)).collect()
}

fn attached(keys: &TenantKeys, row: attachment::Model) -> Result<Found, StoreError> {
    let open = |column, sealed: &Option<Vec<u8>>| keys.open_text(Cell::new("attachment", column, row.id), sealed.as_deref());
    let (caption, reason) = (open("caption", &row.caption)?, open("removal_reason", &row.removal_reason)?);
    let kind = code(AttachmentKind::from_code(&row.kind), "attachment.kind")?;
    let bytes = u32::try_from(row.bytes).map_err(|_other| StoreError::Corrupt("attachment.bytes"))?;
    Ok(Found {
        person: row.neighbor_id,
        spot: Spot(row.added_at, Source::Attachment, row.id),
        by: Some(row.added_by),
        workers: row.removed_by.into_iter().collect(),
        what: Box::new(move |names| {
            let removed = row.removed_by.zip(row.removed_at);
            let removed = removed.map(|(by, at)| Removal { by: names.worker(by), at, reason: reason.unwrap_or_default() });
            let (id, case, visit) = (AttachmentId(row.id), CaseId(row.case_id), row.visit_id.map(VisitId));
            let stored = row.stored_at.is_some();
            Happening::Attachment { card: AttachmentCard { id, case, kind, bytes, caption, visit, stored, removed } }
        }),
    })
}

/// The statements of a page that is not the first, and of whole timelines, for the test that reads their plans.
#[cfg(test)]
pub(super) fn statements(ctx: &OpContext) -> [Vec<sea_orm::Statement>; 2] {
    use sea_orm::QueryTrait;
    let ([one, other], backend) = ([NeighborId::new().0, NeighborId::new().0], ctx.store.backend());
    let spot = |source| Part::After(Spot(ctx.now(), source, one));
    let rows = |people: &[Uuid], own: Part, others: Part| {
        vec![
            event_rows(ctx, people, own).build(backend),
            assignment_rows(ctx, people, others).build(backend),
            visit_rows(ctx, people, others).build(backend),
            note_rows(ctx, people, others).build(backend),
            attachment_rows(ctx, people, others).build(backend),
        ]
    };
    [rows(&[one], spot(Source::Event), spot(Source::Visit)), rows(&[one, other], Part::Whole, Part::Whole)]
}
