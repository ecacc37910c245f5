//! What was written on this tablet and what became of each of it.

use super::tablet::Tablet;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::{audit::action_label, cases::Sending},
};
use domain::{
    command::{AttachmentCommand, Command},
    ids::OpId,
    merge::FieldConflict,
    sync::{
        kept::says,
        outbox::{Entry, Outcome, State},
    },
    view::{Worker, neighbors::BothNames},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use std::{collections::BTreeMap, rc::Rc};

/// `/field/outbox`.
#[component]
pub(super) fn OutboxPage() -> impl IntoView {
    let tablet = StoredValue::new_local(super::tablet());
    move || tablet.get_value().map(|tablet| view! { <Shown tablet=StoredValue::new_local(tablet) /> })
}

#[component]
fn Shown(tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let (version, step) = tablet.with_value(|tablet| (tablet.version(), tablet.step()));
    let entries = Memo::new(move |_| {
        let _ = (version.get(), step.get());
        let mut entries: Vec<Entry> = tablet.with_value(|tablet| tablet.outbox()).into();
        entries.reverse();
        entries
    });
    let synced = move || {
        let _ = version.get();
        tablet.with_value(|tablet| tablet.synced_at())
    };
    let said = move || match synced() {
        Some(at) => t_string!(
            i18n,
            sync.synced_at,
            when = format!("{} {}", text::date(i18n, domain::clock::korean_day(at)), text::time(at))
        )
        .to_string(),
        None => t_string!(i18n, sync.never).to_owned(),
    };
    view! {
        <PageHead title=move || t_string!(i18n, outbox.title) lead=said>
            <Button icon=IconName::Refresh on_press=move || tablet.with_value(Tablet::sync_soon)>
                {t!(i18n, sync.now)}
            </Button>
        </PageHead>
        {move || {
            if entries.with(Vec::is_empty) {
                return view! { <EmptyState icon=IconName::Tray title=move || t_string!(i18n, outbox.empty) /> }.into_any();
            }
            view! {
                <ol class="outbox">
                    {entries.get().into_iter().map(|entry| view! { <Line entry tablet /> }).collect_view()}
                </ol>
            }
                .into_any()
        }}
    }
    .into_any()
}

/// The tone and the word of a state.
fn state_words(i18n: text::I18n, state: &State) -> (Tone, &'static str) {
    match state {
        State::Waiting => (Tone::Info, t_string!(i18n, outbox.waiting)),
        State::Sent => (Tone::Info, t_string!(i18n, outbox.sent)),
        State::Decided(Outcome::Applied { .. }) => (Tone::Success, t_string!(i18n, outbox.applied)),
        State::Decided(Outcome::Merged { .. }) => (Tone::Success, t_string!(i18n, outbox.merged)),
        State::Decided(Outcome::Conflict { .. }) => (Tone::Warn, t_string!(i18n, outbox.conflict)),
        State::Decided(Outcome::Refused { .. }) => (Tone::Error, t_string!(i18n, outbox.refused)),
        State::Decided(Outcome::Kept) => (Tone::Warn, t_string!(i18n, outbox.kept)),
        State::Replaced { .. } => (Tone::Info, t_string!(i18n, outbox.replaced)),
        State::Withdrawn => (Tone::Info, t_string!(i18n, outbox.withdrawn)),
    }
}

#[component]
fn Line(entry: Entry, tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let (op, at) = (entry.envelope.op_id, entry.written_at());
    let label = entry.envelope.command.label();
    let state = StoredValue::new(entry.state.clone());
    let tone = state.with_value(|state| state_words(i18n, state).0);
    let person = tablet.with_value(|tablet| tablet.name_of(&entry.envelope.command));
    let why = match &entry.state {
        State::Decided(Outcome::Refused { error }) => {
            let error = error.clone();
            Some(move || error_text(i18n, &error))
        }
        _ => None,
    };
    let kept = matches!(entry.state, State::Decided(Outcome::Kept));
    let sending = match &entry.envelope.command {
        Command::Attachment(AttachmentCommand::Add { id, .. }) => Some(view! { <Sending id=*id /> }),
        _ => None,
    };
    let says = says(&entry.envelope.command);
    let names = tablet.with_value(|tablet| tablet.district().map(|district| district.names_in(&says))).unwrap_or_default();
    // What arrived stands on the case; what did not can be read here.
    let arrived = matches!(entry.state, State::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }));
    let outbox = tablet.with_value(|tablet| tablet.outbox());
    let (asks, can_give_up) = (entry.state.asks(), outbox.can_give_up(op));
    // What is only on its way waits for nothing that its writer could do something about.
    let waits_for = outbox
        .waits_for(op)
        .and_then(|maker| outbox.entry(maker))
        .filter(|maker| !matches!(maker.state, State::Waiting | State::Sent));
    let waits_for = waits_for.map(|maker| maker.envelope.command.label());
    let conflict = match &entry.state {
        State::Decided(Outcome::Conflict { fields, .. }) => Some(fields.clone()),
        _ => None,
    };
    let withdraw = move || tablet.with_value(|tablet| tablet.withdraw_soon(op));
    view! {
        <li class=format!("outbox-line {}", tone.class())>
            <div class="outbox-what">
                <span class="outbox-action">{move || action_label(i18n, label)}</span>
                {person.map(|name| view! { <span class="outbox-who">{name}</span> })}
                <span class="muted">
                    {move || format!("{} {}", text::date(i18n, domain::clock::korean_day(at)), text::time(at))}
                </span>
            </div>
            <div class="outbox-state">
                <Badge tone=tone.class() icon=tone.icon() label=move || state.with_value(|state| state_words(i18n, state).1) />
                {why.map(|why| view! { <p>{why}</p> })}
                {kept.then(|| view! { <p>{t!(i18n, outbox.kept_why)}</p> })}
                {waits_for.map(|label| view! { <p>{move || t_string!(i18n, outbox.waits_for, what = action_label(i18n, label)).to_string()}</p> })}
                {sending}
                {(!arrived).then(|| view! { <Words says names open=asks /> })}
                {asks
                    .then(|| {
                        view! {
                            {conflict.clone().map(|fields| view! { <Choice op fields tablet /> })}
                            <p class="field-hint">{t!(i18n, outbox.choose)}</p>
                        }
                    })}
                {can_give_up
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Tertiary on_press=withdraw>
                                {t!(i18n, outbox.withdraw)}
                            </Button>
                        }
                    })}
            </div>
        </li>
    }
    .into_any()
}

