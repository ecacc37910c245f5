//! Registering a neighbor. What is typed is kept as a sealed draft of its writer, so that it survives a reload and a
//! lost session; look-alikes appear while typing; signs advise an urgency that the worker may overrule.

use super::{
    envelope,
    household::{MemberForm, MemberText, MembersToRegister},
    look_alikes::{Alike, LookAlikes, look_while_typing},
    person_form::{ContactFields, PersonForm, PersonText, WhereFields, WhoFields},
};
use crate::{
    api::{AppError, district_words, draft_forget, draft_newest, draft_save},
    components::{
        prelude::*,
        signs::{SignTicks, Ticked},
    },
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    case::Urgency,
    catalogue::Sign,
    command::NeighborCommand,
    ids::{CaseId, DraftId, HouseholdId, NeighborId},
    policy::{Action, Kind},
    profile::Channel,
    signs::{Advice, AdviceReason, AdviceRule, TickedSign, advise},
    text::looks_like_resident_number,
    view::neighbors::DongName,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::Duration};

/// How long typing rests before the draft is kept.
const REST: Duration = Duration::from_millis(700);
/// The word under which drafts of this form are kept.
const FORM: &str = "register";

/// The whole form as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    person: PersonText,
    members: Vec<MemberText>,
    signs: BTreeSet<String>,
    learned_from: Option<Channel>,
    urgency: Option<Urgency>,
    keep_closed: bool,
    different: BTreeSet<NeighborId>,
}

impl Typed {
    /// The fields that hold what looks like a resident number.
    fn resident_numbers(&self) -> Vec<String> {
        let person = self.person.typed().into_iter().map(|(field, text)| (field.to_owned(), text));
        let of_person = person.filter(|(_, text)| looks_like_resident_number(text)).map(|(field, _)| field);
        of_person.chain(self.members.iter().flat_map(MemberText::resident_numbers_to_register)).collect()
    }
}

/// The signals of the form.
#[derive(Clone, Copy)]
struct Form {
    draft: DraftId,
    person: PersonForm,
    members: RwSignal<Vec<MemberForm>>,
    ticked: RwSignal<Ticked>,
    learned_from: RwSignal<Option<Channel>>,
    urgency: RwSignal<Option<Urgency>>,
    open_case: RwSignal<bool>,
    alike: Alike,
}

impl Form {
    fn new(draft: DraftId, typed: Typed) -> Self {
        Self {
            draft,
            person: PersonForm::new(typed.person),
            members: RwSignal::new(typed.members.into_iter().map(MemberForm::new).collect()),
            ticked: RwSignal::new(typed.signs),
            learned_from: RwSignal::new(typed.learned_from),
            urgency: RwSignal::new(typed.urgency),
            open_case: RwSignal::new(!typed.keep_closed),
            alike: Alike::new(typed.different),
        }
    }

    fn typed(self) -> Typed {
        Typed {
            person: self.person.text(),
            members: self.members.get().into_iter().map(MemberForm::text).collect(),
            signs: self.ticked.get(),
            learned_from: self.learned_from.get(),
            urgency: self.urgency.get(),
            keep_closed: !self.open_case.get(),
            different: self.alike.different.get(),
        }
    }
}

type Loaded = Result<((Vec<DongName>, Vec<Sign>), Option<(DraftId, String)>), AppError>;

async fn load() -> Loaded {
    Ok((district_words().await?, draft_newest(FORM.to_owned()).await?))
}

/// The page on which a neighbor is registered.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Permitted title=move || t_string!(i18n, register.title) action=Action::Create kind=Kind::Neighbor>
            <NewestDraft />
        </Permitted>
    }
    .into_any()
}

#[component]
fn NewestDraft() -> impl IntoView {
    let i18n = use_i18n();
    let loaded = Resource::new(|| (), |()| load());
    let begin_anew = Callback::new(move |draft: DraftId| {
        spawn_local(async move {
            // A draft that could not be forgotten appears again, which is the safe way round.
            let _ = draft_forget(draft).await;
            loaded.refetch();
        });
    });
    view! {
        <PageHead title=move || t_string!(i18n, register.title) lead=move || t_string!(i18n, register.lead) />
        <Loaded resource=loaded lines=10 let((words, draft))>            <Register words draft begin_anew /></Loaded>
    }
    .into_any()
}

#[component]
fn Register(words: (Vec<DongName>, Vec<Sign>), draft: Option<(DraftId, String)>, begin_anew: Callback<DraftId>) -> impl IntoView {
    let i18n = use_i18n();
    let found = draft.and_then(|(id, body)| Some((id, serde_json::from_str::<Typed>(&body).ok()?)));
    let was_found = found.is_some();
    let fresh = DraftId::new();
    let (id, typed) = found.unwrap_or((fresh, Typed::default()));
    let form = Form::new(id, typed);
    let kept = RwSignal::new(None::<bool>);
    let is_done = StoredValue::new(false);
    keep_draft(form, kept, is_done);
    let person = Memo::new(move |_| form.person.text().draft());
    look_while_typing(person, form.alike);
    let forbidden = Memo::new(move |_| form.typed().resident_numbers());
    let (dongs, signs) = words;
    view! {
        {was_found
            .then(|| {
                view! {
                    <Banner title=move || t_string!(i18n, register.draft_found)>
                        <Button icon=IconName::Trash on_press=move || begin_anew.run(id)>
                            {t!(i18n, register.draft_new)}
                        </Button>
                    </Banner>
                }
            })}
        <RegisterForm form dongs signs forbidden is_done person kept />
    }
    .into_any()
}

