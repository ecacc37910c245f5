//! Switching the second factor on (scan, confirm, keep the backup codes) and off.

use crate::{
    api::{begin_second_factor, confirm_second_factor, own_account, switch_off_second_factor, use_me},
    components::{copy::CopyButton, prelude::*},
    i18n::{t, t_string, use_i18n},
    pages::auth::{PasswordField, SignOutForm},
};
use domain::{Rule, view::accounts::EnrolmentView};
use leptos::{prelude::*, task::spawn_local};

/// The page.
#[component]
pub fn SecondFactorSettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let forced = use_me().is_none();
    let crumbs = if forced { Vec::new() } else { vec![Crumb::new("/account", move || t_string!(i18n, nav.account))] };
    let account = Resource::new(|| (), |()| own_account());
    view! {
        <PageHead title=move || t_string!(i18n, nav.second_factor) crumbs />
        {forced.then(|| view! { <Banner tone=Tone::Warn title=move || t_string!(i18n, auth.enrol_forced) /> })}
        <Suspense fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(account) if account.second_factor => view! { <SwitchOff required=account.second_factor_required /> }.into_any(),
                    Ok(_) => view! { <SwitchOn /> }.into_any(),
                    Err(error) => view! { <Banner tone=Tone::Error title=move || error_text(i18n, &error.0) /> }.into_any(),
                }
            })}
        </Suspense>
        {forced.then(|| view! { <SignOutForm /> })}
    }
    .into_any()
}

/// One button first: looking at the page changes nothing.
#[component]
fn SwitchOn() -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let (busy, enrolment, codes) =
        (RwSignal::new(false), RwSignal::new(None::<EnrolmentView>), RwSignal::new(None::<Vec<String>>));
    let begin = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match begin_second_factor().await {
                Ok(view) => enrolment.set(Some(view)),
                Err(error) => errors.take(error.0),
            }
            busy.set(false);
        });
    });
    view! {
        {move || match (codes.get(), enrolment.get()) {
            (Some(codes), _) => view! { <BackupCodes codes /> }.into_any(),
            (None, Some(enrolment)) => view! { <Confirm enrolment errors busy codes /> }.into_any(),
            (None, None) => {
                view! {
                    <p>{t!(i18n, auth.enrol_lead)}</p>
                    <CommandForm errors on_submit=begin>
                        <Button kind=ButtonKind::Primary submit=true busy=busy>
                            {t!(i18n, auth.enrol_begin)}
                        </Button>
                    </CommandForm>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

#[component]
fn Confirm(
    enrolment: EnrolmentView,
    errors: FormErrors,
    busy: RwSignal<bool>,
    codes: RwSignal<Option<Vec<String>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let code = RwSignal::new(String::new());
    let confirm = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match confirm_second_factor(code.get_untracked()).await {
                Ok(list) => codes.set(Some(list)),
                Err(error) => errors.take(error.0),
            }
            busy.set(false);
        });
    });
    view! {
        <ol class="steps">
            <li>{t!(i18n, auth.enrol_scan)}</li>
        </ol>
        <div class="qr" role="img" aria-label=move || t_string!(i18n, auth.enrol_picture) inner_html=enrolment.picture></div>
        <p>{t!(i18n, auth.enrol_manual)} " " <code class="secret">{enrolment.secret}</code></p>
        <CommandForm errors on_submit=confirm>
            <TextField
                name="code"
                label=move || t_string!(i18n, labels.field.code)
                value=code
                hint=move || t_string!(i18n, auth.enrol_code_hint)
                required=true
                autocomplete="one-time-code"
                inputmode="numeric"
                maxlength=10
            />
            <Button kind=ButtonKind::Primary submit=true busy=busy>
                {t!(i18n, auth.enrol_confirm)}
            </Button>
        </CommandForm>
    }
    .into_any()
}

/// The backup codes, this once.
#[component]
fn BackupCodes(codes: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let copied = codes.join("\n");
    let print = move || {
        #[cfg(feature = "hydrate")]
        {
            // A browser that can't print shows the codes all the same.
            let _ = window().print();
        }
    };
    view! {
        <Banner tone=Tone::Success live=true title=move || t_string!(i18n, auth.enrol_done)>
            <p>{t!(i18n, auth.codes_lead)}</p>
        </Banner>
        <ul class="backup-codes">{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ul>
        <div class="page-actions">
            <CopyButton text=copied />
            <Button icon=IconName::Printer on_press=print>{t!(i18n, common.print)}</Button>
            <a class="button button-primary" href="/" rel="external">
                {t!(i18n, auth.codes_kept)}
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn SwitchOff(required: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (errors, busy, off) = (FormErrors::new(), RwSignal::new(false), RwSignal::new(false));
    let [password, code] = [(); 2].map(|()| RwSignal::new(String::new()));
    let submit = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match switch_off_second_factor(password.get_untracked(), code.get_untracked()).await {
                Ok(()) => off.set(true),
                Err(error) => errors.take(error.0),
            }
            busy.set(false);
        });
    });
    let on_text = move || text::rule_text(i18n, Rule::SecondFactorOn);
    view! {
        <Show
            when=move || !off.get()
            fallback=move || view! { <Banner tone=Tone::Success live=true title=move || t_string!(i18n, auth.switched_off) /> }
        >
            <Banner title=on_text />
            {required.then(|| view! { <p>{t!(i18n, auth.required_by_role)}</p> })}
            <CommandForm errors on_submit=submit>
                <PasswordField value=password />
                <TextField
                    name="code"
                    label=move || t_string!(i18n, labels.field.code)
                    value=code
                    hint=move || t_string!(i18n, auth.code_hint)
                    required=true
                    autocomplete="one-time-code"
                    maxlength=20
                />
                <Button kind=ButtonKind::Danger submit=true busy=busy>
                    {t!(i18n, auth.switch_off)}
                </Button>
            </CommandForm>
        </Show>
    }
    .into_any()
}
