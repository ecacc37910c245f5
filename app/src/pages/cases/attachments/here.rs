//! Pictures on a tablet: from what it keeps, or from the server when there is a network.

use crate::{
    components::prelude::*,
    field::{files::Pending, tablet},
    i18n::{t, t_string, use_i18n},
};
use domain::{ApiError, attachment::Media, ids::AttachmentId};
use js_sys::{Array, Uint8Array};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{Blob, BlobPropertyBag, Url};

/// A picture that the browser shows as long as this lives.
pub(super) struct Shown(String);

impl Shown {
    /// Hands bytes to the browser.
    pub(super) fn new(bytes: &[u8]) -> Result<Self, ApiError> {
        let how = BlobPropertyBag::new();
        how.set_type(Media::of(bytes).ok_or(ApiError::Internal)?.mime());
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &how).map_err(|_kept| ApiError::Internal)?;
        Url::create_object_url_with_blob(&blob).map(Self).map_err(|_kept| ApiError::Internal)
    }

    pub(super) fn address(&self) -> String {
        self.0.clone()
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // It fails only for an address that is none.
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// What is to be seen, once it is known.
type Found = RwSignal<Option<Result<Shown, ApiError>>, LocalStorage>;

fn load(found: Found, id: AttachmentId, large: bool) {
    let Some(tablet) = tablet() else { return };
    spawn_local(async move {
        let bytes = if large { tablet.picture(id).await } else { tablet.thumbnail(id).await };
        // The page may have been left meanwhile.
        let _ = found.try_set(Some(bytes.and_then(|bytes| Shown::new(&bytes))));
    });
}

#[component]
fn Seen(found: Found, alt: Signal<String>, class: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        found.with(|found| match found {
            None => ().into_any(),
            Some(Ok(shown)) => view! { <img class=class src=shown.address() alt=move || alt.get() /> }.into_any(),
            Some(Err(ApiError::Unavailable)) => view! { <span class="muted">{t!(i18n, attachment.offline)}</span> }.into_any(),
            Some(Err(error)) => {
                let error = error.clone();
                view! { <span class="muted">{move || error_text(i18n, &error)}</span> }.into_any()
            }
        })
    }
}

/// The small picture; pressed, the large one.
#[component]
pub(super) fn PictureHere(id: AttachmentId, alt: Signal<String>) -> impl IntoView {
    let (small, large): (Found, Found) = (RwSignal::new_local(None), RwSignal::new_local(None));
    let open = RwSignal::new(false);
    load(small, id, false);
    let show = move |_| {
        open.set(true);
        load(large, id, true);
    };
    let title = move || alt.get();
    view! {
        <Show when=move || !open.get() fallback=move || view! {
            <div class="attachment-large">
                <Seen found=large alt class="attachment-whole" />
                <CloseLarge open />
            </div>
        }>
            <button type="button" class="attachment" title=title on:click=show>
                <Seen found=small alt class="attachment-small" />
            </button>
        </Show>
        <Sending id />
    }
    .into_any()
}

#[component]
fn CloseLarge(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! { <Button kind=ButtonKind::Tertiary on_press=move || open.set(false)>{t!(i18n, common.close)}</Button> }.into_any()
}

/// How far the bytes of an attachment have come; nothing once the server has them.
#[component]
pub(crate) fn Sending(id: AttachmentId) -> impl IntoView {
    let i18n = use_i18n();
    let pending = RwSignal::new(None::<Pending>);
    let version = tablet().map(|tablet| tablet.version());
    Effect::new(move |_| {
        let _ = version.map(|version| version.get());
        let Some(tablet) = tablet() else { return };
        spawn_local(async move {
            // The page may have been left meanwhile.
            let _ = pending.try_set(tablet.pending(id).await.ok().flatten());
        });
    });
    let again = move || {
        let Some(tablet) = tablet() else { return };
        spawn_local(async move {
            // What fails here fails again when it is sent, and is said then.
            let _ = tablet.send_again(id).await;
        });
    };
    move || {
        let Pending { received, failed } = pending.get()?;
        let percent = u8::try_from(received.next * 100 / received.parts.max(1)).ok();
        Some(match failed {
            Some(error) => view! {
                <p class="tone-error">{move || t_string!(i18n, attachment.failed, why = error_text(i18n, &error)).to_string()}</p>
                <Button icon=IconName::Refresh on_press=again>{t!(i18n, attachment.again)}</Button>
            }
            .into_any(),
            None if received.next == 0 => view! { <p class="muted">{t!(i18n, attachment.on_the_way)}</p> }.into_any(),
            None => view! {
                <p class="muted">
                    {move || t_string!(i18n, attachment.part, done = received.next, all = received.parts).to_string()}
                </p>
                <Progress label=move || t_string!(i18n, attachment.sending) percent=Signal::derive(move || percent) />
            }
            .into_any(),
        })
    }
}
