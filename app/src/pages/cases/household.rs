//! Who else lives there: the fields of one member, the list while registering, and the list on a page.

use super::{
    envelope,
    forms::{FormKind, use_forms},
    person_form::{birth_year, filled, taken},
};
use crate::{
    components::{prelude::*, write::ConflictState},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    command::NeighborCommand,
    ids::{MemberId, NeighborId},
    profile::{HouseholdMember, MemberEdits, Relation},
    text::looks_like_resident_number,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The name of a field of one member: several members stand on one page. `form` is the member with whom the form began.
fn member_field(form: MemberId, field: &str) -> String {
    format!("members.{form}.{field}")
}

/// A member as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MemberText {
    id: MemberId,
    name: String,
    relation: String,
    birth_year: String,
    is_carer: bool,
    needs_care: bool,
    neighbor: Option<NeighborId>,
}

impl MemberText {
    fn blank() -> Self {
        Self {
            id: MemberId::new(),
            name: String::new(),
            relation: String::new(),
            birth_year: String::new(),
            is_carer: false,
            needs_care: false,
            neighbor: None,
        }
    }

    fn of(member: &HouseholdMember) -> Self {
        Self {
            id: member.id,
            name: member.name.clone().unwrap_or_default(),
            relation: member.relation.code().to_owned(),
            birth_year: member.birth_year.map(|year| year.get().to_string()).unwrap_or_default(),
            is_carer: member.is_carer,
            needs_care: member.needs_care,
            neighbor: member.neighbor,
        }
    }

    /// The member that the text makes; a relation that was not chosen is "other". What is wrong goes to `errors`.
    fn read(&self, form: MemberId, errors: FormErrors) -> Option<HouseholdMember> {
        let field = member_field(form, "birth_year");
        let year = taken(errors, &field, &self.birth_year, Invalid::BirthYear, birth_year);
        if year.is_none() && filled(&self.birth_year).is_some() {
            return None;
        }
        Some(HouseholdMember {
            id: self.id,
            name: filled(&self.name),
            relation: Relation::from_code(&self.relation).unwrap_or(Relation::Other),
            birth_year: year,
            is_carer: self.is_carer,
            needs_care: self.needs_care,
            neighbor: self.neighbor,
        })
    }

    /// What was typed, by field, to be looked at for resident numbers.
    fn typed(&self, form: MemberId) -> [(String, &str); 2] {
        [(member_field(form, "name"), &self.name), (member_field(form, "birth_year"), &self.birth_year)]
    }

    /// The fields that hold what looks like a resident number.
    fn resident_numbers(&self, form: MemberId) -> impl Iterator<Item = String> {
        self.typed(form).into_iter().filter(|(_, text)| looks_like_resident_number(text)).map(|(field, _)| field)
    }

    /// [`Self::resident_numbers`] of a member who is being registered.
    pub(super) fn resident_numbers_to_register(&self) -> impl Iterator<Item = String> {
        self.resident_numbers(self.id)
    }

    /// The member who is being registered, or what is wrong.
    pub(super) fn read_to_register(&self, errors: FormErrors) -> Option<HouseholdMember> {
        self.read(self.id, errors)
    }
}

/// The signals behind the fields of one member.
#[derive(Clone, Copy)]
pub(super) struct MemberForm {
    kept: StoredValue<MemberText>,
    began_with: MemberId,
    name: RwSignal<String>,
    relation: RwSignal<String>,
    birth_year: RwSignal<String>,
    is_carer: RwSignal<bool>,
    needs_care: RwSignal<bool>,
}

impl MemberForm {
    pub(super) fn new(text: MemberText) -> Self {
        Self {
            name: RwSignal::new(text.name.clone()),
            relation: RwSignal::new(text.relation.clone()),
            birth_year: RwSignal::new(text.birth_year.clone()),
            is_carer: RwSignal::new(text.is_carer),
            needs_care: RwSignal::new(text.needs_care),
            began_with: text.id,
            kept: StoredValue::new(text),
        }
    }

    pub(super) fn blank() -> Self {
        Self::new(MemberText::blank())
    }

    /// Begins anew with another member.
    fn reset(self, text: MemberText) {
        self.name.set(text.name.clone());
        self.relation.set(text.relation.clone());
        self.birth_year.set(text.birth_year.clone());
        self.is_carer.set(text.is_carer);
        self.needs_care.set(text.needs_care);
        self.kept.set_value(text);
    }

    fn id(self) -> MemberId {
        self.kept.with_value(|kept| kept.id)
    }

