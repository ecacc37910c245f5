//! What the district keeps in both languages.

use super::I18n;
use crate::i18n::Locale;
use domain::view::neighbors::BothNames;

/// The Korean or the English words, as the screen speaks.
#[must_use]
pub fn in_language(i18n: I18n, ko: &str, en: &str) -> String {
    match i18n.get_locale() {
        Locale::ko => ko.to_owned(),
        Locale::en => en.to_owned(),
    }
}

/// A dong, team or sign in the language of the screen.
#[must_use]
pub fn named(i18n: I18n, names: &BothNames) -> String {
    in_language(i18n, &names.ko, &names.en)
}
