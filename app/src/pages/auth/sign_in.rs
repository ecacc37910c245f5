//! Sign-in: name and password, and the district where there are several.

use super::{DoorForm, DoorState};
use crate::{
    api::{SignIn, districts, sign_in},
    components::{
        form::{Choice, SelectField},
        frame::PlainFrame,
        prelude::*,
    },
    i18n::{t, t_string, use_i18n},
};
use domain::view::accounts::DistrictChoice;
use leptos::{ev::KeyboardEvent, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let all = Resource::new(|| (), |()| districts());
    view! {
        <PlainFrame>
            <div class="door">
                <PageHead title=move || t_string!(i18n, auth.title) lead=move || t_string!(i18n, auth.lead) />
                <Suspense fallback=|| view! { <Skeleton /> }>
                    {move || Suspend::new(async move {
                        let all = all.await.unwrap_or_default();
                        view! { <SignInForm all /> }
                    })}
                </Suspense>
                <p class="muted">{t!(i18n, auth.forgot)}</p>
            </div>
        </PlainFrame>
    }
    .into_any()
}

#[component]
fn SignInForm(all: Vec<DistrictChoice>) -> impl IntoView {
    let i18n = use_i18n();
    let state = DoorState::new();
    let [login, password, district] = [(); 3].map(|()| RwSignal::new(String::new()));
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    let chosen = next.clone();
    let submit = move |()| {
        let (login, password) = (login.get_untracked(), password.get_untracked());
        state.send(sign_in(login, password, Some(district.get_untracked()), Some(chosen.clone())));
    };
    let failed = move || state.errors.whole().get().is_some();
    view! {
        <DoorForm action=SignIn::PATH state on_submit=Callback::new(submit)>
            <input type="hidden" name="next" value=next />
            {(all.len() > 1).then(|| view! { <DistrictField all district /> })}
            <TextField
                name="login"
                label=move || t_string!(i18n, labels.field.login)
                value=login
                required=true
                autocomplete="username"
                maxlength=40
            />
            <PasswordField value=password />
            <Show when=failed>
                <p class="field-hint">{t!(i18n, auth.waiting)}</p>
            </Show>
            <Button kind=ButtonKind::Primary submit=true busy=state.busy>
                {t!(i18n, auth.submit)}
            </Button>
        </DoorForm>
    }
    .into_any()
}

#[component]
fn DistrictField(all: Vec<DistrictChoice>, district: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let choices: Vec<Choice> = all
        .into_iter()
        .map(|DistrictChoice { slug, name_ko, name_en }| {
            let label = move || text::in_language(i18n, &name_ko, &name_en);
            Choice { word: slug, label: label.into() }
        })
        .collect();
    view! { <SelectField name="district" label=move || t_string!(i18n, auth.district) value=district choices required=true /> }
}

/// The present password, with a word about Caps Lock.
#[component]
pub fn PasswordField(
    /// The field's name in the request.
    #[prop(default = "password")]
    name: &'static str,
    /// What was typed.
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let caps = RwSignal::new(false);
    let look = move |event: KeyboardEvent| caps.set(event.get_modifier_state("CapsLock"));
    view! {
        <div on:keydown=look on:keyup=look>
            <TextField
                name
                label=move || text::field_label(i18n, name)
                value
                required=true
                kind="password"
                autocomplete="current-password"
                maxlength=128
            />
            <p class="field-hint" role="status">{move || caps.get().then(|| t_string!(i18n, auth.caps_lock))}</p>
        </div>
    }
    .into_any()
}
