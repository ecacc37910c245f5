//! Small marks. Each says in words what its colour says, and urgency also by its shape.

use super::{
    icon::{Icon, IconName},
    text::Label,
};
use crate::i18n::use_i18n;
use domain::{
    case::{Stage, Urgency},
    visit::VisitState,
};
use leptos::prelude::*;

/// A mark with a word.
#[component]
pub fn Badge(
    /// Class of its colour: `tone-info`, `tone-success`, `tone-warn`, `tone-error` or none.
    #[prop(optional)]
    tone: &'static str,
    /// Icon before the word.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The word.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    view! {
        <span class=format!("badge {tone}")>
            {icon.map(|name| view! { <Icon name /> })} <span>{move || label.get()}</span>
        </span>
    }
    .into_any()
}

/// How soon a first contact is due: a siren, a triangle, a diamond or a ring, and the words.
#[component]
pub fn UrgencyBadge(
    /// Which.
    urgency: Urgency,
) -> impl IntoView {
    let i18n = use_i18n();
    let (tone, icon) = match urgency {
        Urgency::Emergency => ("urgency-e", IconName::Siren),
        Urgency::SameDay => ("urgency-1", IconName::TriangleFill),
        Urgency::ThreeDays => ("urgency-2", IconName::DiamondFill),
        Urgency::TwoWeeks => ("urgency-3", IconName::Circle),
    };
    view! {
        <span class=format!("badge {tone}")>
            <Icon name=icon />
            <span>
                <b>{urgency.code()}</b>
                " "
                {move || urgency.label(i18n)}
            </span>
        </span>
    }
    .into_any()
}

/// Where a case stands.
#[component]
pub fn StageBadge(
    /// Which.
    stage: Stage,
) -> impl IntoView {
    let i18n = use_i18n();
    let tone = match stage {
        Stage::Discovered => "tone-info",
        Stage::Aftercare => "tone-success",
        Stage::Counselling
        | Stage::Intake
        | Stage::Assessment
        | Stage::Conference
        | Stage::Plan
        | Stage::Service
        | Stage::Review
        | Stage::Closed => "",
    };
    view! { <Badge tone label=move || stage.label(i18n) /> }.into_any()
}

/// Where a visit stands.
#[component]
pub fn VisitBadge(
    /// Which.
    state: VisitState,
) -> impl IntoView {
    let i18n = use_i18n();
    let (tone, icon) = match state {
        VisitState::Scheduled => ("tone-info", IconName::Clock),
        VisitState::Met => ("tone-success", IconName::CheckCircle),
        VisitState::NotMet => ("tone-warn", IconName::XCircle),
        VisitState::Cancelled => ("", IconName::CalendarX),
    };
    view! { <Badge tone icon label=move || state.label(i18n) /> }.into_any()
}
