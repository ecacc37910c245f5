//! Policy as a condition: which rows an actor may see. Built from `domain::policy::reach`, so that a list and a
//! single look never disagree.

use crate::entity::{case_file, change, kept_entry, link, neighbor, neighbor_named, round_entry, visit};
use domain::{
    ids::TeamId,
    policy::{Action, Actor, Kind, Reach, reach},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::IntoCondition};
use uuid::Uuid;

fn teams(reach: &Reach) -> Vec<Uuid> {
    reach.teams.iter().map(|team| team.0).collect()
}

/// Neighbors for whom the actor is named.
fn named(actor: &Actor) -> sea_orm::sea_query::SelectStatement {
    neighbor_named::Entity::find()
        .select_only()
        .column(neighbor_named::Column::NeighborId)
        .filter(neighbor_named::Column::TenantId.eq(actor.tenant.0))
        .filter(neighbor_named::Column::AccountId.eq(actor.user.0))
        .into_query()
}

fn within<T, O>(reach: &Reach, team: T, own: O) -> Condition
where
    T: ColumnTrait,
    O: IntoCondition,
{
    if reach.district {
        return Condition::all();
    }
    let mut any = Condition::any();
    if !reach.teams.is_empty() {
        any = any.add(team.is_in(teams(reach)));
    }
    if reach.own {
        any.add(own.into_condition())
    } else if reach.teams.is_empty() {
        any.add(nothing())
    } else {
        any
    }
}

fn nothing() -> sea_orm::sea_query::SimpleExpr {
    sea_orm::sea_query::Expr::cust("1 = 0")
}

/// Cases that the actor may look at.
pub(crate) fn cases(actor: &Actor) -> Condition {
    let reach = reach(actor, Action::View, Kind::Case);
    let own = case_file::Column::WorkerId.eq(actor.user.0).or(case_file::Column::Id.in_subquery(second_worker_cases(actor)));
    Condition::all()
        .add(case_file::Column::TenantId.eq(actor.tenant.0))
        .add(within(&reach, case_file::Column::TeamId, own))
        .add(case_file::Column::Restricted.eq(false).or(case_file::Column::NeighborId.in_subquery(named(actor))))
}

/// A part of the cases that the actor may look at, which one index can read in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaseLensRows {
    /// The actor's own.
    Own,
    /// One team's.
    Team(TeamId),
    /// All of the district's.
    District,
}

/// The cases within a lens, where the actor's reach holds all of the lens: a part of [`cases`], without its
/// alternatives, which no index could follow. `None` when the lens goes beyond the actor's reach.
pub(crate) fn cases_within(actor: &Actor, lens: CaseLensRows) -> Option<Condition> {
    let reach = reach(actor, Action::View, Kind::Case);
    let all = Condition::all().add(case_file::Column::TenantId.eq(actor.tenant.0));
    let within = match lens {
        CaseLensRows::Own if reach.own => all.add(case_file::Column::WorkerId.eq(actor.user.0)),
        CaseLensRows::Team(team) if reach.district || reach.teams.contains(&team) => {
            all.add(case_file::Column::TeamId.eq(team.0))
        }
        CaseLensRows::District if reach.district => all,
        _ => return None,
    };
    Some(within.add(unrestricted_cases(actor)))
}

/// The cases that the actor's tablet keeps: their own open ones, and those to which they have a visit ahead.
pub(crate) fn field_cases(actor: &Actor) -> Condition {
    cases(actor).add(field_parts(actor).into_iter().fold(Condition::any(), Condition::add))
}

/// The same in parts that overlap, each of which one index can follow.
pub(crate) fn field_cases_in_parts(actor: &Actor) -> [Condition; 3] {
    field_parts(actor).map(|part| cases(actor).add(part))
}

fn field_parts(actor: &Actor) -> [sea_orm::sea_query::SimpleExpr; 3] {
    let own = case_file::Column::WorkerId.eq(actor.user.0).and(case_file::Column::IsOpen.eq(true));
    let visited = |who: visit::Column| {
        let ahead =
            visit::Entity::find().select_only().column(visit::Column::CaseId).filter(visit::Column::TenantId.eq(actor.tenant.0));
        case_file::Column::Id
            .in_subquery(ahead.filter(who.eq(actor.user.0)).filter(visit::Column::State.eq("scheduled")).into_query())
    };
    [own, visited(visit::Column::WorkerId), visited(visit::Column::SecondWorkerId)]
}

/// Cases about which something that came too late waits for a decision.
pub(crate) fn kept_cases(actor: &Actor) -> sea_orm::sea_query::SelectStatement {
    kept_entry::Entity::find()
        .select_only()
        .column(kept_entry::Column::CaseId)
        .filter(kept_entry::Column::TenantId.eq(actor.tenant.0))
        .filter(kept_entry::Column::AnsweredAt.is_null())
        .into_query()
}

/// Cases that are not kept from the actor by a restriction.
pub(crate) fn unrestricted_cases(actor: &Actor) -> sea_orm::sea_query::SimpleExpr {
    case_file::Column::Restricted.eq(false).or(case_file::Column::NeighborId.in_subquery(named(actor)))
}

/// Cases to which the actor goes along as second worker.
fn second_worker_cases(actor: &Actor) -> sea_orm::sea_query::SelectStatement {
    visit::Entity::find()
        .select_only()
        .column(visit::Column::CaseId)
        .filter(visit::Column::TenantId.eq(actor.tenant.0))
        .filter(visit::Column::SecondWorkerId.eq(actor.user.0))
        .filter(visit::Column::State.eq("scheduled"))
        .into_query()
}

