//! The page of a person without an open case, or beside it.

use super::{
    card::PersonCards,
    case_actions::{OpenCase, RestrictButton, RestrictedBanner},
    forms::{provide_forms, use_forms},
    happened::Happened,
};
use crate::{
    api::load_neighbor_page,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{ids::NeighborId, view::neighbors::NeighborPage};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page of a person.
#[component]
pub fn NeighborView() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<NeighborId>().ok())));
    let version = provide_forms(id.get_untracked());
    let forms = use_forms();
    let page = Resource::new(
        move || (id.get(), version.get()),
        move |(id, _)| async move {
            let Some(id) = id else { return Err(crate::api::AppError(domain::ApiError::NotFound)) };
            let answer = load_neighbor_page(id).await;
            forms.at_rest(id.0).await;
            answer
        },
    );
    view! {
        <Loaded resource=page lines=10 let:page>
            <Shown page />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Shown(page: NeighborPage) -> impl IntoView {
    let i18n = use_i18n();
    let record = &page.person.record;
    let (id, name, learned_from) = (record.id, record.profile.name.clone(), record.learned_from);
    let heading = move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned());
    let crumbs = vec![Crumb::new("/cases", move || t_string!(i18n, caseload.title))];
    let person = page.person.clone();
    let restrict = page.may.restrict.then(|| view! { <RestrictButton person=person.clone() worker=None /> });
    let (open_case, joined, may_open) = (page.person.open_case, page.person.merged_into, page.may.open_case);
    let (closed, happened) = (page.closed_cases.clone(), page.timeline.clone());
    view! {
        <PageHead title=move || t_string!(i18n, case.neighbor_title) heading crumbs>
            {open_case
                .map(|case| {
                    view! {
                        <LinkButton href=format!("/cases/{case}") icon=IconName::ArrowRight kind=ButtonKind::Primary>
                            {t!(i18n, case.go_case)}
                        </LinkButton>
                    }
                })}
            {may_open.then(|| view! { <OpenCase neighbor=id learned_from /> })}
            {restrict}
        </PageHead>
        <RestrictedBanner person />
        {joined
            .map(|other| {
                view! {
                    <Banner tone=Tone::Warn title=move || t_string!(i18n, case.joined)>
                        <a href=format!("/neighbors/{other}")>{t!(i18n, case.joined_go)}</a>
                    </Banner>
                }
            })}
        <div class="columns case-columns">
            <div class="stack">
                <Happened neighbor=id page=happened />
            </div>
            <div class="stack">
                <PersonCards page />
                {(!closed.is_empty())
                    .then(|| {
                        view! {
                            <section class="section stack">
                                <h2>{t!(i18n, case.closed_cases)}</h2>
                                <ul class="plain-list">
                                    {closed
                                        .into_iter()
                                        .enumerate()
                                        .map(|(at, case)| {
                                            view! {
                                                <li>
                                                    <a href=format!(
                                                        "/cases/{case}",
                                                    )>{move || t_string!(i18n, case.closed_case, number = at + 1).to_string()}</a>
                                                </li>
                                            }
                                        })
                                        .collect_view()}
                                </ul>
                            </section>
                        }
                    })}
            </div>
        </div>
    }
    .into_any()
}
