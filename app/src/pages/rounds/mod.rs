//! Discovery rounds: the lists, loading a file, deciding about each person, confirming double records.

mod advice;
mod entry_row;
mod import;
mod import_preview;
mod links;
mod list;
mod triage;
mod triage_dialogs;
#[cfg(feature = "hydrate")]
mod upload;

pub use import::ImportPage;
pub use links::LinksPage;
pub use list::RoundsPage;
pub use triage::TriagePage;

use crate::{
    components::text::{self, I18n},
    i18n::Locale,
};
use domain::{round::RoundPeriod, view::rounds::Named};

/// A name in the language of the screen.
fn name_of(i18n: I18n, named: &Named) -> String {
    text::in_language(i18n, &named.ko, &named.en)
}

/// `2026년 5차`, `2026 round 5`.
fn period_of(i18n: I18n, period: RoundPeriod) -> String {
    match i18n.get_locale() {
        Locale::ko => period.korean(),
        Locale::en => format!("{} round {}", period.year, period.number),
    }
}