/// The words of an entry that is not on its case: to be read, and copied from when it is written anew.
#[component]
fn Words(says: Vec<(String, Value)>, names: BTreeMap<String, BothNames>, open: bool) -> impl IntoView {
    let i18n = use_i18n();
    if says.is_empty() {
        return ().into_any();
    }
    view! {
        <details class="outbox-words" open=open>
            <summary>{t!(i18n, outbox.words)}</summary>
            <Said says names />
        </details>
    }
    .into_any()
}

/// Both versions side by side, opened by a button.
#[component]
fn Choice(op: OpId, fields: Vec<FieldConflict>, tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let (open, busy, toaster) = (RwSignal::new(false), RwSignal::new(false), use_toaster());
    let resolve = Callback::new(move |chosen: Chosen| {
        let tablet = tablet.get_value();
        busy.set(true);
        spawn_local(async move {
            if let Err(error) = tablet.choose(op, &chosen).await {
                toaster.failed(error_text(i18n, &error));
            }
            // The line may be gone by then.
            let _ = busy.try_set(false);
        });
    });
    let cancel = Callback::new(move |()| open.set(false));
    let other = RwSignal::new(None);
    let version = tablet.with_value(|tablet| tablet.version());
    // The answer tells of a conflict; what the other wrote may come only with what is pulled after it.
    Effect::new(move || {
        version.track();
        if open.get() {
            let tablet = tablet.get_value();
            spawn_local(async move {
                // The line may be gone by then.
                let _ = other.try_set(tablet.changed_by(op).await);
            });
        }
    });
    let who = move || {
        let (worker, at) = other.get()?;
        let when = format!("{} {}", text::date(i18n, domain::clock::korean_day(at)), text::time(at));
        Some(t_string!(i18n, outbox.changed_by, who = worker.name, when = when).to_string())
    };
    let fields = StoredValue::new(fields);
    let district = tablet.with_value(|tablet| tablet.district()).ok();
    let people: Vec<Worker> = district.into_iter().flat_map(|one| one.workers).map(|colleague| colleague.worker).collect();
    let people = Signal::stored(people);
    view! {
        <Show
            when=move || open.get()
            fallback=move || {
                view! {
                    <Button kind=ButtonKind::Primary on_press=move || open.set(true)>
                        {t!(i18n, outbox.conflict)}
                    </Button>
                }
            }
        >
            <p role="status">{who}</p>
            <ConflictChooser fields=fields.get_value() resolve cancel people busy />
        </Show>
    }
    .into_any()
}
