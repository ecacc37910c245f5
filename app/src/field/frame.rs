//! What stands around every screen of the field: the bar on top, the newer version, messages, the menu; and the routes.

use super::{
    about::AboutPage,
    close_page::ClosePage,
    gate::{Gate, Locked},
    nav::{FieldPlaces, FieldSide, FieldTabs},
    online::OfflineMark,
    outbox_page::OutboxPage,
    pin_page::PinPage,
    program::UpdateBar,
    state_bar::StateBar,
};
use crate::{
    app::tab_title,
    components::{
        dialog::OnceOpened,
        frame::{LanguageSwitch, ThemeSwitch, follow_pages},
        prelude::*,
        toast::ToastRegion,
    },
    i18n::{t, t_string, use_i18n},
    pages,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::{A, Outlet, ParentRoute, Redirect, Route, Router, Routes},
    path,
};
use std::time::Duration;

/// The frame. Below it, routes, `navigate` and `<Redirect>` leave `/field` out; links name it, or lead to the desk.
#[component]
pub(super) fn FieldFrame() -> impl IntoView {
    view! {
        <Title formatter=tab_title />
        <Router base="/field">
            <Screen />
        </Router>
    }
    .into_any()
}

#[component]
fn Screen() -> impl IntoView {
    let i18n = use_i18n();
    let menu = RwSignal::new(false);
    follow_pages(menu);
    let gate = Gate::follow();
    // The routes come in a task of their own, so that a finger on a slow tablet is answered in between.
    let drawn = RwSignal::new(false);
    set_timeout(move || drawn.set(true), Duration::ZERO);
    view! {
        <a class="skip-link" href="#main" rel="external">{t!(i18n, nav.skip)}</a>
        <FieldBar menu />
        <UpdateBar />
        <div class="frame">
            <FieldSide gate />
            <main id="main" class="main" tabindex="-1">
                {move || drawn.get().then(|| view! { <FieldRoutes /> })}
            </main>
        </div>
        <FieldTabs gate menu />
        <Dialog open=menu id="menu" class="menu-dialog" title=move || t_string!(i18n, nav.menu)>
            <OnceOpened open=menu>
                <FieldMenu gate menu />
            </OnceOpened>
        </Dialog>
        <ToastRegion />
    }
    .into_any()
}

#[component]
fn FieldRoutes() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFound /> }>
            <Route path=path!("/") view=Start />
            <Route path=path!("/about") view=AboutPage />
            <ParentRoute path=path!("") view=Behind>
                <Route path=path!("/my-day") view=pages::field::MyDayPage />
                <Route path=path!("/calendar") view=pages::field::CalendarPage />
                <Route path=path!("/visits/:id") view=pages::field::VisitPage />
                <Route path=path!("/cases") view=pages::cases::CaseloadPage />
                <Route path=path!("/cases/:id") view=pages::cases::CaseView />
                <Route path=path!("/cases/:id/visits/new") view=pages::field::VisitSchedulePage />
                <Route path=path!("/cases/:id/visits/record") view=pages::field::ContactRecordPage />
                <Route path=path!("/register") view=pages::cases::RegisterPage />
                <Route path=path!("/outbox") view=OutboxPage />
                <Route path=path!("/close") view=ClosePage />
                <Route path=path!("/pin") view=PinPage />
            </ParentRoute>
        </Routes>
    }
    .into_any()
}

/// What is behind the lock.
#[component]
fn Behind() -> impl IntoView {
    view! {
        <Locked>
            <StateBar />
            <Outlet />
        </Locked>
    }
    .into_any()
}

/// `/field` leads to the day, and "back" does not lead to `/field` again.
#[component]
fn Start() -> impl IntoView {
    view! { <Redirect path="/my-day" options=NavigateOptions { replace: true, ..NavigateOptions::default() } /> }.into_any()
}

/// Name, state of the network, and the menu.
#[component]
fn FieldBar(menu: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="top-bar">
            <div class="brand">
                <A href="/field/my-day">
                    <span class="brand-mark">
                        <Icon name=IconName::Heart />
                    </span>
                    <span class="brand-name">{t!(i18n, common.app_name)}</span>
                </A>
            </div>
            <div class="top-bar-end">
                <OfflineMark />
                <div class="top-bar-wide">
                    <LanguageSwitch />
                </div>
                <button
                    type="button"
                    class="icon-button"
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

/// What is needed seldom: the tablet itself, the desk, language, colours.
#[component]
fn FieldMenu(gate: Gate, menu: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="menu-nav" aria-label=move || t_string!(i18n, nav.menu) on:click=move |_| menu.set(false)>
            <ul>
                <FieldPlaces gate />
                <li>
                    <A href="/field/about" attr:class="nav-link">
                        <Icon name=IconName::Info />
                        <span>{t!(i18n, shell.about)}</span>
                    </A>
                </li>
                <li>
                    <a href="/" rel="external" class="nav-link">
                        <Icon name=IconName::Monitor />
                        <span>{t!(i18n, shell.desk)}</span>
                    </a>
                </li>
            </ul>
        </nav>
        <LanguageSwitch />
        <ThemeSwitch />
    }
    .into_any()
}

/// What answers an address of the field that leads nowhere.
#[component]
fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, errors.not_found_title) />
        <EmptyState icon=IconName::MapPin title=move || t_string!(i18n, shell.not_found)>
            <LinkButton href="/field/my-day" kind=ButtonKind::Primary icon=IconName::House>
                {t!(i18n, errors.go_home)}
            </LinkButton>
        </EmptyState>
    }
    .into_any()
}