#[component]
fn RegisterForm(
    form: Form,
    dongs: Vec<DongName>,
    signs: Vec<Sign>,
    forbidden: Memo<Vec<String>>,
    is_done: StoredValue<bool>,
    person: Memo<domain::view::neighbors::PersonDraft>,
    kept: RwSignal<Option<bool>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (now, errors) = (use_now(), FormErrors::new());
    let catalogue = StoredValue::new(signs.clone());
    let advice = Memo::new(move |_| catalogue.with_value(|signs| advice_of(signs, &form.ticked.get())));
    let goal = StoredValue::new(String::new());
    let leave = leave(form.draft, goal, is_done);
    let toaster = use_toaster();
    let register = use_write(errors, move |_| {
        toaster.done(move || t_string!(i18n, register.done));
        leave.run(());
    });
    let recognise = use_write(errors, move |_| {
        toaster.done(move || t_string!(i18n, register.recognised));
        leave.run(());
    });
    let undecided = RwSignal::new(false);
    let submit = Callback::new(move |()| {
        undecided.set(form.alike.is_undecided());
        for field in forbidden.get_untracked() {
            errors.add(field, Invalid::ResidentNumber);
        }
        if !errors.is_empty() || undecided.get_untracked() {
            return;
        }
        if let Some((command, to)) = untrack(|| command_of(form, advice.get_untracked().urgency, errors)) {
            goal.set_value(to);
            register.send(envelope(now, command, None));
        }
    });
    let same = Callback::new(move |(id, case): (NeighborId, Option<CaseId>)| {
        goal.set_value(case.map_or_else(|| format!("/neighbors/{id}"), |case| format!("/cases/{case}")));
        let signs = form.ticked.get_untracked().into_iter().collect();
        let learned_from = form.learned_from.get_untracked().unwrap_or(Channel::Worker);
        errors.clear();
        recognise.send(envelope(now, NeighborCommand::Recognise { id, signs, learned_from }, None));
    });
    view! {
        <div class="columns register">
            <CommandForm errors on_submit=submit>
                <section class="section stack">
                    <h2>{t!(i18n, register.who)}</h2>
                    <WhoFields form=form.person />
                </section>
                <section class="section stack">
                    <h2>{t!(i18n, register.place)}</h2>
                    <WhereFields form=form.person dongs />
                </section>
                <section class="section stack">
                    <h2>{t!(i18n, register.contact)}</h2>
                    <ContactFields form=form.person />
                    <RadioChips name="learned_from" label=move || t_string!(i18n, register.learned) value=form.learned_from required=true />
                </section>
                <section class="section stack">
                    <h2>{t!(i18n, register.household)}</h2>
                    <MembersToRegister members=form.members />
                </section>
                <section class="section stack">
                    <h2>{t!(i18n, register.signs)}</h2>
                    <SignTicks signs ticked=form.ticked />
                </section>
                <UrgencySection form advice signs=catalogue />
                <Show when=move || forbidden.with(|fields| !fields.is_empty())>
                    <Banner tone=Tone::Error live=true title=move || t_string!(i18n, register.resident_number) />
                </Show>
                <Show when=move || undecided.get()>
                    <Banner tone=Tone::Warn live=true title=move || t_string!(i18n, register.alike_choose) />
                </Show>
                <div class="form-actions">
                    <p class="muted" role="status">{move || kept_text(i18n, kept.get())}</p>
                    <Button
                        kind=ButtonKind::Primary
                        icon=IconName::UserPlus
                        submit=true
                        busy=register.pending()
                    >
                        {t!(i18n, register.submit)}
                    </Button>
                </div>
            </CommandForm>
            <LookAlikes alike=form.alike draft=person same />
        </div>
    }
    .into_any()
}

fn kept_text(i18n: I18n, kept: Option<bool>) -> &'static str {
    match kept {
        None => "",
        Some(true) => t_string!(i18n, register.draft_saved),
        Some(false) => t_string!(i18n, register.draft_failed),
    }
}

/// Forgets the draft and goes to where the record is.
fn leave(draft: DraftId, goal: StoredValue<String>, is_done: StoredValue<bool>) -> Callback<()> {
    let navigate = StoredValue::new(use_navigate());
    Callback::new(move |()| {
        is_done.set_value(true);
        spawn_local(async move {
            // A draft that could not be forgotten appears again; nothing is lost.
            let _ = draft_forget(draft).await;
            navigate.with_value(|navigate| navigate(&goal.get_value(), leptos_router::NavigateOptions::default()));
        });
    })
}

