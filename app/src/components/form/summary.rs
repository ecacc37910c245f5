//! The form around a command, with the summary of its errors on top.

use super::{FormErrors, field_id};
use crate::{
    components::{
        banner::{Banner, Tone},
        icon::{Icon, IconName},
        text::{error_text, field_label, invalid_text},
    },
    i18n::{t_string, use_i18n},
};
use domain::Invalid;
use leptos::{context::Provider, ev::SubmitEvent, html, prelude::*};

/// A form whose fields find their errors by themselves.
#[component]
pub fn CommandForm(
    /// The errors of this form.
    errors: FormErrors,
    /// What sending does; the browser's own sending is prevented.
    on_submit: Callback<()>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        on_submit.run(());
    };
    view! {
        <form class="form" method="post" novalidate on:submit=submit>
            <ErrorSummary errors />
            // Not `provide_context`: that would reach the fields of every other form of the same component.
            <Provider value=errors>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// All errors of a form, each a link to its field. It takes the focus when it appears.
#[component]
pub fn ErrorSummary(
    /// The errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let element = NodeRef::<html::Div>::new();
    let (fields, whole) = (errors.fields(), errors.whole());
    // What stands before the name in the id of each field here.
    let scoped = StoredValue::new(field_id(""));
    Effect::new(move |before: Option<()>| {
        let something = !fields.with(Vec::is_empty) || whole.with(Option::is_some);
        // Not on the first run: a page that opens with errors must not jump.
        if let (Some(()), true, Some(element)) = (before, something, element.get_untracked()) {
            // A browser that refuses the focus still shows the summary.
            let _ = element.focus();
        }
    });
    let link = move |(field, reason): (String, Invalid)| {
        let href = format!("#{}", scoped.with_value(|scope| format!("{scope}{field}")));
        view! {
            <li>
                <a href=href rel="external">
                    {move || format!("{}: {}", field_label(i18n, &field), invalid_text(i18n, reason))}
                </a>
            </li>
        }
    };
    view! {
        <div class="error-summary" tabindex="-1" node_ref=element>
            {move || {
                whole
                    .get()
                    .map(|error| {
                        let title = move || error_text(i18n, &error);
                        view! { <Banner tone=Tone::Error live=true title /> }
                    })
            }}
            <Show when=move || fields.with(|fields| !fields.is_empty())>
                <div class="banner tone-error" role="alert">
                    <Icon name=IconName::WarningCircle />
                    <div class="banner-body">
                        <p class="banner-title">{move || t_string!(i18n, errors.summary_title, count = fields.with(Vec::len))}</p>
                        <ul>{move || fields.get().into_iter().map(link).collect_view()}</ul>
                    </div>
                </div>
            </Show>
        </div>
    }
    .into_any()
}
