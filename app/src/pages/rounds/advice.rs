//! The advice on an entry: how soon, and why.

use super::name_of;
use crate::{
    components::{prelude::*, text::I18n},
    i18n::{t_string, use_i18n},
};
use domain::{
    round::{Advice, AdviceReason},
    view::rounds::Named,
};
use leptos::prelude::*;

/// The advised urgency with its reasons in words.
#[component]
pub(super) fn AdviceNote(advice: Advice, indicators: Vec<Named>) -> impl IntoView {
    let i18n = use_i18n();
    let urgency = advice.urgency;
    let reasons = move || advice.reasons.iter().map(|reason| words(i18n, reason, &indicators)).collect::<Vec<_>>().join(" · ");
    view! {
        <div class="advice">
            <UrgencyBadge urgency />
            <span class="muted">{reasons}</span>
        </div>
    }
    .into_any()
}

fn words(i18n: I18n, reason: &AdviceReason, indicators: &[Named]) -> String {
    match reason {
        AdviceReason::Indicator { code, .. } => {
            indicators.iter().find(|named| named.code == *code).map_or_else(|| code.clone(), |named| name_of(i18n, named))
        }
        AdviceReason::Several { count } => t_string!(i18n, rounds.reason_several, count = *count).to_string(),
        AdviceReason::Repeated { rounds } => t_string!(i18n, rounds.reason_repeated, rounds = *rounds).to_string(),
    }
}
