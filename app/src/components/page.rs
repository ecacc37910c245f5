//! The head of a page: where one is, what it is called, and what can be done on it.

use super::icon::{Icon, IconName};
use crate::field::at;
use crate::i18n::{t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;

/// One step of the way to this page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Its address.
    pub href: String,
    /// Its name.
    pub label: TextProp,
}

impl Crumb {
    /// A step.
    pub fn new(href: impl Into<String>, label: impl Into<TextProp>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// The title of the tab. The server writes it into the document when the page is rendered and its signals may be out of
/// reach of the thread that goes on: there it is read at once.
fn tab_title(title: TextProp) -> TextProp {
    if cfg!(feature = "ssr") {
        let words = untrack(|| title.get());
        TextProp::from(move || words.clone())
    } else {
        title
    }
}

/// The title (of the page and of the tab), the way to it, and its actions.
#[component]
pub fn PageHead(
    /// What the page is called. A page about a person is called by its kind, so that no name stays in the browser's history.
    #[prop(into)]
    title: TextProp,
    /// What stands above in the page itself, where that is more than the title: a person's name.
    #[prop(optional, into)]
    heading: Option<TextProp>,
    /// The way to it, without the page itself.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// A line below the title.
    #[prop(optional, into)]
    lead: Option<TextProp>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let tab = tab_title(title.clone());
    let heading = heading.unwrap_or(title);
    let crumb = |crumb: Crumb| {
        view! {
            <li>
                <a href=at(crumb.href)>{move || crumb.label.get()}</a>
                <Icon name=IconName::CaretRight />
            </li>
        }
    };
    view! {
        <Title text=move || tab.get().to_string() />
        <header class="page-head">
            <div class="page-head-words">
                {(!crumbs.is_empty())
                    .then(|| {
                        view! {
                            <nav class="crumbs" aria-label=move || t_string!(i18n, nav.path)>
                                <ol>{crumbs.into_iter().map(crumb).collect_view()}</ol>
                            </nav>
                        }
                    })}
                <h1>{move || heading.get()}</h1>
                {lead.map(|lead| view! { <p class="page-lead">{move || lead.get()}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}
