//! The clocks of a case with what they mean today, and which roles need a second factor.

use super::{
    parts::{AdminHead, Sender, StaleNote},
    settings_history::History,
};
use crate::{
    api::load_settings,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::SettingCommand,
    ids::Rev,
    policy::Role,
    settings::{ClockSettings, Days, Settings},
    view::admin::SettingsView,
};
use leptos::prelude::*;

/// How a clock is named, read and set.
pub(super) type Clock = (&'static str, fn(I18n) -> &'static str, fn(&mut ClockSettings) -> &mut Days);

pub(super) const CLOCKS: [Clock; 9] = [
    ("first_contact_same_day", |i18n| t_string!(i18n, admin.clock_same_day), |c| &mut c.first_contact_same_day),
    ("first_contact_soon", |i18n| t_string!(i18n, admin.clock_soon), |c| &mut c.first_contact_soon),
    ("first_contact_later", |i18n| t_string!(i18n, admin.clock_later), |c| &mut c.first_contact_later),
    ("assessment", |i18n| t_string!(i18n, admin.clock_assessment), |c| &mut c.assessment),
    ("conference", |i18n| t_string!(i18n, admin.clock_conference), |c| &mut c.conference),
    ("plan", |i18n| t_string!(i18n, admin.clock_plan), |c| &mut c.plan),
    ("intake_to_plan", |i18n| t_string!(i18n, admin.clock_intake_to_plan), |c| &mut c.intake_to_plan),
    ("aftercare_first", |i18n| t_string!(i18n, admin.clock_aftercare_first), |c| &mut c.aftercare_first),
    ("aftercare_second", |i18n| t_string!(i18n, admin.clock_aftercare_second), |c| &mut c.aftercare_second),
];

/// Stands for something typed that is no number; the store answers that it is out of range.
const NO_NUMBER: u16 = u16::MAX;

fn read_days(event: &leptos::ev::Event) -> u16 {
    event_target_value(event).trim().parse().unwrap_or(NO_NUMBER)
}

/// The settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["setting"]);
    let settings = Resource::new(move || live.get(), |_| load_settings());
    let sender = Sender::new(|| ());
    view! {
        <AdminHead title=move || t_string!(i18n, nav.settings) lead=move || t_string!(i18n, admin.settings_lead) />
        <Loaded resource=settings lines=12 let:view>
            <Form view sender />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Form(view: SettingsView, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let SettingsView { settings, version, history } = view;
    let value = RwSignal::new(settings);
    let save = move |()| {
        let command = SettingCommand::Put { settings: Box::new(value.get_untracked()) };
        sender.send_based_on(command, Rev(i64::from(version)));
    };
    view! {
        <StaleNote sender />
        <CommandForm errors=sender.errors on_submit=Callback::new(save)>
            <section class="section stack" aria-labelledby="clocks-title">
                <h2 id="clocks-title">{t!(i18n, admin.clocks)}</h2>
                <p class="muted">{t!(i18n, admin.clocks_hint)}</p>
                <div class="clocks">{CLOCKS.into_iter().map(|clock| view! { <ClockField clock value /> }).collect_view()}</div>
                <WarnBefore value />
            </section>
            <SecondFactor value />
            <Button kind=ButtonKind::Primary submit=true busy=sender.pending()>{t!(i18n, common.save)}</Button>
        </CommandForm>
        <History history />
    }
    .into_any()
}

/// A number of days, whether they are working days, and what that means for something that begins today.
#[component]
fn ClockField(clock: Clock, value: RwSignal<Settings>) -> impl IntoView {
    let i18n = use_i18n();
    let (name, label, get) = clock;
    let today = use_today();
    let days = move || value.with(|settings| *get(&mut settings.clocks.clone()));
    let set_days = move |event| value.update(|settings| get(&mut settings.clocks).days = read_days(&event));
    let set_working = move |event| {
        let working = event_target_checked(&event);
        value.update(|settings| get(&mut settings.clocks).working = working);
    };
    let preview = move || {
        let known = days();
        (known.days <= 365).then(|| {
            t_string!(i18n, admin.clock_preview, day = text::date(i18n, known.after(today.get())).to_string()).to_string()
        })
    };
    let first = untrack(days);
    let working_label = move || format!("{}: {}", label(i18n), t_string!(i18n, admin.working_days));
    view! {
        <div class="clock">
            <NumberInput name label first=first.days max=365 read=Callback::new(set_days) />
            <label class="check">
                <input type="checkbox" checked=first.working aria-label=working_label on:change=set_working />
                <span>{t!(i18n, admin.working_days)}</span>
            </label>
            <p class="field-hint">{preview}</p>
        </div>
    }
    .into_any()
}

/// A number of days with its name, unit and error.
#[component]
fn NumberInput(
    name: &'static str,
    label: fn(I18n) -> &'static str,
    first: u16,
    max: u16,
    read: Callback<leptos::ev::Event>,
) -> impl IntoView {
    let i18n = use_i18n();
    let errors = use_context::<FormErrors>();
    let error = move || errors.and_then(|errors| errors.text_of(i18n, name));
    let invalid = move || error().map(|_| "true");
    let described = move || error().map(|_| format!("field-{name}-error"));
    view! {
        <div class="field" class:field-invalid=move || error().is_some()>
            <label class="field-label" for=format!("field-{name}")>{move || label(i18n)}</label>
            <div class="cluster">
                <input
                    class="input input-number"
                    id=format!("field-{name}")
                    name=name
                    type="number"
                    min="0"
                    max=max
                    inputmode="numeric"
                    value=first
                    aria-invalid=invalid
                    aria-describedby=described
                    on:input=move |event| read.run(event)
                />
                <span>{t!(i18n, admin.days)}</span>
            </div>
            {move || error().map(|words| view! { <p class="field-error" id=format!("field-{name}-error")>{words}</p> })}
        </div>
    }
    .into_any()
}

#[component]
fn WarnBefore(value: RwSignal<Settings>) -> impl IntoView {
    let i18n = use_i18n();
    let first = value.with_untracked(|settings| settings.clocks.warn_before);
    let read = Callback::new(move |event| value.update(|settings| settings.clocks.warn_before = read_days(&event)));
    view! {
        <div class="clock">
            <NumberInput name="warn_before" label=|i18n| t_string!(i18n, admin.warn_before) first max=30 read />
            <p class="field-hint">{t!(i18n, admin.warn_before_hint)}</p>
        </div>
    }
    .into_any()
}

#[component]
fn SecondFactor(value: RwSignal<Settings>) -> impl IntoView {
    let i18n = use_i18n();
    let tick = move |role: Role| {
        let needed = move || value.with(|settings| settings.second_factor_roles.contains(&role));
        let set = move |event| {
            let yes = event_target_checked(&event);
            value.update(|settings| {
                settings.second_factor_roles.retain(|one| *one != role);
                if yes {
                    settings.second_factor_roles.push(role);
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" checked=untrack(needed) prop:checked=needed on:change=set />
                <span>{move || role.label(i18n)}</span>
            </label>
        }
    };
    view! {
        <section class="section stack" aria-labelledby="factor-title">
            <h2 id="factor-title">{t!(i18n, admin.second_factor_roles)}</h2>
            <p class="muted">{t!(i18n, admin.second_factor_hint)}</p>
            <div class="ticks" role="group" aria-labelledby="factor-title">{Role::ALL.into_iter().map(tick).collect_view()}</div>
        </section>
    }
    .into_any()
}
