//! The second factor after name and password.

use super::{DoorForm, DoorState};
use crate::{
    api::{GiveCode, give_code},
    components::{frame::PlainFrame, prelude::*},
    i18n::{t, t_string, use_i18n},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let i18n = use_i18n();
    let state = DoorState::new();
    let code = RwSignal::new(String::new());
    let submit = move |()| state.send(give_code(code.get_untracked()));
    view! {
        <PlainFrame>
            <div class="door">
                <PageHead title=move || t_string!(i18n, auth.code_title) lead=move || t_string!(i18n, auth.code_lead) />
                <DoorForm action=GiveCode::PATH state on_submit=Callback::new(submit)>
                    <TextField
                        name="code"
                        label=move || t_string!(i18n, labels.field.code)
                        value=code
                        hint=move || t_string!(i18n, auth.code_hint)
                        required=true
                        autocomplete="one-time-code"
                        maxlength=20
                    />
                    <Button kind=ButtonKind::Primary submit=true busy=state.busy>
                        {t!(i18n, common.confirm)}
                    </Button>
                </DoorForm>
                <SignOutForm />
            </div>
        </PlainFrame>
    }
    .into_any()
}

/// Back to the sign-in page, as somebody else.
#[component]
pub fn SignOutForm() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <form method="post" action="/sign-out">
            <Button kind=ButtonKind::Tertiary submit=true>
                {t!(i18n, nav.sign_out)}
            </Button>
        </form>
    }
    .into_any()
}
