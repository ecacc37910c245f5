//! An indicator or a sign while it is added or changed.

use super::parts::{Sender, StaleNote};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    case::Urgency,
    catalogue::{Indicator, LifeDomain, Sign},
    command::CatalogueCommand,
    ids::Rev,
};
use leptos::prelude::*;

/// One entry of either catalogue.
#[derive(Clone)]
pub(super) enum Entry {
    Indicator(Indicator),
    Sign(Sign),
}

impl Entry {
    pub(super) fn code(&self) -> &str {
        match self {
            Self::Indicator(entry) => &entry.code,
            Self::Sign(entry) => &entry.code,
        }
    }

    pub(super) fn names(&self) -> (&str, &str) {
        match self {
            Self::Indicator(entry) => (&entry.name_ko, &entry.name_en),
            Self::Sign(entry) => (&entry.name_ko, &entry.name_en),
        }
    }

    /// The version in force; 0 for an entry that is not there yet.
    pub(super) const fn version(&self) -> i32 {
        match self {
            Self::Indicator(entry) => entry.version,
            Self::Sign(entry) => entry.version,
        }
    }

    pub(super) const fn active(&self) -> bool {
        match self {
            Self::Indicator(entry) => entry.active,
            Self::Sign(entry) => entry.active,
        }
    }

    /// How soon somebody must go: signs only.
    pub(super) const fn urgency(&self) -> Option<Urgency> {
        match self {
            Self::Indicator(_) => None,
            Self::Sign(entry) => Some(entry.urgency),
        }
    }

    /// An empty indicator with the code after the last one.
    pub(super) fn new_indicator<'a>(codes: impl Iterator<Item = &'a str>) -> Self {
        Self::Indicator(Indicator {
            code: next_code('I', codes),
            version: 0,
            name_ko: String::new(),
            name_en: String::new(),
            holder: String::new(),
            source: "district".to_owned(),
            note: String::new(),
            active: true,
        })
    }

    /// An empty sign with the code after the last one.
    pub(super) fn new_sign<'a>(codes: impl Iterator<Item = &'a str>) -> Self {
        Self::Sign(Sign {
            code: next_code('S', codes),
            version: 0,
            name_ko: String::new(),
            name_en: String::new(),
            observers: String::new(),
            domain: LifeDomain::Safety,
            urgency: Urgency::ThreeDays,
            active: true,
        })
    }
}

/// The code after the last one: `S32` → `S33`.
fn next_code<'a>(letter: char, codes: impl Iterator<Item = &'a str>) -> String {
    let last = codes.filter_map(|code| code.strip_prefix(letter)?.parse::<u32>().ok()).max().unwrap_or(0);
    format!("{letter}{:02}", last + 1)
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    ko: RwSignal<String>,
    en: RwSignal<String>,
    active: RwSignal<bool>,
    /// Who tends to see a sign, or who holds the data of an indicator.
    who: RwSignal<String>,
    domain: RwSignal<String>,
    urgency: RwSignal<Option<Urgency>>,
    source: RwSignal<String>,
    note: RwSignal<String>,
}

impl Draft {
    fn of(entry: &Entry) -> Self {
        let (ko, en) = entry.names();
        let (who, source, note) = match entry {
            Entry::Indicator(entry) => (entry.holder.clone(), entry.source.clone(), entry.note.clone()),
            Entry::Sign(entry) => (entry.observers.clone(), String::new(), String::new()),
        };
        let domain = if let Entry::Sign(sign) = entry { sign.domain.word() } else { "" };
        Self {
            ko: RwSignal::new(ko.to_owned()),
            en: RwSignal::new(en.to_owned()),
            active: RwSignal::new(entry.active()),
            who: RwSignal::new(who),
            domain: RwSignal::new(domain.to_owned()),
            urgency: RwSignal::new(entry.urgency()),
            source: RwSignal::new(source),
            note: RwSignal::new(note),
        }
    }

