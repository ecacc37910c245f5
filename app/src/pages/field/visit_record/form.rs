//! The form at the door. The common cases take three or four presses: met → the person → save; not met → nobody home →
//! save with the next visit.

use super::{
    answers::{Answers, CANCEL_REASONS, Draft, Ending, missing},
    next_step::{NextStep, NextStepCard, wants_next},
    when::{When, WhenInput},
};
use crate::{
    api::{keep_visit_draft, use_me},
    components::{
        prelude::*,
        signs::{SignTicks, Ticked},
        write::Write,
    },
    i18n::{t, t_string, use_i18n},
};
use chrono::{DateTime, Utc};
use domain::{
    case::Attempt,
    catalogue::Sign,
    command::{Envelope, VisitCommand},
    ids::{CaseId, DraftId, UserId, VisitId},
    policy::Role,
    view::visits::{ContactForm, VisitForm},
    visit::{VisitKind, Window},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// What is recorded: a planned visit, or a contact that nobody planned.
#[derive(Clone)]
pub(super) struct Door {
    /// The planned visit, or the id for a new one.
    id: VisitId,
    /// When it was planned.
    planned: Option<Window>,
    kind: VisitKind,
    pub case: CaseId,
    pub crew: Option<(UserId, Option<UserId>)>,
    pub two_person: bool,
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
            later_in_series: 0,
            next_visit_at: form.planning.planned.first().map(|card| card.window.start),
            case_open: true,
            attempts: form.attempts,
            signs: form.signs,
            draft_id: DraftId(form.planning.case.0),
            draft: read(form.draft.as_deref()),
        }
    }
}

fn read(draft: Option<&str>) -> Option<Draft> {
    serde_json::from_str(draft?).ok()
}

/// The form.
#[component]
pub(super) fn RecordForm(door: Door) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_now().get_untracked();
    let when = When::usual(door.planned, now);
    let answers = Answers::new(door.draft.as_ref(), door.kind, when, door.planned.map_or(now, |window| window.start));
    let at = answers.at(door.planned, now).unwrap_or(now);
    let next = NextStep::suggest(door.planned, at, now, &door.attempts, door.kind);
    let errors = FormErrors::new();
    let sending = Sending::new(door.clone(), answers, next, errors);
    keep(door.draft_id, answers);
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
            <Show when=move || answers.ending.get().is_some_and(|ending| ending != Ending::Cancel)>
                <More answers planned=door.planned signs=door.signs.clone() />
            </Show>
            <Show when=with_next>
                <NextStepCard next already=next_visit_at />
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
                <Button busy=sending.pending() on:click=move |_| sending.submit_anew(false)>
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

/// Sends the record and, where wished, the next visit after it.
#[derive(Clone, Copy)]
struct Sending {
    door: StoredValue<Door>,
    answers: Answers,
    next: NextStep,
    errors: FormErrors,
    record: Write,
    schedule: Write,
    then_next: RwSignal<Option<Envelope>>,
    /// The record is saved, but the next visit is not planned yet.
    recorded: RwSignal<bool>,
    leave: Callback<()>,
    now: Signal<DateTime<Utc>>,
    me: Option<UserId>,
}

impl Sending {
    fn new(door: Door, answers: Answers, next: NextStep, errors: FormErrors) -> Self {
        let i18n = use_i18n();
        let (toaster, navigate) = (use_toaster(), use_navigate());
        let then_next = RwSignal::new(None::<Envelope>);
        let draft_id = door.draft_id;
        let me = use_me();
        let after = match &me {
            Some(me) if me.is(Role::Caseworker) => "/my-day".to_owned(),
            _ => format!("/cases/{}", door.case),
        };
        let leave = Callback::new(move |()| navigate(&after, leptos_router::NavigateOptions::default()));
        let recorded = RwSignal::new(false);
        let schedule = use_write(errors, move |_| {
            toaster.done(move || t_string!(i18n, visit.recorded_with_next));
            leave.run(());
        });
        let record = use_write(errors, move |_| {
            forget(draft_id);
            if let Some(envelope) = then_next.get_untracked() {
                recorded.set(true);
                schedule.send(envelope);
                return;
            }
            let cancelled = answers.ending.get_untracked() == Some(Ending::Cancel);
            toaster.done(move || if cancelled { t_string!(i18n, visit.cancelled) } else { t_string!(i18n, visit.recorded) });
            leave.run(());
        });
        let (door, now) = (StoredValue::new(door), use_now());
        let me = me.map(|me| me.user);
        Self { door, answers, next, errors, record, schedule, then_next, recorded, leave, now, me }
    }

