//! A form that leads to another page. Before the program has loaded, the browser sends it by itself and the server
//! sends the browser on; afterwards the program does both, and keeps what was typed when something is wrong.

use crate::{
    api::AppError,
    components::form::{ErrorSummary, FormErrors},
};
use domain::ApiError;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

/// Whether an answer is awaited, and what was wrong.
#[derive(Clone, Copy)]
pub struct DoorState {
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DoorState {
    /// Nothing sent yet. A form that the browser sent by itself and that failed says so in the address.
    #[must_use]
    pub fn new() -> Self {
        let errors = FormErrors::new();
        if use_query_map().with_untracked(|query| query.get("__err").is_some()) {
            errors.take(ApiError::SignInFailed);
        }
        Self { busy: RwSignal::new(false), errors }
    }

    /// Sends, and goes on to the page that the server names.
    pub fn send(self, call: impl Future<Output = Result<String, AppError>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            match call.await {
                Ok(to) => go(&to),
                Err(AppError(error)) => {
                    self.busy.set(false);
                    self.errors.take(error);
                }
            }
        });
    }
}

impl Default for DoorState {
    fn default() -> Self {
        Self::new()
    }
}

/// Loads `to` anew: who one is changes with it.
fn go(to: &str) {
    #[cfg(feature = "hydrate")]
    {
        // It fails only for addresses that are none.
        let _ = window().location().set_href(to);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = to;
}

/// The form.
#[component]
pub fn DoorForm(
    /// Where the browser sends it by itself.
    action: &'static str,
    /// Its state.
    state: DoorState,
    /// What sending does.
    on_submit: Callback<()>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    provide_context(state.errors);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.errors.clear();
        on_submit.run(());
    };
    view! {
        <form class="form" method="post" action=action novalidate on:submit=submit>
            <ErrorSummary errors=state.errors />
            {children()}
        </form>
    }
    .into_any()
}
