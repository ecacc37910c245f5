//! A new password: how to make a good one, and how hard the one typed is to guess.

use crate::{
    api::rate_password,
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use leptos::prelude::*;

/// The field, with the strength of what is in it in words.
#[component]
pub fn NewPasswordField(
    /// What was typed.
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let strength = LocalResource::new(move || {
        let password = value.get();
        async move { if password.chars().count() < 4 { None } else { rate_password(password).await.ok() } }
    });
    let word = move || {
        strength.get().flatten().map(|score| match score {
            0 | 1 => t_string!(i18n, auth.strength_weak),
            2 => t_string!(i18n, auth.strength_fair),
            3 => t_string!(i18n, auth.strength_good),
            _ => t_string!(i18n, auth.strength_strong),
        })
    };
    view! {
        <TextField
            name="new_password"
            label=move || t_string!(i18n, labels.field.new_password)
            value
            hint=move || t_string!(i18n, auth.new_password_hint)
            required=true
            kind="password"
            autocomplete="new-password"
            maxlength=128
        />
        <p class="field-hint" role="status">
            {word}
        </p>
    }
    .into_any()
}
