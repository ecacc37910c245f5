//! The caseload as a sequence of runs. In a run a column is either set or not, and urgency is fixed where the order
//! begins with it; so each run is one range of one index, on both engines, and a page begins after a key instead of
//! counting rows. Filters that would lure the planner away from the index of the order are written so that it can't
//! use them (see [`unindexed`]); with a few percent of rows passing a filter, a page still costs a few hundred rows.

use super::cursor::{Cursor, Key};
use crate::{
    OpContext,
    entity::case_file::{self, Column},
    visible::{CaseLensRows, cases_within},
};
use domain::{
    ApiError,
    case::Urgency,
    policy::{Action, Kind, reach},
    view::cases::{CaseLens, CaseQuery, CaseSort},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func, SimpleExpr},
};

/// Rows of one page.
pub(super) const PAGE: usize = 50;

/// The lenses that an actor may use, the daily one first.
pub(super) fn lenses(ctx: &OpContext) -> Vec<CaseLens> {
    let reach = reach(&ctx.actor, Action::View, Kind::Case);
    let works = ctx.actor.is(domain::policy::Role::Caseworker);
    let mut lenses = Vec::new();
    if reach.own && works {
        lenses.push(CaseLens::Own);
    }
    if !reach.teams.is_empty() {
        lenses.push(CaseLens::Team);
    }
    if reach.district {
        lenses.push(CaseLens::District);
    }
    lenses
}

/// The lens of a query, as rows; a lens beyond the actor's reach gives way to the daily one.
pub(super) fn lens_of(ctx: &OpContext, query: &CaseQuery) -> Result<(CaseLens, CaseLensRows), ApiError> {
    let reach = reach(&ctx.actor, Action::View, Kind::Case);
    let allowed = lenses(ctx);
    let lens =
        query.lens.filter(|lens| allowed.contains(lens)).or_else(|| allowed.first().copied()).ok_or(ApiError::Forbidden)?;
    let team = query.team.filter(|team| reach.district || reach.teams.contains(team));
    let rows = match (lens, team.or_else(|| reach.teams.first().copied())) {
        (CaseLens::Own, _) => CaseLensRows::Own,
        (CaseLens::Team, Some(team)) => CaseLensRows::Team(team),
        (CaseLens::District, _) if team.is_some() => CaseLensRows::Team(team.ok_or(ApiError::Internal)?),
        (CaseLens::Team | CaseLens::District, _) => CaseLensRows::District,
    };
    Ok((lens, rows))
}

/// A column that the planner must not look up in an index, because another one gives the order.
fn unindexed(column: Column) -> SimpleExpr {
    Func::coalesce([Expr::col((case_file::Entity, column)), Expr::col((case_file::Entity, column))]).into()
}

/// The rows that pass the lens and the filters, in no order yet.
pub(super) fn filtered(ctx: &OpContext, query: &CaseQuery, indexed_urgency: bool) -> Result<Select<case_file::Entity>, ApiError> {
    let (_, lens) = lens_of(ctx, query)?;
    let by_worker = lens != CaseLensRows::Own && (query.worker.is_some() || query.unassigned);
    let mut rows = case_file::Entity::find();
    rows = match lens {
        // The worker's index is the narrower one.
        CaseLensRows::Team(team) if by_worker => rows.filter(within_team_unindexed(ctx, team)?),
        lens => rows.filter(cases_within(&ctx.actor, lens).ok_or(ApiError::Forbidden)?),
    };
    rows = rows.filter(Column::IsOpen.eq(!query.closed));
    if by_worker {
        rows = match query.worker {
            Some(worker) => rows.filter(Column::WorkerId.eq(worker.0)),
            None => rows.filter(Column::WorkerId.is_null()),
        };
    }
    Ok(narrowed(ctx, query, rows, indexed_urgency))
}

/// The filters that follow no index.
fn narrowed(
    ctx: &OpContext,
    query: &CaseQuery,
    mut rows: Select<case_file::Entity>,
    indexed_urgency: bool,
) -> Select<case_file::Entity> {
    if let Some(stage) = query.stage {
        rows = rows.filter(Column::Stage.eq(stage.code()));
    }
    if let Some(dong) = &query.dong {
        rows = rows.filter(unindexed(Column::DongCode).eq(dong.as_str()));
    }
    if let Some(urgency) = query.urgency.filter(|_| !indexed_urgency) {
        rows = rows.filter(unindexed(Column::Urgency).eq(urgency.code()));
    }
    if query.overdue {
        let today = ctx.today();
        rows = rows.filter(if indexed_urgency { Column::NextDueOn.lt(today) } else { unindexed(Column::NextDueOn).lt(today) });
    }
    rows
}

/// As [`filtered`], but found by neighbor: the lens must not lure the planner away from that index.
pub(super) fn of_neighbors(ctx: &OpContext, query: &CaseQuery) -> Result<Select<case_file::Entity>, ApiError> {
    let (_, lens) = lens_of(ctx, query)?;
    cases_within(&ctx.actor, lens).ok_or(ApiError::Forbidden)?;
    let mut rows = case_file::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(crate::visible::unrestricted_cases(&ctx.actor))
        .filter(unindexed(Column::IsOpen).eq(!query.closed));
    let own = (lens == CaseLensRows::Own).then_some(ctx.user());
    rows = match (lens, own.or(query.worker)) {
        (_, Some(worker)) => rows.filter(unindexed(Column::WorkerId).eq(worker.0)),
        _ if query.unassigned => rows.filter(unindexed(Column::WorkerId).is_null()),
        _ => rows,
    };
    if let CaseLensRows::Team(team) = lens {
        rows = rows.filter(unindexed(Column::TeamId).eq(team.0));
    }
    Ok(narrowed(ctx, query, rows, false))
}

