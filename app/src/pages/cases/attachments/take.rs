//! Taking a photo or a signature at the door.

use super::{here::Shown, most_caption, pad::Pad};
use crate::{
    components::prelude::*,
    field::{
        files::About,
        picture::{self, Picture},
        tablet,
    },
    i18n::{t, t_string, use_i18n},
    pages::cases::forms::{FormKind, use_forms},
};
use domain::{ApiError, Invalid, attachment::AttachmentKind, ids::CaseId};
use leptos::{context::Provider, ev::Event, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlCanvasElement, HtmlInputElement};

/// Both buttons, and the dialogs behind them.
#[component]
pub(super) fn TakeButtons(case: CaseId) -> impl IntoView {
    let i18n = use_i18n();
    let (forms, toaster) = (use_forms(), use_toaster());
    let (picture, reading) = (RwSignal::new(None::<Picture>), RwSignal::new(false));
    let shown = RwSignal::new_local(None::<Shown>);
    let taken = move |event: Event| {
        let Some(file) = file_of(&event) else { return };
        reading.set(true);
        spawn_local(async move {
            let read = picture::of_photo(&file).await;
            // The page may have been left meanwhile.
            let _ = reading.try_set(false);
            match read {
                Ok(read) => {
                    shown.set(Shown::new(&read.thumbnail).ok());
                    picture.set(Some(read));
                    forms.open(FormKind::Photo).set(true);
                }
                Err(error) => toaster.failed(move || error_text(i18n, &error)),
            }
        });
    };
    view! {
        <section class="section no-print">
            <div class="cluster">
                <label class="button file-button">
                    <Icon name=IconName::Camera />
                    <span>{t!(i18n, attachment.take)}</span>
                    <input class="visually-hidden" type="file" accept="image/*" capture="environment" on:change=taken />
                </label>
                <Button icon=IconName::Signature on_press=move || forms.open(FormKind::Signature).set(true)>
                    {t!(i18n, attachment.sign)}
                </Button>
            </div>
            <p class="muted" role="status">{move || reading.get().then(|| t_string!(i18n, attachment.reading))}</p>
        </section>
        <PhotoDialog case picture shown />
        <SignatureDialog case />
    }
    .into_any()
}

/// The chosen file. The same may be chosen again afterwards.
fn file_of(event: &Event) -> Option<File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// What keeps a picture: closes its dialog and says so, or says why not.
#[derive(Clone, Copy)]
struct Keeper {
    keep: Callback<Result<Picture, ApiError>>,
    busy: RwSignal<bool>,
    errors: FormErrors,
    caption: RwSignal<String>,
}

fn keeper(case: CaseId, kind: AttachmentKind, form: FormKind) -> Keeper {
    let (i18n, forms, toaster) = (use_i18n(), use_forms(), use_toaster());
    let (errors, busy, caption) = (FormErrors::new(), RwSignal::new(false), RwSignal::new(String::new()));
    let keep = Callback::new(move |picture: Result<Picture, ApiError>| {
        errors.clear();
        let Some(tablet) = tablet() else { return };
        busy.set(true);
        let written = caption.get_untracked();
        let about = About { case, kind, caption: (!written.trim().is_empty()).then_some(written) };
        spawn_local(async move {
            let kept = match picture {
                Ok(picture) => tablet.attach(about, &picture).await.map(drop),
                Err(error) => Err(error),
            };
            // The page may have been left meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            match kept {
                Ok(()) => {
                    caption.set(String::new());
                    forms.open(form).set(false);
                    toaster.done(move || t_string!(i18n, attachment.saved));
                    forms.written();
                }
                Err(error) => errors.take(error),
            }
        });
    });
    Keeper { keep, busy, errors, caption }
}

#[component]
fn SaveActions(form: FormKind, busy: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let open = use_forms().open(form);
    view! {
        <div class="dialog-actions">
            <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
            <Button kind=ButtonKind::Primary submit=true busy>{t!(i18n, attachment.save)}</Button>
        </div>
    }
    .into_any()
}

#[component]
fn PhotoDialog(case: CaseId, picture: RwSignal<Option<Picture>>, shown: RwSignal<Option<Shown>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = keeper(case, AttachmentKind::Photo, FormKind::Photo);
    let preview = move || {
        let address = shown.with(|shown| shown.as_ref().map(Shown::address));
        address.map(|address| view! { <img class="attachment-preview" src=address alt="" /> })
    };
    let submit = Callback::new(move |()| keeper.keep.run(picture.get_untracked().ok_or(ApiError::BadRequest)));
    view! {
        <Dialog open=use_forms().open(FormKind::Photo) id="photo" title=move || t_string!(i18n, attachment.photo_title)>
            <Provider value=FieldScope("photo")>
                <CommandForm errors=keeper.errors on_submit=submit>
                    {preview}
                    <TextField
                        name="caption"
                        label=move || t_string!(i18n, attachment.caption)
                        hint=move || t_string!(i18n, attachment.caption_hint)
                        value=keeper.caption
                        maxlength=most_caption()
                    />
                    <p class="field-hint">{t!(i18n, attachment.privacy)}</p>
                    <SaveActions form=FormKind::Photo busy=keeper.busy />
                </CommandForm>
            </Provider>
        </Dialog>
    }
    .into_any()
}

#[component]
fn SignatureDialog(case: CaseId) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = keeper(case, AttachmentKind::Signature, FormKind::Signature);
    let (canvas, written) = (NodeRef::<leptos::html::Canvas>::new(), RwSignal::new(false));
    let submit = Callback::new(move |()| {
        if !written.get_untracked() {
            keeper.errors.take(ApiError::invalid("signature", Invalid::Missing));
            return;
        }
        let Some(element) = canvas.get_untracked() else { return };
        let element: HtmlCanvasElement = element;
        spawn_local(async move { keeper.keep.run(picture::of_canvas(&element).await) });
    });
    view! {
        <Dialog open=use_forms().open(FormKind::Signature) id="signature" title=move || t_string!(i18n, attachment.signature_title)>
            <Provider value=FieldScope("signature")>
                <CommandForm errors=keeper.errors on_submit=submit>
                    <TextField
                        name="caption"
                        label=move || t_string!(i18n, attachment.signature_caption)
                        hint=move || t_string!(i18n, attachment.signature_hint)
                        value=keeper.caption
                        maxlength=most_caption()
                    />
                    <Pad canvas written />
                    <SaveActions form=FormKind::Signature busy=keeper.busy />
                </CommandForm>
            </Provider>
        </Dialog>
    }
    .into_any()
}
