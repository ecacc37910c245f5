//! Two people changed the same fields: side by side, field by field, one person chooses.

use super::{
    banner::{Banner, Tone},
    button::{Button, ButtonKind},
    text::{FieldShape, I18n, field_label, field_shape, field_value},
    write::{ConflictState, Write},
};
use crate::i18n::{t, t_string, use_i18n};
use chrono::NaiveDateTime;
pub use domain::sync::choice::{Chosen, settle};
use domain::{clock::from_korean, merge::FieldConflict, view::Worker, visit::Window};
use leptos::prelude::*;
use serde_json::Value;

/// The form of an edit; while its command is in conflict, the choice between the versions instead.
#[component]
pub fn EditOrChoose(
    /// What sends the edit.
    write: Write,
    /// Sends the edit again with what was chosen.
    resolve: Callback<(ConflictState, Chosen)>,
    /// Closes the form.
    close: Callback<()>,
    /// The form.
    children: Children,
) -> impl IntoView {
    let chooser = move || {
        write.conflict().get().map(|conflict| {
            let fields = conflict.fields.clone();
            let resolve = Callback::new(move |chosen| resolve.run((conflict.clone(), chosen)));
            let cancel = Callback::new(move |()| {
                write.conflict().set(None);
                close.run(());
            });
            view! { <ConflictChooser fields resolve cancel busy=write.pending() /> }
        })
    };
    view! {
        {chooser}
        <div hidden=move || write.conflict().with(Option::is_some)>{children()}</div>
    }
    .into_any()
}

