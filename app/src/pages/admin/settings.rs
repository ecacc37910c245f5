//! The clocks of a case with what they mean today, and which roles need a second factor.

use super::parts::{AdminHead, LoadFailed, now};
use crate::{
    api::load_settings,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::{Envelope, SettingCommand},
    ids::Rev,
    policy::Role,
    settings::{ClockSettings, Days, Settings},
    view::admin::SettingsView,
};
use leptos::prelude::*;

/// How a clock is named, read and set.
type Clock = (&'static str, fn(I18n) -> &'static str, fn(&mut ClockSettings) -> &mut Days);

const CLOCKS: [Clock; 9] = [
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

/// The settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["setting"]);
    let settings = Resource::new(move || live.get(), |_| load_settings());
    view! {
        <AdminHead title=move || t_string!(i18n, nav.settings) lead=move || t_string!(i18n, admin.settings_lead) />
        <Transition fallback=|| {
            view! { <Skeleton lines=12 /> }
        }>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok(view) => view! { <Form view /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Form(view: SettingsView) -> impl IntoView {
    let i18n = use_i18n();
    let SettingsView { settings, version, history } = view;
    let value = RwSignal::new(settings);
    let (errors, toaster) = (FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, common.saved)));
    let save = move |()| {
        let command = SettingCommand::Put { settings: Box::new(value.get_untracked()) };
        write.send(Envelope::new(command, now()).based_on(Rev(i64::from(version))));
    };
    let stale = move || write.conflict().get().is_some();
    view! {
        <Show when=stale>
            <Banner tone=Tone::Warn live=true title=move || t_string!(i18n, admin.settings_stale) />
        </Show>
        <CommandForm errors on_submit=Callback::new(save)>
            <section class="section stack" aria-labelledby="clocks-title">
                <h2 id="clocks-title">{t!(i18n, admin.clocks)}</h2>
                {CLOCKS.into_iter().map(|clock| view! { <ClockField clock value /> }).collect_view()}
            </section>
            <SecondFactor value />
            <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, common.save)}</Button>
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
    let set_days = move |event| {
        if let Ok(count) = event_target_value(&event).parse::<u16>() {
            value.update(|settings| get(&mut settings.clocks).days = count);
        }
    };
    let set_working = move |event| {
        let working = event_target_checked(&event);
        value.update(|settings| get(&mut settings.clocks).working = working);
    };
    let errors = use_context::<FormErrors>();
    let error = move || errors.and_then(|errors| errors.text_of(i18n, name));
    let first = days();
    view! {
        <div class="field" class:field-invalid=move || error().is_some()>
            <label class="field-label" for=format!("field-{name}")>{move || label(i18n)}</label>
            <div class="cluster">
                <input
                    class="input"
                    id=format!("field-{name}")
                    name=name
                    type="number"
                    min="0"
                    max="365"
                    inputmode="numeric"
                    value=first.days
                    aria-describedby=format!("field-{name}-hint")
                    on:input=set_days
                />
                <label class="check">
                    <input type="checkbox" checked=first.working on:change=set_working />
                    <span>{t!(i18n, admin.working_days)}</span>
                </label>
            </div>
            <p class="field-hint" id=format!("field-{name}-hint")>
                {move || t_string!(i18n, admin.clock_preview, day = text::date(i18n, days().after(today.get())))}
            </p>
            {move || error().map(|words| view! { <p class="field-error">{words}</p> })}
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
                <input type="checkbox" prop:checked=needed on:change=set />
                <span>{move || role.label(i18n)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="section stack">
            <legend>{t!(i18n, admin.second_factor_roles)}</legend>
            <p class="muted">{t!(i18n, admin.second_factor_hint)}</p>
            {Role::ALL.into_iter().map(tick).collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn History(history: Vec<domain::view::admin::Version<Settings>>) -> impl IntoView {
    let i18n = use_i18n();
    let count = history.len();
    let line = move |(number, version): (usize, domain::view::admin::Version<Settings>)| {
        let at = version.set_at;
        view! { <li>{format!("v{} ", count - number)} {version.set_by} " · " {move || text::date_time(i18n, at)}</li> }
    };
    (count > 0)
        .then(|| {
            view! {
                <section class="section stack" aria-labelledby="versions-title">
                    <h2 id="versions-title">{t!(i18n, admin.history)}</h2>
                    <ul class="rows">{history.into_iter().enumerate().map(line).collect_view()}</ul>
                </section>
            }
        })
        .into_any()
}
