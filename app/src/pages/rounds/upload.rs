//! Sending a file and applying it, with how far it has come; and handing a text to the person as a file. In the
//! browser only.

use super::import::{Import, Step};
use domain::{ApiError, ids::DraftId, round::MOST_FILE_BYTES, view::rounds::ImportProgress};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{Blob, BlobPropertyBag, File, FormData, HtmlElement, ProgressEvent, Url, XmlHttpRequest},
};

/// Sends a file; the answer is its preview.
pub(super) fn send(import: Import, file: &File) {
    import.error.set(None);
    #[expect(clippy::cast_precision_loss, reason = "20 MB are far below what a float counts exactly")]
    if file.size() > MOST_FILE_BYTES as f64 {
        return import.failed(ApiError::TooLarge, Step::Choose);
    }
    import.step.set(Step::Sending(Some(0)));
    let begun = begin(import, file);
    if begun.is_err() {
        import.failed(ApiError::Unavailable, Step::Choose);
    }
}

fn begin(import: Import, file: &File) -> Result<(), JsValue> {
    let form = FormData::new()?;
    form.append_with_blob("file", file)?;
    let request = XmlHttpRequest::new()?;
    request.open("POST", "/api/rounds/preview")?;
    let sent = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        let percent = percent(event.loaded(), event.total());
        // When all is sent, the server reads; how long that takes is not known.
        let _ = import.step.try_set(Step::Sending(percent.filter(|percent| *percent < 100)));
    });
    request.upload()?.set_onprogress(Some(sent.into_js_value().unchecked_ref()));
    on_end(&request, move |status, text| {
        import.previewed(match status {
            200 => serde_json::from_str(text).map_err(|_broken| ApiError::Internal),
            _ => Err(error_of(text)),
        });
    });
    request.send_with_opt_form_data(Some(&form))
}

/// Applies what was previewed; goes back to `before` when that fails.
pub(super) fn apply(import: Import, draft: DraftId, before: Step) {
    let again = before.clone();
    if begin_apply(import, draft, before).is_err() {
        import.failed(ApiError::Unavailable, again);
    }
}

fn begin_apply(import: Import, draft: DraftId, before: Step) -> Result<(), JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", &format!("/api/rounds/apply/{draft}"))?;
    let reading = request.clone();
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |_: ProgressEvent| {
        let text = reading.response_text().ok().flatten().unwrap_or_default();
        if let Some(ImportProgress::Working { done, total }) = last(&text) {
            let _ = import.step.try_set(Step::Applying(percent(f64::from(done), f64::from(total))));
        }
    });
    request.set_onprogress(Some(progress.into_js_value().unchecked_ref()));
    on_end(&request, move |status, text| match (status, last(text)) {
        (200, Some(ImportProgress::Done { round, report })) => import.step.set(Step::Done(round, report)),
        (200, Some(ImportProgress::Failed { error })) => import.failed(error, before.clone()),
        // The answer broke off: the work goes on, and applying again changes nothing that is done.
        (200, _) => import.failed(ApiError::Unavailable, before.clone()),
        _ => import.failed(error_of(text), before.clone()),
    });
    request.send()
}

fn on_end(request: &XmlHttpRequest, mut take: impl FnMut(u16, &str) + 'static) {
    let reading = request.clone();
    let ended = Closure::<dyn FnMut()>::new(move || {
        let text = reading.response_text().ok().flatten().unwrap_or_default();
        take(reading.status().unwrap_or(0), &text);
    });
    request.set_onloadend(Some(ended.into_js_value().unchecked_ref()));
}

/// The last whole event of a stream of events.
fn last(text: &str) -> Option<ImportProgress> {
    let whole = text.rfind("\n\n").and_then(|end| text.get(..end))?;
    whole.lines().rev().find_map(|line| serde_json::from_str(line.strip_prefix("data:")?.trim()).ok())
}

fn error_of(text: &str) -> ApiError {
    serde_json::from_str(text).unwrap_or(ApiError::Unavailable)
}

fn percent(done: f64, total: f64) -> Option<u8> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    (total > 0.0).then(|| (done / total * 100.0).clamp(0.0, 100.0) as u8)
}

/// Hands a text to the person as a file.
pub(super) fn save_text(name: &str, text: &str) {
    // A browser that can't do it says so itself.
    let _ = try_save(name, text);
}

fn try_save(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let kind = BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlElement = document().create_element("a")?.unchecked_into();
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.click();
    Url::revoke_object_url(&url)
}
