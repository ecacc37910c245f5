//! The words for coded values. Every match is exhaustive: a new value does not compile without its words.

use super::I18n;
use crate::i18n::td_string;
use domain::{
    case::{ClosureReason, Stage, Step, Urgency},
    catalogue::LifeDomain,
    policy::{Action, Kind, Role, Scope},
    profile::{AgeBand, Channel, ContactConsent, Language, LivingPlace, Relation, Sex},
    recurrence::Frequency,
    round::{NoActionReason, RowErrorCode, TriageDecision},
    visit::{CancelReason, NotMetReason, SeenWith, VisitKind, VisitState},
};

/// A coded value that screens list, name and send.
pub trait Label: Copy + PartialEq + Send + Sync + 'static {
    /// All values, in the order in which screens list them.
    const CHOICES: &'static [Self];

    /// The word in the language of the screen; follows the switch when called in a closure.
    fn label(self, i18n: I18n) -> &'static str;

    /// The code in forms and addresses.
    fn word(self) -> &'static str;

    /// The value of a code.
    fn from_word(word: &str) -> Option<Self> {
        Self::CHOICES.iter().copied().find(|choice| choice.word() == word)
    }
}

macro_rules! labels {
    ($($type:ident in $section:ident { $($variant:ident: $key:ident,)+ })+) => {$(
        impl Label for $type {
            const CHOICES: &'static [Self] = Self::ALL;

            fn label(self, i18n: I18n) -> &'static str {
                let locale = i18n.get_locale();
                match self { $(Self::$variant => td_string!(locale, labels.$section.$key),)+ }
            }

            fn word(self) -> &'static str {
                self.code()
            }
        }
    )+};
}

macro_rules! plain_labels {
    ($($type:ident in $section:ident { $($variant:ident: $key:ident,)+ })+) => {$(
        impl Label for $type {
            const CHOICES: &'static [Self] = &Self::ALL;

            fn label(self, i18n: I18n) -> &'static str {
                let locale = i18n.get_locale();
                match self { $(Self::$variant => td_string!(locale, labels.$section.$key),)+ }
            }

            fn word(self) -> &'static str {
                match self { $(Self::$variant => stringify!($key),)+ }
            }
        }
    )+};
}

