//! The filters of the caseload. They live in the address, so that a view can be kept and shared.

use super::envelope;
use crate::field::at;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    case::{Stage, Urgency},
    command::ViewCommand,
    ids::ViewId,
    view::cases::{CaseLens, CaseQuery, CaseloadHead, SavedView},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

fn address(query: &CaseQuery) -> String {
    let address = query.to_address();
    if address.is_empty() { "/cases".to_owned() } else { format!("/cases?{address}") }
}

/// What a person has opened and begun to write here; it outlives a reload of the list's head.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) open: RwSignal<bool>,
    pub(super) view_name: RwSignal<String>,
}

/// Lens, filters and saved views.
#[component]
pub(super) fn Filters(head: CaseloadHead, query: CaseQuery, panel: Panel) -> impl IntoView {
    let i18n = use_i18n();
    let lens = head.lens;
    let tab_query = query.clone();
    let tabs = move || {
        let tab = |choice: CaseLens| Tab {
            href: address(&CaseQuery { lens: Some(choice), worker: None, unassigned: false, ..tab_query.clone() }),
            label: (move || lens_label(i18n, choice)).into(),
            count: None,
            current: choice == lens,
        };
        head.lenses.iter().map(|choice| tab(*choice)).collect::<Vec<_>>()
    };
    let is_own = lens == CaseLens::Own;
    let dongs: Vec<Choice> =
        head.dongs.into_iter().map(|dong| Choice::new(dong.code.as_str(), move || text::named(i18n, &dong.name))).collect();
    let workers: Vec<Choice> = head.workers.into_iter().map(|worker| Choice::new(worker.id.to_string(), worker.name)).collect();
    let workers = move || {
        let nobody = Choice::new("-", move || t_string!(i18n, caseload.no_worker));
        [nobody].into_iter().chain(workers.clone()).collect::<Vec<_>>()
    };
    let has_filter = query.has_filter();
    let (views, kept) = (head.views, query.clone());
    view! {
        <Tabs label=move || t_string!(i18n, caseload.lens) tabs=tabs() />
        <details class="filters no-print" open=panel.open.get_untracked()>
            <summary class="button" on:click=move |_| panel.open.update(|open| *open = !*open)>
                <Icon name=IconName::Filter />
                <span>{t!(i18n, caseload.filters)}</span>
            </summary>
            <div class="filters-body">
                <Pick
                    id="filter-stage"
                    label=move || t_string!(i18n, caseload.stage)
                    choices={choices_of::<Stage>()}
                    chosen=query.stage.map(Stage::code).unwrap_or_default().to_owned()
                    pick=to(&query, |query, word| query.stage = Stage::from_code(word))
                />
                <Pick
                    id="filter-urgency"
                    label=move || t_string!(i18n, caseload.urgency)
                    choices={choices_of::<Urgency>()}
                    chosen=query.urgency.map(|urgency| urgency.word().to_owned()).unwrap_or_default()
                    pick=to(&query, |query, word| query.urgency = Urgency::from_word(word))
                />
                <Pick
                    id="filter-dong"
                    label=move || t_string!(i18n, labels.field.dong)
                    choices=dongs
                    chosen=query.dong.as_ref().map(|dong| dong.as_str().to_owned()).unwrap_or_default()
                    pick=to(&query, |query, word| query.dong = word.parse().ok())
                />
                {(!is_own)
                    .then(|| {
                        view! {
                            <Pick
                                id="filter-worker"
                                label=move || t_string!(i18n, labels.field.worker)
                                choices=workers()
                                chosen=if query.unassigned {
                                    "-".to_owned()
                                } else {
                                    query.worker.map(|worker| worker.to_string()).unwrap_or_default()
                                }
                                pick=to(
                                    &query,
                                    |query, word| {
                                        query.unassigned = word == "-";
                                        query.worker = word.parse().ok();
                                    },
                                )
                            />
                        }
                    })}
                <Toggle
                    label=move || t_string!(i18n, caseload.overdue)
                    on=query.overdue
                    href=at(address(&CaseQuery { overdue: !query.overdue, ..query.clone() }))
                />
                <Toggle
                    label=move || t_string!(i18n, caseload.closed)
                    on=query.closed
                    href=at(address(&CaseQuery { closed: !query.closed, ..query.clone() }))
                />
                {has_filter
                    .then(|| {
                        view! {
                            <LinkButton href=at("/cases") kind=ButtonKind::Tertiary icon=IconName::Close>
                                {t!(i18n, caseload.clear)}
                            </LinkButton>
                        }
                    })}
            </div>
            <Views views kept name=panel.view_name />
        </details>
    }
    .into_any()
}

