//! Who, where and why: the card that the page of a case and the page of a person share.

use super::{
    edit::EditPerson,
    forms::{FormKind, use_forms},
    household::Household,
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::Datelike;
use domain::{
    clock::korean_day,
    view::neighbors::{NeighborPage, OpenLink, Person, Why},
};
use leptos::prelude::*;

/// Everything beside the timeline. On the page of a case it leads to the page of the person.
#[component]
pub(super) fn PersonCards(page: NeighborPage, #[prop(optional)] on_case: bool) -> impl IntoView {
    let record = &page.person.record;
    let (id, may_edit) = (record.id, page.may.edit);
    view! {
        <WhoCard person=page.person may_edit on_case />
        <WhyCard why=page.why />
        <Household neighbor=id members=page.members may_edit />
        <LinksCard links=page.links />
    }
    .into_any()
}

#[component]
fn WhoCard(person: Person, may_edit: bool, on_case: bool) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let editing = use_forms().open(FormKind::Person);
    let record = person.record.clone();
    let id = record.id;
    let profile = record.profile.clone();
    let age = move || match (profile.birth_year, profile.age_band) {
        (Some(year), _) => {
            let age = today.get().year() - i32::from(year.get());
            let born = t_string!(i18n, case.born, year = year.get()).to_string();
            format!("{born} ({})", t_string!(i18n, common.years_old, age = age))
        }
        (None, Some(band)) => band.label(i18n).to_owned(),
        (None, None) => t_string!(i18n, common.unknown).to_owned(),
    };
    let (address, no_address) = (profile.address.clone(), profile.no_fixed_address);
    let address = move || match (&address, no_address) {
        (_, true) => t_string!(i18n, case.no_address).to_owned(),
        (Some(address), _) => address.clone(),
        (None, _) => t_string!(i18n, common.unknown).to_owned(),
    };
    let phone = profile.phone.as_ref().map(|phone| phone.digits().to_owned());
    let (sex, language, living, consent) = (profile.sex, profile.language, profile.living_place, profile.contact_consent);
    let (registered, learned) = (korean_day(person.registered_at), record.learned_from);
    let dong = person.dong.name;
    let team = person.team;
    view! {
        <section class="section stack">
            <div class="section-head">
                <h2>{t!(i18n, case.who)}</h2>
                {may_edit
                    .then(|| {
                        view! {
                            <span class="no-print">
                                <Button icon=IconName::Pencil on_press=move || editing.set(true)>
                                    {t!(i18n, case.edit_person)}
                                </Button>
                            </span>
                        }
                    })}
            </div>
            <dl class="person-facts">
                <Fact label=move || t_string!(i18n, labels.field.phone)>
                    {match phone {
                        Some(digits) => view! { <PhoneLink digits /> }.into_any(),
                        None => t!(i18n, case.no_phone).into_any(),
                    }}
                </Fact>
                <Fact label=move || t_string!(i18n, labels.field.address)>
                    {address} <span class="muted">" · " {move || text::named(i18n, &dong)}</span>
                </Fact>
                <Fact label=move || t_string!(i18n, labels.field.living_place)>{move || living.label(i18n)}</Fact>
                <Fact label=move || t_string!(i18n, labels.field.birth_year)>{age} " · " {move || sex.label(i18n)}</Fact>
                <Fact label=move || t_string!(i18n, labels.field.language)>{move || language.label(i18n)}</Fact>
                <Fact label=move || t_string!(i18n, labels.field.contact_consent)>{move || consent.label(i18n)}</Fact>
                {profile
                    .health_note
                    .clone()
                    .map(|note| {
                        view! {
                            <Fact label=move || t_string!(i18n, labels.field.health_note)>
                                <span class="pre">{note}</span>
                            </Fact>
                        }
                    })}
                {team
                    .map(|team| {
                        view! { <Fact label=move || t_string!(i18n, case.team)>{move || text::named(i18n, &team.name)}</Fact> }
                    })}
                <Fact label=move || t_string!(i18n, case.registered)>
                    {move || text::date(i18n, registered)} " · " {move || learned.label(i18n)}
                </Fact>
            </dl>
            {on_case
                .then(|| {
                    view! {
                        <p class="no-print">
                            <a href=format!("/neighbors/{id}")>{t!(i18n, case.whole_person)}</a>
                        </p>
                    }
                })}
        </section>
        {may_edit.then(|| view! { <EditPerson record editing /> })}
    }
    .into_any()
}

/// A word and its value.
#[component]
pub(super) fn Fact(#[prop(into)] label: TextProp, children: Children) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{move || label.get()}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}

#[component]
fn WhyCard(why: Why) -> impl IntoView {
    let i18n = use_i18n();
    if why.rounds.is_empty() && why.signs.is_empty() {
        return ().into_any();
    }
    let round = move |signals: domain::view::neighbors::RoundSignals| {
        let (period, indicators) = (signals.period, signals.indicators);
        let names = move || indicators.iter().map(|name| text::named(i18n, name)).collect::<Vec<_>>().join(", ");
        view! {
            <li>
                <b>{move || round_name(i18n, period)}</b>
                " "
                {names}
            </li>
        }
    };
    let sign = move |sign: domain::view::neighbors::SeenSign| {
        let (day, name) = (korean_day(sign.at), sign.name);
        view! {
            <li>
                <UrgencyBadge urgency=sign.urgency />
                " "
                {move || text::named(i18n, &name)}
                " "
                <span class="muted">{move || text::short_date(i18n, day)}</span>
            </li>
        }
    };
    view! {
        <section class="section stack">
            <h2>{t!(i18n, case.why)}</h2>
            <ul class="plain-list">
                {why.rounds.into_iter().map(round).collect_view()} {why.signs.into_iter().map(sign).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// `2026년 5차`, `2026-5`.
pub(super) fn round_name(i18n: I18n, period: domain::round::RoundPeriod) -> String {
    match i18n.get_locale() {
        crate::i18n::Locale::ko => period.korean(),
        crate::i18n::Locale::en => period.to_string(),
    }
}

#[component]
fn LinksCard(links: Vec<OpenLink>) -> impl IntoView {
    let i18n = use_i18n();
    if links.is_empty() {
        return ().into_any();
    }
    let item = move |link: OpenLink| {
        let name = link.name;
        view! {
            <li>
                <a href=format!("/neighbors/{}", link.other)>
                    {move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned())}
                </a>
            </li>
        }
    };
    view! {
        <section class="section stack no-print">
            <h2>{t!(i18n, case.links)}</h2>
            <ul class="plain-list">{links.into_iter().map(item).collect_view()}</ul>
            <LinkButton href="/links" icon=IconName::Merge>{t!(i18n, case.links_go)}</LinkButton>
        </section>
    }
    .into_any()
}
