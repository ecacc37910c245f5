//! A one-time link: its holder sets a password.

use super::{DoorForm, DoorState, NewPasswordField};
use crate::{
    api::{UseLink, link_holder, use_link},
    components::{frame::PlainFrame, prelude::*},
    i18n::{t, t_string, use_i18n},
};
use domain::view::accounts::Holder;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn LinkPage() -> impl IntoView {
    let i18n = use_i18n();
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let asked = token.clone();
    let holder = Resource::new(move || asked.clone(), link_holder);
    view! {
        <PlainFrame>
            <div class="door">
                <PageHead title=move || t_string!(i18n, auth.link_title) />
                <Suspense fallback=|| view! { <Skeleton /> }>
                    {move || {
                        let token = token.clone();
                        Suspend::new(async move {
                            match holder.await {
                                Ok(Some(holder)) => view! { <LinkForm holder token /> }.into_any(),
                                Ok(None) => view! { <LinkOver /> }.into_any(),
                                Err(error) => {
                                    view! { <Banner tone=Tone::Error title=move || error_text(i18n, &error.0) /> }.into_any()
                                }
                            }
                        })
                    }}
                </Suspense>
            </div>
        </PlainFrame>
    }
    .into_any()
}

#[component]
fn LinkOver() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Banner tone=Tone::Warn title=move || t_string!(i18n, auth.link_over)>
            <p>{t!(i18n, auth.link_over_body)}</p>
        </Banner>
    }
}

#[component]
fn LinkForm(holder: Holder, token: String) -> impl IntoView {
    let i18n = use_i18n();
    let state = DoorState::new();
    let new_password = RwSignal::new(String::new());
    let sent = token.clone();
    let submit = move |()| state.send(use_link(sent.clone(), new_password.get_untracked()));
    let login = holder.login.clone();
    view! {
        <p>{move || t_string!(i18n, auth.link_for, name = holder.name.clone(), login = holder.login.clone())}</p>
        <DoorForm action=UseLink::PATH state on_submit=Callback::new(submit)>
            <input type="hidden" name="token" value=token />
            <input class="sr-only" type="text" autocomplete="username" value=login tabindex="-1" aria-hidden="true" readonly />
            <NewPasswordField value=new_password />
            <Button kind=ButtonKind::Primary submit=true busy=state.busy>
                {t!(i18n, auth.set_password)}
            </Button>
        </DoorForm>
    }
    .into_any()
}
