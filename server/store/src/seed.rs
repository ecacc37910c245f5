//! Filling a district that is not in use: what the demo and the benchmarks need beside the one write path. People in
//! bulk have the same kinds of rows as others (name prepared for search, sealed phone and address, a case whose derived
//! columns follow from its facts, visits, a timeline) but no feed and one row in the trail for each batch: nobody
//! follows a district that is being made.

use crate::{
    OpContext,
    audit::{self, Entry},
    crypt::{Cell, TenantKeys},
    entity::{audit as audit_row, case_event, case_file, neighbor, neighbor_name, note, visit},
    error::StoreError,
    open::Store,
    records, tenants,
    write::insert_chunks,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    case::{CaseFacts, Stage, Step, Urgency},
    clock::day_start,
    ids::{CaseId, HouseholdId, NeighborId, NoteId, TeamId, TenantId, UserId, VisitId},
    policy::{Action, Kind},
    profile::{Channel, NeighborProfile},
    search,
    settings::Settings,
    text::DongCode,
    visit::{NotMetReason, SeenWith, VisitKind, VisitState, Window},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// How much a district holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Neighbors.
    pub neighbors: u64,
    /// Cases, closed ones too.
    pub cases: u64,
    /// Visits, planned ones too.
    pub visits: u64,
}

/// Counts what a district holds, for the command line; nothing about anybody.
///
/// # Errors
/// When the database can't be reached.
pub async fn count(store: &Store, tenant: TenantId) -> Result<Counts, StoreError> {
    let db = store.read();
    Ok(Counts {
        neighbors: neighbor::Entity::find().filter(neighbor::Column::TenantId.eq(tenant.0)).count(db).await?,
        cases: case_file::Entity::find().filter(case_file::Column::TenantId.eq(tenant.0)).count(db).await?,
        visits: visit::Entity::find().filter(visit::Column::TenantId.eq(tenant.0)).count(db).await?,
    })
}

/// Somebody with one case.
#[derive(Clone, Debug)]
pub struct BulkPerson {
    /// Id.
    pub id: NeighborId,
    /// Id of the household.
    pub household: HouseholdId,
    /// What is known.
    pub profile: NeighborProfile,
    /// How we learned of the person.
    pub learned_from: Channel,
    /// The case.
    pub case: CaseId,
    /// How soon a first contact was due.
    pub urgency: Urgency,
    /// What was done.
    pub facts: CaseFacts,
    /// Who holds it.
    pub worker: UserId,
    /// The visits, in the order of time.
    pub visits: Vec<BulkVisit>,
    /// What was written down between visits. Where there is something, each step has its entry in the timeline too.
    pub notes: Vec<(DateTime<Utc>, String)>,
}

/// A visit.
#[derive(Clone, Debug)]
pub struct BulkVisit {
    /// Id.
    pub id: VisitId,
    /// How.
    pub kind: VisitKind,
    /// When.
    pub window: Window,
    /// What became of it.
    pub state: VisitState,
    /// What was recorded in words.
    pub note: Option<String>,
}

/// Before [`write_people`] is called for hundreds of thousands: takes up to 1.5 GB of memory and saves most of the writing.
///
/// # Errors
/// The database's fault.
pub async fn make_room(store: &Store) -> Result<(), StoreError> {
    crate::dialect::make_room(store.writer()).await
}

/// Writes people in one transaction; best some thousands at a time.
///
/// # Errors
/// Policy's answer for who may not load lists, or the database's fault; nothing is half written.
pub async fn write_people(ctx: &OpContext, people: &[BulkPerson]) -> Result<(), ApiError> {
    ctx.check(Action::Import, &ctx.resource(Kind::Round))?;
    write(ctx, people).await.map_err(StoreError::into_api)
}