    /// What is typed now; subscribes to every field.
    pub(super) fn text(self) -> MemberText {
        MemberText {
            name: self.name.get(),
            relation: self.relation.get(),
            birth_year: self.birth_year.get(),
            is_carer: self.is_carer.get(),
            needs_care: self.needs_care.get(),
            ..self.kept.get_value()
        }
    }
}

#[component]
fn MemberFields(form: MemberForm) -> impl IntoView {
    let i18n = use_i18n();
    let errors = use_context::<FormErrors>().unwrap_or_default();
    let id = move |field: &str| field_id(&member_field(form.began_with, field));
    let error = move |field: &str| errors.text_of(i18n, &member_field(form.began_with, field));
    let relation = move |choice: &Relation| {
        let choice = *choice;
        let selected = Memo::new(move |_| form.relation.get() == choice.code());
        view! {
            <option value=choice.code() selected=selected.get_untracked() prop:selected=move || selected.get()>
                {move || choice.label(i18n)}
            </option>
        }
    };
    let input = move |field: &'static str, value: RwSignal<String>, mode: Option<&'static str>| {
        let error_id = format!("{}-error", id(field));
        let described_by = error_id.clone();
        view! {
            <input
                class="input"
                id=id(field)
                autocomplete="off"
                inputmode=mode
                aria-invalid=move || error(field).map(|_| "true")
                aria-describedby=move || error(field).map(|_| described_by.clone())
                value=value.get_untracked()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {move || error(field).map(|text| view! { <p class="field-error" id=error_id.clone()>{text}</p> })}
        }
    };
    let check = move |value: RwSignal<bool>| {
        view! {
            <input
                type="checkbox"
                checked=value.get_untracked()
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
        }
    };
    view! {
        <div class="fields">
            <div class="field">
                <label class="field-label" for=id("relation")>{t!(i18n, register.relation)}</label>
                <select class="input select" id=id("relation") on:change=move |event| form.relation.set(event_target_value(&event))>
                    <option value="">{t!(i18n, common.choose)}</option>
                    {Relation::ALL.iter().map(relation).collect_view()}
                </select>
            </div>
            <div class="field" class:field-invalid=move || error("name").is_some()>
                <label class="field-label" for=id("name")>{t!(i18n, labels.field.name)}</label>
                {input("name", form.name, None)}
            </div>
            <div class="field" class:field-invalid=move || error("birth_year").is_some()>
                <label class="field-label" for=id("birth_year")>{t!(i18n, labels.field.birth_year)}</label>
                {input("birth_year", form.birth_year, Some("numeric"))}
            </div>
        </div>
        <div class="cluster">
            <label class="check">{check(form.is_carer)}<span>{t!(i18n, register.is_carer)}</span></label>
            <label class="check">{check(form.needs_care)}<span>{t!(i18n, register.needs_care)}</span></label>
        </div>
    }
    .into_any()
}

/// The members while registering.
#[component]
pub(super) fn MembersToRegister(members: RwSignal<Vec<MemberForm>>) -> impl IntoView {
    let i18n = use_i18n();
    let remove = move |id: MemberId| members.update(|members| members.retain(|member| member.id() != id));
    view! {
        <Show when=move || members.with(Vec::is_empty)>
            <p class="muted">{t!(i18n, register.no_members)}</p>
        </Show>
        <For each=move || members.get() key=|member| member.id() let:member>
            <div class="member">
                <MemberFields form=member />
                <Button kind=ButtonKind::Tertiary icon=IconName::Trash on_press=move || remove(member.id())>
                    {t!(i18n, register.remove_member)}
                </Button>
            </div>
        </For>
        <Button icon=IconName::Plus on_press=move || members.update(|members| members.push(MemberForm::blank()))>
            {t!(i18n, register.add_member)}
        </Button>
    }
    .into_any()
}

