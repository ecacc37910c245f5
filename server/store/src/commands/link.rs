//! Deciding whether two records are one person.

mod merge;

use super::neighbor;
use crate::{
    entity::{link, neighbor as neighbor_row},
    error::StoreError,
    records,
    write::{Changed, Write},
};
use domain::{
    ApiError, Rule,
    command::LinkCommand,
    ids::{LinkId, NeighborId, Rev, TeamId, UserId},
    policy::{Action, Kind},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

pub(super) async fn apply(write: &mut Write<'_>, command: &LinkCommand) -> Result<Rev, StoreError> {
    match command {
        LinkCommand::Decide { id, same } => decide(write, *id, *same).await,
        LinkCommand::Reconsider { id } => reconsider(write, *id).await,
    }
}

struct Pair {
    link: link::Model,
    newer: neighbor_row::Model,
    older: neighbor_row::Model,
}

/// A pair, locked, with both records, after policy allowed the decision. When either is restricted, the pair exists
/// only for those who are named for it.
async fn load(write: &Write<'_>, id: LinkId) -> Result<Pair, StoreError> {
    let query = link::Entity::find_by_id((write.ctx.tenant().0, id.0));
    let query = if write.ctx.store.backend() == DbBackend::Postgres { query.lock_exclusive() } else { query };
    let link = query.one(write.tx).await?.ok_or(ApiError::NotFound)?;
    let older = neighbor::find(write, NeighborId(link.older_id)).await?;
    let newer = neighbor::find(write, NeighborId(link.newer_id)).await?;
    for person in [&older, &newer] {
        let only = records::named(write.tx, write.ctx.tenant(), person.id, person.restricted).await?;
        let resource = write.ctx.resource(Kind::Link).in_team(link.team_id.map(TeamId)).only_for(only);
        write.allow(Action::Triage, &resource)?;
    }
    Ok(Pair { link, newer, older })
}

async fn decide(write: &mut Write<'_>, id: LinkId, same: bool) -> Result<Rev, StoreError> {
    let pair = load(write, id).await?;
    if pair.link.state != "open" {
        return Err(Rule::LinkDecided.into());
    }
    let (newer, older) = (NeighborId(pair.newer.id), NeighborId(pair.older.id));
    let decision = if same { "same" } else { "different" };
    let rev = save(write, pair.link, &pair.older, decision).await?;
    if same {
        Box::pin(merge::merge(write, pair.newer, pair.older)).await?;
    }
    for (one, other) in [(newer, older), (older, newer)] {
        write.audit("link", id, Some(one));
        write.event(None, one, if same { "link_same" } else { "link_different" }, json!({ "link": id, "other": other }));
    }
    Ok(rev)
}

async fn reconsider(write: &mut Write<'_>, id: LinkId) -> Result<Rev, StoreError> {
    let pair = load(write, id).await?;
    match pair.link.state.as_str() {
        "open" => return Ok(Rev(pair.link.rev)),
        "different" => {}
        _ => return Err(Rule::LinkDecided.into()),
    }
    for person in [pair.newer.id, pair.older.id] {
        write.audit("link", id, Some(NeighborId(person)));
        write.event(None, NeighborId(person), "link_reconsidered", json!({ "link": id }));
    }
    save(write, pair.link, &pair.older, "open").await
}

/// Lets the pairs that wait follow their older record to the team that serves it now.
pub(super) async fn follow_team(write: &mut Write<'_>, older: &neighbor_row::Model) -> Result<(), StoreError> {
    let waiting = link::Entity::find()
        .filter(link::Column::TenantId.eq(older.tenant_id))
        .filter(link::Column::OlderId.eq(older.id))
        .filter(link::Column::State.eq("open"));
    for mut row in waiting.all(write.tx).await? {
        row.team_id = older.team_id;
        save(write, row, older, "open").await?;
    }
    Ok(())
}

async fn save(write: &mut Write<'_>, mut link: link::Model, older: &neighbor_row::Model, state: &str) -> Result<Rev, StoreError> {
    let decided = state != "open";
    state.clone_into(&mut link.state);
    link.decided_by = decided.then(|| write.ctx.user().0);
    link.decided_at = decided.then_some(write.now);
    link.rev += 1;
    let rev = Rev(link.rev);
    write.changed(Changed {
        former: false,
        entity: "link",
        id: link.id,
        rev,
        neighbor: Some(NeighborId(older.id)),
        team: link.team_id.map(TeamId),
        worker: older.worker_id.map(UserId),
        second: None,
        restricted: older.restricted,
    });
    link::Entity::update(link.into_active_model().reset_all()).exec(write.tx).await?;
    Ok(rev)
}
