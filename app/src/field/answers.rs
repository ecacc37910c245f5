//! What the tablet answers where the desk asks the server. Each function stands for the one of the same name in `api::either`.

use super::{
    database::{Change, Shelf},
    tablet::Tablet,
};
use chrono::NaiveDate;
use domain::{
    ApiError,
    catalogue::Sign,
    command::{Applied, Envelope},
    ids::{CaseId, DraftId, NeighborId, UserId, VisitId},
    sync::shown,
    view::{
        Page,
        cases::{CasePage, CaseQuery, CaseRow, CaseloadHead, TimelineEntry},
        neighbors::{DongName, LookAlike, PersonDraft},
        visits::{CalendarLens, Clash, ContactForm, MyDay, PlanForm, VisitForm, Week, plan_draft},
    },
    visit::Window,
};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

type Answer<T> = Result<T, ApiError>;

/// An unfinished form.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draft {
    form: String,
    body: String,
}

const VISIT: &str = "visit";

pub(crate) async fn load_my_day(tablet: Rc<Tablet>) -> Answer<MyDay> {
    tablet.list(|heads, district| shown::my_day(heads, district, tablet.now()))
}

pub(crate) async fn load_week(tablet: Rc<Tablet>, _: CalendarLens, day: NaiveDate) -> Answer<Week> {
    tablet.list(|heads, district| shown::week(heads, district, day))
}

pub(crate) async fn load_visit(tablet: Rc<Tablet>, id: VisitId) -> Answer<VisitForm> {
    let person = tablet.person_of_visit(id)?;
    let (dossier, district) = (tablet.dossier(person).await?, tablet.district()?);
    let page = shown::visit_page(&dossier, &district, id, tablet.now()).ok_or(ApiError::NotFound)?;
    Ok(VisitForm { page, signs: district.signs, draft: draft(&tablet, DraftId(id.0)).await })
}

pub(crate) async fn load_contact(tablet: Rc<Tablet>, case: CaseId) -> Answer<ContactForm> {
    let (dossier, district) = (tablet.dossier(tablet.person_of_case(case)?).await?, tablet.district()?);
    let (planning, attempts) = shown::contact_form(&dossier, &district);
    Ok(ContactForm { planning, attempts, signs: district.signs, draft: draft(&tablet, DraftId(case.0)).await })
}

pub(crate) async fn load_visit_planning(tablet: Rc<Tablet>, case: CaseId) -> Answer<PlanForm> {
    let (dossier, district) = (tablet.dossier(tablet.person_of_case(case)?).await?, tablet.district()?);
    Ok(PlanForm { planning: shown::planning(&dossier, &district), draft: draft(&tablet, plan_draft(case)).await })
}

pub(crate) async fn find_clashes(
    tablet: Rc<Tablet>,
    workers: Vec<UserId>,
    windows: Vec<Window>,
    except: Option<VisitId>,
) -> Answer<Vec<Clash>> {
    tablet.list(|heads, _| shown::clashes(heads, &workers, &windows, except))
}

pub(crate) async fn keep_visit_draft(tablet: Rc<Tablet>, id: DraftId, body: String) -> Answer<()> {
    if body.is_empty() { draft_forget(tablet, id).await } else { draft_save(tablet, id, VISIT.to_owned(), body).await }
}

pub(crate) async fn case_list(tablet: Rc<Tablet>, query: CaseQuery, after: Option<String>) -> Answer<Page<CaseRow>> {
    tablet.list(|heads, district| shown::caseload(heads, district, &query, after.as_deref(), tablet.now()))?
}

pub(crate) async fn load_caseload_head(tablet: Rc<Tablet>, _: CaseQuery) -> Answer<CaseloadHead> {
    tablet.list(|heads, district| shown::caseload_head(heads, district, tablet.now()))
}

pub(crate) async fn load_case_page(tablet: Rc<Tablet>, id: CaseId) -> Answer<CasePage> {
    Ok(shown::case_page(&tablet.dossier(tablet.person_of_case(id)?).await?))
}

/// The whole timeline stands on the page already.
pub(crate) async fn load_timeline(_: Rc<Tablet>, _: NeighborId, _: Option<String>) -> Answer<Page<TimelineEntry>> {
    Ok(Page::default())
}

pub(crate) async fn look_alikes(tablet: Rc<Tablet>, draft: PersonDraft) -> Answer<Vec<LookAlike>> {
    tablet.list(|heads, _| shown::look_alikes(heads, &draft))
}

pub(crate) async fn district_words(tablet: Rc<Tablet>) -> Answer<(Vec<DongName>, Vec<Sign>)> {
    tablet.district().map(|district| (district.dongs, district.signs))
}

pub(crate) async fn draft_newest(tablet: Rc<Tablet>, form: String) -> Answer<Option<(DraftId, String)>> {
    let all = tablet.local().all::<Draft>(Shelf::Drafts).await?;
    let of_form = all.into_iter().filter(|(_, draft)| draft.form == form);
    Ok(of_form.filter_map(|(id, draft)| Some((id.parse().ok()?, draft.body))).max_by_key(|(id, _): &(DraftId, String)| *id))
}

pub(crate) async fn draft_save(tablet: Rc<Tablet>, id: DraftId, form: String, body: String) -> Answer<()> {
    let put = tablet.local().put(Shelf::Drafts, id, &Draft { form, body })?;
    Ok(tablet.local().write(vec![put]).await?)
}

pub(crate) async fn draft_forget(tablet: Rc<Tablet>, id: DraftId) -> Answer<()> {
    Ok(tablet.local().write(vec![Change::Delete(Shelf::Drafts, id.to_string())]).await?)
}

pub(crate) async fn execute(tablet: Rc<Tablet>, envelope: Envelope) -> Answer<Applied> {
    tablet.write(envelope).await
}

/// What was written and not sent; a draft that can't be read is no reason not to show the form.
pub(crate) async fn draft(tablet: &Rc<Tablet>, id: DraftId) -> Option<String> {
    tablet.local().get::<Draft>(Shelf::Drafts, &id.to_string()).await.ok().flatten().map(|draft| draft.body)
}
