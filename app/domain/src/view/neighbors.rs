//! One person as screens show them: who, where, why we know of them, with whom they live, and who may be the same.

use super::{Worker, cases::TimelineEntry};
use crate::{
    case::Urgency,
    ids::{CaseId, LinkId, NeighborId, TeamId},
    linkage::{Identity, LinkLevel, LinkReason},
    profile::{AgeBand, Channel, HouseholdMember, NeighborProfile, NeighborRecord, Sex},
    round::RoundPeriod,
    text::{BirthYear, DongCode, PhoneNumber},
    view::Page,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A word that the district keeps in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BothNames {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A dong with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DongName {
    /// Its code.
    pub code: DongCode,
    /// Its name.
    pub name: BothNames,
    /// Which team serves it.
    pub team: Option<TeamId>,
}

/// A team with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamName {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: BothNames,
}

/// What the viewer may do here: which buttons a page shows. The store asks again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct May {
    /// Change the person's record and household.
    pub edit: bool,
    /// Open a case.
    pub open_case: bool,
    /// Write notes, record steps, set the urgency, close.
    pub work: bool,
    /// Offer the case to another worker.
    pub transfer: bool,
    /// Answer a wish to close as unreachable.
    pub approve: bool,
    /// Say for whom alone the record exists.
    pub restrict: bool,
}

/// Who and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The record.
    pub record: NeighborRecord,
    /// The dong with its name.
    pub dong: DongName,
    /// The team that serves the dong.
    pub team: Option<TeamName>,
    /// The open case.
    pub open_case: Option<CaseId>,
    /// When the person was written down.
    pub registered_at: DateTime<Utc>,
    /// The record that this one was joined to.
    pub merged_into: Option<NeighborId>,
    /// Those for whom alone a restricted record exists, by name; empty when it is not restricted.
    pub named: Vec<Worker>,
}

/// The signals of one discovery round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundSignals {
    /// Which list.
    pub period: RoundPeriod,
    /// When it reached the district.
    pub received_at: DateTime<Utc>,
    /// The names of its indicators.
    pub indicators: Vec<BothNames>,
}

/// A sign that somebody saw and ticked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenSign {
    /// Its code.
    pub code: String,
    /// Its words.
    pub name: BothNames,
    /// How soon somebody must go.
    pub urgency: Urgency,
    /// From whom it came.
    pub channel: Channel,
    /// When it was ticked.
    pub at: DateTime<Utc>,
}

/// Why we know of the person: what lists said and what people saw, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Why {
    /// Signals, by round.
    pub rounds: Vec<RoundSignals>,
    /// Signs.
    pub signs: Vec<SeenSign>,
}

/// Another record that may be the same person, waiting for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenLink {
    /// The pair.
    pub id: LinkId,
    /// The other record.
    pub other: NeighborId,
    /// Its name.
    pub name: Option<String>,
}

/// A person's page: everything but the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NeighborPage {
    /// Who and where.
    pub person: Person,
    /// Why we know of them.
    pub why: Why,
    /// Who else lives there.
    pub members: Vec<HouseholdMember>,
    /// Records that may be the same person.
    pub links: Vec<OpenLink>,
    /// The newest part of what happened.
    pub timeline: Page<TimelineEntry>,
    /// Closed cases, newest first.
    pub closed_cases: Vec<CaseId>,
    /// What the viewer may do.
    pub may: May,
}

/// What is typed so far of somebody who is about to be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDraft {
    /// Name.
    pub name: Option<String>,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Sex, when known.
    pub sex: Option<Sex>,
    /// Phone.
    pub phone: Option<PhoneNumber>,
    /// Dong.
    pub dong: Option<DongCode>,
    /// Address.
    pub address: Option<String>,
}

impl PersonDraft {
    /// Whether there is enough to look for: a name of two characters, a phone, or birth year and dong.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.name.as_deref().is_some_and(|name| name.trim().chars().count() >= 2)
            || self.phone.is_some()
            || (self.birth_year.is_some() && self.dong.is_some())
    }

    /// The draft in the spelling in which records are compared.
    #[must_use]
    pub fn identity(&self) -> Identity {
        // A dong is no part of a comparison that does not know it.
        let Some(any_dong) = self.dong.clone().or_else(|| "1100000000".parse().ok()) else { return Identity::default() };
        let mut profile = NeighborProfile::in_dong(any_dong);
        profile.name.clone_from(&self.name);
        profile.birth_year = self.birth_year;
        profile.sex = self.sex.unwrap_or(Sex::Unknown);
        profile.phone.clone_from(&self.phone);
        profile.address.clone_from(&self.address);
        Identity { dong: self.dong.clone(), ..Identity::from(&profile) }
    }
}

/// A known person who may be the one being registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "snake_case")]
pub enum LookAlike {
    /// Somebody whose record the viewer may see.
    Known {
        /// The record.
        id: NeighborId,
        /// Name.
        name: Option<String>,
        /// Birth year.
        birth_year: Option<BirthYear>,
        /// Age as seen.
        age_band: Option<AgeBand>,
        /// Sex.
        sex: Sex,
        /// Dong.
        dong: DongName,
        /// The open case and who holds it.
        open_case: Option<CaseId>,
        /// Who holds it.
        worker: Option<Worker>,
        /// How likely.
        level: LinkLevel,
        /// Probability that it is the same person, 0–1.
        probability: f64,
        /// What speaks for and against.
        reasons: Vec<LinkReason>,
    },
    /// Somebody in another team's care: only that, and whom to ask.
    Elsewhere {
        /// The team.
        team: Option<TeamName>,
    },
}
