//! A week of visits, of one worker or of a team.

use super::{
    cards::Names,
    check_reach,
    select::{self, Part},
};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    entity::{team, visit},
    error::StoreError,
    staff,
};
use chrono::NaiveDate;
use domain::{
    ApiError,
    ids::TeamId,
    policy::{Action, Kind, Role, reach},
    view::{
        Worker,
        neighbors::BothNames,
        visits::{CalendarLens, TeamOption, Week},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Visits of one week at most: about six a day for each of a team's twelve workers.
const LIMIT: u64 = 500;

/// The week that `day` lies in, as far as the actor may look.
///
/// # Errors
/// [`ApiError::Forbidden`] for roles without visits; the database's faults.
pub async fn week(ctx: &OpContext, lens: CalendarLens, day: NaiveDate) -> Result<Week, ApiError> {
    let view = Box::pin(load(ctx, lens, day)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::list("list", "visit", view.visits.len())]).await?;
    Ok(view)
}

async fn load(ctx: &OpContext, lens: CalendarLens, day: NaiveDate) -> Result<Week, StoreError> {
    check_reach(ctx, Action::View)?;
    let monday = day.week(chrono::Weekday::Mon).checked_first_day().unwrap_or(day);
    let (rows, cut) = rows(ctx, lens, monday).await?;
    let names = Names::around(ctx, &rows, Vec::new(), []).await?;
    Ok(Week { monday, lens, visits: names.cards(&rows)?, cut, workers: workers(ctx).await?, teams: teams(ctx).await? })
}

async fn rows(ctx: &OpContext, lens: CalendarLens, monday: NaiveDate) -> Result<(Vec<visit::Model>, bool), StoreError> {
    let (span, db) = (select::days(monday, 7), ctx.store.read());
    let mut rows = match lens {
        CalendarLens::Team { team } => select::of_team(&ctx.actor, team, span).limit(LIMIT + 1).all(db).await?,
        CalendarLens::Worker { worker } => {
            let mut rows = Vec::new();
            for part in Part::BOTH {
                rows.extend(select::standing(&ctx.actor, worker, part, span.clone()).limit(LIMIT + 1).all(db).await?);
            }
            rows
        }
    };
    rows.sort_by_key(|row| (row.starts_at, row.id));
    let cut = rows.len() as u64 > LIMIT;
    rows.truncate(LIMIT as usize);
    Ok((rows, cut))
}

/// The teams whose visits the actor may look at.
async fn teams(ctx: &OpContext) -> Result<Vec<TeamOption>, StoreError> {
    let reach = reach(&ctx.actor, Action::View, Kind::Visit);
    let mut query = team::Entity::find().filter(team::Column::TenantId.eq(ctx.tenant().0));
    if !reach.district {
        query = query.filter(team::Column::Id.is_in(reach.teams.iter().map(|team| team.0)));
    }
    let rows = query.order_by_asc(team::Column::NameKo).limit(200).all(ctx.store.read()).await?;
    let option = |row: team::Model| TeamOption { id: TeamId(row.id), name: BothNames { ko: row.name_ko, en: row.name_en } };
    Ok(rows.into_iter().map(option).collect())
}

/// The caseworkers of those teams, and the actor if they are one.
async fn workers(ctx: &OpContext) -> Result<Vec<Worker>, StoreError> {
    let reach = reach(&ctx.actor, Action::View, Kind::Visit);
    staff::holders(ctx, &[Role::Caseworker], staff::grants_within(ctx, &reach)).await
}
