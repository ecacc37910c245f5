//! A note that is being written on a tablet is kept there as it is typed: a tablet that locks itself while somebody talks at a door
//! takes its page away.

use domain::ids::DraftId;
use leptos::prelude::*;

/// Gives `body` what was kept of it, and keeps what is written from then on; what is emptied or sent is kept no more. At a desk,
/// where a session warns before it ends, nothing is kept.
pub(crate) fn keep_on_tablet(id: DraftId, body: RwSignal<String>) {
    #[cfg(feature = "hydrate")]
    here::keep(id, body);
    #[cfg(not(feature = "hydrate"))]
    let _ = (id, body);
}

#[cfg(feature = "hydrate")]
mod here {
    use crate::field::{answers, tablet::Tablet};
    use domain::ids::DraftId;
    use leptos::{prelude::*, task::spawn_local};
    use std::{rc::Rc, time::Duration};

    /// How long nothing is written before it is kept.
    const QUIET: Duration = Duration::from_millis(500);
    const FORM: &str = "note";

    pub(super) fn keep(id: DraftId, body: RwSignal<String>) {
        let Some(tablet) = crate::field::tablet() else { return };
        give_back(Rc::clone(&tablet), id, body);
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        let stop = move || {
            if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
                handle.clear();
            }
        };
        // It may run once more after its page is gone: nothing below but `body` and `waiting`, both tried, belongs to the page.
        Effect::new(move |before: Option<String>| {
            let Some(text) = body.try_get() else { return before.unwrap_or_default() };
            if before.is_some_and(|before| before != text) {
                stop();
                let (tablet, written) = (Rc::clone(&tablet), text.clone());
                if text.is_empty() {
                    // At once: what was sent must not come back when the page is made anew.
                    save(tablet, id, written);
                } else {
                    let still = move || {
                        // What was sent meanwhile is not kept.
                        if body.try_with_untracked(|now| *now == written) == Some(true) {
                            save(tablet, id, written);
                        }
                    };
                    let handle = set_timeout_with_handle(still, QUIET).ok();
                    let _ = waiting.try_set_value(handle);
                }
            }
            text
        });
        on_cleanup(stop);
    }

    fn give_back(tablet: Rc<Tablet>, id: DraftId, body: RwSignal<String>) {
        spawn_local(async move {
            let Some(kept) = answers::draft(&tablet, id).await else { return };
            // The page may have been left, or written on, meanwhile.
            if body.try_with_untracked(String::is_empty) == Some(true) {
                let _ = body.try_set(kept);
            }
        });
    }

    fn save(tablet: Rc<Tablet>, id: DraftId, text: String) {
        spawn_local(async move {
            let kept = if text.is_empty() {
                answers::draft_forget(tablet, id).await
            } else if tablet.is_closed() {
                Ok(())
            } else {
                answers::draft_save(tablet, id, FORM.to_owned(), text).await
            };
            // What can't be kept is on the screen still.
            drop(kept);
        });
    }
}
