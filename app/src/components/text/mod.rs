//! How Iut writes things in both languages: dates, days left, phone numbers, the words for coded values and
//! for errors. Every function takes the language context, so that a text in a closure follows the switch.

mod dates;
mod errors;
mod fields;
mod labels;
mod names;
mod number;
mod phone;

pub use dates::{date, date_time, due_in, month, relative_day, short_date, time, weekday, window};
pub use errors::{error_text, invalid_text, rule_text};
pub use fields::{FieldShape, field_label, field_shape, field_value};
pub use labels::{Label, frequency_label, scope_label};
pub use names::{in_language, named};
pub use number::{bytes, number};
pub use phone::{PhoneLink, format_phone};

use crate::i18n::Locale;

/// The language context of a component: `let i18n = use_i18n();`.
pub type I18n = leptos_i18n::I18nContext<Locale>;
