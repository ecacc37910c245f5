//! What a tablet keeps: about each person of its holder's cases one [`Dossier`], and the [`District`] around them. They are made
//! of the same types as the pages of the desk, so that both show the same.

use super::kept::codes_in;
use crate::{
    case::CaseFacts,
    catalogue::Sign,
    ids::{ChangeSeq, NeighborId, TeamId, VisitId},
    settings::Settings,
    view::{
        Worker,
        cases::CaseCard,
        neighbors::{BothNames, DongName, NeighborPage, TeamName},
        visits::VisitCard,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything about one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dossier {
    /// Up to this position of the feed nothing is missing; later changes may be in it already.
    pub as_of: ChangeSeq,
    /// The person with the whole timeline.
    pub neighbor: NeighborPage,
    /// The case.
    pub case: CaseDossier,
    /// All visits of the case in time order, cancelled ones too.
    pub visits: Vec<VisitFile>,
}

impl Dossier {
    /// Whom it is about.
    #[must_use]
    pub const fn id(&self) -> NeighborId {
        self.neighbor.person.record.id
    }

    /// One of its visits.
    #[must_use]
    pub fn visit(&self, id: VisitId) -> Option<&VisitFile> {
        self.visits.iter().find(|visit| visit.card.id == id)
    }
}

/// A case with what is needed to judge it anew on another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseDossier {
    /// As its page shows it.
    pub card: CaseCard,
    /// What was done.
    pub facts: CaseFacts,
    /// When the worker was given the case.
    pub assigned_at: Option<DateTime<Utc>>,
    /// When somebody was last met or spoken to.
    pub last_contact_at: Option<DateTime<Utc>>,
}

/// A visit with what was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitFile {
    /// The visit.
    pub card: VisitCard,
    /// The note that was recorded.
    pub note: Option<String>,
    /// Codes of the signs that were ticked.
    pub signs: Vec<String>,
    /// Who recorded it.
    pub recorded_by: Option<Worker>,
    /// When it was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
}

/// What is the same for everybody in the district, and who holds the tablet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct District {
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
    /// Who holds the tablet.
    pub me: Worker,
    /// Clocks and other settings.
    pub settings: Settings,
    /// The dongs.
    pub dongs: Vec<DongName>,
    /// The teams.
    pub teams: Vec<TeamName>,
    /// The signs that can be ticked.
    pub signs: Vec<Sign>,
    /// Who may go on visits, by name.
    pub workers: Vec<Colleague>,
}

impl District {
    /// Who may go for a team: its caseworkers, the district's, and the holder.
    #[must_use]
    pub fn workers_for(&self, team: Option<TeamId>) -> Vec<Worker> {
        let goes = |colleague: &&Colleague| {
            colleague.everywhere || colleague.worker.id == self.me.id || team.is_some_and(|team| colleague.teams.contains(&team))
        };
        self.workers.iter().filter(goes).map(|colleague| colleague.worker.clone()).collect()
    }

    /// The names of the codes in what a command [says](super::kept::says).
    #[must_use]
    pub fn names_in(&self, says: &[(String, Value)]) -> BTreeMap<String, BothNames> {
        let mut names = BTreeMap::new();
        for code in codes_in(says) {
            let dong = self.dongs.iter().find(|dong| dong.code.to_string() == code).map(|dong| dong.name.clone());
            let sign = self.signs.iter().find(|sign| sign.code == code);
            let sign = sign.map(|sign| BothNames { ko: sign.name_ko.clone(), en: sign.name_en.clone() });
            names.extend(dong.or(sign).map(|name| (code.to_owned(), name)));
        }
        names
    }
}

/// Somebody who may go on visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    /// Who.
    pub worker: Worker,
    /// For which teams.
    pub teams: Vec<TeamId>,
    /// Whether for the whole district.
    pub everywhere: bool,
}
