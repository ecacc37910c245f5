//! What pages ask for: answered by the tablet where the program is one and is unlocked, everywhere else by the server.

use super::{AppError, cases::*, command::*, neighbors::*, visits::*};
use chrono::NaiveDate;
use domain::{
    catalogue::Sign,
    command::{Applied, Envelope},
    ids::{CaseId, DraftId, NeighborId, UserId, VisitId},
    view::{
        Page,
        cases::{CasePage, CaseQuery, CaseRow, CaseloadHead, TimelineEntry},
        neighbors::{DongName, LookAlike, PersonDraft},
        visits::{CalendarLens, Clash, ContactForm, MyDay, PlanForm, VisitForm, Week},
    },
    visit::Window,
};

macro_rules! either {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $answer:ty = $desk:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// What the tablet or the server answers.
        pub async fn $name($($arg: $ty),*) -> Result<$answer, AppError> {
            #[cfg(feature = "hydrate")]
            if let Some(answer) = crate::field::answer(|tablet| crate::field::answers::$name(tablet, $($arg.clone()),*)) {
                return answer.await;
            }
            $desk($($arg),*).await
        }
    )+};
}

either! {
    /// The actor's own day.
    load_my_day() -> MyDay = desk_load_my_day;
    /// The week that a day lies in.
    load_week(lens: CalendarLens, day: NaiveDate) -> Week = desk_load_week;
    /// One visit with what its form needs.
    load_visit(id: VisitId) -> VisitForm = desk_load_visit;
    /// What the form about a contact without a plan needs.
    load_contact(case: CaseId) -> ContactForm = desk_load_contact;
    /// What must be known to plan a visit.
    load_visit_planning(case: CaseId) -> PlanForm = desk_load_visit_planning;
    /// Which of `windows` fall on other visits of `workers`.
    find_clashes(workers: Vec<UserId>, windows: Vec<Window>, except: Option<VisitId>) -> Vec<Clash> = desk_find_clashes;
    /// Keeps what was written about a visit until it is sent; an empty text forgets it.
    keep_visit_draft(id: DraftId, body: String) -> () = desk_keep_visit_draft;
    /// One page of the caseload.
    case_list(query: CaseQuery, after: Option<String>) -> Page<CaseRow> = desk_case_list;
    /// What stands above the caseload.
    load_caseload_head(query: CaseQuery) -> CaseloadHead = desk_load_caseload_head;
    /// The page of a case.
    load_case_page(id: CaseId) -> CasePage = desk_load_case_page;
    /// More of what happened to a person.
    load_timeline(neighbor: NeighborId, after: Option<String>) -> Page<TimelineEntry> = desk_load_timeline;
    /// Known people who may be the one being registered.
    look_alikes(draft: PersonDraft) -> Vec<LookAlike> = desk_look_alikes;
    /// The dongs and signs of the district, for forms.
    district_words() -> (Vec<DongName>, Vec<Sign>) = desk_district_words;
    /// The newest unfinished form of this kind, with its id.
    draft_newest(form: String) -> Option<(DraftId, String)> = desk_draft_newest;
    /// Keeps an unfinished form, sealed, for its writer only.
    draft_save(id: DraftId, form: String, body: String) -> () = desk_draft_save;
    /// Forgets an unfinished form.
    draft_forget(id: DraftId) -> () = desk_draft_forget;
    /// Hands one command on. Sending the same envelope again is safe: it is applied once.
    execute(envelope: Envelope) -> Applied = desk_execute;
}
