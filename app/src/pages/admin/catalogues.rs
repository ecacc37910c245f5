//! Indicators and signs with every version. An entry is changed by making a new version of it.

use super::parts::{AdminHead, LoadFailed, in_language, now};
use crate::{
    api::load_catalogues,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    catalogue::{Indicator, Sign},
    command::{CatalogueCommand, Envelope},
    ids::Rev,
    view::admin::{CatalogueView, Version},
};
use leptos::prelude::*;

/// One entry of either catalogue, as the form changes it.
#[derive(Clone)]
enum Entry {
    Indicator(Indicator),
    Sign(Sign),
}

impl Entry {
    fn code(&self) -> &str {
        match self {
            Self::Indicator(entry) => &entry.code,
            Self::Sign(entry) => &entry.code,
        }
    }

    fn names(&self) -> (&str, &str) {
        match self {
            Self::Indicator(entry) => (&entry.name_ko, &entry.name_en),
            Self::Sign(entry) => (&entry.name_ko, &entry.name_en),
        }
    }

    const fn version(&self) -> i32 {
        match self {
            Self::Indicator(entry) => entry.version,
            Self::Sign(entry) => entry.version,
        }
    }

    const fn active(&self) -> bool {
        match self {
            Self::Indicator(entry) => entry.active,
            Self::Sign(entry) => entry.active,
        }
    }

    fn command(self, ko: String, en: String, active: bool) -> CatalogueCommand {
        match self {
            Self::Indicator(entry) => {
                CatalogueCommand::PutIndicator { indicator: Indicator { name_ko: ko, name_en: en, active, ..entry } }
            }
            Self::Sign(entry) => CatalogueCommand::PutSign { sign: Sign { name_ko: ko, name_en: en, active, ..entry } },
        }
    }
}

/// Both catalogues.
#[component]
pub fn CataloguesPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["catalogue"]);
    let catalogues = Resource::new(move || live.get(), |_| load_catalogues());
    view! {
        <AdminHead title=move || t_string!(i18n, nav.catalogues) lead=move || t_string!(i18n, admin.catalogues_lead) />
        <Transition fallback=|| {
            view! { <Skeleton lines=12 /> }
        }>
            {move || Suspend::new(async move {
                match catalogues.await {
                    Ok(view) => view! { <Catalogues view /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Catalogues(view: CatalogueView) -> impl IntoView {
    let i18n = use_i18n();
    let editing = RwSignal::new(None::<String>);
    let signs = view.signs.into_iter().map(|versions| as_entries(versions, Entry::Sign));
    let indicators = view.indicators.into_iter().map(|versions| as_entries(versions, Entry::Indicator));
    let line = move |versions: Vec<Version<Entry>>| view! { <EntryLine versions editing /> };
    view! {
        <section class="section stack" aria-labelledby="signs-title">
            <h2 id="signs-title">{t!(i18n, admin.signs)}</h2>
            <ul class="rows">{signs.map(line).collect_view()}</ul>
        </section>
        <section class="section stack" aria-labelledby="indicators-title">
            <h2 id="indicators-title">{t!(i18n, admin.indicators)}</h2>
            <ul class="rows">{indicators.map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn as_entries<T>(versions: Vec<Version<T>>, wrap: fn(T) -> Entry) -> Vec<Version<Entry>> {
    versions.into_iter().map(|one| Version { entry: wrap(one.entry), set_by: one.set_by, set_at: one.set_at }).collect()
}

#[component]
fn EntryLine(versions: Vec<Version<Entry>>, editing: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let Some(current) = versions.first().map(|version| version.entry.clone()) else { return ().into_any() };
    let code = current.code().to_owned();
    let (ko, en) = (current.names().0.to_owned(), current.names().1.to_owned());
    let urgency = if let Entry::Sign(sign) = &current { Some(sign.urgency) } else { None };
    let active = current.active();
    let (open, opened) = (code.clone(), code.clone());
    let form = move || {
        editing.with(|editing| editing.as_ref() == Some(&opened)).then(|| view! { <EditEntry entry=current.clone() editing /> })
    };
    view! {
        <li class="stack">
            <div class="cluster">
                <b>{code}</b>
                <span>{move || in_language(i18n, &ko, &en)}</span>
                {urgency.map(|urgency| view! { <UrgencyBadge urgency /> })}
                {(!active).then(|| view! { <Badge label=move || t_string!(i18n, admin.inactive) /> })}
                <Button kind=ButtonKind::Tertiary icon=IconName::Pencil on:click=move |_| editing.set(Some(open.clone()))>
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
        let (number, at) = (version.entry.version(), version.set_at);
        let (ko, en) = (version.entry.names().0.to_owned(), version.entry.names().1.to_owned());
        view! {
            <li>
                {format!("v{number} ")} {move || in_language(i18n, &ko, &en)} " "
                <span class="muted">{version.set_by} " · " {move || text::date_time(i18n, at)}</span>
            </li>
        }
    };
    view! {
        <details>
            <summary>{move || t_string!(i18n, admin.versions, count = count)}</summary>
            <ul>{versions.into_iter().map(line).collect_view()}</ul>
        </details>
    }
    .into_any()
}

#[component]
fn EditEntry(entry: Entry, editing: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let ko = RwSignal::new(entry.names().0.to_owned());
    let en = RwSignal::new(entry.names().1.to_owned());
    let active = RwSignal::new(entry.active());
    let (errors, toaster) = (FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| {
        editing.set(None);
        toaster.done(move || t_string!(i18n, common.saved));
    });
    let save = move |()| {
        let rev = Rev(i64::from(entry.version()));
        let command = entry.clone().command(ko.get_untracked(), en.get_untracked(), active.get_untracked());
        write.send(Envelope::new(command, now()).based_on(rev));
    };
    view! {
        <CommandForm errors on_submit=Callback::new(save)>
            <TextField name="name_ko" label=move || t_string!(i18n, admin.name_ko) value=ko required=true />
            <TextField name="name_en" label=move || t_string!(i18n, admin.name_en) value=en required=true />
            <CheckboxField name="active" label=move || t_string!(i18n, admin.active) value=active hint=move || t_string!(i18n, admin.active_hint) />
            <div class="cluster">
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, admin.new_version)}</Button>
                <Button on:click=move |_| editing.set(None)>{t!(i18n, common.cancel)}</Button>
            </div>
        </CommandForm>
    }
    .into_any()
}