    /// The command, or the field that is missing.
    fn command(self, entry: Entry) -> Result<CatalogueCommand, &'static str> {
        let (name_ko, name_en, active) = (self.ko.get_untracked(), self.en.get_untracked(), self.active.get_untracked());
        let who = self.who.get_untracked();
        Ok(match entry {
            Entry::Indicator(entry) => {
                let (source, note) = (self.source.get_untracked(), self.note.get_untracked());
                CatalogueCommand::PutIndicator {
                    indicator: Indicator { name_ko, name_en, holder: who, source, note, active, ..entry },
                }
            }
            Entry::Sign(entry) => {
                let domain = LifeDomain::from_word(&self.domain.get_untracked()).ok_or("domain")?;
                let urgency = self.urgency.get_untracked().ok_or("urgency")?;
                CatalogueCommand::PutSign { sign: Sign { name_ko, name_en, observers: who, domain, urgency, active, ..entry } }
            }
        })
    }
}

/// The form. What is saved becomes a new version.
#[component]
pub(super) fn EntryForm(entry: Entry, editing: RwSignal<Option<String>>, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let draft = Draft::of(&entry);
    let is_sign = matches!(entry, Entry::Sign(_));
    let fresh = entry.version() == 0;
    sender.errors.clear();
    let save = move |()| {
        let rev = Rev(i64::from(entry.version()));
        match draft.command(entry.clone()) {
            Ok(command) => sender.send_based_on(command, rev),
            Err(field) => sender.errors.add(field, Invalid::Missing),
        }
    };
    let parts = if is_sign { view! { <SignFields draft /> }.into_any() } else { view! { <IndicatorFields draft /> }.into_any() };
    view! {
        <StaleNote sender />
        <CommandForm errors=sender.errors on_submit=Callback::new(save)>
            <TextField name="name_ko" label=move || t_string!(i18n, admin.name_ko) value=draft.ko required=true maxlength=100 />
            <TextField name="name_en" label=move || t_string!(i18n, admin.name_en) value=draft.en required=true maxlength=200 />
            {parts}
            <CheckboxField name="active" label=move || t_string!(i18n, admin.active) value=draft.active hint=move || t_string!(i18n, admin.active_hint) />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=sender.pending()>
                    {move || if fresh { t_string!(i18n, common.save) } else { t_string!(i18n, admin.new_version) }}
                </Button>
                <Button on_press=move || editing.set(None)>{t!(i18n, common.cancel)}</Button>
            </div>
        </CommandForm>
    }
    .into_any()
}

#[component]
fn SignFields(draft: Draft) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <RadioChips name="urgency" label=move || t_string!(i18n, admin.urgency) value=draft.urgency required=true />
        <SelectField
            name="domain"
            label=move || t_string!(i18n, admin.domain)
            value=draft.domain
            choices=Signal::stored(choices_of::<LifeDomain>())
            required=true
        />
        <TextField name="observers" label=move || t_string!(i18n, admin.observers) value=draft.who required=true maxlength=100 />
    }
    .into_any()
}

#[component]
fn IndicatorFields(draft: Draft) -> impl IntoView {
    let i18n = use_i18n();
    let sources = vec![
        Choice::new("statute", move || t_string!(i18n, admin.source_statute)),
        Choice::new("press", move || t_string!(i18n, admin.source_press)),
        Choice::new("district", move || t_string!(i18n, admin.source_district)),
    ];
    view! {
        <TextField name="holder" label=move || t_string!(i18n, admin.holder) value=draft.who required=true maxlength=100 />
        <SelectField
            name="source"
            label=move || t_string!(i18n, admin.source)
            value=draft.source
            choices=Signal::stored(sources)
            required=true
        />
        <TextField name="note" label=move || t_string!(i18n, admin.note) value=draft.note maxlength=200 />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::next_code;

    #[test]
    fn a_new_code_follows_the_last() {
        assert_eq!(next_code('S', ["S01", "S32", "I90"].into_iter()), "S33");
        assert_eq!(next_code('I', [].into_iter()), "I01");
        assert_eq!(next_code('I', ["I99"].into_iter()), "I100");
    }
}
