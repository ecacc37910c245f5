//! The form at the door. The common cases take two presses here: "I met the neighbor" or "nobody was home", and save;
//! the latter plans the next visit with it.

use super::{
    super::unsent::{Unsent, read},
    answers::{Answers, CANCEL_REASONS, Draft, Ending, Seen},
    next_step::{NextStep, NextStepCard, wants_next},
    sending::Sending,
    when::{When, WhenInput},
};
use crate::{
    components::{
        prelude::*,
        signs::{SignTicks, Ticked},
    },
    i18n::{t, t_string, use_i18n},
};
use chrono::{DateTime, Utc};
use domain::{
    case::Attempt,
    catalogue::Sign,
    command::VisitCommand,
    ids::{CaseId, DraftId, UserId, VisitId},
    view::visits::{ContactForm, VisitForm},
    visit::{NotMetReason, SeenWith, VisitKind, Window},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What is recorded: a planned visit, or a contact that nobody planned.
#[derive(Clone)]
pub(super) struct Door {
    /// The planned visit, or the id for a new one.
    pub id: VisitId,
    /// When it was planned.
    pub planned: Option<Window>,
    kind: VisitKind,
    pub case: CaseId,
    pub crew: Option<(UserId, Option<UserId>)>,
    pub two_person: bool,
    purpose: Option<String>,
    later_in_series: u32,
    next_visit_at: Option<DateTime<Utc>>,
    case_open: bool,
    attempts: Vec<Attempt>,
    signs: Vec<Sign>,
    draft_id: DraftId,
    draft: Option<Draft>,
}

impl Door {
    pub(super) fn of_visit(form: VisitForm) -> Self {
        let (page, card) = (form.page.clone(), form.page.card);
        Self {
            id: card.id,
            planned: Some(card.window),
            kind: card.kind,
            case: card.case,
            crew: Some((card.worker.id, card.second_worker.map(|worker| worker.id))),
            two_person: card.two_person,
            purpose: card.purpose,
            later_in_series: page.later_in_series,
            next_visit_at: page.next_visit_at,
            case_open: page.case_open,
            attempts: page.attempts,
            signs: form.signs,
            draft_id: DraftId(card.id.0),
            draft: read(form.draft.as_deref()),
        }
    }

    pub(super) fn of_case(form: ContactForm) -> Self {
        Self {
            id: VisitId::new(),
            planned: None,
            kind: VisitKind::Phone,
            case: form.planning.case,
            crew: None,
            two_person: false,
            purpose: None,
            later_in_series: 0,
            next_visit_at: form.planning.planned.first().map(|card| card.window.start),
            case_open: true,
            attempts: form.attempts,
            signs: form.signs,
            draft_id: DraftId(form.planning.case.0),
            draft: read(form.draft.as_deref()),
        }
    }

    /// The same plan anew: what takes a cancellation back.
    pub(super) fn again(&self) -> Option<VisitCommand> {
        let (worker, second_worker) = self.crew?;
        Some(VisitCommand::Schedule {
            id: VisitId::new(),
            series: None,
            case: self.case,
            kind: self.kind,
            window: self.planned?,
            worker,
            second_worker,
            two_person: self.two_person,
            purpose: self.purpose.clone(),
            recurrence: None,
        })
    }
}

/// The form.
#[component]
pub(super) fn RecordForm(door: Door) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_now().get_untracked();
    let when = When::usual(door.planned, now);
    let answers = Answers::new(door.draft.as_ref(), door.kind, when, door.planned.map_or(now, |window| window.start));
    let to_cancel = use_query_map().with_untracked(|query| query.get("end").is_some_and(|end| end == "cancel"));
    if to_cancel && door.planned.is_some() {
        answers.ending.set(Some(Ending::Cancel));
    }
    let at = answers.at(door.planned, now).unwrap_or(now);
    let next = NextStep::suggest(door.planned, at, now, &door.attempts, door.kind);
    let errors = FormErrors::new();
    let unsent = Unsent::follow(door.draft_id, move || answers.draft());
    let sending = Sending::new(door.clone(), answers, next, errors, unsent);
    let offers_next = Memo::new(move |_| wants_next(answers));
    let case_open = door.case_open;
    let with_next = move || case_open && offers_next.get();
    let submit = Callback::new(move |()| sending.submit(with_next()));
    let (is_planned, next_visit_at) = (door.planned.is_some(), door.next_visit_at);
    let had_draft = door.draft.is_some();
    view! {
        <CommandForm errors on_submit=submit>
            <Show when=move || sending.lacks_next()>
                <Banner tone=Tone::Warn title=move || t_string!(i18n, visit.next_failed) />
            </Show>
            {had_draft.then(|| view! { <Banner title=move || t_string!(i18n, visit.draft_kept) /> })}
            <section class="section stack">
                {(!is_planned)
                    .then(|| {
                        view! {
                            <RadioChips name="kind" label=move || t_string!(i18n, visit.kind) value=answers.kind required=true />
                        }
                    })}
                <Outcome answers is_planned later=door.later_in_series />
            </section>
            <Show when=with_next>
                <NextStepCard next already=next_visit_at />
            </Show>
            <Show when=move || answers.ending.get().is_some_and(|ending| ending != Ending::Cancel)>
                <More answers planned=door.planned signs=door.signs.clone() />
            </Show>
            <Buttons answers sending with_next=Signal::derive(with_next) />
        </CommandForm>
    }
    .into_any()
}

