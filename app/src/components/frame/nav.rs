//! Where one can go, by role: at the side of a desk screen, below on a phone, and all of it in the menu.

use super::{LanguageSwitch, ThemeSwitch};
use crate::{
    api::{Me, use_me},
    components::{
        icon::{Icon, IconName},
        text::{I18n, Label},
    },
    i18n::{t, t_string, use_i18n},
};
use domain::policy::Role;
use leptos::prelude::*;
use leptos_router::components::A;

/// One place to go.
#[derive(Clone, Copy)]
pub struct NavItem {
    /// Address.
    pub href: &'static str,
    /// Picture.
    pub icon: IconName,
    /// Name.
    pub label: fn(I18n) -> &'static str,
    /// For whom.
    pub roles: &'static [Role],
}

const WORKERS: &[Role] = &[Role::Caseworker, Role::Manager];
const ADMINISTRATORS: &[Role] = &[Role::Administrator];
const AUDITORS: &[Role] = &[Role::Auditor];

const ITEMS: &[NavItem] = &[
    NavItem { href: "/my-day", icon: IconName::Sun, label: |i18n| t_string!(i18n, nav.my_day), roles: &[Role::Caseworker] },
    NavItem { href: "/team", icon: IconName::ChartBar, label: |i18n| t_string!(i18n, nav.team), roles: &[Role::Manager] },
    NavItem { href: "/cases", icon: IconName::UsersThree, label: |i18n| t_string!(i18n, nav.caseload), roles: WORKERS },
    NavItem { href: "/calendar", icon: IconName::Calendar, label: |i18n| t_string!(i18n, nav.calendar), roles: WORKERS },
    NavItem { href: "/register", icon: IconName::UserPlus, label: |i18n| t_string!(i18n, nav.register), roles: WORKERS },
    NavItem { href: "/rounds", icon: IconName::ListChecks, label: |i18n| t_string!(i18n, nav.rounds), roles: WORKERS },
    NavItem { href: "/admin/users", icon: IconName::Users, label: |i18n| t_string!(i18n, nav.users), roles: ADMINISTRATORS },
    NavItem { href: "/admin/teams", icon: IconName::Buildings, label: |i18n| t_string!(i18n, nav.teams), roles: ADMINISTRATORS },
    NavItem {
        href: "/admin/catalogues",
        icon: IconName::Book,
        label: |i18n| t_string!(i18n, nav.catalogues),
        roles: ADMINISTRATORS,
    },
    NavItem { href: "/admin/settings", icon: IconName::Gear, label: |i18n| t_string!(i18n, nav.settings), roles: ADMINISTRATORS },
    NavItem { href: "/audit/access", icon: IconName::Eye, label: |i18n| t_string!(i18n, nav.access_log), roles: AUDITORS },
    NavItem { href: "/audit/trail", icon: IconName::Shield, label: |i18n| t_string!(i18n, nav.trail), roles: AUDITORS },
    NavItem { href: "/audit/review", icon: IconName::CalendarCheck, label: |i18n| t_string!(i18n, nav.review), roles: AUDITORS },
];

/// The places for somebody, in the order of the menu.
#[must_use]
pub fn nav_items(me: &Me) -> Vec<NavItem> {
    ITEMS.iter().filter(|item| item.roles.iter().any(|role| me.roles.contains(role))).copied().collect()
}

fn my_items() -> Vec<NavItem> {
    use_me().map(|me| nav_items(&me)).unwrap_or_default()
}

#[component]
fn NavLink(item: NavItem) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <li>
            <A href=item.href attr:class="nav-link">
                <Icon name=item.icon />
                <span>{move || (item.label)(i18n)}</span>
            </A>
        </li>
    }
    .into_any()
}

/// The navigation at the side.
#[component]
pub fn SideNav() -> impl IntoView {
    let i18n = use_i18n();
    let items = my_items();
    (!items.is_empty())
        .then(|| {
            view! {
                <nav class="side-nav" aria-label=move || t_string!(i18n, nav.main)>
                    <ul>{items.into_iter().map(|item| view! { <NavLink item /> }).collect_view()}</ul>
                </nav>
            }
        })
        .into_any()
}

/// The four most used places and the menu, within reach of a thumb.
#[component]
pub fn BottomTabs(
    /// Opens the menu.
    menu: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = my_items();
    (!items.is_empty())
        .then(|| {
            view! {
                <nav class="bottom-tabs" aria-label=move || t_string!(i18n, nav.tabs)>
                    <ul>
                        {items.into_iter().take(4).map(|item| view! { <NavLink item /> }).collect_view()} <li>
                            <button type="button" class="nav-link" aria-haspopup="dialog" on:click=move |_| menu.set(true)>
                                <Icon name=IconName::Menu />
                                <span>{t!(i18n, nav.menu)}</span>
                            </button>
                        </li>
                    </ul>
                </nav>
            }
        })
        .into_any()
}

/// Everything: places, language, colours, account.
#[component]
pub(super) fn MenuContent(close: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let links = my_items().into_iter().map(|item| view! { <NavLink item /> }).collect_view();
    view! {
        <nav class="menu-nav" aria-label=move || t_string!(i18n, nav.menu) on:click=move |_| close.run(())>
            <ul>{links}</ul>
        </nav>
        <LanguageSwitch />
        <ThemeSwitch />
        <AccountMenu />
    }
    .into_any()
}

/// Who is signed in, and what can be done about it.
#[component]
pub(super) fn AccountMenu() -> impl IntoView {
    let i18n = use_i18n();
    use_me()
        .map(|me| {
            let roles = me.roles;
            let names = move || roles.iter().map(|role| role.label(i18n)).collect::<Vec<_>>().join(" · ");
            view! {
                <div class="account">
                    <p class="account-name">
                        <b>{me.name}</b>
                        <span class="muted">{names}</span>
                    </p>
                    <ul>
                        <li>
                            <A href="/account" attr:class="nav-link">
                                <Icon name=IconName::UserCircle />
                                <span>{t!(i18n, nav.account)}</span>
                            </A>
                        </li>
                        <li>
                            <form method="post" action="/sign-out">
                                <button type="submit" class="nav-link">
                                    <Icon name=IconName::SignOut />
                                    <span>{t!(i18n, nav.sign_out)}</span>
                                </button>
                            </form>
                        </li>
                    </ul>
                </div>
            }
        })
        .into_any()
}
