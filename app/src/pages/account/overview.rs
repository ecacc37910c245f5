//! The account page: who one is here, language and colours, second factor, roles, sessions.

use super::{devices::OwnDevices, sessions::Sessions};
use crate::{
    api::{own_account, use_me},
    components::{
        frame::{LanguageSwitch, ThemeSwitch},
        prelude::*,
        text::Label,
    },
    i18n::{t, t_string, use_i18n},
};
use domain::{
    policy::{Role, Scope},
    view::accounts::{AccountView, RoleView},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let account = Resource::new(move || version.get(), |_| own_account());
    view! {
        <PageHead title=move || t_string!(i18n, nav.account) />
        <NoScreens />
        <Loaded resource=account lines=6 let:account>
            <Parts account version />
        </Loaded>
    }
    .into_any()
}

/// Says so to people whose roles have no screens of their own yet.
#[component]
fn NoScreens() -> impl IntoView {
    let i18n = use_i18n();
    let with_screens = [Role::Caseworker, Role::Manager, Role::Auditor, Role::Administrator];
    let none = use_me().is_some_and(|me| !with_screens.iter().any(|role| me.is(*role)));
    none.then(|| view! { <Banner title=move || t_string!(i18n, account.no_screens) /> })
}

#[component]
fn Parts(account: AccountView, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section stack account-part">
            <dl class="account-facts">
                <div>
                    <dt>{t!(i18n, labels.field.name)}</dt>
                    <dd>{account.name}</dd>
                </div>
                <div>
                    <dt>{t!(i18n, labels.field.login)}</dt>
                    <dd>{account.login}</dd>
                </div>
            </dl>
        </section>
        <section class="section stack account-part">
            <h2>{t!(i18n, account.look)}</h2>
            <LanguageSwitch />
            <ThemeSwitch />
        </section>
        <Security second_factor=account.second_factor codes=account.backup_codes />
        <section class="section stack account-part">
            <h2>{t!(i18n, account.roles)}</h2>
            <ul>{account.roles.into_iter().map(|role| view! { <RoleLine role /> }).collect_view()}</ul>
        </section>
        <Sessions sessions=account.sessions version />
        <OwnDevices />
    }
    .into_any()
}

#[component]
fn Security(second_factor: bool, codes: u32) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || {
        if second_factor {
            t_string!(i18n, account.second_factor_on, count = codes).to_string()
        } else {
            t_string!(i18n, account.second_factor_off).to_owned()
        }
    };
    view! {
        <section class="section stack account-part">
            <h2>{t!(i18n, account.security)}</h2>
            <p>{state}</p>
            <div class="page-actions">
                <LinkButton href="/account/password">{t!(i18n, nav.password)}</LinkButton>
                <LinkButton href="/account/second-factor">{t!(i18n, nav.second_factor)}</LinkButton>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn RoleLine(role: RoleView) -> impl IntoView {
    let i18n = use_i18n();
    let reach = move || match (&role.scope, &role.team) {
        (Scope::Team(_), Some((ko, en))) => text::in_language(i18n, ko, en),
        (Scope::District, _) => t_string!(i18n, account.scope_district).to_owned(),
        _ => t_string!(i18n, account.scope_own).to_owned(),
    };
    view! { <li>{move || role.role.label(i18n)} " · " {reach}</li> }
}
