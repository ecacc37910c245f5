//! Loading a list: all rows in one transaction, in bulk, and nothing twice.

use super::super::neighbor::{self, NewNeighbor};
use crate::{
    crypt::Cell,
    dialect,
    entity::{discovery_round, link, neighbor as neighbor_row, neighbor_name, round_entry, round_row, signal},
    error::StoreError,
    records,
    rounds::plan::{CHUNK, Known, Plan, Planned, Planning, Who, count},
    tenants,
    write::{Changed, Write, insert_chunks},
};
use chrono::Datelike;
use domain::{
    ApiError, Invalid,
    ids::{HouseholdId, LinkId, NeighborId, Rev, RoundEntryId, RoundId, SignalId, TeamId, UserId},
    linkage::LinkScore,
    policy::{Action, Kind},
    profile::{Channel, NeighborProfile},
    round::{ImportReport, RoundPeriod, RoundRow, TriageDecision, advise},
    search, text,
    text::DongCode,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Rows of one list at most.
const MOST_ROWS: usize = 50_000;

/// Loads the rows of one list.
pub(super) async fn import(
    write: &mut Write<'_>,
    id: RoundId,
    period: RoundPeriod,
    rows: &[RoundRow],
) -> Result<Rev, StoreError> {
    write.allow(Action::Import, &write.ctx.resource(Kind::Round))?;
    let tenant = write.ctx.tenant();
    // Two loads of the same list at once would both find it new.
    dialect::take_turns(write.tx, "import", tenant.0).await?;
    let teams = tenants::dong_teams(write.tx, tenant).await?;
    check_rows(write, period, rows, &teams).await?;
    let planning = Planning { db: write.tx, tenant, keys: &write.keys, now: write.now };
    let plan = Box::pin(planning.plan(period, rows.to_vec())).await?;
    let report = ImportReport { applied: true, ..plan.report() };
    let round = put_round(write, id, period, &plan).await?;
    let mut loader = Loader { round: RoundId(round.id), period, teams, entries: HashMap::new() };
    write.ctx.progress.begin(count(plan.people.len()));
    for chunk in plan.people.chunks(CHUNK) {
        loader.load(write, chunk).await?;
        write.ctx.progress.advance(count(chunk.len()));
    }
    let rev = finish_round(write, round, loader.entries.len(), report.signals_added > 0).await?;
    write.import = Some(Box::new(report));
    Ok(rev)
}

/// A command may come from anywhere, so the rows are checked again as the reader of files checks them.
async fn check_rows(
    write: &Write<'_>,
    period: RoundPeriod,
    rows: &[RoundRow],
    dongs: &HashMap<DongCode, Option<TeamId>>,
) -> Result<(), StoreError> {
    let refuse = |reason| Err(StoreError::from(ApiError::invalid("rows", reason)));
    if rows.is_empty() || rows.len() > MOST_ROWS {
        return refuse(Invalid::Range);
    }
    let indicators = tenants::current_indicators(write.tx, write.ctx.tenant()).await?;
    let year = write.ctx.today().year();
    for row in rows {
        if row.period != period {
            return refuse(Invalid::Order);
        }
        if !dongs.contains_key(&row.dong) {
            return refuse(Invalid::UnknownDong);
        }
        if row.indicators.is_empty() || row.indicators.iter().any(|code| !indicators.contains_key(code)) {
            return refuse(Invalid::UnknownCode);
        }
        if row.birth_year.is_some_and(|born| !born.plausible(year)) {
            return refuse(Invalid::BirthYear);
        }
        text::required_line("name", row.name.clone(), domain::round::MAX_NAME)?;
        text::optional_line("address", row.address.clone(), domain::round::MAX_ADDRESS)?;
        text::optional_line("note", row.note.clone(), domain::round::MAX_NOTE)?;
    }
    Ok(())
}

async fn put_round(
    write: &Write<'_>,
    id: RoundId,
    period: RoundPeriod,
    plan: &Plan,
) -> Result<discovery_round::Model, StoreError> {
    if let Some(round) = &plan.round {
        return Ok(round.clone());
    }
    let row = discovery_round::Model {
        tenant_id: write.ctx.tenant().0,
        id: id.0,
        year: i32::from(period.year),
        number: i32::from(period.number),
        imported_by: write.ctx.user().0,
        imported_at: write.now,
        entries: 0,
        rev: 0,
    };
    discovery_round::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(write.tx).await?;
    Ok(row)
}

/// The round is one revision on only when something was added to it.
async fn finish_round(
    write: &mut Write<'_>,
    mut round: discovery_round::Model,
    new_entries: usize,
    added: bool,
) -> Result<Rev, StoreError> {
    write.audit("round", RoundId(round.id), None);
    if !added && round.rev > 0 {
        return Ok(Rev(round.rev));
    }
    round.entries += i32::try_from(new_entries).unwrap_or(0);
    round.rev += 1;
    let (id, rev) = (round.id, Rev(round.rev));
    discovery_round::Entity::update(round.into_active_model().reset_all()).exec(write.tx).await?;
    write.changed(Changed::general("round", id, rev));
    Ok(rev)
}

/// Writes the people of a list, chunk by chunk.
struct Loader {
    round: RoundId,
    period: RoundPeriod,
    teams: HashMap<DongCode, Option<TeamId>>,
    /// New entries, by neighbor: two people of the list may be one known neighbor.
    entries: HashMap<Uuid, Uuid>,
}

/// The rows of one chunk.
#[derive(Default)]
struct Rows {
    neighbors: Vec<neighbor_row::ActiveModel>,
    names: Vec<neighbor_name::ActiveModel>,
    entries: Vec<round_entry::ActiveModel>,
    signals: Vec<signal::ActiveModel>,
    links: Vec<link::ActiveModel>,
    loaded: Vec<round_row::ActiveModel>,
}

/// Where a person of the list stands in the district.
struct Place {
    id: Uuid,
    team: Option<Uuid>,
    dong: String,
}

impl Loader {
    async fn load(&mut self, write: &mut Write<'_>, people: &[Planned]) -> Result<(), StoreError> {
        let before = self.entries_of(write, people).await?;
        let mut rows = Rows::default();
        for person in people {
            let place = match &person.who {
                Who::New(likely) => self.add_neighbor(write, person, likely, &mut rows)?,
                Who::Known(known) => place_of(known),
            };
            self.add_loaded(write, person, place.id, &mut rows);
            if person.indicators.is_empty() {
                continue;
            }
            self.add_signals(write, person, place.id, &mut rows);
            match before.get(&place.id).or_else(|| self.entries.get(&place.id)).copied() {
                Some(entry) => extend_entry(write, person, entry, &mut rows).await?,
                None => self.add_entry(write, person, &place, &mut rows)?,
            }
        }
        insert_chunks::<neighbor_row::Entity, _>(write.tx, rows.neighbors).await?;
        insert_chunks::<neighbor_name::Entity, _>(write.tx, rows.names).await?;
        insert_chunks::<round_row::Entity, _>(write.tx, rows.loaded).await?;
        insert_chunks::<round_entry::Entity, _>(write.tx, rows.entries).await?;
        insert_chunks::<signal::Entity, _>(write.tx, rows.signals).await?;
        insert_chunks::<link::Entity, _>(write.tx, rows.links).await
    }

    /// Entries of this round that earlier loads made, by neighbor.
    async fn entries_of(&self, write: &Write<'_>, people: &[Planned]) -> Result<HashMap<Uuid, Uuid>, StoreError> {
        let added = people.iter().filter(|person| !person.indicators.is_empty());
        let ids: BTreeSet<Uuid> = added.filter_map(Planned::known).map(|known| known.id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, Uuid)> = round_entry::Entity::find()
            .select_only()
            .columns([round_entry::Column::NeighborId, round_entry::Column::Id])
            .filter(round_entry::Column::TenantId.eq(write.ctx.tenant().0))
            .filter(round_entry::Column::RoundId.eq(self.round.0))
            .filter(round_entry::Column::NeighborId.is_in(ids))
            .into_tuple()
            .all(write.tx)
            .await?;
        Ok(rows.into_iter().collect())
    }

    fn add_neighbor(
        &self,
        write: &mut Write<'_>,
        person: &Planned,
        likely: &[(Known, LinkScore)],
        rows: &mut Rows,
    ) -> Result<Place, StoreError> {
        let id = NeighborId::new();
        let team = self.teams.get(&person.row.dong).copied().flatten();
        let new = NewNeighbor { id, household: HouseholdId::new(), learned_from: Channel::Signals };
        let mut row = neighbor::blank(write, &new, team);
        records::put_profile(&write.keys, &mut row, &profile_of(&person.row))?;
        rows.names.push(neighbor_name::ActiveModel {
            tenant_id: Set(write.ctx.tenant().0),
            neighbor_id: Set(id.0),
            jamo: Set(search::jamo(&person.row.name)),
            initials: Set(search::initials_index(&person.row.name)),
        });
        for (known, score) in likely {
            rows.links.push(open_link(write, id, known, score));
        }
        write.changed(neighbor::changed(&row));
        rows.neighbors.push(row.into_active_model().reset_all());
        write.event(None, id, "registered", json!({ "channel": Channel::Signals, "signs": [] }));
        Ok(Place { id: id.0, team: team.map(Uuid::from), dong: person.row.dong.as_str().to_owned() })
    }

    fn add_loaded(&self, write: &Write<'_>, person: &Planned, neighbor: Uuid, rows: &mut Rows) {
        rows.loaded.extend(person.fingerprints.iter().map(|fingerprint| round_row::ActiveModel {
            tenant_id: Set(write.ctx.tenant().0),
            round_id: Set(self.round.0),
            fingerprint: Set(fingerprint.clone()),
            neighbor_id: Set(neighbor),
        }));
    }

    fn add_signals(&self, write: &mut Write<'_>, person: &Planned, neighbor: Uuid, rows: &mut Rows) {
        rows.signals.extend(person.indicators.iter().map(|indicator| signal::ActiveModel {
            tenant_id: Set(write.ctx.tenant().0),
            id: Set(SignalId::new().0),
            neighbor_id: Set(neighbor),
            round_id: Set(self.round.0),
            indicator: Set(indicator.clone()),
            received_at: Set(write.now),
        }));
        let id = NeighborId(neighbor);
        let known = person.known();
        if let Some(known) = known {
            write.changed(changed_known(known));
        }
        let case = known.and_then(|known| known.open_case_id).map(Into::into);
        let facts = json!({ "round": self.period.to_string(), "indicators": person.indicators });
        write.event(case, id, "signals_received", facts);
        write.audit("neighbor", id, Some(id));
    }

    fn add_entry(&mut self, write: &Write<'_>, person: &Planned, place: &Place, rows: &mut Rows) -> Result<(), StoreError> {
        let id = RoundEntryId::new();
        let advice = advise(&person.indicators, person.rounds);
        rows.entries.push(round_entry::ActiveModel {
            tenant_id: Set(write.ctx.tenant().0),
            id: Set(id.0),
            round_id: Set(self.round.0),
            neighbor_id: Set(place.id),
            team_id: Set(place.team),
            dong_code: Set(place.dong.clone()),
            indicators: Set(i32::try_from(person.indicators.len()).unwrap_or(i32::MAX)),
            priority: Set(i32::try_from(advice.points).unwrap_or(i32::MAX)),
            note: Set(write.keys.seal_text(Cell::new("round_entry", "note", id), person.row.note.as_deref())?),
            decision: Set(TriageDecision::Open.code().to_owned()),
            reason: Set(None),
            case_id: Set(None),
            decided_by: Set(None),
            decided_at: Set(None),
            rev: Set(1),
        });
        self.entries.insert(place.id, id.0);
        Ok(())
    }
}

/// More signals for an entry that is there: a decision to do nothing is open again.
async fn extend_entry(write: &Write<'_>, person: &Planned, entry: Uuid, rows: &mut Rows) -> Result<(), StoreError> {
    let more = i32::try_from(person.indicators.len()).unwrap_or(0);
    let points = i32::try_from(advise(&person.indicators, 1).points).unwrap_or(0);
    if let Some(waiting) = rows.entries.iter_mut().find(|row| row.id.as_ref() == &entry) {
        waiting.indicators = Set(waiting.indicators.as_ref() + more);
        waiting.priority = Set(waiting.priority.as_ref() + points);
        return Ok(());
    }
    let key = (write.ctx.tenant().0, entry);
    let row = round_entry::Entity::find_by_id(key).one(write.tx).await?.ok_or(StoreError::Corrupt("round_entry"))?;
    let idle = [TriageDecision::NoAction, TriageDecision::PassedOn].iter().any(|decision| row.decision == decision.code());
    let (indicators, priority, rev) = (row.indicators + more, row.priority + points, row.rev + 1);
    let mut changed = row.into_active_model();
    changed.indicators = Set(indicators);
    changed.priority = Set(priority);
    changed.rev = Set(rev);
    if idle {
        changed.decision = Set(TriageDecision::Open.code().to_owned());
        changed.reason = Set(None);
        changed.decided_by = Set(None);
        changed.decided_at = Set(None);
    }
    round_entry::Entity::update(changed).exec(write.tx).await?;
    Ok(())
}

fn profile_of(row: &RoundRow) -> NeighborProfile {
    NeighborProfile {
        name: Some(row.name.clone()),
        birth_year: row.birth_year,
        sex: row.sex,
        address: row.address.clone(),
        phone: row.phone.clone(),
        ..NeighborProfile::in_dong(row.dong.clone())
    }
}

fn place_of(known: &Known) -> Place {
    Place { id: known.id, team: known.team_id, dong: known.dong_code.clone() }
}

fn changed_known(known: &Known) -> Changed {
    Changed {
        former: false,
        entity: "neighbor",
        id: known.id,
        rev: Rev(known.rev),
        neighbor: Some(NeighborId(known.id)),
        team: known.team_id.map(TeamId),
        worker: known.worker_id.map(UserId),
        second: None,
        restricted: known.restricted,
    }
}

fn open_link(write: &Write<'_>, newer: NeighborId, older: &Known, score: &LinkScore) -> link::ActiveModel {
    link::ActiveModel {
        tenant_id: Set(write.ctx.tenant().0),
        id: Set(LinkId::new().0),
        newer_id: Set(newer.0),
        older_id: Set(older.id),
        team_id: Set(older.team_id),
        reasons: Set(json!(score)),
        state: Set("open".to_owned()),
        found_at: Set(write.now),
        decided_by: Set(None),
        decided_at: Set(None),
        rev: Set(1),
    }
}
