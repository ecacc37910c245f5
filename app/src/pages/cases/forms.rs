//! The open forms of a page about a person. While one is open or holds words, what others do does not load the page
//! anew under the worker's hands; it does as soon as the form is done.

use crate::components::prelude::*;
use domain::view::cases::TimelineKind;
use leptos::prelude::*;
use std::{
    future::poll_fn,
    task::{Poll, Waker},
};
use uuid::Uuid;

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
    Kept,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "taken on a tablet only"))]
    Photo,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "taken on a tablet only"))]
    Signature,
}

/// The forms of one page.
#[derive(Clone, Copy)]
pub(super) struct Forms {
    /// The note being written; it outlives a reload of the page's content.
    pub(super) note: RwSignal<String>,
    /// What the timeline shows, and how many pages of it beyond the first.
    pub(super) shown_kind: RwSignal<Option<TimelineKind>>,
    pub(super) older_pages: StoredValue<u32>,
    open: [RwSignal<bool>; 13],
    nudges: RwSignal<u64>,
    waiting: StoredValue<Vec<Waker>>,
    /// Whom or which case the page shows.
    about: StoredValue<Option<Uuid>>,
}

impl Forms {
    fn new(about: Option<Uuid>) -> Self {
        Self {
            note: RwSignal::new(String::new()),
            shown_kind: RwSignal::new(None),
            older_pages: StoredValue::new(0),
            open: std::array::from_fn(|_| RwSignal::new(false)),
            nudges: RwSignal::new(0),
            waiting: StoredValue::new(Vec::new()),
            about: StoredValue::new(about),
        }
    }

    /// Whether a form is open.
    pub(super) fn open(self, kind: FormKind) -> RwSignal<bool> {
        let [person, member, step, urgency, transfer, answer, close, reopen, open, restrict, kept, photo, signature] = self.open;
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
            FormKind::Kept => kept,
            FormKind::Photo => photo,
            FormKind::Signature => signature,
        }
    }

    /// Something was written from here: load again, whether or not the news comes back.
    pub(super) fn written(self) {
        self.nudges.update(|nudges| *nudges += 1);
    }

    fn is_held(self) -> bool {
        self.open.iter().any(|open| open.get()) || self.note.with(|note| !note.trim().is_empty())
    }

    /// As [`Self::is_held`], for what does not follow it; false once the page is gone.
    fn is_held_now(self) -> bool {
        let typed = || self.note.try_with_untracked(|note| !note.trim().is_empty());
        self.open.iter().any(|open| open.try_get_untracked() == Some(true)) || typed() == Some(true)
    }

    /// Ready when no form is in use, or when the page goes on to something else. What was asked of the server before a form was
    /// opened waits for this: it would sweep away what has been typed since.
    pub(super) fn at_rest(self, about: Uuid) -> impl Future<Output = ()> + Send {
        let goes_on = self.about.try_update_value(|before| before.replace(about)) != Some(Some(about));
        poll_fn(move |context| {
            if goes_on || !self.is_held_now() {
                return Poll::Ready(());
            }
            self.waiting.try_update_value(|waiting| waiting.push(context.waker().clone()));
            Poll::Pending
        })
    }

    fn wake(self) {
        self.waiting.update_value(|waiting| waiting.drain(..).for_each(Waker::wake));
    }
}

/// The forms of this page, which shows `about` first, and the version of its content, which stands still while a form is in use.
pub(super) fn provide_forms(about: Option<impl Into<Uuid>>) -> Memo<u64> {
    let forms = Forms::new(about.map(Into::into));
    provide_context(forms);
    Effect::new(move || {
        if !forms.is_held() {
            forms.wake();
        }
    });
    let live = use_live(&["case", "visit", "neighbor"]);
    Memo::new(move |before: Option<&u64>| match (forms.is_held(), before) {
        (true, Some(before)) => *before,
        _ => live.get() + forms.nudges.get(),
    })
}

/// The forms of this page.
pub(super) fn use_forms() -> Forms {
    use_context().unwrap_or_else(|| Forms::new(None))
}
