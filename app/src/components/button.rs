//! Buttons, and links that look like buttons.

use super::icon::{Icon, IconName};
use crate::i18n::{t_string, use_i18n};
use leptos::{ev::MouseEvent, prelude::*};
use std::sync::Arc;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do on the page.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// Beside a text or in a row of a table: no border.
    Tertiary,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Tertiary => "button button-tertiary",
            Self::Danger => "button button-danger",
        }
    }
}

/// What happens when a button is pressed.
///
/// A property and not `on:click` on the component: an event that is spread onto a component is attached once more, and
/// the first one kept, each time the view around it is made anew (tachys 0.2, `AnyViewWithAttrs::rebuild`). The kept one
/// works with what is gone.
#[derive(Clone)]
pub struct Press(Arc<dyn Fn() + Send + Sync>);

impl<F: Fn() + Send + Sync + 'static> From<F> for Press {
    fn from(run: F) -> Self {
        Self(Arc::new(run))
    }
}

/// A button. Give it `on_press`, or `submit=true` inside a form.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// Icon before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether it sends the form.
    #[prop(optional)]
    submit: bool,
    /// While true it shows that work is going on and takes no press.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// While true it takes no press.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What happens when it is pressed.
    #[prop(optional, into)]
    on_press: Option<Press>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button
            class=kind.class()
            type=if submit { "submit" } else { "button" }
            disabled=move || is(busy) || is(disabled)
            aria-busy=move || is(busy).then_some("true")
            on:click=pressed(on_press)
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
            <Show when=move || is(busy)>
                <span class="spinner" role="img" aria-label=move || t_string!(i18n, common.loading)></span>
            </Show>
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// Icon before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=move || href.get()>
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
        </a>
    }
    .into_any()
}

/// A button that shows only an icon; the words are for those who can't see it.
#[component]
pub fn IconButton(
    /// What it does.
    #[prop(into)]
    label: TextProp,
    /// What it shows.
    icon: IconName,
    /// What happens when it is pressed.
    #[prop(into)]
    on_press: Press,
) -> impl IntoView {
    let title = label.clone();
    view! {
        <button class="icon-button" type="button" aria-label=move || label.get() title=move || title.get() on:click=pressed(Some(on_press))>
            <Icon name=icon />
        </button>
    }
    .into_any()
}

fn pressed(press: Option<Press>) -> impl Fn(MouseEvent) + Clone {
    move |_| {
        if let Some(Press(run)) = &press {
            run();
        }
    }
}

/// A flag, or `false` when the part of the page that passed it on has ended: its buttons stand on the screen for a moment
/// while the page is loaded again.
fn is(flag: Signal<bool>) -> bool {
    flag.try_get().unwrap_or_default()
}
