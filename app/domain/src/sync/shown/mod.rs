//! The screens of the field, put together from what the tablet keeps: the same view types as the desk's, and held against the
//! desk's answers by a test of the store. Lists are made from [`Head`]s, which all fit into memory; a page about one person from
//! the whole [`Dossier`].

mod alike;
mod caseload;
mod day;
mod visit;

use super::{
    apply::told,
    replica::{CaseDossier, District, Dossier},
};
use crate::{
    case::{CaseFacts, attempts_since_contact, next_due},
    clock::korean_day,
    ids::{NeighborId, UserId, VisitId},
    view::{
        cases::{CasePage, CaseRow},
        visits::{Contact, VisitCard},
    },
    visit::VisitState,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use alike::look_alikes;
pub use caseload::{PAGE, caseload, caseload_head};
pub use day::{my_day, week};
pub use visit::{clashes, contact_form, planning, visit_page};

/// Visits that lists show lie at most so far back and ahead.
const BEFORE: TimeDelta = TimeDelta::days(91);
const AFTER: TimeDelta = TimeDelta::days(61);

/// What lists need to know of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// As the caseload shows it.
    pub row: CaseRow,
    /// What was done in the case.
    pub facts: CaseFacts,
    /// When the worker was given the case.
    pub assigned_at: Option<DateTime<Utc>>,
    /// Where and how the person is reached.
    pub contact: Contact,
    /// Visits from 91 days ago to 61 days ahead, and all that are planned, in time order.
    pub visits: Vec<VisitCard>,
    /// The other visits, so that it is known whose they are.
    #[serde(default)]
    pub other_visits: Vec<VisitId>,
    /// Whether something waits that came too late from a colleague's tablet.
    #[serde(default)]
    pub kept: bool,
}

impl Head {
    /// What lists need to know of a dossier.
    #[must_use]
    pub fn of(dossier: &Dossier, district: &District, now: DateTime<Utc>) -> Self {
        let CaseDossier { card, facts, assigned_at, last_contact_at } = &dossier.case;
        let record = &dossier.neighbor.person.record;
        let profile = &record.profile;
        let due = next_due(facts, card.urgency, &district.settings.clocks, korean_day(now));
        Self {
            row: CaseRow {
                id: card.id,
                neighbor: record.id,
                name: profile.name.clone(),
                birth_year: profile.birth_year,
                age_band: profile.age_band,
                sex: profile.sex,
                dong: dossier.neighbor.person.dong.clone(),
                stage: card.stage,
                urgency: card.urgency,
                due,
                last_contact_at: *last_contact_at,
                next_visit_at: card.visits.first().map(|visit| visit.window.start),
                worker: card.worker.clone(),
                closure: card.closure,
                closure_asked: card.closing.is_some(),
            },
            facts: facts.clone(),
            assigned_at: *assigned_at,
            contact: contact(dossier),
            visits: dossier.visits.iter().map(|visit| &visit.card).filter(|card| is_near(card, now)).cloned().collect(),
            other_visits: dossier.visits.iter().filter(|visit| !is_near(&visit.card, now)).map(|visit| visit.card.id).collect(),
            kept: !card.kept.is_empty(),
        }
    }

    /// Whom it is about.
    #[must_use]
    pub const fn id(&self) -> NeighborId {
        self.row.neighbor
    }

    /// Whether one of the visits to this person is `visit`.
    #[must_use]
    pub fn has_visit(&self, visit: VisitId) -> bool {
        self.visits.iter().any(|card| card.id == visit) || self.other_visits.contains(&visit)
    }

    fn is_of(&self, worker: UserId) -> bool {
        self.row.worker.as_ref().is_some_and(|holder| holder.id == worker)
    }
}

/// Whether lists show a visit.
fn is_near(card: &VisitCard, now: DateTime<Utc>) -> bool {
    card.state == VisitState::Scheduled || (now - BEFORE..now + AFTER).contains(&card.window.start)
}

/// Whether somebody goes on a visit, as the first or the second.
fn goes(card: &VisitCard, worker: UserId) -> bool {
    card.worker.id == worker || card.second_worker.as_ref().is_some_and(|second| second.id == worker)
}

fn contact(dossier: &Dossier) -> Contact {
    let profile = &dossier.neighbor.person.record.profile;
    Contact {
        address: profile.address.clone(),
        no_fixed_address: profile.no_fixed_address,
        phone: profile.phone.clone(),
        language: profile.language,
        living_place: profile.living_place,
        consent: profile.contact_consent,
    }
}

/// The page of a case. What can't be decided without a network is not offered.
#[must_use]
pub fn case_page(dossier: &Dossier) -> CasePage {
    let mut neighbor = dossier.neighbor.clone();
    neighbor.may.transfer = false;
    neighbor.may.approve = false;
    neighbor.may.restrict = false;
    CasePage { case: dossier.case.card.clone(), neighbor }
}

/// The attempts of a case that reached nobody since the last contact.
fn attempts(dossier: &Dossier) -> Vec<crate::case::Attempt> {
    let told: Vec<_> = dossier.visits.iter().filter_map(|visit| told(&visit.card)).collect();
    attempts_since_contact(&told)
}