async fn write(ctx: &OpContext, people: &[BulkPerson]) -> Result<(), StoreError> {
    let (keys, tenant) = (ctx.store.keys(ctx.tenant()).await?, ctx.tenant());
    let settings = tenants::settings(ctx.store.read(), tenant).await?;
    let teams = tenants::dong_teams(ctx.store.read(), tenant).await?;
    let bulk = Bulk { ctx, keys: &keys, settings, teams };
    let mut rows = Rows::default();
    for person in people {
        bulk.add(person, &mut rows)?;
    }
    let tx = ctx.store.begin().await?;
    insert_chunks::<neighbor::Entity, _>(&tx, rows.neighbors).await?;
    insert_chunks::<neighbor_name::Entity, _>(&tx, rows.names).await?;
    insert_chunks::<case_file::Entity, _>(&tx, rows.cases).await?;
    insert_chunks::<visit::Entity, _>(&tx, rows.visits).await?;
    insert_chunks::<case_event::Entity, _>(&tx, rows.events).await?;
    insert_chunks::<note::Entity, _>(&tx, rows.notes).await?;
    let entry = audit::row(ctx, Entry::list("neighbor.register", "neighbor", people.len()), None);
    audit_row::Entity::insert(audit::active(entry)).exec_without_returning(&tx).await?;
    Ok(tx.commit().await?)
}

#[derive(Default)]
struct Rows {
    neighbors: Vec<neighbor::ActiveModel>,
    names: Vec<neighbor_name::ActiveModel>,
    cases: Vec<case_file::ActiveModel>,
    visits: Vec<visit::ActiveModel>,
    events: Vec<case_event::ActiveModel>,
    notes: Vec<note::ActiveModel>,
}

struct Bulk<'a> {
    ctx: &'a OpContext,
    keys: &'a TenantKeys,
    settings: Settings,
    teams: HashMap<DongCode, Option<TeamId>>,
}