/// A team's rows, with the team as a condition that leaves the index to the worker.
fn within_team_unindexed(ctx: &OpContext, team: domain::ids::TeamId) -> Result<sea_orm::Condition, ApiError> {
    // Asked for the right; the condition itself is written anew below.
    cases_within(&ctx.actor, CaseLensRows::Team(team)).ok_or(ApiError::Forbidden)?;
    Ok(sea_orm::Condition::all()
        .add(Column::TenantId.eq(ctx.tenant().0))
        .add(unindexed(Column::TeamId).eq(team.0))
        .add(crate::visible::unrestricted_cases(&ctx.actor)))
}

/// One range of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    column: Sorted,
    urgency: Option<Urgency>,
    set: Option<bool>,
    names: Option<(String, String)>,
    descending: bool,
}

/// The column by which a run is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sorted {
    Due,
    Name,
    Contact,
    Visit,
}

impl Sorted {
    const fn column(self) -> Column {
        match self {
            Self::Due => Column::NextDueOn,
            Self::Name => Column::NeighborName,
            Self::Contact => Column::LastContactAt,
            Self::Visit => Column::NextVisitAt,
        }
    }

    fn key(self, row: &case_file::Model) -> Key {
        match self {
            Self::Due => row.next_due_on.map_or(Key::Nothing, Key::Day),
            Self::Name => Key::Text(row.neighbor_name.clone()),
            Self::Contact => row.last_contact_at.map_or(Key::Nothing, Key::Time),
            Self::Visit => row.next_visit_at.map_or(Key::Nothing, Key::Time),
        }
    }
}

/// Whether the order or the filter of urgency is read from an index.
pub(super) fn urgency_is_indexed(query: &CaseQuery) -> bool {
    matches!(query.sort.unwrap_or(CaseSort::Due), CaseSort::Due | CaseSort::Urgency)
}

/// The runs of a sorted list, in their order.
pub(super) fn runs(query: &CaseQuery) -> Vec<Run> {
    let sort = query.sort.unwrap_or(CaseSort::Due);
    let run = |column, urgency, set| Run { column, urgency, set: Some(set), names: None, descending: query.descending };
    let due = |urgency| [run(Sorted::Due, urgency, true), run(Sorted::Due, urgency, false)];
    let mut runs: Vec<Run> = match sort {
        CaseSort::Due => due(query.urgency).to_vec(),
        CaseSort::Urgency => match query.urgency {
            Some(urgency) => due(Some(urgency)).to_vec(),
            None => Urgency::ALL.iter().flat_map(|urgency| due(Some(*urgency))).collect(),
        },
        CaseSort::Name => vec![Run { set: None, ..run(Sorted::Name, None, true) }],
        // Never reached is the longest time of all.
        CaseSort::LastContact => vec![run(Sorted::Contact, None, false), run(Sorted::Contact, None, true)],
        CaseSort::NextVisit => vec![run(Sorted::Visit, None, true), run(Sorted::Visit, None, false)],
    };
    if query.overdue {
        runs.retain(|run| run.column != Sorted::Due || run.set == Some(true));
    }
    if query.descending {
        runs.reverse();
    }
    runs
}

/// The runs of names within these ranges, in the order of names.
pub(super) fn name_runs(ranges: Vec<(String, String)>) -> Vec<Run> {
    let run = |names| Run { column: Sorted::Name, urgency: None, set: None, names: Some(names), descending: false };
    ranges.into_iter().map(run).collect()
}

impl Run {
    /// The rows of this run after `after`, at most `limit`.
    pub(super) fn select(
        &self,
        rows: Select<case_file::Entity>,
        after: Option<(&Key, uuid::Uuid)>,
        limit: u64,
    ) -> Select<case_file::Entity> {
        let column = self.column.column();
        let order = if self.descending { Order::Desc } else { Order::Asc };
        let mut rows = rows;
        if let Some(urgency) = self.urgency {
            rows = rows.filter(Column::Urgency.eq(urgency.code()));
        }
        rows = match self.set {
            Some(true) => rows.filter(column.is_not_null()),
            Some(false) => rows.filter(column.is_null()),
            None => rows,
        };
        if let Some((from, to)) = &self.names {
            rows = rows.filter(column.gte(from.as_str())).filter(column.lt(to.as_str()));
        }
        if let Some((key, id)) = after {
            rows = rows.filter(self.beyond(key, id));
        }
        rows.order_by(column, order.clone()).order_by(Column::Id, order).limit(limit)
    }

    fn beyond(&self, key: &Key, id: uuid::Uuid) -> SimpleExpr {
        let Some(value) = key.value() else {
            return if self.descending { Column::Id.lt(id) } else { Column::Id.gt(id) };
        };
        let here =
            Expr::tuple([Expr::col((case_file::Entity, self.column.column())), Expr::col((case_file::Entity, Column::Id))]);
        let there = Expr::tuple([Expr::val(value), Expr::val(id)]);
        if self.descending { here.lt(there) } else { here.gt(there) }
    }

    /// A key such as a row of this run has.
    #[cfg(test)]
    pub(super) fn sample_key(&self, at: chrono::DateTime<chrono::Utc>) -> Key {
        match self.column {
            _ if self.set == Some(false) => Key::Nothing,
            Sorted::Due => Key::Day(at.date_naive()),
            Sorted::Name => Key::Text("김".to_owned()),
            Sorted::Contact | Sorted::Visit => Key::Time(at),
        }
    }

    /// The cursor after a row of this run, which is the `run`th.
    pub(super) fn after(&self, run: usize, row: &case_file::Model) -> Cursor {
        Cursor::Row { run, key: self.column.key(row), id: row.id }
    }
}
