//! The screens before the tablet opens: setting it up, and the PIN.

use super::{
    database::LocalError,
    gate::{Erased, Gate, Stand},
    state_bar::{LoadProgress, broken_words},
    tablet::{Step, Tablet},
    vault::{BadPin, Pin, TRIES},
};
use crate::{
    api::{AppError, who_is_here},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    ApiError, Invalid,
    sync::protocol::Registration,
    view::devices::{Candidate, DeviceSecrets},
};
use gloo_net::http::Request;
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    task::spawn_local,
};
use std::rc::Rc;

/// From how many wrong PINs on the screen says how many are left.
pub(super) const WARN_FROM: u32 = 5;

/// The first load, before there is anything to show.
#[component]
pub(super) fn FirstLoad(tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let step = tablet.with_value(|tablet| tablet.step());
    let failed = move || match step.get() {
        Step::Alone => Some(t_string!(i18n, sync.first_alone).to_owned()),
        Step::Refused(error) => Some(error_text(i18n, &error)),
        Step::Broken(error) => Some(broken_words(i18n, error).to_owned()),
        Step::Resting | Step::Working | Step::Loading(..) => None,
    };
    view! {
        <PageHead title=move || t_string!(i18n, sync.first_title) lead=move || t_string!(i18n, sync.first_lead) />
        {move || match failed() {
            Some(words) => {
                view! {
                    <Banner tone=Tone::Warn title=words />
                    <Button on_press=move || tablet.with_value(Tablet::sync_soon)>{t!(i18n, sync.now)}</Button>
                }
                    .into_any()
            }
            None => view! { <LoadProgress step /> <Skeleton lines=6_usize /> }.into_any(),
        }}
    }
    .into_any()
}

/// The browser keeps nothing.
#[component]
pub(super) fn ImpossibleScreen(gate: Gate, error: LocalError) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, gate.impossible_title) />
        <Banner
            tone=Tone::Error
            title=move || broken_words(i18n, error)
        />
        <div class="cluster">
            <Button on_press=move || gate.look()>{t!(i18n, common.retry)}</Button>
            {(error == LocalError::Tampered).then(|| view! { <EraseButton gate /> })}
        </div>
    }
    .into_any()
}

