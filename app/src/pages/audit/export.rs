//! A file of the filtered rows, after saying what for.

use super::{origin_label, row_words};
use crate::{
    api::export_trail,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    clock::{korean_day, korean_time},
    view::trail::{TrailFilter, TrailRow},
};
use leptos::{prelude::*, task::spawn_local};

/// Asks for the reason and hands out the file.
#[component]
pub(super) fn Export(filter: TrailFilter) -> impl IntoView {
    let i18n = use_i18n();
    let (purpose, errors) = (RwSignal::new(String::new()), FormErrors::new());
    let (busy, toaster) = (RwSignal::new(false), use_toaster());
    let take = move |()| {
        let (filter, reason) = (filter.clone(), purpose.get_untracked());
        errors.clear();
        busy.set(true);
        spawn_local(async move {
            match export_trail(filter, reason).await {
                Ok(rows) => {
                    save(&csv(i18n, &rows));
                    purpose.set(String::new());
                    let count = rows.len();
                    toaster.done(move || t_string!(i18n, audit.exported, count = text::number(count)).to_string());
                }
                Err(error) => errors.take(error.0),
            }
            busy.set(false);
        });
    };
    view! {
        <details class="section">
            <summary>{t!(i18n, audit.export)}</summary>
            <p class="muted">{t!(i18n, audit.export_lead)}</p>
            <CommandForm errors on_submit=Callback::new(take)>
                <TextField name="purpose" label=move || t_string!(i18n, audit.purpose) hint=move || t_string!(i18n, audit.purpose_hint) value=purpose required=true maxlength=200 />
                <Button kind=ButtonKind::Primary submit=true busy=busy>{t!(i18n, audit.make_file)}</Button>
            </CommandForm>
        </details>
    }
    .into_any()
}

/// The rows as a table for a spreadsheet, in the language of the screen.
fn csv(i18n: I18n, rows: &[TrailRow]) -> String {
    let head = [
        t_string!(i18n, audit.when),
        t_string!(i18n, audit.staff_number),
        t_string!(i18n, audit.action),
        t_string!(i18n, audit.neighbor_number),
        t_string!(i18n, audit.count),
        t_string!(i18n, audit.origin),
        t_string!(i18n, audit.address),
        t_string!(i18n, audit.purpose),
    ];
    let mut text = String::from("\u{feff}");
    push_line(&mut text, head.map(str::to_owned));
    for row in rows {
        let cells = [
            format!("{} {}", korean_day(row.at), korean_time(row.at).format("%H:%M:%S")),
            row.actor.number.to_string(),
            row_words(i18n, row),
            row.neighbor.map(|number| number.to_string()).unwrap_or_default(),
            row.count.to_string(),
            origin_label(i18n, &row.origin).to_owned(),
            row.address.clone().unwrap_or_default(),
            row.purpose.clone().unwrap_or_default(),
        ];
        push_line(&mut text, cells);
    }
    text
}

fn push_line(text: &mut String, cells: [String; 8]) {
    text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
    text.push_str("\r\n");
}

/// A cell that a spreadsheet could take for a formula is told as text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

/// Hands a text to the browser as the file `trail.csv`. A browser that takes no files shows none.
fn save(text: &str) {
    #[cfg(feature = "hydrate")]
    drop(browser::save(text));
    #[cfg(not(feature = "hydrate"))]
    let _ = text;
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

    pub(super) fn save(text: &str) -> Result<(), JsValue> {
        let parts = js_sys::Array::of1(&JsValue::from_str(text));
        let kind = BlobPropertyBag::new();
        kind.set_type("text/csv;charset=utf-8");
        let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let link = document().create_element("a")?;
        link.set_attribute("href", &address)?;
        link.set_attribute("download", "trail.csv")?;
        // The router must not take it for one of its pages.
        link.set_attribute("rel", "external")?;
        link.unchecked_into::<HtmlElement>().click();
        Url::revoke_object_url(&address)
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted("점검 \"11월\""), "\"점검 \"\"11월\"\"\"");
    }
}
