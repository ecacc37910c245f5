//! Parts of one page, each with an address of its own.

use super::text;
use leptos::prelude::*;

/// One part.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Its address.
    pub href: String,
    /// Its name.
    pub label: TextProp,
    /// How many things are in it.
    pub count: Option<u32>,
    /// Whether it is shown.
    pub current: bool,
}

/// A row of links of which one is current.
#[component]
pub fn Tabs(
    /// What the parts are parts of.
    #[prop(into)]
    label: TextProp,
    /// The parts.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
) -> impl IntoView {
    let link = |tab: Tab| {
        view! {
            <li>
                <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>
                    <span>{move || tab.label.get()}</span>
                    {tab.count.map(|count| view! { <span class="tab-count">{text::number(count)}</span> })}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabs" aria-label=move || label.get()>
            <ul>{move || tabs.get().into_iter().map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}
