//! Pairs of records that may be one person, side by side, with what speaks for and against.

use super::name_of;
use crate::{
    api::{execute, list_links},
    components::{
        prelude::*,
        text::{I18n, field_label},
    },
    i18n::{t, t_string, use_i18n},
};
use domain::{
    clock::korean_day,
    command::{Envelope, LinkCommand},
    ids::LinkId,
    linkage::{Agreement, LinkField, LinkReason},
    view::rounds::{LinkPair, LinkPerson},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

/// `/links`.
#[component]
pub fn LinksPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after")).filter(|after| !after.is_empty()));
    let (version, decided) = (use_live(&["link"]), RwSignal::new(0_u32));
    let pairs = Resource::new(move || (after.get(), version.get(), decided.get()), |(after, _, _)| list_links(after));
    let decide = make_decide(decided);
    view! {
        <PageHead
            title=move || t_string!(i18n, nav.links)
            lead=move || t_string!(i18n, rounds.links_lead)
            crumbs=vec![Crumb::new("/rounds", move || t_string!(i18n, rounds.title))]
        />
        <Loaded resource=pairs let:page>
            {
                let shown = page.rows.len();
                let next = page.next.map(|after| format!("/links?after={after}"));
                let first = after.get_untracked().map(|_| "/links".to_owned());
                if shown == 0 {
                    view! {
                        <EmptyState icon=IconName::CheckCircle title=move || t_string!(i18n, rounds.links_none)>
                            <LinkButton href="/rounds">{t!(i18n, rounds.title)}</LinkButton>
                        </EmptyState>
                    }
                        .into_any()
                } else {
                    view! {
                        {page.rows.into_iter().map(|pair| view! { <Pair pair decide /> }).collect_view()}
                        <Pager shown next first />
                    }
                        .into_any()
                }
            }
        </Loaded>
    }
    .into_any()
}

/// Sends the decision about a pair; "different" can be taken back.
fn make_decide(decided: RwSignal<u32>) -> Callback<(LinkId, bool)> {
    let (i18n, toaster, now) = (use_i18n(), use_toaster(), use_now());
    let send = move |command: LinkCommand| {
        let envelope = Envelope::new(command, now.get_untracked());
        async move {
            let answer = execute(envelope).await;
            // The page may have been left meanwhile.
            let _ = decided.try_update(|decided| *decided += 1);
            answer.map_err(|error| toaster.failed(move || error_text(i18n, &error.0))).is_ok()
        }
    };
    Callback::new(move |(id, same): (LinkId, bool)| {
        spawn_local(async move {
            if !send(LinkCommand::Decide { id, same }).await {
                return;
            }
            if same {
                toaster.done(move || t_string!(i18n, rounds.merged));
                return;
            }
            let take_back = Callback::new(move |()| {
                spawn_local(async move {
                    send(LinkCommand::Reconsider { id }).await;
                });
            });
            toaster.done_with_undo(move || t_string!(i18n, rounds.kept_apart), take_back);
        });
    })
}

#[component]
fn Pair(pair: LinkPair, decide: Callback<(LinkId, bool)>) -> impl IntoView {
    let i18n = use_i18n();
    let LinkPair { id, older, newer, score, .. } = pair;
    let sent = RwSignal::new(false);
    let choose = move |same: bool| {
        sent.set(true);
        decide.run((id, same));
    };
    let name = older.profile.name.clone().unwrap_or_default();
    view! {
        <section class="section stack pair" aria-label=name>
            <ul class="cluster reasons">
                {score.reasons.into_iter().map(|reason| view! { <Reason reason /> }).collect_view()}
            </ul>
            <div class="pair-people">
                <Person person=older title=move || t_string!(i18n, rounds.older) />
                <Person person=newer title=move || t_string!(i18n, rounds.newer) />
            </div>
            <div class="form-actions">
                <Button disabled=sent on_press=move || choose(false)>{t!(i18n, rounds.different)}</Button>
                <Button kind=ButtonKind::Primary disabled=sent icon=IconName::Merge on_press=move || choose(true)>
                    {t!(i18n, rounds.same)}
                </Button>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Reason(reason: LinkReason) -> impl IntoView {
    let i18n = use_i18n();
    let (tone, icon) = match reason.agreement {
        Agreement::Same => ("tone-success", IconName::CheckCircle),
        Agreement::Close => ("tone-info", IconName::CircleHalf),
        Agreement::Differs => ("tone-warn", IconName::XCircle),
    };
    let label = move || {
        let agreement = match reason.agreement {
            Agreement::Same => t_string!(i18n, rounds.agrees),
            Agreement::Close => t_string!(i18n, rounds.close_to),
            Agreement::Differs => t_string!(i18n, rounds.differs),
        };
        format!("{} {agreement}", field_of(i18n, reason.field))
    };
    view! {
        <li>
            <Badge tone icon label />
        </li>
    }
    .into_any()
}

fn field_of(i18n: I18n, field: LinkField) -> &'static str {
    field_label(i18n, field.code())
}

#[component]
fn Person(person: LinkPerson, #[prop(into)] title: TextProp) -> impl IntoView {
    let i18n = use_i18n();
    let LinkPerson { id, profile, dong, learned_from, since, open_case } = person;
    let none = move || t_string!(i18n, common.empty_value);
    let name = profile.name;
    let (year, sex, phone, address) = (profile.birth_year, profile.sex, profile.phone, profile.address);
    view! {
        <div class="pair-person">
            <h2>{move || title.get()}</h2>
            <dl class="pair-facts">
                <dt>{t!(i18n, labels.field.name)}</dt>
                <dd>
                    <a href=format!("/neighbors/{id}")>
                        {move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned())}
                    </a>
                </dd>
                <dt>{t!(i18n, labels.field.birth_year)}</dt>
                <dd>{move || year.map_or_else(|| none().to_owned(), |year| year.get().to_string())} " · " {move || sex.label(i18n)}</dd>
                <dt>{t!(i18n, labels.field.phone)}</dt>
                <dd>{match phone {
                    Some(phone) => view! { <PhoneLink digits=phone.digits() /> }.into_any(),
                    None => none.into_any(),
                }}</dd>
                <dt>{t!(i18n, labels.field.dong)}</dt>
                <dd>{move || name_of(i18n, &dong)}</dd>
                <dt>{t!(i18n, labels.field.address)}</dt>
                <dd>{move || address.clone().unwrap_or_else(|| none().to_owned())}</dd>
                <dt>{t!(i18n, rounds.since)}</dt>
                <dd>{move || format!("{} · {}", text::date(i18n, korean_day(since)), learned_from.label(i18n))}</dd>
            </dl>
            {open_case.map(|case| view! { <a href=format!("/cases/{case}")>{t!(i18n, rounds.has_case)}</a> })}
        </div>
    }
    .into_any()
}
