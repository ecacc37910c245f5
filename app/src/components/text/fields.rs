//! Fields of commands as people call them, and their values as people read them: for error summaries and
//! for the choice between two versions of a record.

use super::{I18n, Label, date, date_time, format_phone, time};
use crate::i18n::td_string;
use chrono::{DateTime, Utc};
use domain::{
    case::{Step, Urgency},
    profile::{AgeBand, Channel, ContactConsent, Language, LivingPlace, Relation, Sex},
    visit::{CancelReason, NotMetReason, SeenWith, VisitKind, VisitState, Window},
};
use serde_json::Value;

macro_rules! field_names {
    ($($name:ident)+) => {
        /// What people call a field of a command; unknown ones are "this field".
        #[must_use]
        pub fn field_label(i18n: I18n, field: &str) -> &'static str {
            let locale = i18n.get_locale();
            // `profile.name` and `members.2.name` are both a name.
            match field.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or(field) {
                $(stringify!($name) => td_string!(locale, labels.field.$name),)+
                _ => td_string!(locale, labels.field.other),
            }
        }
    };
}

field_names! {
    name birth_year age_band sex dong address no_fixed_address phone language living_place contact_consent health_note
    relation is_carer needs_care
    reason explanation body note purpose worker second_worker window on at comment district login password
    new_password old_password code signs members recurrence cases finding query file kind outcome face_to_face cancel
    next_day until count name_ko name_en role scope observers holder source urgency domain warn_before aftercare_second month learned_from
    pin pin_again device step
}

/// How a field's value is written by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldShape {
    /// A text; empty means none.
    Text,
    /// A whole number; empty means none.
    Number,
    /// Yes or no.
    Flag,
    /// One of these codes.
    Coded(Vec<&'static str>),
    /// When a visit is.
    Window,
    /// Somebody who goes on visits.
    Person,
}

/// The shape of a field; unknown fields are text.
#[must_use]
pub fn field_shape(field: &str) -> FieldShape {
    fn coded<T: Label>() -> FieldShape {
        FieldShape::Coded(T::CHOICES.iter().map(|choice| choice.word()).collect())
    }
    match field {
        "birth_year" => FieldShape::Number,
        "window" => FieldShape::Window,
        "worker" | "second_worker" => FieldShape::Person,
        "no_fixed_address" | "is_carer" | "needs_care" => FieldShape::Flag,
        "age_band" => coded::<AgeBand>(),
        "sex" => coded::<Sex>(),
        "language" => coded::<Language>(),
        "living_place" => coded::<LivingPlace>(),
        "contact_consent" => coded::<ContactConsent>(),
        "relation" => coded::<Relation>(),
        "urgency" => coded::<Urgency>(),
        _ => FieldShape::Text,
    }
}

/// The value of a field as people read it.
#[must_use]
pub fn field_value(i18n: I18n, field: &str, value: &Value) -> String {
    let locale = i18n.get_locale();
    match value {
        Value::Null => td_string!(locale, common.empty_value).to_owned(),
        Value::Bool(true) => td_string!(locale, common.yes).to_owned(),
        Value::Bool(false) => td_string!(locale, common.no).to_owned(),
        Value::String(word) => coded_value(i18n, field, word),
        Value::Array(_) | Value::Object(_) if field == "window" => {
            let times = serde_json::from_value::<[DateTime<Utc>; 2]>(value.clone());
            let window = serde_json::from_value::<Window>(value.clone()).map(|window| [window.start, window.end]);
            let said = times.or(window).map(|[start, end]| format!("{}–{}", date_time(i18n, start), time(end)));
            said.unwrap_or_else(|_| value.to_string())
        }
        other => other.to_string(),
    }
}

fn coded_value(i18n: I18n, field: &str, word: &str) -> String {
    fn label<T: Label>(i18n: I18n, word: &str) -> Option<String> {
        T::from_word(word).map(|choice| choice.label(i18n).to_owned())
    }
    let known = match field {
        "phone" => Some(format_phone(word)),
        "age_band" => label::<AgeBand>(i18n, word),
        "sex" => label::<Sex>(i18n, word),
        "language" => label::<Language>(i18n, word),
        "living_place" => label::<LivingPlace>(i18n, word),
        "contact_consent" => label::<ContactConsent>(i18n, word),
        "relation" => label::<Relation>(i18n, word),
        "urgency" => label::<Urgency>(i18n, word),
        "step" => label::<Step>(i18n, word),
        "kind" => label::<VisitKind>(i18n, word),
        "learned_from" => label::<Channel>(i18n, word),
        "cancel" => label::<CancelReason>(i18n, word),
        "face_to_face" => label::<SeenWith>(i18n, word),
        // The state of the visit, or why nobody was met.
        "outcome" => label::<NotMetReason>(i18n, word).or_else(|| label::<VisitState>(i18n, word)),
        "on" => word.parse().map(|day| date(i18n, day)).or_else(|_| word.parse().map(|at| date_time(i18n, at))).ok(),
        _ => None,
    };
    known.unwrap_or_else(|| word.to_owned())
}
