//! Known people who may be the one being written down: shown while typing, judged by the worker.

use crate::{
    api::look_alikes,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    ids::{CaseId, NeighborId},
    linkage::{Agreement, LinkField, LinkLevel, LinkReason},
    view::neighbors::{LookAlike, PersonDraft},
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeSet, time::Duration};

/// How long typing rests before the server is asked.
const REST: Duration = Duration::from_millis(400);

/// What was found and what was judged.
#[derive(Clone, Copy)]
pub(super) struct Alike {
    pub(super) found: RwSignal<Vec<LookAlike>>,
    pub(super) different: RwSignal<BTreeSet<NeighborId>>,
}

impl Alike {
    pub(super) fn new(different: BTreeSet<NeighborId>) -> Self {
        Self { found: RwSignal::new(Vec::new()), different: RwSignal::new(different) }
    }

    /// Whether somebody who is likely the same waits for the worker's judgement.
    pub(super) fn is_undecided(self) -> bool {
        let different = self.different.get_untracked();
        let waits = |found: &LookAlike| match found {
            LookAlike::Known { id, level, .. } => *level == LinkLevel::Likely && !different.contains(id),
            LookAlike::Elsewhere { .. } => false,
        };
        self.found.with_untracked(|found| found.iter().any(waits))
    }
}

/// Asks the server whenever what is typed has rested.
pub(super) fn look_while_typing(draft: Memo<PersonDraft>, alike: Alike) {
    let newest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let draft = draft.get();
        let turn = newest.get_value().wrapping_add(1);
        newest.set_value(turn);
        set_timeout(
            move || {
                // The page may be gone, or typing may have gone on.
                if newest.try_get_value() != Some(turn) {
                    return;
                }
                spawn_local(async move {
                    let found = if draft.is_enough() { look_alikes(draft).await.unwrap_or_default() } else { Vec::new() };
                    if newest.try_get_value() == Some(turn) {
                        alike.found.set(found);
                    }
                });
            },
            REST,
        );
    });
}

/// The list beside the form.
#[component]
pub(super) fn LookAlikes(alike: Alike, draft: Memo<PersonDraft>, same: Callback<(NeighborId, Option<CaseId>)>) -> impl IntoView {
    let i18n = use_i18n();
    let nobody = move || match draft.with(PersonDraft::is_enough) {
        true => t_string!(i18n, register.alike_none),
        false => t_string!(i18n, register.alike_wait),
    };
    let item = move |found: LookAlike| match found {
        LookAlike::Known { .. } => view! { <Known found alike same /> }.into_any(),
        LookAlike::Elsewhere { team } => {
            let team = move || team.as_ref().map(|team| text::named(i18n, &team.name)).unwrap_or_default();
            view! {
                <li class="alike">
                    <p><b>{t!(i18n, register.alike_elsewhere)}</b></p>
                    <p class="muted">{move || t_string!(i18n, register.alike_ask, team = team()).to_string()}</p>
                </li>
            }
            .into_any()
        }
    };
    view! {
        <section class="section stack alikes" aria-labelledby="alikes-title">
            <h2 id="alikes-title">{t!(i18n, register.alike_title)}</h2>
            <p class="muted" role="status">
                {move || if alike.found.with(Vec::is_empty) { nobody() } else { t_string!(i18n, register.alike_lead) }}
            </p>
            <ul class="plain-list">{move || alike.found.get().into_iter().map(item).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Known(found: LookAlike, alike: Alike, same: Callback<(NeighborId, Option<CaseId>)>) -> impl IntoView {
    let i18n = use_i18n();
    let LookAlike::Known { id, name, birth_year, dong, open_case, worker, level, probability, reasons, .. } = found else {
        return ().into_any();
    };
    let judged = Memo::new(move |_| alike.different.with(|different| different.contains(&id)));
    let percent = format!("{:.0}", probability * 100.0);
    let how = move || match level {
        LinkLevel::Likely => t_string!(i18n, register.likely, percent = percent.clone()).to_string(),
        LinkLevel::Possible | LinkLevel::Unlikely => t_string!(i18n, register.possible, percent = percent.clone()).to_string(),
    };
    let tone = if level == LinkLevel::Likely { "tone-warn" } else { "" };
    let toggle = move |_| {
        alike.different.update(|different| {
            if !different.remove(&id) {
                different.insert(id);
            }
        });
    };
    view! {
        <li class="alike">
            <p>
                <b>{move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned())}</b>
                " "
                <span class="muted">
                    {move || birth_year.map(|year| t_string!(i18n, case.born, year = year.get()).to_string())}
                    " · "
                    {move || text::named(i18n, &dong.name)}
                    {worker.map(|worker| format!(" · {}", worker.name))}
                </span>
            </p>
            <p class="cluster">
                <Badge tone label=how />
                {reasons.into_iter().map(|reason| view! { <Reason reason /> }).collect_view()}
            </p>
            <p class="cluster">
                <Button icon=IconName::Check on_press=move || same.run((id, open_case))>{t!(i18n, register.same)}</Button>
                <button
                    type="button"
                    class="button"
                    aria-pressed=move || if judged.get() { "true" } else { "false" }
                    on:click=toggle
                >
                    <Icon name=IconName::Users />
                    <span>
                        {move || match judged.get() {
                            true => t_string!(i18n, register.judged_different),
                            false => t_string!(i18n, register.different),
                        }}
                    </span>
                </button>
            </p>
        </li>
    }
    .into_any()
}

#[component]
fn Reason(reason: LinkReason) -> impl IntoView {
    let i18n = use_i18n();
    let field = move || match reason.field {
        LinkField::Name => t_string!(i18n, labels.field.name),
        LinkField::BirthYear => t_string!(i18n, labels.field.birth_year),
        LinkField::Sex => t_string!(i18n, labels.field.sex),
        LinkField::Phone => t_string!(i18n, labels.field.phone),
        LinkField::Dong => t_string!(i18n, labels.field.dong),
        LinkField::Address => t_string!(i18n, labels.field.address),
    };
    let words = move || match reason.agreement {
        Agreement::Same => t_string!(i18n, register.reason_same, field = field()).to_string(),
        Agreement::Close => t_string!(i18n, register.reason_close, field = field()).to_string(),
        Agreement::Differs => t_string!(i18n, register.reason_differs, field = field()).to_string(),
    };
    let icon = match reason.agreement {
        Agreement::Differs => IconName::XCircle,
        Agreement::Same | Agreement::Close => IconName::Check,
    };
    view! { <Badge icon label=words /> }.into_any()
}
