//! Every widget in its states, with invented data: for the eye, for axe and for whoever writes a page. The
//! headings are the widgets' names in the code.

mod forms;
mod lists;
mod marks;
mod record;

use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{Days, NaiveDate};
use leptos::prelude::*;

/// The page at `/gallery`; the server answers it only where it is switched on.
#[component]
pub fn GalleryPage() -> impl IntoView {
    let i18n = use_i18n();
    let head = move || t_string!(i18n, nav.gallery);
    view! {
        <PageHead title=head crumbs=vec![Crumb::new("/", move || t_string!(i18n, nav.home))] lead="KRDS · Iut Sans · Phosphor">
            <LinkButton href="#forms" icon=IconName::Printer>{t!(i18n, common.print)}</LinkButton>
            <LinkButton href="#forms" kind=ButtonKind::Primary icon=IconName::UserPlus>{t!(i18n, nav.register)}</LinkButton>
        </PageHead>
        <marks::Buttons />
        <marks::Marks />
        <marks::Messages />
        <lists::Caseload />
        <record::Record />
        <forms::Fields />
        <forms::Signs />
        <forms::Conflict />
    }
    .into_any()
}

/// A day seen from today, so that the gallery always shows late and close clocks.
fn days_from(today: NaiveDate, days: i64) -> NaiveDate {
    let span = Days::new(days.unsigned_abs());
    if days < 0 { today.checked_sub_days(span) } else { today.checked_add_days(span) }.unwrap_or(today)
}
