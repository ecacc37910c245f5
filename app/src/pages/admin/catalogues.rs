//! Indicators and signs with every version. An entry is changed by making a new version of it.

use super::{
    catalogue_form::{Entry, EntryForm},
    parts::{AdminHead, Sender},
};
use crate::{
    api::load_catalogues,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::view::admin::{CatalogueView, Version};
use leptos::prelude::*;

/// Both catalogues.
#[component]
pub fn CataloguesPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["catalogue"]);
    let catalogues = Resource::new(move || live.get(), |_| load_catalogues());
    // The code of the entry whose form is open: one at a time.
    let editing = RwSignal::new(None::<String>);
    let sender = Sender::new(move || editing.set(None));
    view! {
        <AdminHead title=move || t_string!(i18n, nav.catalogues) lead=move || t_string!(i18n, admin.catalogues_lead) />
        <Loaded resource=catalogues lines=12 let:view>
            <Catalogues view editing sender />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Catalogues(view: CatalogueView, editing: RwSignal<Option<String>>, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let signs: Vec<_> = view.signs.into_iter().map(|versions| as_entries(versions, Entry::Sign)).collect();
    let indicators: Vec<_> = view.indicators.into_iter().map(|versions| as_entries(versions, Entry::Indicator)).collect();
    let (new_sign, new_indicator) = (Entry::new_sign(codes(&signs)), Entry::new_indicator(codes(&indicators)));
    view! {
        <section class="section stack" aria-labelledby="signs-title">
            <div class="section-head">
                <h2 id="signs-title">{t!(i18n, admin.signs)}</h2>
                <AddButton entry=new_sign.clone() editing words=|i18n| t_string!(i18n, admin.add_sign) />
            </div>
            <NewEntry entry=new_sign editing sender />
            <EntryList entries=signs editing sender />
        </section>
        <section class="section stack" aria-labelledby="indicators-title">
            <div class="section-head">
                <h2 id="indicators-title">{t!(i18n, admin.indicators)}</h2>
                <AddButton entry=new_indicator.clone() editing words=|i18n| t_string!(i18n, admin.add_indicator) />
            </div>
            <NewEntry entry=new_indicator editing sender />
            <EntryList entries=indicators editing sender />
        </section>
    }
    .into_any()
}

fn as_entries<T>(versions: Vec<Version<T>>, wrap: fn(T) -> Entry) -> Vec<Version<Entry>> {
    versions.into_iter().map(|one| Version { entry: wrap(one.entry), set_by: one.set_by, set_at: one.set_at }).collect()
}

fn codes(entries: &[Vec<Version<Entry>>]) -> impl Iterator<Item = &str> {
    entries.iter().filter_map(|versions| versions.first()).map(|version| version.entry.code())
}

#[component]
fn AddButton(entry: Entry, editing: RwSignal<Option<String>>, words: fn(I18n) -> &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Button icon=IconName::Plus on_press=move || editing.set(Some(entry.code().to_owned()))>{move || words(i18n)}</Button>
    }
    .into_any()
}

#[component]
fn NewEntry(entry: Entry, editing: RwSignal<Option<String>>, sender: Sender) -> impl IntoView {
    let form = move || {
        let open = editing.with(|editing| editing.as_deref() == Some(entry.code()));
        open.then(|| view! { <EntryForm entry=entry.clone() editing sender /> })
    };
    form.into_any()
}

#[component]
fn EntryList(entries: Vec<Vec<Version<Entry>>>, editing: RwSignal<Option<String>>, sender: Sender) -> impl IntoView {
    let line = move |versions| view! { <EntryLine versions editing sender /> };
    view! { <ul class="rows entries">{entries.into_iter().map(line).collect_view()}</ul> }.into_any()
}

#[component]
fn EntryLine(versions: Vec<Version<Entry>>, editing: RwSignal<Option<String>>, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let Some(current) = versions.first().map(|version| version.entry.clone()) else { return ().into_any() };
    let code = current.code().to_owned();
    let (ko, en) = (current.names().0.to_owned(), current.names().1.to_owned());
    let (label_ko, label_en) = (ko.clone(), en.clone());
    let (urgency, active, open) = (current.urgency(), current.active(), code.clone());
    let form = move || {
        let open = editing.with(|editing| editing.as_deref() == Some(current.code()));
        open.then(|| view! { <EntryForm entry=current.clone() editing sender /> })
    };
    view! {
        <li class="stack">
            <div class="entry">
                <div class="cluster">
                    <span class="entry-code">{code}</span>
                    <span>{move || text::in_language(i18n, &ko, &en)}</span>
                    {urgency.map(|urgency| view! { <UrgencyBadge urgency /> })}
                    {(!active).then(|| view! { <Badge label=move || t_string!(i18n, admin.inactive) /> })}
                </div>
                <Button
                    kind=ButtonKind::Tertiary
                    icon=IconName::Pencil
                    attr:aria-label=move || format!("{}: {}", t_string!(i18n, common.edit), text::in_language(i18n, &label_ko, &label_en))
                    on_press=move || editing.set(Some(open.clone()))
                >
                    {t!(i18n, common.edit)}
                </Button>
            </div>
            {form}
            <Versions versions />
        </li>
    }
    .into_any()
}

#[component]
fn Versions(versions: Vec<Version<Entry>>) -> impl IntoView {
    let i18n = use_i18n();
    let count = versions.len();
    if count < 2 {
        return ().into_any();
    }
    let line = move |version: Version<Entry>| {
        let (number, at, urgency) = (version.entry.version(), version.set_at, version.entry.urgency());
        let (ko, en) = (version.entry.names().0.to_owned(), version.entry.names().1.to_owned());
        view! {
            <li class="cluster">
                <b>{move || t_string!(i18n, admin.version_of, number = number)}</b>
                <span>{move || text::in_language(i18n, &ko, &en)}</span>
                {urgency.map(|urgency| view! { <UrgencyBadge urgency /> })}
                {(!version.entry.active()).then(|| view! { <Badge label=move || t_string!(i18n, admin.inactive) /> })}
                <span class="muted">{version.set_by} " · " {move || text::date_time(i18n, at)}</span>
            </li>
        }
    };
    view! {
        <details>
            <summary>{move || t_string!(i18n, admin.versions, count = count)}</summary>
            <ul class="rows entries">{versions.into_iter().map(line).collect_view()}</ul>
        </details>
    }
    .into_any()
}
