//! A message that stays on the page until its cause is gone.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// What kind of message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    #[default]
    Info,
    /// Done.
    Success,
    /// Look here.
    Warn,
    /// It failed, or something is in danger.
    Error,
}

impl Tone {
    /// The class that colours things of this tone.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Info => "tone-info",
            Self::Success => "tone-success",
            Self::Warn => "tone-warn",
            Self::Error => "tone-error",
        }
    }

    /// The icon of this tone.
    #[must_use]
    pub const fn icon(self) -> IconName {
        match self {
            Self::Info => IconName::Info,
            Self::Success => IconName::CheckCircle,
            Self::Warn => IconName::Warning,
            Self::Error => IconName::WarningCircle,
        }
    }
}

/// A message with an icon, an optional title and what to do.
#[component]
pub fn Banner(
    /// What kind.
    #[prop(optional)]
    tone: Tone,
    /// The main sentence.
    #[prop(optional, into)]
    title: Option<TextProp>,
    /// Whether it is read out when it appears: for what happens after the page was loaded.
    #[prop(optional)]
    live: bool,
    /// The message.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=format!("banner {}", tone.class()) role=live.then_some("alert")>
            <Icon name=tone.icon() />
            <div class="banner-body">
                {title.map(|title| view! { <p class="banner-title">{move || title.get()}</p> })}
                {children.map(|children| view! { <div>{children()}</div> })}
            </div>
        </div>
    }
    .into_any()
}
