//! Editing a person's record. An edit says for each field what it was and what it shall be; where somebody else changed
//! the same field meanwhile, both versions stand side by side and the worker chooses, or writes a third.

use super::{
    envelope,
    forms::use_forms,
    person_form::{ContactFields, PersonForm, PersonText, WhereFields, WhoFields},
};
use crate::{
    api::district_words,
    components::{conflict::Chosen, prelude::*},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::NeighborCommand,
    ids::Rev,
    merge::FieldConflict,
    profile::{NeighborRecord, ProfileEdits},
};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

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
    let cancel = Callback::new(move |()| {
        save.conflict().set(None);
        editing.set(false);
    });
    let chooser = move || {
        save.conflict().get().map(|conflict| {
            let (fields, rev) = (conflict.fields.clone(), conflict.rev);
            let resolve = Callback::new(move |chosen: Chosen| {
                if let Some(edits) = sent.with_value(|sent| settled(sent, &fields, &chosen)) {
                    send(edits, rev);
                }
            });
            view! { <ConflictChooser fields=conflict.fields resolve cancel busy=save.pending() /> }
        })
    };
    view! {
        {chooser}
        <div hidden=move || save.conflict().with(Option::is_some)>
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
        </div>
    }
    .into_any()
}

/// The edits after a choice: each conflicting field goes from what stands now to what was chosen, the others as before.
fn settled(sent: &ProfileEdits, conflicts: &[FieldConflict], chosen: &Chosen) -> Option<ProfileEdits> {
    let Value::Object(mut edits) = serde_json::to_value(sent).ok()? else { return None };
    for conflict in conflicts {
        let value = chosen.get(&conflict.field)?;
        edits.insert(conflict.field.clone(), json!({ "from": conflict.theirs, "to": value }));
    }
    // An address and "no fixed address" exclude each other.
    if to(&edits, "no_fixed_address") == Some(&Value::Bool(true)) && to(&edits, "address").is_some_and(|value| !value.is_null()) {
        edits.remove("address");
    }
    serde_json::from_value(Value::Object(edits)).ok()
}

fn to<'a>(edits: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    edits.get(field)?.get("to")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{merge::Edit, profile::LivingPlace};

    #[test]
    fn a_choice_goes_from_what_stands_to_what_was_chosen_and_keeps_the_rest() {
        let sent = ProfileEdits {
            address: Some(Edit { from: None, to: Some("서초대로 1".to_owned()) }),
            living_place: Some(Edit { from: LivingPlace::Unknown, to: LivingPlace::House }),
            ..ProfileEdits::default()
        };
        let conflict = FieldConflict {
            field: "address".to_owned(),
            base: Value::Null,
            theirs: json!("반포대로 2"),
            mine: json!("서초대로 1"),
        };
        let chosen = Chosen::from([("address".to_owned(), json!("방배로 3"))]);
        let edits = settled(&sent, std::slice::from_ref(&conflict), &chosen).unwrap();
        let address = Some(Edit { from: Some("반포대로 2".to_owned()), to: Some("방배로 3".to_owned()) });
        assert_eq!(edits, ProfileEdits { address, ..sent.clone() });
        assert_eq!(settled(&sent, &[conflict], &Chosen::new()), None);
    }
}
