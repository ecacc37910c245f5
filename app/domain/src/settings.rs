//! What a district may set: the clocks of a case and the security rules.

use crate::policy::Role;
use serde::{Deserialize, Serialize};

/// A span of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Days {
    /// How many, 0–365.
    pub days: u16,
    /// Whether weekends and Korean public holidays are left out.
    pub working: bool,
}

impl Days {
    const fn calendar(days: u16) -> Self {
        Self { days, working: false }
    }
    const fn working(days: u16) -> Self {
        Self { days, working: true }
    }
}

/// The clocks of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockSettings {
    /// First contact for urgency E and 1.
    pub first_contact_same_day: Days,
    /// First contact for urgency 2.
    pub first_contact_soon: Days,
    /// First contact for urgency 3.
    pub first_contact_later: Days,
    /// Intake → needs assessment.
    pub assessment: Days,
    /// Assessment → conference and selection.
    pub conference: Days,
    /// Conference → plan.
    pub plan: Days,
    /// Intake → plan at most.
    pub intake_to_plan: Days,
    /// Closure → first aftercare check.
    pub aftercare_first: Days,
    /// Closure → second aftercare check.
    pub aftercare_second: Days,
    /// How many days before the due day a clock warns.
    pub warn_before: u16,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self {
            first_contact_same_day: Days::calendar(0),
            first_contact_soon: Days::calendar(3),
            first_contact_later: Days::calendar(14),
            assessment: Days::working(10),
            conference: Days::working(5),
            plan: Days::working(15),
            intake_to_plan: Days::calendar(30),
            aftercare_first: Days::calendar(30),
            aftercare_second: Days::calendar(90),
            warn_before: 2,
        }
    }
}

/// Everything that a district may set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Settings {
    /// The clocks of a case.
    pub clocks: ClockSettings,
    /// Roles that need a second factor.
    pub second_factor_roles: Vec<Role>,
}
