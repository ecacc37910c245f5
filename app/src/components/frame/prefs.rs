//! Language and colours: at once on this device, and kept with the account of whoever is signed in.

use crate::{
    api::{execute, use_me},
    components::icon::{Icon, IconName},
    i18n::{Locale, t, t_string, use_i18n},
    prefs::{LANG_COOKIE, Theme, ThemeChoice, write_cookie},
};
use domain::{
    clock::{Clock, SystemClock},
    command::{Envelope, UserCommand},
};
use leptos::{prelude::*, task::spawn_local};

/// Keeps a preference with the account. It is a convenience: when it fails, the device still knows.
fn keep_with_account(signed_in: bool, locale: Option<String>, theme: Option<String>) {
    if signed_in {
        let envelope = Envelope::new(UserCommand::Prefer { locale, theme }, SystemClock.now());
        spawn_local(async move { drop(execute(envelope).await) });
    }
}

/// 한국어 or English.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let signed_in = use_me().is_some();
    let button = move |locale: Locale, lang: &'static str, name: &'static str| {
        let choose = move |_| {
            i18n.set_locale(locale);
            write_cookie(LANG_COOKIE, lang);
            keep_with_account(signed_in, Some(lang.to_owned()), None);
        };
        let pressed = move || if i18n.get_locale() == locale { "true" } else { "false" };
        view! {
            <button type="button" class="segment" lang=lang aria-pressed=pressed on:click=choose>
                {name}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=move || t_string!(i18n, nav.language)>
            {button(Locale::ko, "ko", "한국어")}
            {button(Locale::en, "en", "English")}
        </div>
    }
    .into_any()
}

/// Device, light, dark or high contrast.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let signed_in = use_me().is_some();
    let chosen = use_context::<ThemeChoice>().unwrap_or_else(ThemeChoice::from_cookie);
    let name = move |theme: Theme| match theme {
        Theme::System => t_string!(i18n, nav.theme_system),
        Theme::Light => t_string!(i18n, nav.theme_light),
        Theme::Dark => t_string!(i18n, nav.theme_dark),
        Theme::Contrast => t_string!(i18n, nav.theme_contrast),
    };
    let button = move |theme: Theme| {
        let icon = match theme {
            Theme::System => IconName::Monitor,
            Theme::Light => IconName::Sun,
            Theme::Dark => IconName::Moon,
            Theme::Contrast => IconName::CircleHalf,
        };
        let choose = move |_| {
            chosen.choose(theme);
            keep_with_account(signed_in, None, Some(theme.as_str().to_owned()));
        };
        let pressed = move || if chosen.0.get() == theme { "true" } else { "false" };
        view! {
            <button type="button" class="theme-choice" aria-pressed=pressed on:click=choose>
                <Icon name=icon />
                <span>{move || name(theme)}</span>
            </button>
        }
    };
    view! {
        <fieldset class="themes">
            <legend>{t!(i18n, nav.theme)}</legend>
            {Theme::ALL.map(button).collect_view()}
        </fieldset>
    }
    .into_any()
}