    fn pending(self) -> Signal<bool> {
        let (record, schedule) = (self.record.pending(), self.schedule.pending());
        Signal::derive(move || record.get() || schedule.get())
    }

    /// Whether only the next visit is missing.
    fn lacks_next(self) -> bool {
        let failed = self.errors.whole().get().is_some() || !self.errors.fields().get().is_empty();
        self.recorded.get() && failed
    }

    fn submit_anew(self, with_next: bool) {
        self.errors.clear();
        self.submit(with_next);
    }

    fn submit(self, with_next: bool) {
        let now = self.now.get_untracked();
        if self.recorded.get_untracked() && !with_next {
            return self.leave.run(());
        }
        let Some(command) = self.door.with_value(|door| self.command(door, now)) else { return };
        let kind = self.answers.kind.get_untracked().unwrap_or(VisitKind::Home);
        let next = with_next.then(|| self.door.with_value(|door| self.next.command(door, self.me?, kind))).flatten();
        if with_next && next.is_none() {
            missing::<()>(self.errors, "next_day");
            return;
        }
        let next = next.map(|command| Envelope::new(command, now));
        if let (true, Some(envelope)) = (self.recorded.get_untracked(), &next) {
            return self.schedule.send(envelope.clone());
        }
        self.then_next.set(next);
        self.record.send(Envelope::new(command, now));
    }

    fn command(self, door: &Door, now: DateTime<Utc>) -> Option<VisitCommand> {
        let (answers, errors) = (self.answers, self.errors);
        match answers.ending.get_untracked() {
            None => return missing(errors, "outcome"),
            Some(Ending::Cancel) => {
                let Some(reason) = answers.cancel.get_untracked() else { return missing(errors, "cancel") };
                return Some(VisitCommand::Cancel { id: door.id, reason, following: answers.following.get_untracked() });
            }
            Some(Ending::Met | Ending::NotMet) => {}
        }
        let outcome = answers.outcome(errors)?;
        let Some(at) = untrack(|| answers.at(door.planned, now)) else { return missing(errors, "at") };
        let (signs, note) = (answers.signs(), answers.note());
        Some(match (door.planned, answers.kind.get_untracked()) {
            (None, Some(kind)) => VisitCommand::RecordUnplanned { id: door.id, case: door.case, kind, at, outcome, signs, note },
            _ => VisitCommand::Record { id: door.id, at, outcome, signs, note },
        })
    }
}

/// Keeps the answers on the server a moment after each change, so that a reload or a lost session loses nothing.
fn keep(id: DraftId, answers: Answers) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<Option<Draft>>| {
        let draft = answers.draft();
        if before.as_ref().is_some_and(|before| *before != draft) {
            let body = draft.as_ref().and_then(|draft| serde_json::to_string(draft).ok()).unwrap_or_default();
            if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
                handle.clear();
            }
            let save = move || spawn_local(async move { drop(keep_visit_draft(id, body).await) });
            waiting.set_value(set_timeout_with_handle(save, Duration::from_millis(700)).ok());
        }
        draft
    });
    on_cleanup(move || {
        if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
            handle.clear();
        }
    });
}

/// What was sent needs no draft any more.
fn forget(id: DraftId) {
    spawn_local(async move { drop(keep_visit_draft(id, String::new()).await) });
}
