//! For whom alone a neighbor's record exists: told above the page, and chosen by a manager.

use super::{ActionDialog, FormKind, Sender, sender};
use crate::{
    api::{people_to_name, use_me},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::cases::forms::use_forms,
};
use domain::{
    Invalid,
    command::NeighborCommand,
    ids::UserId,
    view::{Worker, neighbors::Person},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Says that the record is restricted, and to whom.
#[component]
pub(in super::super) fn RestrictedBanner(person: Person) -> impl IntoView {
    let i18n = use_i18n();
    let names = person.named.iter().map(|worker| worker.name.as_str()).collect::<Vec<_>>().join(", ");
    person
        .record
        .only
        .is_some()
        .then(|| view! { <Banner tone=Tone::Warn title=move || t_string!(i18n, case.restricted)>{names}</Banner> })
        .into_any()
}

/// The button and the dialog behind it.
#[component]
pub(in super::super) fn RestrictButton(
    person: Person,
    /// Who works on the open case; ticked to begin with, and missed when left out.
    worker: Option<Worker>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = use_forms().open(FormKind::Restrict);
    view! {
        <Button icon=IconName::Eye on_press=move || open.set(true)>{t!(i18n, case.restrict)}</Button>
        <RestrictDialog person worker />
    }
    .into_any()
}

#[component]
fn RestrictDialog(person: Person, worker: Option<Worker>) -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let id = person.record.id;
    let (me, was) = (use_me().map(|me| me.user), person.record.only.clone());
    let is_restricted = was.is_some();
    let first = was.unwrap_or_else(|| worker.iter().map(|worker| worker.id).chain(me).collect());
    let chosen = RwSignal::new(first.into_iter().collect::<BTreeSet<UserId>>());
    let Sender { send, busy } = sender(FormKind::Restrict, errors, |i18n| t_string!(i18n, case.restrict_done));
    let submit = Callback::new(move |()| {
        let only: Vec<UserId> = chosen.get_untracked().into_iter().collect();
        if only.is_empty() {
            errors.add("only", Invalid::Missing);
        } else {
            send.run(NeighborCommand::Restrict { id, only }.into());
        }
    });
    let left_out = move || worker.clone().filter(|worker| chosen.with(|chosen| !chosen.contains(&worker.id)));
    view! {
        <ActionDialog kind=FormKind::Restrict id="restrict-dialog" title=move || t_string!(i18n, case.restrict) errors submit busy>
            <p class="muted">{t!(i18n, case.restrict_rule)}</p>
            <PeopleToName chosen me />
            {move || {
                left_out()
                    .map(|worker| {
                        let name = worker.name;
                        view! {
                            <Banner tone=Tone::Warn title=move || {
                                t_string!(i18n, case.restrict_left_out, name = name.clone()).to_string()
                            } />
                        }
                    })
            }}
            {is_restricted
                .then(|| {
                    let lift = move || send.run(NeighborCommand::Restrict { id, only: Vec::new() }.into());
                    view! {
                        <Button icon=IconName::Undo busy on_press=lift>
                            {t!(i18n, case.restrict_lift)}
                        </Button>
                    }
                })}
        </ActionDialog>
    }
    .into_any()
}

/// The staff to tick. Asked for when the dialog opens, not with every page.
#[component]
fn PeopleToName(chosen: RwSignal<BTreeSet<UserId>>, me: Option<UserId>) -> impl IntoView {
    let i18n = use_i18n();
    let open = use_forms().open(FormKind::Restrict);
    let people =
        Resource::new(move || open.get(), |open| async move { if open { people_to_name().await } else { Ok(Vec::new()) } });
    let tick = move |person: Worker| {
        let (id, is_me) = (person.id, Some(person.id) == me);
        let toggle = move |event| {
            chosen.update(|chosen| {
                if event_target_checked(&event) {
                    chosen.insert(id);
                } else {
                    chosen.remove(&id);
                }
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name="only"
                    // Whoever restricts a record is always among those named.
                    disabled=is_me
                    checked=is_me || chosen.with_untracked(|chosen| chosen.contains(&id))
                    prop:checked=move || is_me || chosen.with(|chosen| chosen.contains(&id))
                    on:change=toggle
                />
                <span>{person.name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="check-list">
            <legend>{t!(i18n, case.restrict_who)}</legend>
            <Loaded resource=people lines=6 let:people>
                {people.into_iter().map(tick).collect_view()}
            </Loaded>
        </fieldset>
    }
    .into_any()
}