/// Neighbors that the actor may look at.
pub(crate) fn neighbors(actor: &Actor) -> Condition {
    let reach = reach(actor, Action::View, Kind::Neighbor);
    let own =
        neighbor::Column::WorkerId.eq(actor.user.0).or(neighbor::Column::OpenCaseId.in_subquery(second_worker_cases(actor)));
    Condition::all()
        .add(neighbor::Column::TenantId.eq(actor.tenant.0))
        .add(within(&reach, neighbor::Column::TeamId, own))
        .add(unrestricted_neighbors(actor))
}

/// Neighbors that are not kept from the actor by a restriction.
pub(crate) fn unrestricted_neighbors(actor: &Actor) -> sea_orm::sea_query::SimpleExpr {
    neighbor::Column::Restricted.eq(false).or(neighbor::Column::Id.in_subquery(named(actor)))
}

/// Visits that the actor may look at.
pub(crate) fn visits(actor: &Actor) -> Condition {
    let reach = reach(actor, Action::View, Kind::Visit);
    let own = visit::Column::WorkerId.eq(actor.user.0).or(visit::Column::SecondWorkerId.eq(actor.user.0));
    Condition::all()
        .add(visit::Column::TenantId.eq(actor.tenant.0))
        .add(within(&reach, visit::Column::TeamId, own))
        .add(visit::Column::Restricted.eq(false).or(visit::Column::NeighborId.in_subquery(named(actor))))
}

/// Entries of discovery rounds that the actor may look at.
pub(crate) fn round_entries(actor: &Actor) -> Condition {
    let reach = reach(actor, Action::View, Kind::Round);
    Condition::all().add(round_entry::Column::TenantId.eq(actor.tenant.0)).add(within(
        &reach,
        round_entry::Column::TeamId,
        nothing(),
    ))
}

/// Neighbors that no restriction keeps from the actor.
pub(crate) fn not_kept(actor: &Actor) -> Condition {
    Condition::any().add(neighbor::Column::Restricted.eq(false)).add(neighbor::Column::Id.in_subquery(named(actor)))
}

/// Pairs of records that the actor may look at; restricted records are for the caller to leave out.
pub(crate) fn links(actor: &Actor) -> Condition {
    let reach = reach(actor, Action::View, Kind::Link);
    Condition::all().add(link::Column::TenantId.eq(actor.tenant.0)).add(within(&reach, link::Column::TeamId, nothing()))
}

/// Changes that the actor may hear of, each judged as the kind of thing that it is.
pub(crate) fn changes(actor: &Actor) -> Condition {
    let mine = change::Column::ActorId.eq(actor.user.0);
    let about_nobody = GENERAL.into_iter().filter(|(_, kind)| !reach(actor, Action::View, *kind).is_empty());
    let about_nobody = change::Column::Entity.is_in(about_nobody.map(|(entity, _)| entity));
    let about_nobody = Condition::all().add(change::Column::NeighborId.is_null()).add(about_nobody.or(mine));
    Condition::any()
        .add(about_nobody)
        .add(of_kind(actor, "neighbor", Kind::Neighbor, Some(second_worker_neighbors(actor))))
        .add(of_kind(actor, "case", Kind::Case, Some(second_worker_cases(actor))))
        .add(of_kind(actor, "visit", Kind::Visit, Some(second_worker_visits(actor))))
        .add(of_kind(actor, "round_entry", Kind::Round, None))
        .add(of_kind(actor, "link", Kind::Link, None))
}

/// Changes about nobody in particular, by what they are about; the actor's own are heard in any case.
const GENERAL: [(&str, Kind); 6] = [
    ("catalogue", Kind::Catalogue),
    ("review", Kind::Trail),
    ("round", Kind::Round),
    ("setting", Kind::Setting),
    ("team", Kind::Team),
    ("user", Kind::User),
];

fn of_kind(actor: &Actor, entity: &str, kind: Kind, along: Option<sea_orm::sea_query::SelectStatement>) -> Condition {
    let mut own = Condition::any().add(change::Column::WorkerId.eq(actor.user.0)).add(change::Column::ActorId.eq(actor.user.0));
    if let Some(along) = along {
        own = own.add(change::Column::EntityId.in_subquery(along));
    }
    Condition::all()
        .add(change::Column::Entity.eq(entity))
        .add(change::Column::NeighborId.is_not_null())
        .add(within(&reach(actor, Action::View, kind), change::Column::TeamId, own))
        .add(change::Column::Restricted.eq(false).or(change::Column::NeighborId.in_subquery(named(actor))))
}

/// Neighbors to whom the actor goes along as second worker.
fn second_worker_neighbors(actor: &Actor) -> sea_orm::sea_query::SelectStatement {
    visit::Entity::find()
        .select_only()
        .column(visit::Column::NeighborId)
        .filter(visit::Column::TenantId.eq(actor.tenant.0))
        .filter(visit::Column::SecondWorkerId.eq(actor.user.0))
        .filter(visit::Column::State.eq("scheduled"))
        .into_query()
}

/// Visits to which the actor goes along.
fn second_worker_visits(actor: &Actor) -> sea_orm::sea_query::SelectStatement {
    visit::Entity::find()
        .select_only()
        .column(visit::Column::Id)
        .filter(visit::Column::TenantId.eq(actor.tenant.0))
        .filter(visit::Column::SecondWorkerId.eq(actor.user.0))
        .into_query()
}
