//! What stands around every page: top bar, navigation, messages.

mod nav;
mod prefs;
mod printed;
mod top_bar;

pub use nav::{BottomTabs, NavItem, SideNav, nav_items};
pub use prefs::{LanguageSwitch, ThemeSwitch};
pub use top_bar::TopBar;

use super::{
    dialog::{Dialog, OnceOpened},
    idle::IdleWarning,
    live::Live,
    toast::{ToastRegion, Toaster},
};
use crate::{
    api::use_me,
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

/// Stands in the context of everything inside [`Frame`].
#[derive(Clone, Copy, Debug)]
pub struct InFrame;

/// The frame of signed-in pages; the view of their parent route.
#[component]
pub fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let live = Live::new();
    provide_context(live);
    provide_context(InFrame);
    provide_context(Toaster::new());
    let menu = RwSignal::new(false);
    let me = use_me();
    follow_pages(menu);
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
        <printed::Printed />
        <BottomTabs menu />
        <Dialog open=menu id="menu" class="menu-dialog" title=move || t_string!(i18n, nav.menu)>
            <OnceOpened open=menu>
                <nav::MenuContent close=Callback::new(move |()| menu.set(false)) />
            </OnceOpened>
        </Dialog>
        <ToastRegion />
        {me.map(|_| view! { <IdleWarning /> })}
    }
    .into_any()
}

/// After going to another page, menus close and the keyboard goes on from its content.
pub(crate) fn follow_pages(menu: RwSignal<bool>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let here = path.get();
        if before.is_some_and(|before| before != here) {
            menu.set(false);
            #[cfg(feature = "hydrate")]
            browser::begin_page();
        }
        here
    });
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::components::focus::{element, focus};

    /// The popovers of the top bar.
    const POPOVERS: [&str; 2] = ["theme-menu", "user-menu"];

    pub(super) fn begin_page() {
        for popover in POPOVERS.into_iter().filter_map(element) {
            // It fails only for one that is not open.
            drop(popover.hide_popover());
        }
        focus("main");
    }
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