/// The household on a page, with ways to change it.
#[component]
pub(super) fn Household(neighbor: NeighborId, members: Vec<HouseholdMember>, may_edit: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let forms = use_forms();
    let open = forms.open(FormKind::Member);
    let form = MemberForm::blank();
    // The member whose fields are in the form, unless it is a new one.
    let known = StoredValue::new(None::<HouseholdMember>);
    let sent = StoredValue::new(MemberEdits::default());
    let save = use_write(errors, move |_| {
        open.set(false);
        forms.written();
        toaster.done(move || t_string!(i18n, case.member_saved));
    });
    let put = move |member: HouseholdMember| save.send(envelope(now, NeighborCommand::PutMember { id: neighbor, member }, None));
    let edit_member = move |member: MemberId, edits: MemberEdits| {
        sent.set_value(edits.clone());
        let edits = Box::new(edits);
        save.send(envelope(now, NeighborCommand::EditMember { id: neighbor, member, edits }, None));
    };
    let submit = Callback::new(move |()| {
        let text = untrack(|| form.text());
        for field in text.resident_numbers(form.began_with) {
            errors.add(field, Invalid::ResidentNumber);
        }
        let Some(member) = text.read(form.began_with, errors).filter(|_| errors.is_empty()) else { return };
        match known.get_value() {
            Some(known) => edit_member(member.id, MemberEdits::between(&known, &member)),
            None => put(member),
        }
    });
    let resolve = Callback::new(move |(conflict, chosen): (ConflictState, Chosen)| {
        let edits = sent.with_value(|sent| settle(sent, &conflict.fields, &chosen));
        if let Some((edits, known)) = edits.zip(known.get_value()) {
            edit_member(known.id, edits);
        }
    });
    let remove = move |member: HouseholdMember| {
        let back = StoredValue::new(member.clone());
        let gone = use_write(errors, move |_| {
            forms.written();
            let undo = Callback::new(move |()| put(back.get_value()));
            toaster.done_with_undo(move || t_string!(i18n, case.member_removed), undo);
        });
        gone.send(envelope(now, NeighborCommand::RemoveMember { id: neighbor, member: member.id }, None));
    };
    let edit = move |member: HouseholdMember| {
        form.reset(MemberText::of(&member));
        known.set_value(Some(member));
        open.set(true);
    };
    let none = members.is_empty();
    let item =
        move |member: HouseholdMember| view! { <Member member may_edit edit=Callback::new(edit) remove=Callback::new(remove) /> };
    view! {
        <section class="section stack">
            <h2>{t!(i18n, case.household)}</h2>
            {none.then(|| view! { <p class="muted">{t!(i18n, register.no_members)}</p> })}
            <ul class="plain-list">{members.into_iter().map(item).collect_view()}</ul>
            {may_edit
                .then(|| {
                    view! {
                        <Button
                            icon=IconName::Plus
                            on_press=move || {
                                form.reset(MemberText::blank());
                                known.set_value(None);
                                open.set(true);
                            }
                        >
                            {t!(i18n, case.add_member)}
                        </Button>
                        <Dialog open id="member-dialog" title=move || t_string!(i18n, case.household)>
                            <EditOrChoose write=save resolve close=Callback::new(move |()| open.set(false))>
                                <CommandForm errors on_submit=submit>
                                    <MemberFields form />
                                    <div class="dialog-actions">
                                        <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
                                        <Button kind=ButtonKind::Primary submit=true busy=save.pending()>
                                            {t!(i18n, common.save)}
                                        </Button>
                                    </div>
                                </CommandForm>
                            </EditOrChoose>
                        </Dialog>
                    }
                })}
        </section>
    }
    .into_any()
}

#[component]
fn Member(
    member: HouseholdMember,
    may_edit: bool,
    edit: Callback<HouseholdMember>,
    remove: Callback<HouseholdMember>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kept = StoredValue::new(member.clone());
    let name = member.name.clone();
    let spoken = move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned());
    let title = spoken.clone();
    let year = member.birth_year.map(domain::text::BirthYear::get);
    view! {
        <li class="member-line">
            <div class="cluster">
                <b>{spoken}</b>
                " "
                <span class="muted">
                    {move || member.relation.label(i18n)}
                    {move || year.map(|year| format!(" · {}", t_string!(i18n, case.born, year = year)))}
                </span>
                {member.is_carer.then(|| view! { <Badge tone="tone-info" label=move || t_string!(i18n, register.is_carer) /> })}
                {member.needs_care.then(|| view! { <Badge tone="tone-warn" label=move || t_string!(i18n, register.needs_care) /> })}
                {member.neighbor.map(|id| view! { <a href=format!("/neighbors/{id}")>{t!(i18n, common.details)}</a> })}
            </div>
            {may_edit
                .then(|| {
                    view! {
                        <span class="cluster no-print">
                            <IconButton
                                label=move || t_string!(i18n, case.edit_member)
                                icon=IconName::Pencil
                                on_press=move || edit.run(kept.get_value())
                            />
                            <IconButton
                                label=move || t_string!(i18n, case.remove_member, name = title()).to_string()
                                icon=IconName::Trash
                                on_press=move || remove.run(kept.get_value())
                            />
                        </span>
                    }
                })}
        </li>
    }
    .into_any()
}