#[component]
fn Outcome(answers: Answers, is_planned: bool, later: u32) -> impl IntoView {
    let i18n = use_i18n();
    let choices = if is_planned { Ending::CHOICES } else { Ending::UNPLANNED };
    let in_person = move || answers.kind.get().is_some_and(VisitKind::is_in_person);
    let following = move || t_string!(i18n, visit.following, count = later).to_string();
    view! {
        <Show when=in_person>
            <Shortcuts answers />
        </Show>
        <div class="big-choices">
            <RadioChips name="outcome" label=move || t_string!(i18n, visit.outcome) value=answers.ending choices required=true />
        </div>
        <Show when=move || answers.ending.get() == Some(Ending::Met) && in_person()>
            <RadioChips
                name="face_to_face"
                label=move || t_string!(i18n, visit.seen)
                hint=move || t_string!(i18n, visit.seen_hint)
                value=answers.seen
                required=true
            />
        </Show>
        <Show when=move || answers.ending.get() == Some(Ending::NotMet)>
            <RadioChips name="reason" label=move || t_string!(i18n, visit.why_not) value=answers.reason required=true />
        </Show>
        <Show when=move || answers.ending.get() == Some(Ending::Cancel)>
            <RadioChips
                name="cancel"
                label=move || t_string!(i18n, visit.why_cancel)
                value=answers.cancel
                choices=CANCEL_REASONS
                required=true
            />
            {(later > 0).then(|| view! { <CheckboxField name="following" label=following value=answers.following /> })}
        </Show>
    }
    .into_any()
}

/// The two usual ends of a visit, each with one press instead of two.
#[component]
fn Shortcuts(answers: Answers) -> impl IntoView {
    let i18n = use_i18n();
    let seen = Seen::With(SeenWith::Neighbor);
    let is_met = move || answers.ending.get() == Some(Ending::Met) && answers.seen.get() == Some(seen);
    let is_missed =
        move || answers.ending.get() == Some(Ending::NotMet) && answers.reason.get() == Some(NotMetReason::NobodyHome);
    let met = move |_| {
        answers.seen.set(Some(seen));
        answers.ending.set(Some(Ending::Met));
    };
    let missed = move |_| {
        answers.reason.set(Some(NotMetReason::NobodyHome));
        answers.ending.set(Some(Ending::NotMet));
    };
    view! {
        <div class="shortcuts" role="group" aria-label=move || t_string!(i18n, visit.shortcuts)>
            <button type="button" class="button" aria-pressed=move || is_met().to_string() on:click=met>
                <Icon name=IconName::CheckCircle />
                <span>{t!(i18n, visit.shortcut_met)}</span>
            </button>
            <button type="button" class="button" aria-pressed=move || is_missed().to_string() on:click=missed>
                <Icon name=IconName::House />
                <span>{t!(i18n, visit.shortcut_missed)}</span>
            </button>
        </div>
    }
    .into_any()
}

/// What may be added: note, signs, another time.
#[component]
fn More(answers: Answers, planned: Option<Window>, signs: Vec<Sign>) -> impl IntoView {
    let i18n = use_i18n();
    let open = answers.signs.with_untracked(|ticked| !ticked.is_empty());
    view! {
        <section class="section stack">
            <TextAreaField
                name="note"
                label=move || t_string!(i18n, visit.note)
                hint=move || t_string!(i18n, visit.note_hint)
                value=answers.note
                rows=3
                maxlength=10_000
            />
            <WhenInput answers planned />
            <details class="sign-details" open=open>
                <summary>
                    <b>{t!(i18n, visit.signs)}</b>
                    " "
                    <span class="muted">
                        {t!(i18n, visit.signs_hint)} " · "
                        {move || t_string!(i18n, signs.ticked, count = answers.signs.with(Ticked::len))}
                    </span>
                </summary>
                <SignTicks signs ticked=answers.signs />
            </details>
        </section>
    }
    .into_any()
}

#[component]
fn Buttons(answers: Answers, sending: Sending, with_next: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let cancels = move || answers.ending.get() == Some(Ending::Cancel);
    let words = move || match (cancels(), with_next.get()) {
        (true, _) => t_string!(i18n, visit.save_cancel),
        (false, true) => t_string!(i18n, visit.save_with_next),
        (false, false) => t_string!(i18n, visit.save),
    };
    view! {
        <div class="form-actions record-actions">
            <Show when=move || with_next.get()>
                <Button busy=sending.pending() on_press=move || sending.submit_anew(false)>
                    {t!(i18n, visit.save_only)}
                </Button>
            </Show>
            <Button kind=ButtonKind::Primary submit=true icon=IconName::Check busy=sending.pending()>
                {words}
            </Button>
        </div>
    }
    .into_any()
}
