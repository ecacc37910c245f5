//! Photos and signatures of a case: shown on its timeline, taken in the field, taken off again with a reason.

#[cfg(feature = "hydrate")]
mod here;
#[cfg(feature = "hydrate")]
mod pad;
#[cfg(feature = "hydrate")]
mod take;

#[cfg(feature = "hydrate")]
pub(crate) use here::Sending;

use super::{envelope, forms::use_forms};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    attachment::{AttachmentCard, AttachmentKind, MOST_CAPTION},
    command::AttachmentCommand,
    ids::{AttachmentId, CaseId},
};
use leptos::{context::Provider, prelude::*};

/// What stands before a kind.
pub(super) const fn kind_icon(kind: AttachmentKind) -> IconName {
    match kind {
        AttachmentKind::Photo => IconName::Camera,
        AttachmentKind::Signature => IconName::Signature,
    }
}

/// The word for a kind.
pub(super) fn kind_word(i18n: I18n, kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Photo => t_string!(i18n, attachment.photo),
        AttachmentKind::Signature => t_string!(i18n, attachment.signature),
    }
}

/// The buttons that take a photo or a signature, on a tablet.
pub(super) fn take_buttons(case: CaseId) -> AnyView {
    #[cfg(feature = "hydrate")]
    if crate::field::is_here() {
        return view! { <take::TakeButtons case /> }.into_any();
    }
    let _ = case;
    ().into_any()
}

/// One attachment on the timeline.
#[component]
pub(super) fn Attached(card: AttachmentCard, work: bool) -> impl IntoView {
    let i18n = use_i18n();
    let caption = card.caption.clone();
    if let Some(removal) = card.removed {
        let by = removal.by.name;
        return view! {
            {caption.map(|caption| view! { <p>{caption}</p> })}
            <p class="muted">{move || t_string!(i18n, attachment.removed_by, who = by.clone()).to_string()}</p>
            <p class="pre">{removal.reason}</p>
        }
        .into_any();
    }
    let (id, case, kind, stored) = (card.id, card.case, card.kind, card.stored);
    let alt = Signal::derive(move || {
        let kind = kind_word(i18n, kind);
        match &card.caption {
            Some(caption) => t_string!(i18n, attachment.alt, kind = kind, caption = caption.clone()).to_string(),
            None => kind.to_owned(),
        }
    });
    view! {
        {caption.map(|caption| view! { <p>{caption}</p> })}
        {picture(id, alt, stored)}
        {work.then(|| view! { <TakeOff id case /> })}
    }
    .into_any()
}

/// The small picture, which leads to the large one; while it is on its way, that.
fn picture(id: AttachmentId, alt: Signal<String>, stored: bool) -> AnyView {
    #[cfg(feature = "hydrate")]
    if crate::field::is_here() {
        return view! { <here::PictureHere id alt /> }.into_any();
    }
    let i18n = use_i18n();
    if !stored {
        return view! { <p class="muted">{t!(i18n, attachment.on_the_way)}</p> }.into_any();
    }
    view! {
        <a class="attachment" href=format!("/attachments/{id}/picture") target="_blank" rel="external noopener">
            <img class="attachment-small" src=format!("/attachments/{id}/thumbnail") alt=move || alt.get() loading="lazy" />
        </a>
    }
    .into_any()
}

/// Taking an attachment off, with a reason.
#[component]
fn TakeOff(id: AttachmentId, case: CaseId) -> impl IntoView {
    let i18n = use_i18n();
    let (forms, toaster, now, errors) = (use_forms(), use_toaster(), use_now(), FormErrors::new());
    let (open, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let write = use_write(errors, move |_| {
        open.set(false);
        toaster.done(move || t_string!(i18n, attachment.removed));
        forms.written();
    });
    let submit = Callback::new(move |()| {
        let reason = reason.get_untracked();
        write.send(envelope(now, AttachmentCommand::Remove { id, case, reason }, None));
    });
    view! {
        <Show
            when=move || open.get()
            fallback=move || {
                view! {
                    <p class="no-print">
                        <Button kind=ButtonKind::Tertiary icon=IconName::Trash on_press=move || open.set(true)>
                            {t!(i18n, attachment.remove)}
                        </Button>
                    </p>
                }
            }
        >
            <Provider value=FieldScope("take-off")>
                <CommandForm errors on_submit=submit>
                    <TextField
                        name="reason"
                        label=move || t_string!(i18n, attachment.remove_reason)
                        hint=move || t_string!(i18n, attachment.remove_hint)
                        value=reason
                        required=true
                        maxlength=most_caption()
                    />
                    <div class="form-actions">
                        <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
                        <Button kind=ButtonKind::Danger submit=true busy=write.pending()>{t!(i18n, attachment.remove)}</Button>
                    </div>
                </CommandForm>
            </Provider>
        </Show>
    }
    .into_any()
}

/// Characters of a caption or reason at most, as forms take it.
pub(super) fn most_caption() -> u16 {
    u16::try_from(MOST_CAPTION).unwrap_or(u16::MAX)
}
