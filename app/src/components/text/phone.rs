//! Phone numbers as Koreans write them, and as links that dial.

use crate::components::icon::{Icon, IconName};
use leptos::prelude::*;

/// `010-1234-5678`, `02-123-4567`, `1588-1234`: the national digits in their usual groups.
#[must_use]
pub fn format_phone(digits: &str) -> String {
    let area = if digits.starts_with("02") { 2 } else { 3 };
    if !digits.is_ascii() || !(9..=12).contains(&digits.len()) {
        return match digits.split_at_checked(4) {
            Some((head, tail)) if digits.len() == 8 => format!("{head}-{tail}"),
            _ => digits.to_owned(),
        };
    }
    let (head, rest) = digits.split_at(area);
    let (middle, tail) = rest.split_at(rest.len().saturating_sub(4));
    format!("{head}-{middle}-{tail}")
}

/// A number that dials when pressed.
#[component]
pub fn PhoneLink(
    /// National digits.
    #[prop(into)]
    digits: String,
) -> impl IntoView {
    let text = format_phone(&digits);
    let mut href = digits;
    href.insert_str(0, "tel:");
    view! {
        <a class="phone-link" href=href>
            <Icon name=IconName::Phone />
            <span>{text}</span>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::format_phone;

    #[test]
    fn groups_digits_as_usual() {
        for (digits, text) in [
            ("01012345678", "010-1234-5678"),
            ("0111234567", "011-123-4567"),
            ("021234567", "02-123-4567"),
            ("0212345678", "02-1234-5678"),
            ("0311234567", "031-123-4567"),
            ("050412345678", "050-41234-5678"),
            ("15881234", "1588-1234"),
            ("119", "119"),
        ] {
            assert_eq!(format_phone(digits), text);
        }
    }
}
