//! Another time or another worker for a planned visit, by form; with both versions when somebody else was faster.

use super::{
    clashes::{ClashNotice, Wish, watch_clashes},
    parts::{CrewInputs, WindowFields, WindowInputs, chosen_worker, name_or_unknown},
};
use crate::field::at;
use crate::{
    components::{
        prelude::*,
        write::{ConflictState, Write},
    },
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    command::{Envelope, VisitCommand},
    ids::{Rev, UserId},
    view::{Worker, visits::VisitCard},
    visit::{Plan, Window},
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

/// The dialog; shown while `card` holds a visit.
#[component]
pub(super) fn MoveDialog(
    card: RwSignal<Option<VisitCard>>,
    workers: StoredValue<Vec<Worker>>,
    done: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move || {
        if card.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            card.set(None);
        }
    });
    view! {
        <Dialog open id="move" title=move || t_string!(i18n, calendar.change)>
            {move || {
                card.get().map(|card| view! { <MoveForm card workers=workers.get_value() open done /> })
            }}
        </Dialog>
    }
    .into_any()
}

#[component]
fn MoveForm(card: VisitCard, workers: Vec<Worker>, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let fields = WindowFields::of(card.window);
    let base = RwSignal::new((card.plan(), card.rev));
    let worker = RwSignal::new(card.worker.id.to_string());
    let second = RwSignal::new(card.second_worker.map(|worker| worker.id.to_string()).unwrap_or_default());
    let write = use_write(errors, move |_| {
        open.set(false);
        toaster.done(move || t_string!(i18n, calendar.moved));
        done.run(());
    });
    let wish = Memo::new(move |_| Wish {
        workers: [worker, second].into_iter().filter_map(|field| chosen_worker(&field.get())).collect(),
        windows: fields.get().and_then(|window| window.checked().ok()).into_iter().collect(),
    });
    let clashes = watch_clashes(wish, Some(card.id));
    let (id, name, kind, choices) = (card.id, card.name, card.kind, workers.clone());
    let send = Callback::new(move |()| {
        let (window, worker) = (untrack(|| fields.get()), chosen_worker(&worker.get_untracked()));
        let Some(window) = window else { return errors.add("window", Invalid::Missing) };
        let Some(worker) = worker else { return errors.add("worker", Invalid::Missing) };
        let second_worker = chosen_worker(&second.get_untracked());
        let (seen, rev) = base.get_untracked();
        let command = VisitCommand::Move { id, window, worker, second_worker, seen: Some(seen) };
        write.send(Envelope::new(command, now.get_untracked()).based_on(rev));
    });
    view! {
        <p>
            <b>{move || name_or_unknown(i18n, name.as_deref())}</b>
            " "
            <span class="muted">{move || kind.label(i18n)}</span>
        </p>
        {move || {
            write
                .conflict()
                .get()
                .map(|conflict| view! { <Both conflict workers=workers.clone() write base send open done /> })
        }}
        <CommandForm errors on_submit=send>
            <WindowInputs fields />
            <CrewInputs workers=choices worker second />
            <ClashNotice clashes />
            <div class="dialog-actions">
                <LinkButton href=at(format!("/visits/{id}?end=cancel")) kind=ButtonKind::Tertiary>
                    {t!(i18n, calendar.cancel_visit)}
                </LinkButton>
                <Button on_press=move || open.set(false)>{t!(i18n, common.close)}</Button>
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, calendar.save)}</Button>
            </div>
        </CommandForm>
    }
    .into_any()
}

/// What stands now beside what was wished, and the choice between them.
#[component]
fn Both(
    conflict: ConflictState,
    workers: Vec<Worker>,
    write: Write,
    base: RwSignal<(Plan, Rev)>,
    send: Callback<()>,
    open: RwSignal<bool>,
    done: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let theirs = describe(i18n, &conflict, &workers, |field| &field.theirs);
    let mine = describe(i18n, &conflict, &workers, |field| &field.mine);
    let known = base.get_untracked().0.learned(&conflict.fields).unwrap_or(base.get_untracked().0);
    let now_at = conflict.rev;
    let keep = move || {
        write.conflict().set(None);
        open.set(false);
        done.run(());
    };
    let insist = move || {
        write.conflict().set(None);
        base.set((known, now_at));
        send.run(());
    };
    view! {
        <Banner tone=Tone::Warn live=true title=move || t_string!(i18n, calendar.conflict_title)>
            <p>{t!(i18n, calendar.conflict_theirs)} ": " <b>{theirs}</b></p>
            <p>{t!(i18n, calendar.conflict_mine)} ": " <b>{mine}</b></p>
            <div class="cluster">
                <Button on_press=keep>{t!(i18n, calendar.keep_theirs)}</Button>
                <Button on_press=insist>{t!(i18n, calendar.use_mine)}</Button>
            </div>
        </Banner>
    }
    .into_any()
}

fn describe(
    i18n: I18n,
    conflict: &ConflictState,
    workers: &[Worker],
    side: impl Fn(&domain::merge::FieldConflict) -> &serde_json::Value,
) -> String {
    let name = |id: UserId| workers.iter().find(|worker| worker.id == id).map(|worker| worker.name.clone());
    let words = conflict.fields.iter().filter_map(|field| match field.field.as_str() {
        "window" => read::<Window>(side(field)).map(|window| {
            let day = text::short_date(i18n, domain::clock::korean_day(window.start));
            format!("{day} {}", text::window(window))
        }),
        "worker" => read::<UserId>(side(field)).and_then(name),
        _ => Some(read::<UserId>(side(field)).and_then(name).unwrap_or_else(|| t_string!(i18n, visit.nobody).to_owned())),
    });
    words.collect::<Vec<_>>().join(" · ")
}

fn read<T: DeserializeOwned>(value: &serde_json::Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
