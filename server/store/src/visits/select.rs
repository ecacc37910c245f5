//! The queries over visits, each made for one index. That none reads the whole table is tested below.

use crate::{
    entity::{assignment, case_file, visit},
    visible,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    clock::{day_start, korean_day},
    ids::{CaseId, TeamId, UserId},
    policy::Actor,
    visit::VisitState,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::ops::Range;

/// A span of instants.
pub(super) type Span = Range<DateTime<Utc>>;

/// The states of visits that took place or will. Named one by one, so that each is a range of an index: "not cancelled"
/// would read all that a worker ever did.
pub(crate) const STANDING: [&str; 3] = [VisitState::Scheduled.code(), VisitState::Met.code(), VisitState::NotMet.code()];
const PLANNED: [&str; 1] = [VisitState::Scheduled.code()];

/// As which of the two a worker goes.
#[derive(Clone, Copy)]
pub(super) enum Part {
    First,
    Second,
}

impl Part {
    pub(super) const BOTH: [Self; 2] = [Self::First, Self::Second];

    const fn column(self) -> visit::Column {
        match self {
            Self::First => visit::Column::WorkerId,
            Self::Second => visit::Column::SecondWorkerId,
        }
    }
}

/// The instants of `days` Korean days from `first`.
pub(super) fn days(first: NaiveDate, days: i64) -> Span {
    day_start(first)..day_start(first) + TimeDelta::days(days)
}

fn of_worker(tenant: uuid::Uuid, worker: UserId, part: Part, states: &[&str], span: Span) -> Select<visit::Entity> {
    visit::Entity::find()
        .filter(visit::Column::TenantId.eq(tenant))
        .filter(part.column().eq(worker.0))
        .filter(visit::Column::State.is_in(states.iter().copied()))
        .filter(visit::Column::StartsAt.gte(span.start))
        .filter(visit::Column::StartsAt.lt(span.end))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
}

/// A worker's visits that took place or will, as far as the actor may look.
pub(super) fn standing(actor: &Actor, worker: UserId, part: Part, span: Span) -> Select<visit::Entity> {
    of_worker(actor.tenant.0, worker, part, &STANDING, span).filter(visible::visits(actor))
}

/// A worker's visits that are still planned, as far as the actor may look.
pub(super) fn planned(actor: &Actor, worker: UserId, part: Part, span: Span) -> Select<visit::Entity> {
    of_worker(actor.tenant.0, worker, part, &PLANNED, span).filter(visible::visits(actor))
}

/// When a worker is busy, whoever asks: to be shown without the visit.
pub(super) fn busy(actor: &Actor, worker: UserId, part: Part, span: Span) -> Select<visit::Entity> {
    of_worker(actor.tenant.0, worker, part, &PLANNED, span)
}

/// A team's visits that took place or will, as far as the actor may look.
pub(super) fn of_team(actor: &Actor, team: TeamId, span: Span) -> Select<visit::Entity> {
    visit::Entity::find()
        .filter(visible::visits(actor))
        .filter(visit::Column::TeamId.eq(team.0))
        .filter(visit::Column::StartsAt.gte(span.start))
        .filter(visit::Column::StartsAt.lt(span.end))
        .filter(visit::Column::State.is_in(STANDING))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
}

/// What is still planned in a case, by whomever: for those who may look at the case.
pub(super) fn of_case(actor: &Actor, case: CaseId) -> Select<visit::Entity> {
    visit::Entity::find()
        .filter(visit::Column::TenantId.eq(actor.tenant.0))
        .filter(visit::Column::CaseId.eq(case.0))
        .filter(visit::Column::State.is_in(PLANNED))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
}

/// The actor's open cases whose first contact is due on `day` or late.
pub(super) fn first_contacts(actor: &Actor, day: NaiveDate) -> Select<case_file::Entity> {
    own_cases(actor)
        .filter(case_file::Column::NextDueOn.lte(day))
        .filter(case_file::Column::NextDueClock.eq(domain::case::ClockKind::FirstContact.code()))
        .order_by_asc(case_file::Column::NextDueOn)
        .order_by_asc(case_file::Column::Id)
}

/// The actor's open cases that were given to them since `since` and saw no contact.
pub(super) fn newly_assigned(actor: &Actor, since: DateTime<Utc>) -> Select<case_file::Entity> {
    own_cases(actor)
        .filter(case_file::Column::AssignedAt.gte(since))
        .filter(case_file::Column::FirstContactAt.is_null())
        .order_by_desc(case_file::Column::AssignedAt)
}

/// The actor's own open cases about which something that came too late waits for a decision.
pub(super) fn kept(actor: &Actor) -> Select<case_file::Entity> {
    own_cases(actor).filter(case_file::Column::Id.in_subquery(visible::kept_cases(actor)))
}

fn own_cases(actor: &Actor) -> Select<case_file::Entity> {
    case_file::Entity::find()
        .filter(visible::cases(actor))
        .filter(case_file::Column::WorkerId.eq(actor.user.0))
        .filter(case_file::Column::IsOpen.eq(true))
}

/// The cases offered to the actor.
pub(super) fn offers(actor: &Actor) -> Select<assignment::Entity> {
    assignment::Entity::find()
        .filter(assignment::Column::TenantId.eq(actor.tenant.0))
        .filter(assignment::Column::ToWorkerId.eq(actor.user.0))
        .filter(assignment::Column::State.eq("pending"))
        .order_by_asc(assignment::Column::MadeAt)
        .limit(50)
}

/// How far back a visit without a record is still asked for.
pub(super) fn unrecorded_before(now: DateTime<Utc>, day: NaiveDate) -> Span {
    day_start(korean_day(now)).min(day_start(day)) - TimeDelta::days(90)..day_start(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RootKey, open::Options, open::Store};
    use domain::{
        ids::TenantId,
        policy::{Held, Role, Scope},
    };
    use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};

    async fn plan(store: &Store, statement: Statement) -> String {
        let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
        let rows = store.read().query_all_raw(explain).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn no_list_reads_the_whole_table() {
        let store = Store::open("sqlite::memory:", RootKey::random(), Options::default()).await.unwrap();
        store.migrate().await.unwrap();
        let (team, user, now) = (TeamId::new(), UserId::new(), DateTime::UNIX_EPOCH);
        for scope in [Scope::Own, Scope::Team(team), Scope::District] {
            let actor = Actor { tenant: TenantId::new(), user, held: vec![Held { role: Role::Manager, scope }] };
            let (day, week) = (korean_day(now), days(korean_day(now), 7));
            let mut statements = vec![
                of_team(&actor, team, week.clone()).build(DbBackend::Sqlite),
                of_case(&actor, CaseId::new()).build(DbBackend::Sqlite),
                first_contacts(&actor, day).build(DbBackend::Sqlite),
                newly_assigned(&actor, now).build(DbBackend::Sqlite),
                offers(&actor).build(DbBackend::Sqlite),
            ];
            for part in Part::BOTH {
                statements.push(standing(&actor, user, part, week.clone()).build(DbBackend::Sqlite));
                statements.push(planned(&actor, user, part, week.clone()).build(DbBackend::Sqlite));
                statements.push(busy(&actor, user, part, week.clone()).build(DbBackend::Sqlite));
            }
            for statement in statements {
                let plan = plan(&store, statement).await;
                assert!(!plan.contains("SCAN") && plan.contains("USING INDEX"), "{scope:?}: {plan}");
                assert!(!plan.contains("AUTOMATIC"), "{scope:?}: {plan}");
            }
            let worker = plan(&store, standing(&actor, user, Part::First, week.clone()).build(DbBackend::Sqlite)).await;
            assert!(worker.contains("visit_by_worker"), "{worker}");
            let team = plan(&store, of_team(&actor, team, week).build(DbBackend::Sqlite)).await;
            assert!(team.contains("visit_by_team"), "{team}");
        }
    }
}
