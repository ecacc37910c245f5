//! Whose a thing was at a time: the change feed says it of every change, so it says it of every time.

use crate::{entity::change, error::StoreError};
use chrono::{DateTime, Utc};
use domain::{
    ids::{TeamId, TenantId, UserId},
    policy::Resource,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// A thing of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A person.
    Neighbor(Uuid),
    /// A case.
    Case(Uuid),
    /// A visit.
    Visit(Uuid),
}

impl Thing {
    const fn in_feed(self) -> (&'static str, Uuid) {
        match self {
            Self::Neighbor(id) => ("neighbor", id),
            Self::Case(id) => ("case", id),
            Self::Visit(id) => ("visit", id),
        }
    }
}

/// Whose a thing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    team: Option<TeamId>,
    worker: Option<UserId>,
    restricted: bool,
}

impl Standing {
    /// The resource as it stood then. Of a restriction that held then only those are known who are named now.
    pub(crate) fn applied_to(self, now: &Resource) -> Resource {
        let only = if self.restricted { Some(now.only.clone().unwrap_or_default()) } else { None };
        Resource { team: self.team, owners: self.worker.into_iter().collect(), only, ..now.clone() }
    }
}

/// Whose a thing was at `at`; before its first change, whose it was until then. `None` for a thing that the feed does not know.
pub(crate) async fn at<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    thing: Thing,
    at: DateTime<Utc>,
) -> Result<Option<Standing>, StoreError> {
    let (entity, id) = thing.in_feed();
    let changes = |former: bool| {
        change::Entity::find()
            .filter(change::Column::TenantId.eq(tenant.0))
            .filter(change::Column::EntityId.eq(id))
            .filter(change::Column::Entity.eq(entity))
            .filter(change::Column::Former.eq(former))
    };
    let before = changes(false).filter(change::Column::At.lte(at)).order_by_desc(change::Column::Seq).one(db).await?;
    let row = match before {
        Some(row) => Some(row),
        None => match changes(false).order_by_asc(change::Column::Seq).one(db).await? {
            // The feed says nothing of the time before its first change, but whom that took the thing from.
            Some(first) => {
                let former = changes(true).filter(change::Column::OpId.eq(first.op_id)).order_by_asc(change::Column::Seq);
                former.one(db).await?.or(Some(first))
            }
            None => None,
        },
    };
    Ok(row.map(|row| Standing { team: row.team_id.map(TeamId), worker: row.worker_id.map(UserId), restricted: row.restricted }))
}

/// Whether any of the things was ever somebody's own, or they went along to it.
pub(crate) async fn was_ever_of<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    user: UserId,
    things: impl IntoIterator<Item = Thing>,
) -> Result<bool, StoreError> {
    let any = things.into_iter().map(Thing::in_feed).fold(Condition::any(), |any, (entity, id)| {
        any.add(change::Column::EntityId.eq(id).and(change::Column::Entity.eq(entity)))
    });
    let rows = change::Entity::find()
        .filter(change::Column::TenantId.eq(tenant.0))
        .filter(any)
        .filter(change::Column::WorkerId.eq(user.0))
        .count(db)
        .await?;
    Ok(rows > 0)
}
