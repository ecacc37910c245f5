//! The open forms of a page about a person. While one is open or holds words, what others do does not load the page
//! anew under the worker's hands; it does as soon as the form is done.

use crate::components::prelude::*;
use domain::view::cases::TimelineKind;
use leptos::prelude::*;

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormKind {
    Person,
    Member,
    Step,
    Urgency,
    Transfer,
    Answer,
    Close,
    Reopen,
    Open,
    Restrict,
}

/// The forms of one page.
#[derive(Clone, Copy)]
pub(super) struct Forms {
    /// The note being written; it outlives a reload of the page's content.
    pub(super) note: RwSignal<String>,
    /// What the timeline shows, and how many pages of it beyond the first.
    pub(super) shown_kind: RwSignal<Option<TimelineKind>>,
    pub(super) older_pages: StoredValue<u32>,
    open: [RwSignal<bool>; 10],
    nudges: RwSignal<u64>,
}

impl Forms {
    fn new() -> Self {
        Self {
            note: RwSignal::new(String::new()),
            shown_kind: RwSignal::new(None),
            older_pages: StoredValue::new(0),
            open: std::array::from_fn(|_| RwSignal::new(false)),
            nudges: RwSignal::new(0),
        }
    }

    /// Whether a form is open.
    pub(super) fn open(self, kind: FormKind) -> RwSignal<bool> {
        let [person, member, step, urgency, transfer, answer, close, reopen, open, restrict] = self.open;
        match kind {
            FormKind::Person => person,
            FormKind::Member => member,
            FormKind::Step => step,
            FormKind::Urgency => urgency,
            FormKind::Transfer => transfer,
            FormKind::Answer => answer,
            FormKind::Close => close,
            FormKind::Reopen => reopen,
            FormKind::Open => open,
            FormKind::Restrict => restrict,
        }
    }

    /// Something was written from here: load again, whether or not the news comes back.
    pub(super) fn written(self) {
        self.nudges.update(|nudges| *nudges += 1);
    }

    fn is_held(self) -> bool {
        self.open.iter().any(|open| open.get()) || self.note.with(|note| !note.trim().is_empty())
    }
}

/// The forms of this page and the version of its content, which stands still while a form is in use.
pub(super) fn provide_forms() -> Memo<u64> {
    let forms = Forms::new();
    provide_context(forms);
    let live = use_live(&["case", "visit", "neighbor"]);
    Memo::new(move |before: Option<&u64>| match (forms.is_held(), before) {
        (true, Some(before)) => *before,
        _ => live.get() + forms.nudges.get(),
    })
}

/// The forms of this page.
pub(super) fn use_forms() -> Forms {
    use_context().unwrap_or_else(Forms::new)
}