/// The command that the form makes, and where it leads.
fn command_of(form: Form, advised: Option<Urgency>, errors: FormErrors) -> Option<(NeighborCommand, String)> {
    let typed = form.typed();
    // Everything is read before giving up, so that all that is wrong is told at once.
    let profile = typed.person.read(errors);
    let members: Vec<_> = typed.members.iter().map(|member| member.read_to_register(errors)).collect();
    if typed.learned_from.is_none() {
        errors.add("learned_from", Invalid::Missing);
    }
    let (profile, learned_from) = (profile?, typed.learned_from?);
    let members = members.into_iter().collect::<Option<Vec<_>>>()?;
    let (id, case) = (NeighborId::new(), CaseId::new());
    let urgency = typed.urgency.or(advised).unwrap_or(Urgency::TwoWeeks);
    let to = if typed.keep_closed { format!("/neighbors/{id}") } else { format!("/cases/{case}") };
    // Only those who are still shown as alike count as judged.
    let shown = form.alike.found.get_untracked();
    let is_shown = |id: &NeighborId| {
        shown.iter().any(|found| matches!(found, domain::view::neighbors::LookAlike::Known { id: shown, .. } if shown == id))
    };
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members,
        signs: typed.signs.into_iter().collect(),
        learned_from,
        different_from: typed.different.into_iter().filter(is_shown).collect(),
        open_case: (!typed.keep_closed).then_some((case, urgency)),
    };
    Some((command, to))
}

/// Keeps the form as a draft whenever typing has rested; never with what looks like a resident number in it.
fn keep_draft(form: Form, kept: RwSignal<Option<bool>>, is_done: StoredValue<bool>) {
    let newest = StoredValue::new(0_u32);
    Effect::new(move |before: Option<Typed>| {
        let typed = form.typed();
        let turn = newest.get_value().wrapping_add(1);
        newest.set_value(turn);
        if before.as_ref().is_none_or(|before| *before == typed) || !typed.resident_numbers().is_empty() {
            return typed;
        }
        // "Saved" is not true any more.
        kept.set(None);
        let body = serde_json::to_string(&typed).unwrap_or_default();
        let save = move || {
            if newest.try_get_value() != Some(turn) || is_done.try_get_value() != Some(false) {
                return;
            }
            spawn_local(async move {
                let saved = draft_save(form.draft, FORM.to_owned(), body).await.is_ok();
                // The page may have been left meanwhile.
                let _ = kept.try_set(Some(saved));
            });
        };
        set_timeout(save, REST);
        typed
    });
}

fn advice_of(signs: &[Sign], ticked: &Ticked) -> Advice {
    let ticks: Vec<TickedSign> = signs.iter().filter(|sign| ticked.contains(&sign.code)).map(TickedSign::from).collect();
    advise(&ticks)
}

#[component]
fn UrgencySection(form: Form, advice: Memo<Advice>, signs: StoredValue<Vec<Sign>>) -> impl IntoView {
    let i18n = use_i18n();
    let advised = move || match advice.with(|advice| advice.urgency) {
        Some(urgency) => t_string!(i18n, register.advised, urgency = urgency.label(i18n)).to_string(),
        None => t_string!(i18n, register.advised_none).to_owned(),
    };
    let reasons = move || {
        let reasons = advice.with(|advice| advice.reasons.clone());
        reasons
            .into_iter()
            .map(|reason| view! { <li>{move || signs.with_value(|signs| reason_text(i18n, &reason, signs))}</li> })
            .collect_view()
    };
    view! {
        <section class="section stack">
            <h2>{t!(i18n, register.urgency)}</h2>
            <p role="status">
                <b>{advised}</b>
            </p>
            <ul class="muted">{reasons}</ul>
            <RadioChips
                name="urgency"
                label=move || t_string!(i18n, caseload.urgency)
                hint=move || t_string!(i18n, register.override_hint)
                value=form.urgency
            />
            <CheckboxField
                name="open_case"
                label=move || t_string!(i18n, register.open_case)
                hint=move || t_string!(i18n, register.open_case_hint)
                value=form.open_case
            />
        </section>
    }
    .into_any()
}

fn reason_text(i18n: I18n, reason: &AdviceReason, catalogue: &[Sign]) -> String {
    let words = |code: &String| {
        let sign = catalogue.iter().find(|sign| sign.code == *code)?;
        Some(text::in_language(i18n, &sign.name_ko, &sign.name_en))
    };
    let signs = reason.signs.iter().filter_map(words).collect::<Vec<_>>().join(", ");
    match reason.rule {
        AdviceRule::Seen => format!("{}: {signs}", reason.urgency.label(i18n)),
        AdviceRule::TwoOfLevelTwo => t_string!(i18n, register.two_of_level_two, signs = signs).to_string(),
        AdviceRule::TwoOfLevelThree => t_string!(i18n, register.two_of_level_three, signs = signs).to_string(),
    }
}
