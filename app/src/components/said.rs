//! What an entry of a tablet says, field by field: for its writer in the outbox, and for whoever decides about it at a desk.

use super::text;
use crate::i18n::use_i18n;
use domain::{sync::kept::codes, view::neighbors::BothNames};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// A list of fields with their values, as they were written; dongs and signs by name.
#[component]
pub fn Said(
    /// Fields with their values, as `domain::sync::kept::says` gives them.
    says: Vec<(String, Value)>,
    /// What the codes in them stand for.
    names: BTreeMap<String, BothNames>,
) -> impl IntoView {
    let i18n = use_i18n();
    let names = StoredValue::new(names);
    let fields = says.into_iter().map(|(field, value)| {
        let label = field.clone();
        let value = move || {
            codes(&field, &value).map_or_else(
                || text::field_value(i18n, &field, &value),
                |codes| {
                    names.with_value(|names| {
                        codes.into_iter().map(|code| name_of(i18n, names, code)).collect::<Vec<_>>().join(" · ")
                    })
                },
            )
        };
        view! {
            <div>
                <dt>{move || text::field_label(i18n, &label)}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class="said">{fields.collect_view()}</dl> }.into_any()
}

fn name_of(i18n: text::I18n, names: &BTreeMap<String, BothNames>, code: &str) -> String {
    names.get(code).map_or_else(|| code.to_owned(), |name| text::named(i18n, name))
}
