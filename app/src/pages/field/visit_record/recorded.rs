//! A visit that has an end: what was recorded, and a note that adds to it. Records are never rewritten.

use crate::{
    components::prelude::*,
    field::at,
    i18n::{Locale, t, t_string, use_i18n},
    pages::cases::keep_on_tablet,
};
use domain::{
    Invalid,
    catalogue::Sign,
    command::{CaseCommand, Envelope},
    ids::{CaseId, NoteId, VisitId},
    view::visits::{VisitForm, note_draft},
    visit::VisitState,
};
use leptos::prelude::*;

/// What was recorded.
#[component]
pub(super) fn Recorded(form: VisitForm, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let VisitForm { page, signs, .. } = form;
    let card = page.card;
    let (state, seen) = (card.state, card.face_to_face);
    let ticked = page.signs;
    let facts = move || {
        let facts = [
            card.happened_at.map(|at| fact(t_string!(i18n, visit.when), text::date_time(i18n, at))),
            card.not_met_reason.map(|reason| fact(t_string!(i18n, visit.not_met_reason), reason.label(i18n).to_owned())),
            card.cancel_reason.map(|reason| fact(t_string!(i18n, visit.cancel_reason), reason.label(i18n).to_owned())),
            (state == VisitState::Met).then(|| {
                let with = seen.map_or(t_string!(i18n, visit.no_face_to_face), |with| with.label(i18n));
                fact(t_string!(i18n, visit.face_to_face), with.to_owned())
            }),
            (!ticked.is_empty()).then(|| fact(t_string!(i18n, visit.signs), sign_names(i18n, &ticked, &signs))),
        ];
        facts.into_iter().flatten().collect_view()
    };
    let recorded = page.recorded_by.zip(page.recorded_at).map(|(by, at)| {
        move || t_string!(i18n, visit.recorded_by, name = by.name.clone(), when = text::date_time(i18n, at)).to_string()
    });
    view! {
        <section class="section stack" aria-labelledby="recorded-title">
            <h2 id="recorded-title">{t!(i18n, visit.what_was_recorded)}</h2>
            <dl class="visit-facts">{facts}</dl>
            {match page.note {
                Some(note) => view! { <p class="note-text">{note}</p> }.into_any(),
                None => view! { <p class="muted">{t!(i18n, visit.no_note)}</p> }.into_any(),
            }}
            {recorded.map(|recorded| view! { <p class="muted">{recorded}</p> })}
            {page
                .case_open
                .then(|| {
                    view! {
                        <p>
                            <LinkButton href=at(format!("/cases/{}/visits/new", card.case)) icon=IconName::CalendarPlus>
                                {t!(i18n, visit.plan_next)}
                            </LinkButton>
                        </p>
                    }
                })}
        </section>
        <MoreNote case=card.case visit=card.id version />
    }
    .into_any()
}

fn sign_names(i18n: I18n, codes: &[String], signs: &[Sign]) -> String {
    let name = |code: &String| match (signs.iter().find(|sign| sign.code == *code), i18n.get_locale()) {
        (Some(sign), Locale::ko) => sign.name_ko.clone(),
        (Some(sign), Locale::en) => sign.name_en.clone(),
        (None, _) => code.clone(),
    };
    codes.iter().map(name).collect::<Vec<_>>().join(" · ")
}

fn fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// A note in the case's timeline: the way to correct or to add.
#[component]
fn MoreNote(case: CaseId, visit: VisitId, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let body = RwSignal::new(String::new());
    keep_on_tablet(note_draft(visit), body);
    let write = use_write(errors, move |_| {
        body.set(String::new());
        toaster.done(move || t_string!(i18n, visit.note_saved));
        version.update(|version| *version += 1);
    });
    let submit = Callback::new(move |()| {
        let text = body.get_untracked();
        if text.trim().is_empty() {
            errors.add("body", Invalid::Missing);
            return;
        }
        let command = CaseCommand::AddNote { id: NoteId::new(), case, body: text };
        write.send(Envelope::new(command, now.get_untracked()));
    });
    view! {
        <section class="section stack" aria-labelledby="more-note-title">
            <h2 id="more-note-title">{t!(i18n, visit.add_note)}</h2>
            <CommandForm errors on_submit=submit>
                <TextAreaField
                    name="body"
                    label=move || t_string!(i18n, labels.field.body)
                    hint=move || t_string!(i18n, visit.add_note_hint)
                    value=body
                    rows=3
                    maxlength=10_000
                />
                <div class="form-actions">
                    <Button submit=true icon=IconName::Note busy=write.pending()>{t!(i18n, visit.add_note_save)}</Button>
                </div>
            </CommandForm>
        </section>
    }
    .into_any()
}
