//! Changing one's own password, by wish or because it must be changed.

use crate::{
    api::{ChangePassword, change_password, use_me},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::auth::{DoorForm, DoorState, NewPasswordField, PasswordField, SignOutForm},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let i18n = use_i18n();
    let state = DoorState::new();
    let [old, new] = [(); 2].map(|()| RwSignal::new(String::new()));
    let submit = move |()| state.send(change_password(old.get_untracked(), new.get_untracked()));
    // Nobody is "in" yet while the password must be changed.
    let forced = use_me().is_none();
    let crumbs = if forced { Vec::new() } else { vec![Crumb::new("/account", move || t_string!(i18n, nav.account))] };
    view! {
        <PageHead title=move || t_string!(i18n, nav.password) crumbs />
        {forced.then(|| view! { <Banner tone=Tone::Warn title=move || t_string!(i18n, auth.password_forced) /> })}
        <DoorForm action=ChangePassword::PATH state on_submit=Callback::new(submit)>
            <PasswordField name="old_password" value=old />
            <NewPasswordField value=new />
            <p class="field-hint">{t!(i18n, auth.others_end)}</p>
            <Button kind=ButtonKind::Primary submit=true busy=state.busy>
                {t!(i18n, auth.set_password)}
            </Button>
        </DoorForm>
        {forced.then(|| view! { <SignOutForm /> })}
    }
    .into_any()
}
