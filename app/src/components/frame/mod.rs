//! What stands around every page: top bar, navigation, messages.

mod nav;
mod prefs;
mod top_bar;

pub use nav::{BottomTabs, NavItem, SideNav, nav_items};
pub use prefs::{LanguageSwitch, ThemeSwitch};
pub use top_bar::TopBar;

use super::{
    dialog::Dialog,
    idle::IdleWarning,
    live::Live,
    toast::{ToastRegion, Toaster},
};
use crate::{
    api::use_me,
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// The frame of signed-in pages; the view of their parent route.
#[component]
pub fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let live = Live::new();
    provide_context(live);
    provide_context(Toaster::new());
    let menu = RwSignal::new(false);
    let me = use_me();
    #[cfg(feature = "hydrate")]
    if me.is_some() {
        Effect::new(move || super::live::connect(live));
    }
    view! {
        <a class="skip-link" href="#main" rel="external">{t!(i18n, nav.skip)}</a>
        <TopBar menu />
        <div class="frame">
            <SideNav />
            <main id="main" class="main" tabindex="-1">
                <Outlet />
            </main>
        </div>
        <BottomTabs menu />
        <Dialog open=menu id="menu" class="menu-dialog" title=move || t_string!(i18n, nav.menu)>
            <nav::MenuContent close=Callback::new(move |()| menu.set(false)) />
        </Dialog>
        <ToastRegion />
        {me.map(|_| view! { <IdleWarning /> })}
    }
    .into_any()
}

/// The frame of pages without an account: sign-in, not found.
#[component]
pub fn PlainFrame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    provide_context(Toaster::new());
    view! {
        <a class="skip-link" href="#main" rel="external">{t!(i18n, nav.skip)}</a>
        <header class="top-bar">
            <top_bar::Brand />
            <div class="top-bar-end">
                <LanguageSwitch />
            </div>
        </header>
        <main id="main" class="main main-plain" tabindex="-1">
            {children()}
        </main>
        <ToastRegion />
    }
    .into_any()
}
