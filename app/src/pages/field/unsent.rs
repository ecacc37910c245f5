//! What is being written, kept on the server a moment after each change, so that a reload or a lost session loses nothing.

use crate::api::keep_visit_draft;
use domain::ids::DraftId;
use leptos::{prelude::*, task::spawn_local};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// How long nothing is written before it is kept.
const QUIET: Duration = Duration::from_millis(700);

/// The kept copy of one form.
#[derive(Clone, Copy)]
pub(super) struct Unsent {
    id: DraftId,
    waiting: StoredValue<Option<TimeoutHandle>>,
    sent: StoredValue<bool>,
}

impl Unsent {
    /// Follows `draft`, which answers `None` while nothing was written.
    pub(super) fn follow<D: Serialize + PartialEq + 'static>(id: DraftId, draft: impl Fn() -> Option<D> + 'static) -> Self {
        let unsent = Self { id, waiting: StoredValue::new(None), sent: StoredValue::new(false) };
        Effect::new(move |before: Option<Option<D>>| {
            let draft = draft();
            if before.as_ref().is_some_and(|before| *before != draft) {
                unsent.keep(draft.as_ref().and_then(|draft| serde_json::to_string(draft).ok()).unwrap_or_default());
            }
            draft
        });
        on_cleanup(move || unsent.stop());
        unsent
    }

    fn keep(self, body: String) {
        self.stop();
        // An effect may run once more after its page is gone: then there is nothing here to ask.
        if self.sent.try_get_value() != Some(false) {
            return;
        }
        let id = self.id;
        let save = move || spawn_local(async move { drop(keep_visit_draft(id, body).await) });
        self.waiting.set_value(set_timeout_with_handle(save, QUIET).ok());
    }

    fn stop(self) {
        if let Some(Some(handle)) = self.waiting.try_update_value(Option::take) {
            handle.clear();
        }
    }

    /// What was sent needs no copy any more.
    pub(super) fn forget(self) {
        self.stop();
        self.sent.set_value(true);
        let id = self.id;
        spawn_local(async move { drop(keep_visit_draft(id, String::new()).await) });
    }
}

/// What a kept copy holds; one that can't be read is no reason not to show the form.
pub(super) fn read<D: DeserializeOwned>(draft: Option<&str>) -> Option<D> {
    serde_json::from_str(draft?).ok()
}
