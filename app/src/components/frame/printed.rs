//! What stands at the end of every printed page: paper says who made it, and when.

use crate::{
    api::use_me,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;

/// Who printed the page, when, and what to do with it; only on paper.
#[component]
pub(super) fn Printed() -> impl IntoView {
    let i18n = use_i18n();
    let now = use_now();
    use_me()
        .map(|me| {
            let by = move || {
                let district = text::in_language(i18n, &me.district_ko, &me.district_en);
                t_string!(
                    i18n,
                    common.printed_by,
                    name = me.name.clone(),
                    district = district,
                    at = text::date_time(i18n, now.get())
                )
                .to_string()
            };
            view! {
                <footer class="print-only printed">
                    <p>{by}</p>
                    <p>{t!(i18n, common.printed_care)}</p>
                </footer>
            }
        })
        .into_any()
}
