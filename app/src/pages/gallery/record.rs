//! A timeline and the search for a person, side by side as on a case page.

use super::days_from;
use crate::{
    components::{
        person_search::{PersonHit, PersonSearch},
        prelude::*,
    },
    i18n::{t_string, use_i18n},
};
use chrono::{NaiveTime, Utc};
use domain::{case::Urgency, clock::from_korean, ids::NeighborId, visit::VisitState};
use leptos::prelude::*;

#[component]
pub(super) fn Record() -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today().get_untracked();
    let yesterday = days_from(today, -1);
    let at = move |day, hour| from_korean(day, NaiveTime::from_hms_opt(hour, 30, 0).unwrap_or_default());
    view! {
        <div class="columns">
            <section class="section stack">
                <h2>"Timeline"</h2>
                <Timeline>
                    <TimelineDay day=today>
                        <TimelineItem
                            at=at(today, 14)
                            icon=IconName::HouseLine
                            tone="tone-success"
                            title=move || VisitState::Met.label(i18n)
                            actor="김하늘"
                        >
                            "거동이 불편해 장보기를 도와드렸습니다. 다음 주 병원 동행을 약속했습니다."
                        </TimelineItem>
                        <TimelineItem at=at(today, 9) icon=IconName::Phone title=move || t_string!(i18n, labels.visit_kind.phone) actor="김하늘" />
                    </TimelineDay>
                    <TimelineDay day=yesterday>
                        <TimelineItem
                            at=at(yesterday, 11)
                            icon=IconName::Door
                            tone="tone-warn"
                            title=move || t_string!(i18n, labels.not_met.nobody_home)
                            actor="박도윤"
                        />
                        <TimelineItem at=at(yesterday, 8) icon=IconName::ListChecks title=move || t_string!(i18n, labels.channel.signals) />
                    </TimelineDay>
                </Timeline>
            </section>
            <section class="section stack">
                <h2>"PersonSearch"</h2>
                <Search />
                <p class="muted">{move || text::date_time(i18n, at(today, 14))}</p>
                <p class="muted">{move || text::month(i18n, today)}</p>
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn Search() -> impl IntoView {
    let query = RwSignal::new(String::new());
    let person = |name: Option<&str>, detail: &str, urgency| PersonHit {
        id: NeighborId::at(chrono::DateTime::<Utc>::UNIX_EPOCH, &[0; 10]),
        name: name.map(str::to_owned),
        detail: detail.to_owned(),
        urgency,
    };
    let people = vec![
        person(Some("가온누리"), "1948 · 서초1동", Some(Urgency::Emergency)),
        person(Some("가온솔"), "1982 · 방배2동", None),
        person(None, "65–79 · 반포본동", Some(Urgency::TwoWeeks)),
    ];
    let hits = Signal::derive(move || {
        if query.with(|query| query.contains('ㄱ') || query.contains('가')) { people.clone() } else { Vec::new() }
    });
    view! { <PersonSearch id="gallery-person" query hits choose=Callback::new(move |_| query.set(String::new())) /> }.into_any()
}
