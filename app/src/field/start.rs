//! From the empty page to the first screen: language and colours of this device, then the frame.

use super::{frame::FieldFrame, online::Online, program::Program};
use crate::{
    api::provide_me,
    components::{frame::InFrame, now::provide_now, toast::Toaster},
    i18n::I18nContextProvider,
    prefs::{LANG_COOKIE, ThemeChoice, read_cookie},
};
use leptos::prelude::*;
use leptos_meta::{Html, provide_meta_context};

/// Puts the program of the field into the page.
pub fn mount() {
    say_language();
    if let Some(opening) = document().get_element_by_id("opening") {
        opening.remove();
    }
    leptos::mount::mount_to_body(FieldApp);
}

/// Writes the language of this device on the page, from where the texts take it.
fn say_language() {
    if let Some(root) = document().document_element() {
        // It fails only for a name that is no attribute name.
        let _ = root.set_attribute("lang", language());
    }
}

/// What was chosen on this device, else the first of the browser's languages that there is.
fn language() -> &'static str {
    let known = |word: &str| ["ko", "en"].into_iter().find(|known| word.split('-').next() == Some(known));
    let chosen = read_cookie(LANG_COOKIE).as_deref().and_then(known);
    let wanted = || window().navigator().languages().iter().filter_map(|word| word.as_string()).find_map(|word| known(&word));
    chosen.or_else(wanted).unwrap_or("ko")
}

/// Everything that the components of pages look for, around the frame.
#[component]
fn FieldApp() -> impl IntoView {
    provide_meta_context();
    provide_me();
    provide_now();
    provide_context(InFrame);
    provide_context(Toaster::new());
    provide_context(Online::follow());
    provide_context(Program::follow());
    let theme = ThemeChoice::from_cookie();
    provide_context(theme);
    view! {
        <Html {..} data-theme=move || theme.0.get().as_str() />
        <I18nContextProvider enable_cookie=false>
            <FieldFrame />
        </I18nContextProvider>
    }
    .into_any()
}