/// One field's versions to choose from, or a third one to write. `resolve` gets a value for every field.
#[component]
pub fn ConflictChooser(
    /// The fields.
    fields: Vec<FieldConflict>,
    /// Takes the choice.
    resolve: Callback<Chosen>,
    /// Gives up the edit.
    cancel: Callback<()>,
    /// Those who go on visits: their names, and who else may be chosen.
    #[prop(optional, into)]
    people: Signal<Vec<Worker>>,
    /// While true the choice is being saved.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = fields.len();
    let chosen = RwSignal::new(Chosen::new());
    let done = Memo::new(move |_| chosen.with(Chosen::len));
    let rows = fields.into_iter().map(|conflict| view! { <ConflictRow conflict chosen people /> }).collect_view();
    view! {
        <section class="conflict" aria-labelledby="conflict-title">
            <h2 id="conflict-title">{t!(i18n, conflict.title)}</h2>
            <Banner tone=Tone::Warn title=move || t_string!(i18n, conflict.lead) />
            {rows}
            <div class="form-actions">
                <p class="muted">{move || t_string!(i18n, conflict.progress, done = done.get(), all = all)}</p>
                <Button on_press=move || cancel.run(())>{t!(i18n, common.cancel)}</Button>
                <Button
                    kind=ButtonKind::Primary
                    busy
                    disabled=Signal::derive(move || done.get() < all)
                    on_press=move || resolve.run(chosen.get_untracked())
                >
                    {t!(i18n, conflict.save)}
                </Button>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn ConflictRow(conflict: FieldConflict, chosen: RwSignal<Chosen>, people: Signal<Vec<Worker>>) -> impl IntoView {
    let i18n = use_i18n();
    let field = StoredValue::new(conflict.field);
    let base = StoredValue::new(conflict.base);
    let mine = StoredValue::new(conflict.mine.clone());
    let third = RwSignal::new(String::new());
    let other = RwSignal::new(false);
    let name = move || field.with_value(|field| field_label(i18n, field));
    let set = move |value: Value| chosen.update(|chosen| drop(chosen.insert(field.get_value(), value)));
    let pick = move |value: Value| {
        other.set(false);
        set(value);
    };
    let write = move |typed: String| {
        set(field.with_value(|field| mine.with_value(|mine| parse_third(field, &typed, mine))));
        third.set(typed);
    };
    let pick_third = move || {
        other.set(true);
        write(third.get_untracked());
    };
    view! {
        <fieldset class="conflict-row">
            <legend>{name}</legend>
            <p class="muted">
                {t!(i18n, conflict.before)} ": "
                {move || field.with_value(|field| base.with_value(|base| shown(i18n, field, base, people)))}
            </p>
            <div class="conflict-choices">
                <Version field value=conflict.theirs people title=move || t_string!(i18n, conflict.theirs) pick=Callback::new(pick) />
                <Version field value=conflict.mine people title=move || t_string!(i18n, conflict.mine) pick=Callback::new(pick) />
                <label class="conflict-choice">
                    <input type="radio" name=radio_name(field) on:change=move |_| pick_third() />
                    <span class="conflict-source">{t!(i18n, conflict.third)}</span>
                </label>
            </div>
            <Show when=move || other.get()>
                <ThirdValue field third people write=Callback::new(write) />
            </Show>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Version(
    field: StoredValue<String>,
    value: Value,
    people: Signal<Vec<Worker>>,
    #[prop(into)] title: TextProp,
    pick: Callback<Value>,
) -> impl IntoView {
    let i18n = use_i18n();
    let value = StoredValue::new(value);
    view! {
        <label class="conflict-choice">
            <input type="radio" name=radio_name(field) on:change=move |_| pick.run(value.get_value()) />
            <span class="conflict-source">{move || title.get()}</span>
            <span class="conflict-value">
                {move || field.with_value(|field| value.with_value(|value| shown(i18n, field, value, people)))}
            </span>
        </label>
    }
    .into_any()
}

#[component]
fn ThirdValue(
    field: StoredValue<String>,
    third: RwSignal<String>,
    people: Signal<Vec<Worker>>,
    write: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || {
        let name = field.with_value(|field| field_label(i18n, field));
        format!("{name}: {}", t_string!(i18n, conflict.third_value))
    };
    let words = match field.with_value(|field| field_shape(field)) {
        FieldShape::Coded(words) => words,
        FieldShape::Flag => vec!["true", "false"],
        FieldShape::Person => {
            let option = |worker: Worker| view! { <option value=worker.id.to_string()>{worker.name}</option> };
            return view! {
                <select class="input select" aria-label=label on:change=move |event| write.run(event_target_value(&event))>
                    <option value="">{t!(i18n, common.choose)}</option>
                    {move || people.get().into_iter().map(option).collect_view()}
                </select>
            }
            .into_any();
        }
        shape @ (FieldShape::Text | FieldShape::Number | FieldShape::Window) => {
            let kind = if shape == FieldShape::Window { "datetime-local" } else { "text" };
            return view! {
                <input
                    class="input"
                    type=kind
                    autocomplete="off"
                    aria-label=label
                    prop:value=move || third.get()
                    on:input=move |event| write.run(event_target_value(&event))
                />
            }
            .into_any();
        }
    };
    let option = move |word: &'static str| {
        let text = move || field.with_value(|field| field_value(i18n, field, &parse_third(field, word, &Value::Null)));
        view! { <option value=word>{text}</option> }
    };
    view! {
        <select class="input select" aria-label=label on:change=move |event| write.run(event_target_value(&event))>
            <option value="">{t!(i18n, common.choose)}</option>
            {words.into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

fn radio_name(field: StoredValue<String>) -> String {
    field.with_value(|field| format!("conflict-{field}"))
}

/// A version as people read it: whoever goes on visits by name.
fn shown(i18n: I18n, field: &str, value: &Value, people: Signal<Vec<Worker>>) -> String {
    match (field_shape(field), value.as_str()) {
        (FieldShape::Person, Some(id)) => {
            let known = people.with(|people| people.iter().find(|one| one.id.to_string() == id).map(|one| one.name.clone()));
            known.unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned())
        }
        _ => field_value(i18n, field, value),
    }
}

/// What was typed, as the command wants it; empty means none. A window is typed as its start in Korea, and stays as long as `mine`.
fn parse_third(field: &str, typed: &str, mine: &Value) -> Value {
    let typed = typed.trim();
    match field_shape(field) {
        _ if typed.is_empty() => Value::Null,
        FieldShape::Number => typed.parse::<i64>().map_or_else(|_| Value::String(typed.to_owned()), Value::from),
        FieldShape::Flag => Value::Bool(typed == "true"),
        FieldShape::Window => moved_to(typed, mine).unwrap_or_default(),
        FieldShape::Text | FieldShape::Coded(_) | FieldShape::Person => Value::String(typed.to_owned()),
    }
}

fn moved_to(typed: &str, mine: &Value) -> Option<Value> {
    let mine: Window = serde_json::from_value(mine.clone()).ok()?;
    let start: NaiveDateTime = typed.parse().or_else(|_| format!("{typed}:00").parse()).ok()?;
    let start = from_korean(start.date(), start.time());
    serde_json::to_value(Window { start, end: start + (mine.end - mine.start) }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        merge::Edit,
        profile::{LivingPlace, ProfileEdits},
    };
    use serde_json::json;

    #[test]
    fn a_third_value_takes_the_shape_of_its_field() {
        assert_eq!(parse_third("birth_year", " 1948 ", &Value::Null), json!(1948));
        assert_eq!(parse_third("no_fixed_address", "true", &Value::Null), json!(true));
        assert_eq!(parse_third("living_place", "house", &Value::Null), json!("house"));
        assert_eq!(parse_third("address", "  ", &Value::Null), Value::Null);
        let mine = json!({ "start": "2027-05-12T01:00:00Z", "end": "2027-05-12T01:45:00Z" });
        let third = json!({ "start": "2027-05-12T21:30:00Z", "end": "2027-05-12T22:15:00Z" });
        assert_eq!(parse_third("window", "2027-05-13T06:30", &mine), third, "06:30 in Korea, as long as mine");
        assert_eq!(parse_third("window", "tomorrow", &mine), Value::Null);
    }

    #[test]
    fn a_choice_goes_from_what_stands_to_what_was_chosen_and_keeps_the_rest() {
        let sent = ProfileEdits {
            address: Some(Edit { from: None, to: Some("서초대로 1".to_owned()) }),
            living_place: Some(Edit { from: LivingPlace::Unknown, to: LivingPlace::House }),
            ..ProfileEdits::default()
        };
        let conflict = FieldConflict {
            field: "address".to_owned(),
            base: Value::Null,
            theirs: json!("반포대로 2"),
            mine: json!("서초대로 1"),
        };
        let chosen = Chosen::from([("address".to_owned(), json!("방배로 3"))]);
        let edits = settle(&sent, std::slice::from_ref(&conflict), &chosen).unwrap();
        let address = Some(Edit { from: Some("반포대로 2".to_owned()), to: Some("방배로 3".to_owned()) });
        assert_eq!(edits, ProfileEdits { address, ..sent.clone() });
        assert_eq!(settle(&sent, &[conflict], &Chosen::new()), None);
    }
}
