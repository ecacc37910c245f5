//! The fields of a person, for registering and for editing: what is typed, and the record that it makes.

use crate::{
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use domain::{
    Invalid,
    profile::{AgeBand, ContactConsent, Language, LivingPlace, NeighborProfile, Sex},
    text::{BirthYear, DongCode, PhoneNumber},
    view::neighbors::{DongName, PersonDraft},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is typed about a person, as typed; codes for what is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PersonText {
    name: String,
    name_unknown: bool,
    birth_year: String,
    age_band: String,
    sex: Option<Sex>,
    dong: String,
    address: String,
    no_fixed_address: bool,
    phone: String,
    language: String,
    living_place: String,
    consent: Option<ContactConsent>,
    health_note: String,
}

impl PersonText {
    /// The text of a record.
    pub(super) fn of(profile: &NeighborProfile) -> Self {
        Self {
            name: profile.name.clone().unwrap_or_default(),
            name_unknown: profile.name.is_none(),
            birth_year: profile.birth_year.map(|year| year.get().to_string()).unwrap_or_default(),
            age_band: profile.age_band.map(|band| band.code().to_owned()).unwrap_or_default(),
            sex: Some(profile.sex),
            dong: profile.dong.as_str().to_owned(),
            address: profile.address.clone().unwrap_or_default(),
            no_fixed_address: profile.no_fixed_address,
            phone: profile.phone.as_ref().map(PhoneNumber::display).unwrap_or_default(),
            language: profile.language.code().to_owned(),
            living_place: profile.living_place.code().to_owned(),
            consent: Some(profile.contact_consent),
            health_note: profile.health_note.clone().unwrap_or_default(),
        }
    }

    /// The record that the text makes; what is wrong goes to `errors`.
    pub(super) fn read(&self, errors: FormErrors) -> Option<NeighborProfile> {
        if self.name.trim().is_empty() && !self.name_unknown {
            errors.add("name", Invalid::Missing);
        }
        let birth_year = taken(errors, "birth_year", &self.birth_year, Invalid::BirthYear, birth_year);
        let phone = taken(errors, "phone", &self.phone, Invalid::Phone, |text| text.parse().ok());
        let Ok(dong) = self.dong.parse::<DongCode>() else {
            errors.add("dong", if self.dong.is_empty() { Invalid::Missing } else { Invalid::UnknownDong });
            return None;
        };
        let profile = NeighborProfile {
            name: filled(&self.name).filter(|_| !self.name_unknown),
            birth_year,
            age_band: AgeBand::from_code(&self.age_band),
            sex: self.sex.unwrap_or(Sex::Unknown),
            address: filled(&self.address).filter(|_| !self.no_fixed_address),
            no_fixed_address: self.no_fixed_address,
            phone,
            language: Language::from_code(&self.language).unwrap_or(Language::Korean),
            living_place: LivingPlace::from_code(&self.living_place).unwrap_or(LivingPlace::Unknown),
            contact_consent: self.consent.unwrap_or(ContactConsent::NotAsked),
            health_note: filled(&self.health_note),
            ..NeighborProfile::in_dong(dong)
        };
        if !errors.is_empty() {
            return None;
        }
        profile.checked().map_err(|error| errors.take(error)).ok()
    }

    /// What can be looked for so far.
    pub(super) fn draft(&self) -> PersonDraft {
        PersonDraft {
            name: filled(&self.name).filter(|_| !self.name_unknown),
            birth_year: birth_year(&self.birth_year),
            sex: self.sex.filter(|sex| *sex != Sex::Unknown),
            phone: self.phone.parse().ok(),
            dong: self.dong.parse().ok(),
            address: filled(&self.address).filter(|_| !self.no_fixed_address),
        }
    }

    /// Everything that was typed, to be looked at for resident numbers.
    pub(super) fn typed(&self) -> [(&'static str, &str); 5] {
        [
            ("name", &self.name),
            ("birth_year", &self.birth_year),
            ("address", &self.address),
            ("phone", &self.phone),
            ("health_note", &self.health_note),
        ]
    }
}

pub(super) fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub(super) fn birth_year(text: &str) -> Option<BirthYear> {
    text.trim().parse::<i16>().ok().and_then(|year| BirthYear::try_from(year).ok())
}

/// The value that a text means, if any; a text that means none goes to `errors`.
pub(super) fn taken<T>(
    errors: FormErrors,
    field: &str,
    text: &str,
    reason: Invalid,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    if value.is_none() {
        errors.add(field, reason);
    }
    value
}

/// The signals behind the fields.
#[derive(Clone, Copy)]
pub(super) struct PersonForm {
    name: RwSignal<String>,
    name_unknown: RwSignal<bool>,
    birth_year: RwSignal<String>,
    age_band: RwSignal<String>,
    sex: RwSignal<Option<Sex>>,
    dong: RwSignal<String>,
    address: RwSignal<String>,
    no_fixed_address: RwSignal<bool>,
    phone: RwSignal<String>,
    language: RwSignal<String>,
    living_place: RwSignal<String>,
    consent: RwSignal<Option<ContactConsent>>,
    health_note: RwSignal<String>,
}

impl PersonForm {
    pub(super) fn new(text: PersonText) -> Self {
        Self {
            name: RwSignal::new(text.name),
            name_unknown: RwSignal::new(text.name_unknown),
            birth_year: RwSignal::new(text.birth_year),
            age_band: RwSignal::new(text.age_band),
            sex: RwSignal::new(text.sex),
            dong: RwSignal::new(text.dong),
            address: RwSignal::new(text.address),
            no_fixed_address: RwSignal::new(text.no_fixed_address),
            phone: RwSignal::new(text.phone),
            language: RwSignal::new(text.language),
            living_place: RwSignal::new(text.living_place),
            consent: RwSignal::new(text.consent),
            health_note: RwSignal::new(text.health_note),
        }
    }

    /// What is typed now; subscribes to every field.
    pub(super) fn text(self) -> PersonText {
        PersonText {
            name: self.name.get(),
            name_unknown: self.name_unknown.get(),
            birth_year: self.birth_year.get(),
            age_band: self.age_band.get(),
            sex: self.sex.get(),
            dong: self.dong.get(),
            address: self.address.get(),
            no_fixed_address: self.no_fixed_address.get(),
            phone: self.phone.get(),
            language: self.language.get(),
            living_place: self.living_place.get(),
            consent: self.consent.get(),
            health_note: self.health_note.get(),
        }
    }
}

/// Name, birth year, sex.
#[component]
pub(super) fn WhoFields(form: PersonForm) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="fields">
            <Show when=move || !form.name_unknown.get()>
                <TextField name="name" label=move || t_string!(i18n, labels.field.name) value=form.name />
            </Show>
            <CheckboxField name="name_unknown" label=move || t_string!(i18n, register.name_unknown) value=form.name_unknown />
            <TextField
                name="birth_year"
                label=move || t_string!(i18n, labels.field.birth_year)
                hint=move || t_string!(i18n, register.birth_hint)
                value=form.birth_year
                inputmode="numeric"
            />
            <SelectField
                name="age_band"
                label=move || t_string!(i18n, labels.field.age_band)
                value=form.age_band
                choices={choices_of::<AgeBand>()}
            />
        </div>
        <RadioChips name="sex" label=move || t_string!(i18n, labels.field.sex) value=form.sex />
    }
    .into_any()
}

/// Dong, address, living place.
#[component]
pub(super) fn WhereFields(form: PersonForm, dongs: Vec<DongName>) -> impl IntoView {
    let i18n = use_i18n();
    let choices: Vec<Choice> = dongs
        .into_iter()
        .map(|dong| {
            let name = dong.name;
            Choice::new(dong.code.as_str(), move || text::named(i18n, &name))
        })
        .collect();
    view! {
        <div class="fields">
            <SelectField
                name="dong"
                label=move || t_string!(i18n, labels.field.dong)
                value=form.dong
                choices=choices
                required=true
            />
            <SelectField
                name="living_place"
                label=move || t_string!(i18n, labels.field.living_place)
                value=form.living_place
                choices={choices_of::<LivingPlace>()}
            />
            <Show when=move || !form.no_fixed_address.get()>
                <TextField name="address" label=move || t_string!(i18n, labels.field.address) value=form.address />
            </Show>
            <CheckboxField
                name="no_fixed_address"
                label=move || t_string!(i18n, register.no_address)
                value=form.no_fixed_address
            />
        </div>
    }
    .into_any()
}

/// Phone, language, consent, health.
#[component]
pub(super) fn ContactFields(form: PersonForm) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="fields">
            <TextField
                name="phone"
                kind="tel"
                inputmode="tel"
                label=move || t_string!(i18n, labels.field.phone)
                hint="010-1234-5678"
                value=form.phone
            />
            <SelectField
                name="language"
                label=move || t_string!(i18n, labels.field.language)
                value=form.language
                choices={choices_of::<Language>()}
                empty=move || Language::Korean.label(i18n)
            />
        </div>
        <RadioChips name="contact_consent" label=move || t_string!(i18n, labels.field.contact_consent) value=form.consent />
        <TextAreaField name="health_note" label=move || t_string!(i18n, labels.field.health_note) value=form.health_note />
    }
    .into_any()
}
