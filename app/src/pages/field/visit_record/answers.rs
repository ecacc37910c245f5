//! What a worker answers at the door, and how it becomes a command. The answers are kept as a draft until they are sent.

use super::when::When;
use crate::{
    components::{prelude::*, signs::Ticked},
    i18n::t_string,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{
    Invalid,
    clock::from_korean,
    visit::{CancelReason, NotMetReason, Outcome, SeenWith, VisitKind, Window},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ending {
    Met,
    NotMet,
    Cancel,
}

impl Ending {
    /// What can become of a contact that nobody planned.
    pub(super) const UNPLANNED: &'static [Self] = &[Self::Met, Self::NotMet];
}

impl Label for Ending {
    const CHOICES: &'static [Self] = &[Self::Met, Self::NotMet, Self::Cancel];

    fn label(self, i18n: I18n) -> &'static str {
        match self {
            Self::Met => t_string!(i18n, visit.met),
            Self::NotMet => t_string!(i18n, visit.not_met),
            Self::Cancel => t_string!(i18n, visit.cancel),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Cancel => "cancel",
        }
    }
}

/// Whom the worker saw. "Nobody" must be said: it is never assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Seen {
    With(SeenWith),
    Nobody,
}

impl Label for Seen {
    const CHOICES: &'static [Self] = &[
        Self::With(SeenWith::Neighbor),
        Self::With(SeenWith::HouseholdMember),
        Self::With(SeenWith::Carer),
        Self::With(SeenWith::Neighbour),
        Self::Nobody,
    ];

    fn label(self, i18n: I18n) -> &'static str {
        match self {
            Self::With(with) => with.label(i18n),
            Self::Nobody => t_string!(i18n, visit.seen_none),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::With(with) => with.word(),
            Self::Nobody => "nobody",
        }
    }
}

/// The reasons that a worker can give; the closing of a case gives its own.
pub(super) const CANCEL_REASONS: &[CancelReason] = &[
    CancelReason::NeighborAsked,
    CancelReason::WorkerUnavailable,
    CancelReason::Weather,
    CancelReason::DoneOtherwise,
    CancelReason::EnteredInError,
];

/// The answers of one form.
#[derive(Clone, Copy)]
pub(super) struct Answers {
    pub kind: RwSignal<Option<VisitKind>>,
    pub ending: RwSignal<Option<Ending>>,
    pub reason: RwSignal<Option<NotMetReason>>,
    pub cancel: RwSignal<Option<CancelReason>>,
    pub following: RwSignal<bool>,
    pub seen: RwSignal<Option<Seen>>,
    pub signs: RwSignal<Ticked>,
    pub note: RwSignal<String>,
    pub when: RwSignal<Option<When>>,
    pub day: RwSignal<Option<NaiveDate>>,
    pub time: RwSignal<Option<NaiveTime>>,
}

/// The answers as a draft keeps them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Draft {
    kind: Option<VisitKind>,
    ending: Option<Ending>,
    reason: Option<NotMetReason>,
    cancel: Option<CancelReason>,
    following: bool,
    seen: Option<Seen>,
    signs: Ticked,
    note: String,
    at: Option<DateTime<Utc>>,
}

impl Answers {
    /// The answers of a draft, or none yet.
    pub(super) fn new(draft: Option<&Draft>, kind: VisitKind, when: When, at: DateTime<Utc>) -> Self {
        let empty = Draft::default();
        let draft = draft.unwrap_or(&empty);
        let kept = draft.at.unwrap_or(at);
        Self {
            kind: RwSignal::new(draft.kind.or(Some(kind))),
            ending: RwSignal::new(draft.ending),
            reason: RwSignal::new(draft.reason),
            cancel: RwSignal::new(draft.cancel),
            following: RwSignal::new(draft.following),
            seen: RwSignal::new(draft.seen),
            signs: RwSignal::new(draft.signs.clone()),
            note: RwSignal::new(draft.note.clone()),
            when: RwSignal::new(Some(draft.at.map_or(when, |_| When::Other))),
            day: RwSignal::new(Some(domain::clock::korean_day(kept))),
            time: RwSignal::new(Some(domain::clock::korean_time(kept))),
        }
    }

    /// What would be kept now; `None` while nothing was answered. Subscribes to all answers.
    pub(super) fn draft(self) -> Option<Draft> {
        let draft = Draft {
            kind: self.kind.get(),
            ending: self.ending.get(),
            reason: self.reason.get(),
            cancel: self.cancel.get(),
            following: self.following.get(),
            seen: self.seen.get(),
            signs: self.signs.get(),
            note: self.note.get(),
            at: (self.when.get() == Some(When::Other)).then(|| self.other()).flatten(),
        };
        let nothing = Draft { kind: draft.kind, ..Draft::default() };
        (draft != nothing).then_some(draft)
    }

    fn other(self) -> Option<DateTime<Utc>> {
        Some(from_korean(self.day.get()?, self.time.get()?))
    }

    /// When it happened.
    pub(super) fn at(self, planned: Option<Window>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.when.get()? {
            When::Now => Some(now),
            When::Planned => planned.map(|window| window.start),
            When::Other => self.other(),
        }
    }

    /// What happened, or what is missing, written to `errors`.
    pub(super) fn outcome(self, errors: FormErrors) -> Option<Outcome> {
        match self.ending.get_untracked()? {
            Ending::Met => self.met(errors),
            Ending::NotMet => match self.reason.get_untracked() {
                Some(reason) => Some(Outcome::NotMet { reason }),
                None => missing(errors, "reason"),
            },
            Ending::Cancel => None,
        }
    }

    fn met(self, errors: FormErrors) -> Option<Outcome> {
        let in_person = self.kind.get_untracked().is_some_and(VisitKind::is_in_person);
        match self.seen.get_untracked() {
            _ if !in_person => Some(Outcome::Met { face_to_face: None }),
            Some(Seen::With(with)) => Some(Outcome::Met { face_to_face: Some(with) }),
            Some(Seen::Nobody) => Some(Outcome::Met { face_to_face: None }),
            None => missing(errors, "face_to_face"),
        }
    }

    pub(super) fn signs(self) -> Vec<String> {
        self.signs.get_untracked().into_iter().collect()
    }

    pub(super) fn note(self) -> Option<String> {
        Some(self.note.get_untracked()).filter(|note| !note.trim().is_empty())
    }
}

/// Notes that a field must be filled in.
pub(super) fn missing<T>(errors: FormErrors, field: &'static str) -> Option<T> {
    errors.add(field, Invalid::Missing);
    None
}
