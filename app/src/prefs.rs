//! What a person prefers on this device before and after signing in: language and theme. Both live in a
//! cookie, so that the server renders the first byte already in the right language and colours.

use leptos::prelude::*;

/// Name of the cookie that keeps the language, `ko` or `en`.
pub const LANG_COOKIE: &str = "lang";
/// Name of the cookie that keeps the theme, one of [`Theme::as_str`].
pub const THEME_COOKIE: &str = "theme";

/// The colours of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Black on white with strong borders: for bright sun and weak eyes.
    Contrast,
}

impl Theme {
    /// All themes, in the order in which the menu lists them.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// The word in the cookie, in `data-theme` and in the user's stored preference.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// The theme of a word; unknown words mean [`Theme::System`].
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }
}

/// The chosen theme; provided by `App`.
#[derive(Clone, Copy)]
pub struct ThemeChoice(pub RwSignal<Theme>);

impl ThemeChoice {
    /// Reads the theme from the request (server) or the document (browser).
    #[must_use]
    pub fn from_cookie() -> Self {
        Self(RwSignal::new(read_cookie(THEME_COOKIE).map(|word| Theme::from_word(&word)).unwrap_or_default()))
    }

    /// Shows `theme` from now on and remembers it on this device for a year.
    pub fn choose(self, theme: Theme) {
        self.0.set(theme);
        write_cookie(THEME_COOKIE, theme.as_str());
    }
}

/// The value of a cookie in a `Cookie` header (or `document.cookie`), without decoding.
#[must_use]
pub fn cookie_in<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A cookie of the present request.
#[cfg(feature = "ssr")]
#[must_use]
pub fn read_cookie(name: &str) -> Option<String> {
    let parts = use_context::<http::request::Parts>()?;
    let mut headers = parts.headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    headers.find_map(|header| cookie_in(header, name).map(str::to_owned))
}

/// A cookie of this document.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn read_cookie(name: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let cookies = html_document()?.cookie().ok()?;
        cookie_in(&cookies, name).map(str::to_owned)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = name;
        None
    }
}

/// Keeps a cookie on this device for a year; does nothing on the server.
pub fn write_cookie(name: &str, value: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(document) = html_document() {
        // A browser that refuses cookies still shows the choice until the next page.
        let _ = document.set_cookie(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, value);
}

#[cfg(feature = "hydrate")]
fn html_document() -> Option<web_sys::HtmlDocument> {
    use wasm_bindgen::JsCast;
    document().dyn_into().ok()
}

/// The languages that the request asks for, the chosen one first: feeds the language choice on the server.
#[must_use]
pub fn wanted_languages() -> Option<String> {
    read_cookie(LANG_COOKIE).filter(|lang| matches!(lang.as_str(), "ko" | "en")).or_else(accepted_languages)
}

#[cfg(feature = "ssr")]
fn accepted_languages() -> Option<String> {
    let parts = use_context::<http::request::Parts>()?;
    parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok().map(str::to_owned)
}

#[cfg(not(feature = "ssr"))]
fn accepted_languages() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_cookie_among_others() {
        assert_eq!(cookie_in("a=1; theme=dark; lang=en", "theme"), Some("dark"));
        assert_eq!(cookie_in("xtheme=dark", "theme"), None);
        assert_eq!(cookie_in("", "theme"), None);
    }

    #[test]
    fn every_theme_survives_its_word() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_word(theme.as_str()), theme);
        }
        assert_eq!(Theme::from_word("pink"), Theme::System);
    }
}
