//! A form with its errors, the signs to tick, a conflict to settle.

use crate::{
    components::{
        prelude::*,
        signs::{SignTicks, Ticked},
    },
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    case::Urgency,
    catalogue::{LifeDomain, Sign},
    merge::FieldConflict,
    profile::LivingPlace,
    visit::VisitKind,
};
use leptos::prelude::*;
use serde_json::json;

#[component]
pub(super) fn Fields() -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let (name, phone, note) =
        (RwSignal::new("가온누리".to_owned()), RwSignal::new("010-00".to_owned()), RwSignal::new(String::new()));
    let (kind, place) = (RwSignal::new(Some(VisitKind::Home)), RwSignal::new(String::new()));
    let (day, time, alone) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(true));
    let check = Callback::new(move |()| {
        errors.add("phone", Invalid::Phone);
        errors.add("living_place", Invalid::Missing);
    });
    check.run(());
    view! {
        <section class="section stack" id="forms">
            <h2>"CommandForm · ErrorSummary"</h2>
            <CommandForm errors on_submit=check>
                <div class="fields">
                    <TextField name="name" label=move || t_string!(i18n, labels.field.name) value=name required=true />
                    <TextField
                        name="phone"
                        kind="tel"
                        label=move || t_string!(i18n, labels.field.phone)
                        hint="010-1234-5678"
                        value=phone
                    />
                    <SelectField
                        name="living_place"
                        label=move || t_string!(i18n, labels.field.living_place)
                        value=place
                        choices={choices_of::<LivingPlace>()}
                        required=true
                    />
                    <TextField name="login" label=move || t_string!(i18n, labels.field.login) value=RwSignal::new("haneul".to_owned()) disabled=true />
                    <DateField name="on" label=move || t_string!(i18n, labels.field.on) value=day />
                    <TimeField name="at" label=move || t_string!(i18n, labels.field.window) value=time />
                </div>
                <RadioChips name="kind" label=move || t_string!(i18n, labels.kind.visit) value=kind required=true />
                <CheckboxField name="no_fixed_address" label=move || t_string!(i18n, labels.field.no_fixed_address) value=alone />
                <TextAreaField name="note" label=move || t_string!(i18n, labels.field.note) value=note />
                <div class="form-actions">
                    <Button>{t!(i18n, common.cancel)}</Button>
                    <Button kind=ButtonKind::Primary submit=true>{t!(i18n, common.save)}</Button>
                </div>
            </CommandForm>
        </section>
    }
    .into_any()
}

fn sign(code: &str, name_ko: &str, name_en: &str, domain: LifeDomain, urgency: Urgency) -> Sign {
    Sign {
        code: code.to_owned(),
        version: 1,
        name_ko: name_ko.to_owned(),
        name_en: name_en.to_owned(),
        observers: String::new(),
        domain,
        urgency,
        active: true,
    }
}

#[component]
pub(super) fn Signs() -> impl IntoView {
    let ticked = RwSignal::new(Ticked::from(["S07".to_owned()]));
    let signs = vec![
        sign(
            "S01",
            "집에 있을 텐데 며칠째 인기척이 없음",
            "No sound or movement for days",
            LifeDomain::Safety,
            Urgency::Emergency,
        ),
        sign("S03", "죽고 싶다고 말하거나 신변을 정리함", "Talks of wanting to die", LifeDomain::Health, Urgency::Emergency),
        sign(
            "S07",
            "전기·수도·가스 중단 안내가 붙어 있음",
            "Notice that power, water or gas is off",
            LifeDomain::Living,
            Urgency::SameDay,
        ),
        sign("S12", "우편물이나 광고지가 쌓여 있음", "Post or flyers piling up", LifeDomain::Living, Urgency::ThreeDays),
        sign("S20", "식사를 자주 거르는 것 같음", "Seems to skip meals", LifeDomain::Health, Urgency::ThreeDays),
        sign("S28", "찾아오는 사람이 없음", "Nobody comes to see them", LifeDomain::Social, Urgency::TwoWeeks),
    ];
    view! {
        <section class="section stack">
            <h2>"SignTicks"</h2>
            <SignTicks signs ticked />
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn Conflict() -> impl IntoView {
    let fields = vec![
        FieldConflict { field: "phone".into(), base: json!(null), theirs: json!("01000000000"), mine: json!("01000000001") },
        FieldConflict {
            field: "living_place".into(),
            base: json!("unknown"),
            theirs: json!("semi_basement"),
            mine: json!("multi_family"),
        },
    ];
    let toaster = use_toaster();
    let i18n = use_i18n();
    let resolve = Callback::new(move |_| toaster.done(move || t_string!(i18n, common.saved)));
    view! {
        <section class="section stack">
            <h2>"ConflictChooser"</h2>
            <ConflictChooser fields resolve cancel=Callback::new(|()| ()) />
        </section>
    }
    .into_any()
}
