//! The board of a team: who carries how much, what waits for a worker, and what waits for an answer. For who may
//! assign cases: a manager sees their teams, the head of the district all or one.

mod waiting;
mod workers;

use crate::{
    OpContext,
    admin::{dongs, names, team_names},
    audit::{self, Entry},
    entity::{assignment, case_file},
    error::StoreError,
    records::code,
    visible,
};
use domain::{
    ApiError,
    case::{ClockKind, Stage, Urgency},
    ids::{CaseId, NeighborId, TeamId},
    policy::{Action, Kind, reach},
    view::{
        admin::{DongTile, TeamName},
        team::{BoardCase, SuggestedWorker, TeamBoard},
    },
    workload::WaitingCase,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Cases without a worker that one board shows.
const QUEUE: u64 = 200;
/// Overdue first contacts that one board shows.
const OVERDUE: u64 = 50;

/// The board of `team`, or of everything within reach.
///
/// # Errors
/// [`ApiError::Forbidden`] for who may not assign cases, [`ApiError::NotFound`] for a team out of reach.
pub async fn board(ctx: &OpContext, team: Option<TeamId>) -> Result<TeamBoard, ApiError> {
    let view = load_board(ctx, team).await.map_err(StoreError::into_api)?;
    let people = view.unassigned.len() + view.transfers.len() + view.closures.len() + view.kept.len() + view.overdue.len();
    audit::record_reads(ctx, vec![Entry::list("list", "case", people)]).await?;
    Ok(view)
}

/// A worker for each of the cases, with the reasons; nothing is assigned by it.
///
/// # Errors
/// As [`board`]. Cases out of reach are left out.
pub async fn suggest(ctx: &OpContext, team: Option<TeamId>, cases: Vec<CaseId>) -> Result<Vec<SuggestedWorker>, ApiError> {
    if cases.len() > 200 {
        return Err(ApiError::invalid("cases", domain::Invalid::Range));
    }
    load_suggestions(ctx, team, &cases).await.map_err(StoreError::into_api)
}

/// What the board is about.
struct Frame {
    teams: Vec<TeamName>,
    chosen: Option<TeamId>,
    /// `None`: the whole district.
    within: Option<Vec<Uuid>>,
    dongs: HashMap<String, DongTile>,
    people: HashMap<Uuid, String>,
}

impl Frame {
    async fn load(ctx: &OpContext, team: Option<TeamId>) -> Result<Self, StoreError> {
        let reach = reach(&ctx.actor, Action::Assign, Kind::Case);
        if !reach.district && reach.teams.is_empty() {
            return Err(ApiError::Forbidden.into());
        }
        let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
        let mut teams = team_names(db, tenant).await?;
        teams.retain(|team| reach.district || reach.teams.contains(&team.id));
        if team.is_some_and(|id| !teams.iter().any(|team| team.id == id)) {
            return Err(ApiError::NotFound.into());
        }
        let chosen = team.or_else(|| teams.first().filter(|_| teams.len() == 1 && !reach.district).map(|team| team.id));
        let within = match chosen {
            Some(team) => Some(vec![team.0]),
            None if reach.district => None,
            None => Some(teams.iter().map(|team| team.id.0).collect()),
        };
        let dongs = dongs(db, tenant).await?.into_iter().map(|dong| (dong.code.as_str().to_owned(), dong)).collect();
        Ok(Self { teams, chosen, within, dongs, people: names(db, tenant).await? })
    }

    /// Open cases that the board may show.
    fn open_cases(&self, ctx: &OpContext) -> Select<case_file::Entity> {
        case_file::Entity::find()
            .filter(visible::cases(&ctx.actor))
            .filter(self.in_teams())
            .filter(case_file::Column::IsOpen.eq(true))
    }

    fn in_teams(&self) -> Condition {
        match &self.within {
            Some(teams) => Condition::all().add(case_file::Column::TeamId.is_in(teams.iter().copied())),
            None => Condition::all(),
        }
    }

    fn name(&self, id: Uuid) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    fn case(&self, row: &case_file::Model) -> Result<BoardCase, StoreError> {
        let dong = self.dongs.get(&row.dong_code);
        let clock = row.next_due_clock.as_deref().and_then(ClockKind::from_code);
        Ok(BoardCase {
            id: CaseId(row.id),
            neighbor: NeighborId(row.neighbor_id),
            name: row.neighbor_name.clone(),
            dong_ko: dong.map(|dong| dong.name_ko.clone()).unwrap_or_default(),
            dong_en: dong.map(|dong| dong.name_en.clone()).unwrap_or_default(),
            urgency: code(Urgency::from_code(&row.urgency), "case_file.urgency")?,
            stage: code(Stage::from_code(&row.stage), "case_file.stage")?,
            worker: row.worker_id.map(|id| self.name(id)),
            opened_at: row.opened_at,
            due: clock.zip(row.next_due_on),
        })
    }

    fn cases(&self, rows: &[case_file::Model]) -> Result<Vec<BoardCase>, StoreError> {
        rows.iter().map(|row| self.case(row)).collect()
    }
}

async fn load_board(ctx: &OpContext, team: Option<TeamId>) -> Result<TeamBoard, StoreError> {
    let frame = Frame::load(ctx, team).await?;
    let (unassigned, unassigned_count) = unassigned(ctx, &frame).await?;
    Ok(TeamBoard {
        today: ctx.today(),
        workers: workers::load(ctx, frame.within.as_deref()).await?,
        unassigned,
        unassigned_count,
        transfers: waiting::transfers(ctx, &frame).await?,
        closures: waiting::closures(ctx, &frame).await?,
        kept: waiting::kept(ctx, &frame).await?,
        overdue: overdue(ctx, &frame).await?,
        teams: frame.teams,
        team: frame.chosen,
    })
}

/// The queue: by urgency, and within one urgency what is due first.
async fn unassigned(ctx: &OpContext, frame: &Frame) -> Result<(Vec<BoardCase>, u32), StoreError> {
    let queue = frame.open_cases(ctx).filter(case_file::Column::WorkerId.is_null());
    let count = queue.clone().count(ctx.store.read()).await?;
    let mut rows: Vec<case_file::Model> = Vec::new();
    for urgency in Urgency::ALL {
        let left = QUEUE.saturating_sub(rows.len() as u64);
        if left == 0 {
            break;
        }
        let of_urgency = queue.clone().filter(case_file::Column::Urgency.eq(urgency.code()));
        rows.extend(
            of_urgency
                .order_by_asc(case_file::Column::NextDueOn)
                .order_by_asc(case_file::Column::Id)
                .limit(left)
                .all(ctx.store.read())
                .await?,
        );
    }
    Ok((frame.cases(&rows)?, u32::try_from(count).unwrap_or(u32::MAX)))
}

async fn overdue(ctx: &OpContext, frame: &Frame) -> Result<Vec<BoardCase>, StoreError> {
    let rows = frame
        .open_cases(ctx)
        .filter(case_file::Column::WorkerId.is_not_null())
        .filter(case_file::Column::NextDueClock.eq(ClockKind::FirstContact.code()))
        .filter(case_file::Column::NextDueOn.lt(ctx.today()))
        .order_by_asc(case_file::Column::NextDueOn)
        .order_by_asc(case_file::Column::Id)
        .limit(OVERDUE)
        .all(ctx.store.read())
        .await?;
    frame.cases(&rows)
}

async fn load_suggestions(ctx: &OpContext, team: Option<TeamId>, cases: &[CaseId]) -> Result<Vec<SuggestedWorker>, StoreError> {
    let frame = Frame::load(ctx, team).await?;
    let rows =
        frame.open_cases(ctx).filter(case_file::Column::Id.is_in(cases.iter().map(|case| case.0))).all(ctx.store.read()).await?;
    let known = known_to(ctx, &rows).await?;
    let candidates = workers::candidates(ctx, frame.within.as_deref()).await?;
    let mut by_team: BTreeMap<Option<Uuid>, Vec<WaitingCase>> = BTreeMap::new();
    for row in &rows {
        let known_to = known.get(&row.neighbor_id).cloned().unwrap_or_default();
        by_team.entry(row.team_id).or_default().push(waiting::waiting_case(row, known_to)?);
    }
    let mut found = Vec::new();
    for (team, waiting) in by_team {
        let own: Vec<_> =
            candidates.iter().filter(|(of, _)| of.is_none() || of.map(|of| of.0) == team).map(|(_, c)| c.clone()).collect();
        found.extend(domain::workload::suggest(&waiting, &own));
    }
    Ok(found
        .into_iter()
        .map(|one| SuggestedWorker { case: one.case, name: frame.name(one.worker.0), worker: one.worker, reasons: one.reasons })
        .collect())
}

/// Who worked with these neighbors before.
async fn known_to(ctx: &OpContext, rows: &[case_file::Model]) -> Result<HashMap<Uuid, Vec<domain::ids::UserId>>, StoreError> {
    let pairs: Vec<(Uuid, Uuid)> = assignment::Entity::find()
        .select_only()
        .columns([assignment::Column::NeighborId, assignment::Column::ToWorkerId])
        .filter(assignment::Column::TenantId.eq(ctx.tenant().0))
        .filter(assignment::Column::NeighborId.is_in(rows.iter().map(|row| row.neighbor_id)))
        .filter(assignment::Column::State.is_in(["assigned", "accepted"]))
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let before: Vec<(Uuid, Uuid)> = case_file::Entity::find()
        .select_only()
        .columns([case_file::Column::NeighborId, case_file::Column::WorkerId])
        .filter(case_file::Column::TenantId.eq(ctx.tenant().0))
        .filter(case_file::Column::NeighborId.is_in(rows.iter().map(|row| row.neighbor_id)))
        .filter(case_file::Column::WorkerId.is_not_null())
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut known: HashMap<Uuid, Vec<domain::ids::UserId>> = HashMap::new();
    for (neighbor, worker) in pairs.into_iter().chain(before) {
        known.entry(neighbor).or_default().push(domain::ids::UserId(worker));
    }
    Ok(known)
}
