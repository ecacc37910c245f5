//! The bar on top: whose system this is, the state of the connection, language, colours, account.

use super::{LanguageSwitch, ThemeSwitch, nav::AccountMenu};
use crate::{
    api::use_me,
    components::{
        icon::{Icon, IconName},
        live::ConnectionNotice,
        text,
    },
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;

/// The name of the system and of the district.
#[component]
pub(super) fn Brand() -> impl IntoView {
    let i18n = use_i18n();
    let district = use_me().map(|me| {
        let name = move || text::in_language(i18n, &me.district_ko, &me.district_en);
        view! { <span class="district">{name}</span> }
    });
    view! {
        <div class="brand">
            <a href="/">
                <span class="brand-mark">
                    <Icon name=IconName::Heart />
                </span>
                <span class="brand-name">{t!(i18n, common.app_name)}</span>
            </a>
            {district}
        </div>
    }
    .into_any()
}

/// The bar on top of signed-in pages.
#[component]
pub fn TopBar(
    /// Opens the menu on small screens.
    menu: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_me();
    let name = me.as_ref().map(|me| me.name.clone());
    view! {
        <header class="top-bar">
            <Brand />
            <div class="top-bar-end">
                <ConnectionNotice />
                <div class="top-bar-wide">
                    <LanguageSwitch />
                    <button
                        type="button"
                        class="icon-button"
                        popovertarget="theme-menu"
                        aria-label=move || t_string!(i18n, nav.theme)
                        title=move || t_string!(i18n, nav.theme)
                    >
                        <Icon name=IconName::CircleHalf />
                    </button>
                    <div id="theme-menu" class="popover" popover="auto">
                        <ThemeSwitch />
                    </div>
                </div>
                {name
                    .map(|name| {
                        view! {
                            <button type="button" class="button button-tertiary user-button" popovertarget="user-menu">
                                <Icon name=IconName::UserCircle />
                                <span>{name}</span>
                                <Icon name=IconName::CaretDown />
                            </button>
                            <div id="user-menu" class="popover" popover="auto">
                                <AccountMenu />
                            </div>
                        }
                    })}
                <button
                    type="button"
                    class="icon-button menu-button"
                    aria-haspopup="dialog"
                    aria-label=move || t_string!(i18n, common.open_menu)
                    on:click=move |_| menu.set(true)
                >
                    <Icon name=IconName::Menu />
                </button>
            </div>
        </header>
    }
    .into_any()
}
