//! What time it is for this page: the server's time when it was rendered, moved on by the device. So the
//! first view is the same on both sides and a wrong tablet clock does no harm.

use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::korean_day;
#[cfg(not(feature = "ssr"))]
use domain::clock::{Clock, SystemClock};
use leptos::prelude::*;

/// The instant and its Korean day. The day is kept here as well: a memo that each part of a page made for itself would end
/// with that part, which stays on the screen for a moment while its page is loaded again.
#[derive(Clone, Copy)]
struct Now {
    instant: RwSignal<DateTime<Utc>>,
    day: Memo<NaiveDate>,
    /// Grows when somebody knows better what time it is.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser's clock is wrong"))]
    corrected: RwSignal<u32>,
}

/// Called once by `App`.
pub(crate) fn provide_now() {
    let rendered = SharedValue::new(now_here).into_inner();
    let (instant, corrected) = (RwSignal::new(rendered), RwSignal::new(0));
    provide_context(Now { instant, day: Memo::new(move |_| korean_day(instant.get())), corrected });
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let started = now_here();
        let tick = move || instant.set(rendered + (now_here() - started));
        // Without a window there is no page to keep current.
        let _ = set_interval_with_handle(tick, std::time::Duration::from_secs(20));
        Effect::new(move || {
            if corrected.get() > 0 {
                tick();
            }
        });
    });
}

/// What is called when a tablet opens, which knows how far its clock is off.
#[cfg(feature = "hydrate")]
pub(crate) fn use_correction() -> impl Fn() + Copy + 'static {
    let now = use_context::<Now>();
    move || {
        if let Some(now) = now {
            now.corrected.update(|times| *times += 1);
        }
    }
}

#[cfg(feature = "ssr")]
fn now_here() -> DateTime<Utc> {
    use domain::clock::{Clock, SystemClock};
    use_context::<store::OpContext>().map_or_else(|| SystemClock.now(), |context| context.now())
}

#[cfg(not(feature = "ssr"))]
fn now_here() -> DateTime<Utc> {
    #[cfg(feature = "hydrate")]
    if let Some(tablet) = crate::field::tablet() {
        return tablet.now();
    }
    SystemClock.now()
}

/// The present instant, by the server's clock; moves on every 20 seconds.
#[must_use]
pub fn use_now() -> Signal<DateTime<Utc>> {
    use_context::<Now>().map_or_else(|| Signal::derive(now_here), |now| now.instant.into())
}

/// The present Korean day.
#[must_use]
pub fn use_today() -> Memo<NaiveDate> {
    use_context::<Now>().map_or_else(|| Memo::new(|_| korean_day(now_here())), |now| now.day)
}