/// Who is signed in, a name for the tablet, and a PIN.
#[component]
pub(super) fn SetUpScreen(gate: Gate, erased: Option<Erased>) -> impl IntoView {
    let i18n = use_i18n();
    let holder = LocalResource::new(who_is_here);
    let why = erased.map(|erased| {
        let words = move || match erased {
            Erased::WrongPins => t_string!(i18n, gate.erased_pins),
            Erased::Revoked => t_string!(i18n, gate.erased_revoked),
            Erased::Wished => t_string!(i18n, gate.erased_wished),
        };
        view! { <Banner tone=Tone::Warn title=words /> }
    });
    view! {
        <div class="gate">
            <PageHead title=move || t_string!(i18n, gate.set_up_title) lead=move || t_string!(i18n, gate.set_up_lead) />
            {why}
            {move || match holder.get() {
                None => view! { <Skeleton lines=4_usize /> }.into_any(),
                Some(Ok(Some(Candidate { name, may_hold: true }))) => view! { <SetUpForm gate name /> }.into_any(),
                Some(Ok(Some(Candidate { name, .. }))) => view! { <NothingToHold name /> }.into_any(),
                Some(Ok(None)) => view! { <SignInFirst alone=false /> }.into_any(),
                Some(Err(AppError(error))) => view! { <SignInFirst alone={error == ApiError::Unavailable} /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// Somebody is signed in who has no cases.
#[component]
fn NothingToHold(name: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Banner title=move || t_string!(i18n, gate.no_cases, name = name.clone()).to_string()>{t!(i18n, gate.no_cases_do)}</Banner>
        <p class="form-actions">
            <a class="button button-primary" href="/" rel="external">
                {t!(i18n, shell.desk)}
            </a>
        </p>
    }
    .into_any()
}

/// Nobody is signed in, or there is no network to ask.
#[component]
fn SignInFirst(
    /// There is no network to ask.
    alone: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || if alone { t_string!(i18n, gate.needs_network) } else { t_string!(i18n, gate.sign_in_first) };
    view! {
        <Banner title=words />
        <p class="form-actions">
            <a class="button button-primary" href="/sign-in?next=/field/my-day" rel="external">
                {t!(i18n, gate.sign_in)}
            </a>
        </p>
    }
    .into_any()
}

#[component]
fn SetUpForm(gate: Gate, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (errors, busy) = (FormErrors::new(), RwSignal::new(false));
    let [tablet, pin, again] = [(); 3].map(|()| RwSignal::new(String::new()));
    let submit = move |()| {
        let Some(chosen) = chosen_pin(errors, &pin.get_untracked(), &again.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            match register(&tablet.get_untracked()).await {
                Ok(secrets) => {
                    if gate.begin(secrets, chosen).await.is_err() {
                        errors.take(ApiError::Internal);
                    }
                }
                Err(error) => errors.take(error),
            }
            // Once it is open, this screen is gone.
            let _ = busy.try_set(false);
        });
    };
    view! {
        <p>{move || t_string!(i18n, gate.for_whom, name = name.clone()).to_string()}</p>
        <CommandForm errors on_submit=Callback::new(submit)>
            <TextField
                name="name"
                label=move || t_string!(i18n, gate.name)
                hint=move || t_string!(i18n, gate.name_hint)
                value=tablet
                required=true
                maxlength=60
            />
            <PinField name="pin" label=move || t_string!(i18n, gate.pin) value=pin />
            <p class="field-hint">{t!(i18n, gate.pin_hint)}</p>
            <PinField name="pin_again" label=move || t_string!(i18n, gate.pin_again) value=again />
            <Button kind=ButtonKind::Primary submit=true busy=busy>
                {t!(i18n, gate.set_up)}
            </Button>
        </CommandForm>
    }
    .into_any()
}

pub(super) fn chosen_pin(errors: FormErrors, pin: &str, again: &str) -> Option<Pin> {
    let refuse = |field: &str, reason| {
        errors.take(ApiError::invalid(field, reason));
        None
    };
    match pin.parse::<Pin>() {
        Ok(_) if pin != again => refuse("pin_again", Invalid::Differs),
        Ok(chosen) => Some(chosen),
        Err(BadPin::SixDigits) => refuse("pin", Invalid::Form),
        Err(BadPin::TooEasy) => refuse("pin", Invalid::EasyPin),
    }
}

/// Has the server let this tablet in.
async fn register(name: &str) -> Result<DeviceSecrets, ApiError> {
    let body = serde_json::to_string(&Registration { name: name.to_owned() }).map_err(|_unwritable| ApiError::BadRequest)?;
    let request = Request::post("/api/sync/v2/devices").header("content-type", "application/json").body(body);
    let answer = request.map_err(|_unwritable| ApiError::BadRequest)?.send().await.map_err(|_lost| ApiError::Unavailable)?;
    let text = answer.text().await.map_err(|_lost| ApiError::Unavailable)?;
    if answer.ok() {
        return serde_json::from_str(&text).map_err(|_unreadable| ApiError::Unavailable);
    }
    Err(serde_json::from_str(&text).unwrap_or(ApiError::Unavailable))
}

/// A PIN is typed unseen; a tablet shows digits.
#[component]
pub(super) fn PinField(name: &'static str, #[prop(into)] label: TextProp, value: RwSignal<String>) -> impl IntoView {
    view! { <TextField name label value kind="password" autocomplete="off" inputmode="numeric" maxlength=6 required=true /> }
        .into_any()
}

/// Erasing everything is asked twice.
#[component]
fn EraseButton(gate: Gate) -> impl IntoView {
    let i18n = use_i18n();
    let asked = RwSignal::new(false);
    view! {
        <Show
            when=move || asked.get()
            fallback=move || {
                view! { <Button on_press=move || asked.set(true)>{t!(i18n, gate.forgot_do)}</Button> }
            }
        >
            <p role="alert">{t!(i18n, gate.forgot_sure)}</p>
            <div class="cluster">
                <Button kind=ButtonKind::Danger on_press=move || gate.erase(Erased::Wished)>
                    {t!(i18n, gate.forgot_do)}
                </Button>
                <Button on_press=move || asked.set(false)>{t!(i18n, gate.forgot_no)}</Button>
            </div>
        </Show>
    }
    .into_any()
}

/// What is typed of a PIN. The sixth digit tries it.
#[derive(Clone, Copy)]
struct Typing {
    gate: Gate,
    typed: RwSignal<String>,
    /// What was typed is nobody's PIN, and cost no try.
    bad: RwSignal<bool>,
}

impl Typing {
    fn is_trying(self) -> bool {
        self.gate.stand().get() == Stand::Trying
    }

    fn length(self) -> usize {
        if self.is_trying() { 6 } else { self.typed.with(String::len) }
    }

    fn press(self, digit: char) {
        if untrack(|| self.is_trying()) || self.typed.with_untracked(String::len) >= 6 {
            return;
        }
        self.typed.update(|typed| typed.push(digit));
        if self.typed.with_untracked(String::len) < 6 {
            return;
        }
        let pin = self.typed.with_untracked(|typed| typed.parse());
        self.typed.set(String::new());
        self.bad.set(pin.is_err());
        if let Ok(pin) = pin {
            self.gate.unlock(pin);
        }
    }

    fn back(self) {
        if untrack(|| self.is_trying()) {
            return;
        }
        self.typed.update(|typed| {
            let _ = typed.pop();
        });
    }

    fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        match key.chars().next() {
            Some(digit) if key.len() == 1 && digit.is_ascii_digit() => self.press(digit),
            _ if key == "Backspace" => self.back(),
            _ => {}
        }
    }

    fn wrong(self) -> u32 {
        if let Stand::Locked(wrong) = self.gate.stand().get() { wrong } else { 0 }
    }

    fn said(self, i18n: text::I18n) -> String {
        if self.is_trying() {
            return t_string!(i18n, gate.checking).to_owned();
        }
        match self.wrong() {
            0 if !self.bad.get() => t_string!(i18n, gate.unlock_lead).to_owned(),
            0..WARN_FROM => t_string!(i18n, gate.wrong).to_owned(),
            wrong => t_string!(i18n, gate.tries_left, count = TRIES.saturating_sub(wrong)).to_string(),
        }
    }
}

/// Six digits, by keys on the screen or on a keyboard.
#[component]
pub(super) fn UnlockScreen(gate: Gate) -> impl IntoView {
    let i18n = use_i18n();
    let typing = Typing { gate, typed: RwSignal::new(String::new()), bad: RwSignal::new(false) };
    let is_wrong = Memo::new(move |_| typing.bad.get() || typing.wrong().cmp(&0).is_gt());
    view! {
        <div class="gate gate-locked">
            <PageHead title=move || t_string!(i18n, gate.unlock_title) />
            <p class="gate-said" role="status" class:is-wrong=move || is_wrong.get()>
                {move || typing.said(i18n)}
            </p>
            <PinPad typing />
            <details class="gate-forgot">
                <summary>{t!(i18n, gate.forgot)}</summary>
                <p>{t!(i18n, gate.forgot_lead)}</p>
                <EraseButton gate />
            </details>
        </div>
    }
    .into_any()
}

#[component]
fn PinPad(typing: Typing) -> impl IntoView {
    let i18n = use_i18n();
    // Wherever the focus is.
    let keys = window_event_listener(ev::keydown, move |event| typing.key(&event));
    on_cleanup(move || keys.remove());
    // Keys that are really disabled would let the focus go while the PIN is tried.
    let busy = move || typing.is_trying().then_some("true");
    let digit = move |digit: char| {
        view! {
            <button type="button" class="pin-key" aria-disabled=busy on:click=move |_| typing.press(digit)>
                {digit.to_string()}
            </button>
        }
    };
    view! {
        <div
            class="pin-pad"
            role="group"
            aria-label=move || t_string!(i18n, gate.unlock_title)
        >
            <p class="pin-dots" role="img" aria-label=move || t_string!(i18n, gate.typed, count = typing.length()).to_string()>
                {move || (0..6).map(|at| view! { <span class="pin-dot" class:is-full=at < typing.length()></span> }).collect_view()}
            </p>
            <p class="sr-only" role="status">
                {move || (typing.length() > 0).then(|| t_string!(i18n, gate.typed, count = typing.length()).to_string())}
            </p>
            {"123456789".chars().map(digit).collect_view()}
            <span></span>
            {digit('0')}
            <button
                type="button"
                class="pin-key"
                aria-label=move || t_string!(i18n, gate.back)
                aria-disabled=busy
                on:click=move |_| typing.back()
            >
                <Icon name=IconName::CaretLeft />
            </button>
        </div>
    }
    .into_any()
}
