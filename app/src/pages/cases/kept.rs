//! What came from a colleague's tablet when the case was somebody else's already: what it says, and taking it over or not.

use super::forms::{FormKind, use_forms};
use crate::{
    api::load_visit_planning,
    components::{conflict::ConflictChooser, form::ErrorSummary, prelude::*},
    field,
    i18n::{t, t_string, use_i18n},
    pages::audit::action_label,
};
use domain::{
    command::{Envelope, KeptCommand},
    ids::{CaseId, OpId},
    sync::choice::Chosen,
    view::cases::{CaseCard, KeptEntry},
};
use leptos::{prelude::*, task::spawn_local};

/// All that waits for a decision; nothing where nothing does.
#[component]
pub(super) fn KeptEntries(case: CaseCard, may_work: bool) -> impl IntoView {
    let i18n = use_i18n();
    if case.kept.is_empty() {
        return ().into_any();
    }
    let id = case.id;
    let declining = RwSignal::new(None);
    // What decides about others needs the network and the whole page.
    let (here, decides) = (field::is_here(), may_work && !field::is_here());
    view! {
        <section class="section stack kept" aria-labelledby="kept-title">
            <h2 id="kept-title">{t!(i18n, kept.title)} " " <span class="count">{case.kept.len()}</span></h2>
            <p class="muted">{move || if here { t_string!(i18n, kept.at_desk) } else { t_string!(i18n, kept.lead) }}</p>
            <ul class="rows">
                {case.kept.into_iter().map(|entry| view! { <Entry case=id entry decides declining /> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Entry(case: CaseId, entry: KeptEntry, decides: bool, declining: RwSignal<Option<OpId>>) -> impl IntoView {
    let i18n = use_i18n();
    let KeptEntry { op, by, written_at, label, says, names } = entry;
    view! {
        <li class="stack">
            <p class="cluster">
                <b>{move || action_label(i18n, &label)}</b>
                <span class="muted">{by.name} " · " {move || text::date_time(i18n, written_at)}</span>
            </p>
            <Said says names />
            {decides.then(|| view! { <Decide case op declining /> })}
        </li>
    }
    .into_any()
}

#[component]
fn Decide(case: CaseId, op: OpId, declining: RwSignal<Option<OpId>>) -> impl IntoView {
    let i18n = use_i18n();
    let (errors, toaster, forms) = (FormErrors::new(), use_toaster(), use_forms());
    let reason = RwSignal::new(String::new());
    // While a reason is being written the page is not loaded anew.
    let decline = move |begin: bool| {
        declining.set(begin.then_some(op));
        forms.open(FormKind::Kept).set(begin);
    };
    let write = use_write(errors, move |_| {
        decline(false);
        forms.written();
        toaster.done(move || t_string!(i18n, common.saved));
    });
    let answer = move |accept: bool, chosen| {
        use domain::clock::{Clock, SystemClock};
        let reason = (!accept).then(|| reason.get_untracked());
        write.send(Envelope::new(KeptCommand::Answer { op, case, accept, reason, chosen }, SystemClock.now()));
    };
    let resolve = Callback::new(move |chosen: Chosen| {
        let Some(conflict) = write.conflict().get_untracked() else { return };
        let pairs = conflict.fields.into_iter().filter_map(|one| chosen.get(&one.field).cloned().map(|value| (one, value)));
        answer(true, pairs.collect());
    });
    let cancel = Callback::new(move |()| write.conflict().set(None));
    let people = RwSignal::new(Vec::new());
    let names_somebody = move || {
        write.conflict().with(|conflict| {
            conflict.as_ref().is_some_and(|conflict| {
                conflict.fields.iter().any(|one| text::field_shape(&one.field) == text::FieldShape::Person)
            })
        })
    };
    Effect::new(move || {
        if names_somebody() {
            spawn_local(async move {
                if let Ok(form) = load_visit_planning(case).await {
                    // The page may be gone by then.
                    let _ = people.try_set(form.planning.workers);
                }
            });
        }
    });
    let chooser = move || {
        write
            .conflict()
            .get()
            .map(|conflict| view! { <ConflictChooser fields=conflict.fields resolve cancel people busy=write.pending() /> })
    };
    let form = move || {
        view! {
            <CommandForm errors on_submit=Callback::new(move |()| answer(false, Vec::new()))>
                <TextField name="reason" label=move || t_string!(i18n, kept.why_not) value=reason />
                <div class="cluster">
                    <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, kept.decline)}</Button>
                    <Button on_press=move || decline(false)>{t!(i18n, common.cancel)}</Button>
                </div>
            </CommandForm>
        }
        .into_any()
    };
    let ask = move || {
        view! {
            <div class="cluster">
                <Button kind=ButtonKind::Primary busy=write.pending() on_press=move || answer(true, Vec::new())>
                    {t!(i18n, kept.take_over)}
                </Button>
                <Button on_press=move || decline(true)>{t!(i18n, kept.decline)}</Button>
            </div>
            <ErrorSummary errors />
        }
        .into_any()
    };
    view! {
        {chooser}
        <div hidden=move || write.conflict().with(Option::is_some)>{move || if declining.get() == Some(op) { form() } else { ask() }}</div>
    }
    .into_any()
}