fn lens_label(i18n: I18n, lens: CaseLens) -> &'static str {
    match lens {
        CaseLens::Own => t_string!(i18n, caseload.own),
        CaseLens::Team => t_string!(i18n, caseload.team),
        CaseLens::District => t_string!(i18n, caseload.district),
    }
}

/// What choosing a word does: the same list with this filter.
fn to(query: &CaseQuery, change: fn(&mut CaseQuery, &str)) -> Callback<String> {
    let (query, navigate) = (StoredValue::new(query.clone()), use_navigate());
    let navigate = StoredValue::new(navigate);
    Callback::new(move |word: String| {
        let mut query = query.get_value();
        change(&mut query, &word);
        navigate.with_value(|navigate| navigate(&address(&query), leptos_router::NavigateOptions::default()));
    })
}

#[component]
fn Pick(
    id: &'static str,
    #[prop(into)] label: TextProp,
    choices: Vec<Choice>,
    chosen: String,
    pick: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let option = |choice: Choice| {
        let selected = choice.word == chosen;
        let label = choice.label;
        view! { <option value=choice.word selected=selected>{move || label.get()}</option> }
    };
    view! {
        <div class="filter">
            <label class="field-label" for=id>{move || label.get()}</label>
            <select class="input select" id=id on:change=move |event| pick.run(event_target_value(&event))>
                <option value="">{t!(i18n, common.all)}</option>
                {choices.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn Toggle(#[prop(into)] label: TextProp, on: bool, href: String) -> impl IntoView {
    view! {
        <a class="filter-toggle" href=href class:filter-on=on aria-current=on.then_some("true")>
            {on.then(|| view! { <Icon name=IconName::Check /> })}
            <span>{move || label.get()}</span>
        </a>
    }
    .into_any()
}

/// Kept views, and keeping the present one.
#[component]
fn Views(views: Vec<SavedView>, kept: CaseQuery, name: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_now();
    let toaster = use_toaster();
    let errors = FormErrors::new();
    let save = use_write(errors, move |_| {
        name.set(String::new());
        toaster.done(move || t_string!(i18n, caseload.view_saved));
    });
    let forget = use_write(errors, move |_| toaster.done(move || t_string!(i18n, caseload.view_deleted)));
    let query = StoredValue::new(kept.to_address());
    let submit = Callback::new(move |()| {
        let command = ViewCommand::Save {
            id: ViewId::new(),
            name: name.get_untracked(),
            list: "cases".to_owned(),
            query: query.get_value(),
        };
        save.send(envelope(now, command, None));
    });
    let item = move |view: SavedView| {
        let id = view.id;
        let spoken = view.name.clone();
        let href = if view.query.is_empty() { "/cases".to_owned() } else { format!("/cases?{}", view.query) };
        view! {
            <li class="cluster">
                <a class="filter-toggle" href=href>
                    <Icon name=IconName::Bookmark />
                    <span>{view.name}</span>
                </a>
                <IconButton
                    label=move || t_string!(i18n, caseload.delete_view, name = spoken.clone()).to_string()
                    icon=IconName::Trash
                    on_press=move || forget.send(envelope(now, ViewCommand::Delete { id }, None))
                />
            </li>
        }
    };
    view! {
        <section class="views" aria-label=move || t_string!(i18n, caseload.views)>
            <ul class="cluster">{views.into_iter().map(item).collect_view()}</ul>
            <CommandForm errors on_submit=submit>
                <div class="cluster">
                    <TextField name="name" label=move || t_string!(i18n, caseload.view_name) value=name />
                    <Button submit=true busy=save.pending() icon=IconName::Bookmark>{t!(i18n, caseload.save_view)}</Button>
                </div>
            </CommandForm>
        </section>
    }
    .into_any()
}
