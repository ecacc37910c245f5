//! The screens before the tablet opens: setting it up, and the PIN.

use super::{
    database::LocalError,
    gate::{Erased, Gate},
    tablet::{Step, Tablet},
    vault::{BadPin, Pin, TRIES},
};
use crate::{
    api::{AppError, own_account},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{ApiError, Invalid, sync::protocol::Registration, view::devices::DeviceSecrets};
use gloo_net::http::Request;
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use std::rc::Rc;

/// From how many wrong PINs on the screen says how many are left.
const WARN_FROM: u32 = 5;

/// The first load, before there is anything to show.
#[component]
pub(super) fn FirstLoad(tablet: StoredValue<Rc<Tablet>, LocalStorage>) -> impl IntoView {
    let i18n = use_i18n();
    let step = tablet.with_value(|tablet| tablet.step());
    let failed = move || match step.get() {
        Step::Alone => Some(t_string!(i18n, sync.first_alone).to_owned()),
        Step::Refused(error) => Some(error_text(i18n, &error)),
        Step::Broken(_) => Some(t_string!(i18n, gate.broken).to_owned()),
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
            None => view! { <Skeleton lines=6_usize /> }.into_any(),
        }}
    }
    .into_any()
}

/// The browser keeps nothing.
#[component]
pub(super) fn ImpossibleScreen(error: LocalError) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, gate.impossible_title) />
        <Banner
            tone=Tone::Error
            title=move || match error {
                LocalError::Full => t_string!(i18n, gate.full),
                LocalError::Missing => t_string!(i18n, gate.impossible),
                LocalError::Failed | LocalError::Tampered => t_string!(i18n, gate.broken),
            }
        />
    }
    .into_any()
}

/// Who is signed in, a name for the tablet, and a PIN.
#[component]
pub(super) fn SetUpScreen(gate: Gate, erased: Option<Erased>) -> impl IntoView {
    let i18n = use_i18n();
    let account = LocalResource::new(own_account);
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
            {move || match account.get() {
                None => view! { <Skeleton lines=4_usize /> }.into_any(),
                Some(Ok(account)) => view! { <SetUpForm gate name=account.name.clone() /> }.into_any(),
                Some(Err(error)) => view! { <SignInFirst error /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// Nobody is signed in, or there is no network to ask.
#[component]
fn SignInFirst(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    let alone = error.0 == ApiError::Unavailable;
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

fn chosen_pin(errors: FormErrors, pin: &str, again: &str) -> Option<Pin> {
    let refuse = |field: &str, reason| {
        errors.take(ApiError::invalid(field, reason));
        None
    };
    match pin.parse::<Pin>() {
        Ok(_) if pin != again => refuse("pin_again", Invalid::Order),
        Ok(chosen) => Some(chosen),
        Err(BadPin::SixDigits) => refuse("pin", Invalid::Form),
        Err(BadPin::TooEasy) => refuse("pin", Invalid::WeakPassword),
    }
}

/// Has the server let this tablet in.
async fn register(name: &str) -> Result<DeviceSecrets, ApiError> {
    let body = serde_json::to_string(&Registration { name: name.to_owned() }).map_err(|_unwritable| ApiError::BadRequest)?;
    let request = Request::post("/api/sync/v1/devices").header("content-type", "application/json").body(body);
    let answer = request.map_err(|_unwritable| ApiError::BadRequest)?.send().await.map_err(|_lost| ApiError::Unavailable)?;
    let text = answer.text().await.map_err(|_lost| ApiError::Unavailable)?;
    if answer.ok() {
        return serde_json::from_str(&text).map_err(|_unreadable| ApiError::Unavailable);
    }
    Err(serde_json::from_str(&text).unwrap_or(ApiError::Unavailable))
}

/// A PIN is typed unseen; a tablet shows digits.
#[component]
fn PinField(name: &'static str, #[prop(into)] label: TextProp, value: RwSignal<String>) -> impl IntoView {
    view! { <TextField name label value kind="password" autocomplete="off" inputmode="numeric" maxlength=6 required=true /> }
        .into_any()
}

/// Six digits, by keys on the screen or on a keyboard; the sixth one tries.
#[component]
pub(super) fn UnlockScreen(gate: Gate, wrong: u32, trying: bool) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let bad = RwSignal::new(false);
    let press = move |digit: char| {
        if trying || typed.with_untracked(String::len) >= 6 {
            return;
        }
        typed.update(|typed| typed.push(digit));
        if typed.with_untracked(String::len) == 6 {
            match typed.get_untracked().parse() {
                Ok(pin) => gate.unlock(pin),
                // Nobody's PIN: it costs no try.
                Err(_) => {
                    typed.set(String::new());
                    bad.set(true);
                }
            }
        }
    };
    let back = move || {
        typed.update(|typed| {
            let _ = typed.pop();
        });
    };
    let pad = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(pad) = pad.get() {
            // It fails only for what can't have the focus.
            let _ = pad.focus();
        }
    });
    let keyed = move |event: KeyboardEvent| {
        let key = event.key();
        match key.chars().next() {
            Some(digit) if key.len() == 1 && digit.is_ascii_digit() => press(digit),
            _ if key == "Backspace" => back(),
            _ => {}
        }
    };
    let said = move || {
        if trying {
            return t_string!(i18n, gate.checking).to_owned();
        }
        match wrong {
            0 if bad.get() => t_string!(i18n, gate.wrong).to_owned(),
            0 => t_string!(i18n, gate.unlock_lead).to_owned(),
            1..WARN_FROM => t_string!(i18n, gate.wrong).to_owned(),
            _ => t_string!(i18n, gate.tries_left, count = TRIES.saturating_sub(wrong)).to_string(),
        }
    };
    let digits = "123456789".chars();
    view! {
        <div class="gate gate-locked">
            <PageHead title=move || t_string!(i18n, gate.unlock_title) />
            <p class="gate-said" role="status" class:is-wrong=move || bad.get() || wrong.cmp(&0).is_gt()>
                {said}
            </p>
            <div
                class="pin-pad"
                tabindex="-1"
                role="group"
                aria-label=move || t_string!(i18n, gate.unlock_title)
                node_ref=pad
                on:keydown=keyed
            >
                <p class="pin-dots" aria-label=move || t_string!(i18n, gate.typed, count = typed.with(String::len)).to_string() role="img">
                    {move || {
                        let typed = if trying { 6 } else { typed.with(String::len) };
                        (0..6).map(|at| view! { <span class="pin-dot" class:is-full=at < typed></span> }).collect_view()
                    }}
                </p>
                {digits
                    .map(|digit| {
                        view! {
                            <button type="button" class="pin-key" disabled=trying on:click=move |_| press(digit)>
                                {digit.to_string()}
                            </button>
                        }
                    })
                    .collect_view()}
                <span></span>
                <button type="button" class="pin-key" disabled=trying on:click=move |_| press('0')>
                    "0"
                </button>
                <button
                    type="button"
                    class="pin-key"
                    disabled=trying
                    aria-label=move || t_string!(i18n, gate.back)
                    on:click=move |_| back()
                >
                    <Icon name=IconName::CaretLeft />
                </button>
            </div>
            <details class="gate-forgot">
                <summary>{t!(i18n, gate.forgot)}</summary>
                <p>{t!(i18n, gate.forgot_lead)}</p>
                <Button kind=ButtonKind::Danger on_press=move || gate.erase(Erased::Wished)>
                    {t!(i18n, gate.forgot_do)}
                </Button>
            </details>
        </div>
    }
    .into_any()
}