labels! {
    Urgency in urgency { Emergency: e, SameDay: same_day, ThreeDays: three_days, TwoWeeks: two_weeks, }
    Stage in stage {
        Discovered: discovered, Counselling: counselling, Intake: intake, Assessment: assessment, Conference: conference,
        Plan: plan, Service: service, Review: review, Closed: closed, Aftercare: aftercare,
    }
    Step in step {
        Counselling: counselling, Intake: intake, Assessment: assessment, Conference: conference, Plan: plan,
        Service: service, Review: review, Aftercare: aftercare,
    }
    ClosureReason in closure {
        GoalsMet: goals_met, MovedAway: moved_away, HandedOver: handed_over, Refused: refused, Died: died,
        Unreachable: unreachable, Duplicate: duplicate, NoNeed: no_need, NotEligibleForCash: not_eligible_for_cash,
    }
    LifeDomain in domain {
        Safety: safety, Health: health, DailyLife: daily_life, Family: family, Social: social, Economy: economy,
        Education: education, Work: work, Living: living, Rights: rights,
    }
    Sex in sex { Female: female, Male: male, Unknown: unknown, }
    AgeBand in age_band { Child: child, Young: young, Middle: middle, Older: older, Senior: senior, VeryOld: very_old, }
    LivingPlace in living_place {
        Apartment: apartment, MultiFamily: multi_family, House: house, SemiBasement: semi_basement, Rooftop: rooftop,
        Gosiwon: gosiwon, Lodging: lodging, Greenhouse: greenhouse, Vehicle: vehicle, Street: street, Facility: facility,
        Other: other, Unknown: unknown,
    }
    Language in language {
        Korean: korean, KoreanSign: korean_sign, English: english, Chinese: chinese, Vietnamese: vietnamese,
        Japanese: japanese, Russian: russian, Thai: thai, Other: other,
    }
    ContactConsent in consent { NotAsked: not_asked, Given: given, Refused: refused, }
    Channel in channel {
        Signals: signals, Resident: resident, HonoraryOfficer: honorary_officer, DirectLine: direct_line, Event: event,
        Partner: partner, SelfOrFamily: self_or_family, Worker: worker,
    }
    Relation in relation {
        Spouse: spouse, Child: child, Parent: parent, Sibling: sibling, Grandparent: grandparent, Grandchild: grandchild,
        Relative: relative, Cohabitant: cohabitant, Other: other,
    }
    RowErrorCode in row_error {
        BadRound: bad_round, UnknownDong: unknown_dong, UnknownIndicator: unknown_indicator,
        MissingIndicator: missing_indicator, ImpossibleBirthYear: impossible_birth_year, MalformedPhone: malformed_phone,
        UnknownSex: unknown_sex, MissingName: missing_name, ResidentNumber: resident_number, TooLong: too_long,
        BrokenRow: broken_row, MissingColumn: missing_column, MixedRounds: mixed_rounds, UnreadableFile: unreadable_file,
        EmptyFile: empty_file, FileTooLarge: file_too_large,
    }
    TriageDecision in triage {
        Open: open, CaseOpened: case_opened, Attached: attached, PassedOn: passed_on, NoAction: no_action,
    }
    NoActionReason in no_action {
        NoNeed: no_need, NotEligibleForCash: not_eligible_for_cash, AlreadyHelped: already_helped, MovedAway: moved_away,
        Died: died, WrongData: wrong_data,
    }
    VisitKind in visit_kind {
        Home: home, Phone: phone, Office: office, Accompanied: accompanied, RegisteredMail: registered_mail,
    }
    VisitState in visit_state { Scheduled: scheduled, Met: met, NotMet: not_met, Cancelled: cancelled, }
    NotMetReason in not_met {
        NobodyHome: nobody_home, DoesNotLiveHere: does_not_live_here, Refused: refused, Hospital: hospital,
        Unsafe: unsafe_place, Other: other,
    }
    CancelReason in cancel {
        NeighborAsked: neighbor_asked, WorkerUnavailable: worker_unavailable, Weather: weather,
        DoneOtherwise: done_otherwise, EnteredInError: entered_in_error, CaseClosed: case_closed,
    }
    SeenWith in seen_with { Neighbor: neighbor, HouseholdMember: household_member, Carer: carer, Neighbour: neighbour, }
}

plain_labels! {
    Role in role {
        Caseworker: caseworker, Manager: manager, JobCoach: job_coach, PartnerStaff: partner_staff, Reporter: reporter,
        Auditor: auditor, Administrator: administrator,
    }
    Action in action {
        View: view, Create: create, Edit: edit, Assign: assign, Transfer: transfer, Triage: triage, Import: import,
        Approve: approve, Export: export, Review: review,
    }
    Kind in kind {
        Neighbor: neighbor, Case: case, Visit: visit, Round: round, Link: link, User: user, Team: team,
        Catalogue: catalogue, Setting: setting, Trail: trail, Own: own,
    }
}

/// How often visits recur.
#[must_use]
pub fn frequency_label(i18n: I18n, frequency: Frequency) -> &'static str {
    let locale = i18n.get_locale();
    match frequency {
        Frequency::Week => td_string!(locale, labels.frequency.week),
        Frequency::OtherWeek => td_string!(locale, labels.frequency.other_week),
        Frequency::MonthOnWeekday => td_string!(locale, labels.frequency.month_on_weekday),
    }
}

/// How far a grant reaches; a team is named by the page that knows its name.
#[must_use]
pub fn scope_label(i18n: I18n, scope: Scope) -> &'static str {
    let locale = i18n.get_locale();
    match scope {
        Scope::Own => td_string!(locale, labels.scope.own),
        Scope::Team(_) => td_string!(locale, labels.scope.team),
        Scope::District => td_string!(locale, labels.scope.district),
    }
}