impl Bulk<'_> {
    fn add(&self, person: &BulkPerson, rows: &mut Rows) -> Result<(), StoreError> {
        let team = self.teams.get(&person.profile.dong).copied().flatten().map(Uuid::from);
        let name = person.profile.name.clone().unwrap_or_default();
        rows.neighbors.push(self.neighbor(person, team)?.into_active_model().reset_all());
        rows.names.push(neighbor_name::ActiveModel {
            tenant_id: Set(self.ctx.tenant().0),
            neighbor_id: Set(person.id.0),
            jamo: Set(search::jamo(&name)),
            initials: Set(search::initials_index(&name)),
        });
        rows.cases.push(self.case(person, team, name)?.into_active_model().reset_all());
        for visit in &person.visits {
            rows.visits.push(self.visit(person, team, visit)?.into_active_model().reset_all());
        }
        for (at, body) in &person.notes {
            rows.notes.push(self.note(person, *at, body)?.into_active_model().reset_all());
        }
        self.add_events(person, rows);
        Ok(())
    }

    fn neighbor(&self, person: &BulkPerson, team: Option<Uuid>) -> Result<neighbor::Model, StoreError> {
        let open = person.facts.closed_at.is_none();
        let mut row = neighbor::Model {
            tenant_id: self.ctx.tenant().0,
            id: person.id.0,
            household_id: person.household.0,
            name: None,
            birth_year: None,
            age_band: None,
            sex: String::new(),
            dong_code: String::new(),
            address: None,
            no_fixed_address: false,
            phone: None,
            phone_index: None,
            language: String::new(),
            living_place: String::new(),
            contact_consent: String::new(),
            health_note: None,
            learned_from: person.learned_from.code().to_owned(),
            restricted: false,
            merged_into: None,
            team_id: team,
            worker_id: open.then_some(person.worker.0),
            open_case_id: open.then_some(person.case.0),
            registered_by: self.ctx.user().0,
            registered_at: person.facts.discovered_at,
            updated_at: person.facts.discovered_at,
            rev: 2,
        };
        records::put_profile(self.keys, &mut row, &person.profile)?;
        Ok(row)
    }

    fn case(&self, person: &BulkPerson, team: Option<Uuid>, name: String) -> Result<case_file::Model, StoreError> {
        let of = |state| person.visits.iter().filter(move |visit| visit.state == state).map(|visit| visit.window.start);
        let mut row = case_file::Model {
            tenant_id: self.ctx.tenant().0,
            id: person.case.0,
            neighbor_id: person.id.0,
            neighbor_name: name,
            dong_code: person.profile.dong.as_str().to_owned(),
            team_id: team,
            worker_id: Some(person.worker.0),
            urgency: person.urgency.code().to_owned(),
            stage: Stage::Discovered.code().to_owned(),
            is_open: true,
            restricted: false,
            learned_from: person.learned_from.code().to_owned(),
            discovered_at: person.facts.discovered_at,
            opened_by: self.ctx.user().0,
            opened_at: person.facts.discovered_at,
            assigned_at: Some(person.facts.discovered_at),
            first_contact_at: None,
            counselled_on: None,
            intake_on: None,
            assessed_on: None,
            conference_on: None,
            planned_on: None,
            served_on: None,
            reviewed_on: None,
            closed_at: None,
            closure: None,
            aftercare_on: None,
            closure_asked_by: None,
            closure_asked_at: None,
            closure_note: None,
            next_due_on: None,
            next_due_clock: None,
            last_contact_at: of(VisitState::Met).max(),
            next_visit_at: of(VisitState::Scheduled).min(),
            updated_at: person.facts.discovered_at,
            rev: 1,
        };
        records::put_facts(self.ctx, &self.settings, &mut row, &person.facts)?;
        Ok(row)
    }

    fn visit(&self, person: &BulkPerson, team: Option<Uuid>, visit: &BulkVisit) -> Result<visit::Model, StoreError> {
        let BulkVisit { id, kind, window, state, ref note } = *visit;
        let over = matches!(state, VisitState::Met | VisitState::NotMet);
        let seen = state == VisitState::Met && kind.is_in_person();
        Ok(visit::Model {
            tenant_id: self.ctx.tenant().0,
            id: id.0,
            case_id: person.case.0,
            neighbor_id: person.id.0,
            team_id: team,
            series_id: None,
            kind: kind.code().to_owned(),
            starts_at: window.start,
            ends_at: window.end,
            worker_id: person.worker.0,
            second_worker_id: None,
            two_person: false,
            purpose: None,
            state: state.code().to_owned(),
            face_to_face: seen.then(|| SeenWith::Neighbor.code().to_owned()),
            not_met_reason: (state == VisitState::NotMet).then(|| NotMetReason::NobodyHome.code().to_owned()),
            cancel_reason: None,
            happened_at: over.then_some(window.start),
            note: self.keys.seal_text(Cell::new("visit", "note", id.0), note.as_deref())?,
            recorded_by: over.then_some(person.worker.0),
            recorded_at: over.then_some(window.end),
            restricted: false,
            made_by: person.worker.0,
            made_at: person.facts.discovered_at,
            rev: if over { 2 } else { 1 },
        })
    }

    fn note(&self, person: &BulkPerson, at: DateTime<Utc>, body: &str) -> Result<note::Model, StoreError> {
        let id = NoteId::new().0;
        Ok(note::Model {
            tenant_id: self.ctx.tenant().0,
            id,
            case_id: person.case.0,
            neighbor_id: person.id.0,
            author_id: person.worker.0,
            written_at: at,
            body: self.keys.seal(Cell::new("note", "body", id), body.as_bytes())?,
        })
    }

    fn add_events(&self, person: &BulkPerson, rows: &mut Rows) {
        let facts = json!({ "channel": person.learned_from, "signs": [] });
        rows.events.push(self.event(person, None, "registered", person.facts.discovered_at, facts));
        let facts = json!({ "urgency": person.urgency, "channel": person.learned_from, "worker": person.worker });
        rows.events.push(self.event(person, Some(person.case.0), "case_opened", person.facts.discovered_at, facts));
        if !person.notes.is_empty() {
            self.add_steps(person, rows);
        }
        if let (Some(at), Some(reason)) = (person.facts.closed_at, person.facts.closure) {
            rows.events.push(self.event(person, Some(person.case.0), "case_closed", at, json!({ "reason": reason })));
        }
    }

    fn add_steps(&self, person: &BulkPerson, rows: &mut Rows) {
        for (step, on) in Step::ALL.iter().filter_map(|step| Some((step, person.facts.done_on(*step)?))) {
            let facts = json!({ "step": step, "on": on });
            rows.events.push(self.event(person, Some(person.case.0), "step_recorded", day_start(on), facts));
        }
    }

    fn event(
        &self,
        person: &BulkPerson,
        case: Option<Uuid>,
        kind: &str,
        at: DateTime<Utc>,
        facts: serde_json::Value,
    ) -> case_event::ActiveModel {
        case_event::ActiveModel {
            tenant_id: Set(self.ctx.tenant().0),
            id: Set(NoteId::new().0),
            case_id: Set(case),
            neighbor_id: Set(person.id.0),
            at: Set(at),
            actor_id: Set(person.worker.0),
            kind: Set(kind.to_owned()),
            facts: Set(facts),
        }
    }
}
