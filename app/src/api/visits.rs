//! Visits: the day, the week, one visit, planning one.

use super::AppError;
use super::json::Json;
use chrono::NaiveDate;
#[cfg(feature = "ssr")]
use domain::view::visits::plan_draft;
use domain::{
    ids::{CaseId, DraftId, UserId, VisitId},
    view::visits::{CalendarLens, Clash, ContactForm, MyDay, PlanForm, VisitForm, Week},
    visit::Window,
};
use leptos::prelude::*;

/// The actor's own day.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/my-day", input = Json, output = Json)]
pub(super) async fn desk_load_my_day() -> Result<MyDay, AppError> {
    let ctx = super::context::context()?;
    Ok(store::visits::my_day(&ctx, ctx.today()).await?)
}

/// The week that `day` lies in.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/week", input = Json, output = Json)]
pub(super) async fn desk_load_week(
    /// Whose.
    lens: CalendarLens,
    /// Any day of it.
    day: NaiveDate,
) -> Result<Week, AppError> {
    Ok(store::visits::week(&super::context::context()?, lens, day).await?)
}

/// One visit with what its form needs.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/one", input = Json, output = Json)]
pub(super) async fn desk_load_visit(
    /// Which.
    id: VisitId,
) -> Result<VisitForm, AppError> {
    let ctx = super::context::context()?;
    let page = store::visits::visit(&ctx, id).await?;
    let signs = store::tenants::catalogue(&ctx).await?.signs.into_values().collect();
    Ok(VisitForm { page, signs, draft: unsent(&ctx, DraftId(id.0)).await })
}

/// What the form about a contact without a plan needs.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/contact", input = Json, output = Json)]
pub(super) async fn desk_load_contact(
    /// Of which case.
    case: CaseId,
) -> Result<ContactForm, AppError> {
    let ctx = super::context::context()?;
    let planning = store::visits::plan_for(&ctx, case).await?;
    let attempts = store::visits::attempts(&ctx, case).await?.attempts;
    let signs = store::tenants::catalogue(&ctx).await?.signs.into_values().collect();
    Ok(ContactForm { planning, attempts, signs, draft: unsent(&ctx, DraftId(case.0)).await })
}

/// What must be known to plan a visit.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/planning", input = Json, output = Json)]
pub(super) async fn desk_load_visit_planning(
    /// Of which case.
    case: CaseId,
) -> Result<PlanForm, AppError> {
    let ctx = super::context::context()?;
    let planning = store::visits::plan_for(&ctx, case).await?;
    Ok(PlanForm { planning, draft: unsent(&ctx, plan_draft(case)).await })
}

/// Which of `windows` fall on other visits of `workers`.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/clashes", input = Json, output = Json)]
pub(super) async fn desk_find_clashes(
    /// At most two.
    workers: Vec<UserId>,
    /// At most sixty.
    windows: Vec<Window>,
    /// A visit that does not count, because it is the one that is moved.
    except: Option<VisitId>,
) -> Result<Vec<Clash>, AppError> {
    Ok(store::visits::clashes(&super::context::context()?, &workers, &windows, except).await?)
}

/// Keeps what was written about a visit until it is sent; an empty text forgets it.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "visits/draft", input = Json, output = Json)]
pub(super) async fn desk_keep_visit_draft(
    /// The visit's own id, the case's for a contact without a plan, [`domain::view::visits::plan_draft`] for a plan.
    id: DraftId,
    /// What the form holds.
    body: String,
) -> Result<(), AppError> {
    let ctx = super::context::context()?;
    if body.is_empty() {
        return Ok(store::drafts::delete(&ctx, id).await?);
    }
    Ok(store::drafts::save(&ctx, id, "visit", body.as_bytes()).await?)
}

/// What was written and not sent; a draft that can't be read is no reason not to show the form.
#[cfg(feature = "ssr")]
async fn unsent(ctx: &store::OpContext, id: DraftId) -> Option<String> {
    let draft = store::drafts::load(ctx, id).await.ok()?;
    String::from_utf8(draft.body).ok()
}
