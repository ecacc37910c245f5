//! The entries of a round, those first who should be seen first.

use super::list::{dongs, names};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    crypt::{Cell, TenantKeys},
    entity::{neighbor, round_entry, signal},
    error::StoreError,
    records::code,
    tenants, visible,
};
use chrono::Months;
use domain::{
    ApiError,
    catalogue::Indicator,
    ids::{CaseId, NeighborId, RoundEntryId, RoundId},
    policy::{Action, Kind},
    profile::Sex,
    round::{SIGNAL_MONTHS, TriageDecision, advise},
    text::BirthYear,
    view::{
        Page,
        rounds::{Named, TriageEntry, TriageFilter},
    },
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
    prelude::Expr,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Entries on a page.
const PAGE: u64 = 50;

/// A page of the entries of a round that the actor may see, by the points of the advice.
///
/// # Errors
/// [`ApiError::BadRequest`] for a cursor that is none; the database's faults.
pub async fn list_entries(
    ctx: &OpContext,
    round: RoundId,
    filter: &TriageFilter,
    cursor: Option<&str>,
) -> Result<Page<TriageEntry>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Round))?;
    let after = cursor.map(|cursor| read_cursor(cursor).ok_or(ApiError::BadRequest)).transpose()?;
    let (page, shown) = load(ctx, round, filter, after).await.map_err(StoreError::into_api)?;
    record_reads(ctx, shown).await?;
    Ok(page)
}

type Row = (round_entry::Model, Option<neighbor::Model>);

async fn load(
    ctx: &OpContext,
    round: RoundId,
    filter: &TriageFilter,
    after: Option<(i32, Uuid)>,
) -> Result<(Page<TriageEntry>, Vec<Entry>), StoreError> {
    let mut rows: Vec<Row> =
        query(ctx, round, filter, after).limit(PAGE + 1).select_also(neighbor::Entity).all(ctx.store.read()).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|(row, _)| format!("{}.{}", row.priority, row.id));
    let around = Around::load(ctx, round, &rows).await?;
    let rows: Vec<(round_entry::Model, neighbor::Model)> =
        rows.into_iter().filter_map(|(row, person)| Some((row, person?))).collect();
    let shown = rows.iter().map(|(row, person)| Entry::one("list", "round_entry", row.id, Some(NeighborId(person.id)))).collect();
    let rows = rows.into_iter().map(|(row, person)| around.entry(row, person)).collect::<Result<_, _>>()?;
    Ok((Page { rows, next }, shown))
}

fn person() -> RelationDef {
    round_entry::Entity::belongs_to(neighbor::Entity)
        .from((round_entry::Column::TenantId, round_entry::Column::NeighborId))
        .to((neighbor::Column::TenantId, neighbor::Column::Id))
        .into()
}

/// Index: `round_entry_by_round`, or `round_entry_by_decision` when a decision is asked for.
fn query(ctx: &OpContext, round: RoundId, filter: &TriageFilter, after: Option<(i32, Uuid)>) -> Select<round_entry::Entity> {
    use round_entry::Column;
    let mut query = round_entry::Entity::find()
        .join(JoinType::InnerJoin, person())
        .filter(visible::round_entries(&ctx.actor))
        .filter(visible::not_kept(&ctx.actor))
        .filter(Column::RoundId.eq(round.0));
    if let Some(decision) = filter.decision {
        query = query.filter(Column::Decision.eq(decision.code()));
    }
    if let Some(dong) = &filter.dong {
        query = query.filter(Column::DongCode.eq(dong.as_str()));
    }
    if let Some(least) = filter.least {
        query = query.filter(Column::Indicators.gte(i32::from(least)));
    }
    if let Some((priority, id)) = after {
        let later = Condition::all().add(Column::Priority.eq(priority)).add(Column::Id.lt(id));
        query = query.filter(Condition::any().add(Column::Priority.lt(priority)).add(later));
    }
    query.order_by_desc(Column::Priority).order_by_desc(Column::Id)
}

fn read_cursor(cursor: &str) -> Option<(i32, Uuid)> {
    let (priority, id) = cursor.split_once('.')?;
    Some((priority.parse().ok()?, id.parse().ok()?))
}

/// What goes around the entries of a page.
struct Around {
    keys: std::sync::Arc<TenantKeys>,
    dongs: HashMap<String, Named>,
    indicators: BTreeMap<String, Indicator>,
    names: HashMap<Uuid, String>,
    signals: HashMap<Uuid, Vec<String>>,
    rounds: HashMap<Uuid, HashSet<Uuid>>,
}

impl Around {
    async fn load(ctx: &OpContext, round: RoundId, rows: &[Row]) -> Result<Self, StoreError> {
        let deciders = rows.iter().filter_map(|(row, _)| row.decided_by).collect();
        let mut around = Self {
            keys: ctx.store.keys(ctx.tenant()).await?,
            dongs: dongs(ctx).await?,
            indicators: tenants::current_indicators(ctx.store.read(), ctx.tenant()).await?,
            names: names(ctx, deciders).await?,
            signals: HashMap::new(),
            rounds: HashMap::new(),
        };
        let since = ctx.now().checked_sub_months(Months::new(SIGNAL_MONTHS)).unwrap_or_default();
        let signals = signal::Entity::find()
            .filter(signal::Column::TenantId.eq(ctx.tenant().0))
            .filter(signal::Column::NeighborId.is_in(rows.iter().map(|(row, _)| row.neighbor_id)))
            .filter(
                Condition::any().add(signal::Column::ReceivedAt.gte(since)).add(Expr::col(signal::Column::RoundId).eq(round.0)),
            )
            .all(ctx.store.read())
            .await?;
        for signal in signals {
            around.rounds.entry(signal.neighbor_id).or_default().insert(signal.round_id);
            if signal.round_id == round.0 {
                around.signals.entry(signal.neighbor_id).or_default().push(signal.indicator);
            }
        }
        Ok(around)
    }

    fn entry(&self, row: round_entry::Model, person: neighbor::Model) -> Result<TriageEntry, StoreError> {
        let mut codes = self.signals.get(&person.id).cloned().unwrap_or_default();
        codes.sort();
        let rounds = self.rounds.get(&person.id).map_or(1, HashSet::len);
        let birth_year =
            person.birth_year.and_then(|year| i16::try_from(year).ok()).and_then(|year| BirthYear::try_from(year).ok());
        Ok(TriageEntry {
            id: RoundEntryId(row.id),
            neighbor: NeighborId(person.id),
            name: person.name,
            birth_year,
            sex: code(Sex::from_code(&person.sex), "neighbor.sex")?,
            dong: self.dongs.get(&row.dong_code).cloned().unwrap_or_default(),
            advice: advise(&codes, u32::try_from(rounds).unwrap_or(u32::MAX)),
            indicators: codes.into_iter().map(|code| self.indicator(code)).collect(),
            note: self.keys.open_text(Cell::new("round_entry", "note", row.id), row.note.as_deref())?,
            decision: code(TriageDecision::from_code(&row.decision), "round_entry.decision")?,
            reason: row.reason,
            open_case: person.open_case_id.map(CaseId),
            case: row.case_id.map(CaseId),
            decided_by: row.decided_by.and_then(|id| self.names.get(&id).cloned()),
            decided_at: row.decided_at,
        })
    }

    fn indicator(&self, code: String) -> Named {
        match self.indicators.get(&code) {
            Some(known) => Named { code, ko: known.name_ko.clone(), en: known.name_en.clone() },
            None => Named { ko: code.clone(), en: code.clone(), code },
        }
    }
}
