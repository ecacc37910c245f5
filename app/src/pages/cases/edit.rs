//! Editing a person's record. An edit says for each field what it was and what it shall be; where somebody else changed
//! the same field meanwhile, both versions stand side by side and the worker chooses, or writes a third.

use super::{
    envelope,
    forms::use_forms,
    person_form::{ContactFields, PersonForm, PersonText, WhereFields, WhoFields},
};
use crate::{
    api::district_words,
    components::{prelude::*, write::ConflictState},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::NeighborCommand,
    ids::Rev,
    profile::{NeighborRecord, ProfileEdits},
};
use leptos::prelude::*;

/// The dialog in which a record is edited.
#[component]
pub(super) fn EditPerson(record: NeighborRecord, editing: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open=editing id="edit-person" class="dialog-wide" title=move || t_string!(i18n, case.edit_person)>
            <Show when=move || editing.get()>
                <EditForm record=record.clone() editing />
            </Show>
        </Dialog>
    }
    .into_any()
}

#[component]
fn EditForm(record: NeighborRecord, editing: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let words = LocalResource::new(district_words);
    let form = PersonForm::new(PersonText::of(&record.profile));
    let (id, base) = (record.id, StoredValue::new(record));
    let sent = StoredValue::new(ProfileEdits::default());
    let forms = use_forms();
    let save = use_write(errors, move |applied| {
        editing.set(false);
        forms.written();
        toaster.done(move || if applied.merged { t_string!(i18n, case.merged) } else { t_string!(i18n, case.edited) });
    });
    let send = move |edits: ProfileEdits, rev: Rev| {
        sent.set_value(edits.clone());
        save.send(envelope(now, NeighborCommand::Edit { id, edits: Box::new(edits) }, Some(rev)));
    };
    let submit = Callback::new(move |()| {
        let Some(profile) = untrack(|| form.text()).read(errors) else { return };
        base.with_value(|base| send(ProfileEdits::between(&base.profile, &profile), base.rev));
    });
    let resolve = Callback::new(move |(conflict, chosen): (ConflictState, Chosen)| {
        let edits = sent.with_value(|sent| settle(sent, &conflict.fields, &chosen));
        if let Some(edits) = edits {
            send(with_one_address(edits), conflict.rev);
        }
    });
    view! {
        <EditOrChoose write=save resolve close=Callback::new(move |()| editing.set(false))>
            <CommandForm errors on_submit=submit>
                <WhoFields form />
                {move || {
                    words.get().and_then(Result::ok).map(|(dongs, _)| view! { <WhereFields form dongs /> })
                }}
                <ContactFields form />
                <div class="dialog-actions">
                    <Button on_press=move || editing.set(false)>{t!(i18n, common.cancel)}</Button>
                    <Button kind=ButtonKind::Primary submit=true busy=save.pending()>{t!(i18n, common.save)}</Button>
                </div>
            </CommandForm>
        </EditOrChoose>
    }
    .into_any()
}

/// An address and "no fixed address" exclude each other: whoever chose the second gives up the first.
fn with_one_address(mut edits: ProfileEdits) -> ProfileEdits {
    if edits.no_fixed_address.as_ref().is_some_and(|edit| edit.to) && edits.address.as_ref().is_some_and(|edit| edit.to.is_some())
    {
        edits.address = None;
    }
    edits
}
