//! What a file would do: the numbers, the first rows, and everything that is wrong, row by row.

use super::period_of;
use crate::{
    components::{
        prelude::*,
        text::{I18n, field_label},
    },
    i18n::{Locale, t, t_string, use_i18n},
};
use domain::{
    ids::DraftId,
    profile::Language,
    round::{ImportReport, RowError},
    view::rounds::{ImportPreview, PreviewRow, RowOutcome},
};
use leptos::prelude::*;

/// Errors that are shown; the file to download holds all of them.
const MOST_ERRORS: usize = 200;

/// The preview, and what to do about it.
#[component]
pub(super) fn PreviewView(preview: ImportPreview, apply: Callback<DraftId>, restart: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let ImportPreview { report, period, sample, draft } = preview;
    let rows = report.rows;
    let title = move || period.map(|period| period_of(i18n, period)).unwrap_or_default();
    let wrong = !report.errors.is_empty();
    view! {
        <section class="section stack">
            <h2>{title}" " <span class="muted">{move || t_string!(i18n, rounds.rows_read, count = text::number(rows))}</span></h2>
            {if wrong {
                view! { <Faults errors=report.errors.clone() /> }.into_any()
            } else {
                view! { <Numbers report=report.clone() /> }.into_any()
            }}
            <div class="cluster">
                {draft
                    .map(|draft| {
                        view! {
                            <Button kind=ButtonKind::Primary icon=IconName::Check on_press=move || apply.run(draft)>
                                {t!(i18n, rounds.apply)}
                            </Button>
                        }
                    })}
                <Button icon=IconName::File on_press=move || restart.run(())>
                    {t!(i18n, rounds.other_file)}
                </Button>
            </div>
        </section>
        {(!sample.is_empty()).then(|| view! { <Sample sample /> })}
    }
    .into_any()
}

/// How many of which kind.
#[component]
pub(super) fn Numbers(report: ImportReport) -> impl IntoView {
    let i18n = use_i18n();
    let number = |label: TextProp, count: u32| {
        view! {
            <div class="figure">
                <dt>{move || label.get()}</dt>
                <dd>{text::number(count)}</dd>
            </div>
        }
    };
    view! {
        <dl class="figures">
            {number((move || RowOutcome::New.text(i18n)).into(), report.new)}
            {number((move || RowOutcome::Matched.text(i18n)).into(), report.matched)}
            {number((move || RowOutcome::ToConfirm.text(i18n)).into(), report.to_confirm)}
            {number((move || RowOutcome::Duplicate.text(i18n)).into(), report.duplicates_in_file)}
            {number((move || t_string!(i18n, rounds.signals_added)).into(), report.signals_added)}
        </dl>
    }
    .into_any()
}

/// The word for what a row means.
trait Outcome {
    fn text(self, i18n: I18n) -> &'static str;
    fn tone(self) -> &'static str;
}

impl Outcome for RowOutcome {
    fn text(self, i18n: I18n) -> &'static str {
        match self {
            Self::New => t_string!(i18n, rounds.outcome_new),
            Self::Matched => t_string!(i18n, rounds.outcome_matched),
            Self::ToConfirm => t_string!(i18n, rounds.outcome_to_confirm),
            Self::Duplicate => t_string!(i18n, rounds.outcome_duplicate),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::New => "tone-info",
            Self::Matched => "tone-success",
            Self::ToConfirm => "tone-warn",
            Self::Duplicate => "",
        }
    }
}

#[component]
fn Sample(sample: Vec<PreviewRow>) -> impl IntoView {
    let i18n = use_i18n();
    let count = sample.len();
    let head = move || {
        view! {
            <HeadCell label=move || t_string!(i18n, rounds.row) numeric=true />
            <HeadCell label=move || t_string!(i18n, labels.field.name) />
            <HeadCell label=move || t_string!(i18n, labels.field.birth_year) numeric=true />
            <HeadCell label=move || t_string!(i18n, labels.field.dong) wide=true />
            <HeadCell label=move || t_string!(i18n, rounds.indicators) />
            <HeadCell label=move || t_string!(i18n, rounds.outcome) />
        }
    };
    view! {
        <section class="section stack">
            <h2>{move || t_string!(i18n, rounds.first_rows, count = count)}</h2>
            <Table caption=move || t_string!(i18n, rounds.first_rows, count = count).to_string() head>
                {sample.into_iter().map(|row| view! { <SampleRow row /> }).collect_view()}
            </Table>
        </section>
    }
    .into_any()
}

#[component]
fn SampleRow(row: PreviewRow) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = row.outcome;
    view! {
        <Row>
            <Cell label=move || t_string!(i18n, rounds.row) numeric=true>
                {row.row}
            </Cell>
            <Cell head=true label=move || t_string!(i18n, labels.field.name)>
                {row.name}
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.birth_year) numeric=true>
                {row.birth_year.map(domain::text::BirthYear::get)}
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.dong) wide=true>
                {row.dong.to_string()}
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.indicators)>{row.indicators.join(", ")}</Cell>
            <Cell label=move || t_string!(i18n, rounds.outcome)>
                <Badge tone=outcome.tone() label=move || outcome.text(i18n) />
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Faults(errors: Vec<RowError>) -> impl IntoView {
    let i18n = use_i18n();
    let count = errors.len();
    let all = StoredValue::new(errors.clone());
    let head = move || {
        view! {
            <HeadCell label=move || t_string!(i18n, rounds.row) numeric=true />
            <HeadCell label=move || t_string!(i18n, rounds.column) />
            <HeadCell label=move || t_string!(i18n, rounds.fault) />
        }
    };
    view! {
        <Banner tone=Tone::Error live=true title=move || t_string!(i18n, rounds.faults_title, count = text::number(count)).to_string()>
            <p>{t!(i18n, rounds.faults_body)}</p>
        </Banner>
        <Button icon=IconName::Download on_press=move || all.with_value(|all| download(i18n, all))>
            {t!(i18n, rounds.faults_download)}
        </Button>
        <Table caption=move || t_string!(i18n, rounds.faults_title, count = text::number(count)).to_string() head>
            {errors.into_iter().take(MOST_ERRORS).map(|error| view! { <FaultRow error /> }).collect_view()}
        </Table>
        {(count > MOST_ERRORS).then(|| view! { <p class="muted">{move || t_string!(i18n, rounds.faults_more, count = text::number(count - MOST_ERRORS))}</p> })}
    }
    .into_any()
}

#[component]
fn FaultRow(error: RowError) -> impl IntoView {
    let i18n = use_i18n();
    let RowError { row, column, code, .. } = error;
    view! {
        <Row>
            <Cell label=move || t_string!(i18n, rounds.row) numeric=true>
                {row}
            </Cell>
            <Cell head=true label=move || t_string!(i18n, rounds.column)>
                {move || column_of(i18n, &column)}
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.fault)>{move || code.sentence(language(i18n))}</Cell>
        </Row>
    }
    .into_any()
}

fn language(i18n: I18n) -> Language {
    match i18n.get_locale() {
        Locale::ko => Language::Korean,
        Locale::en => Language::English,
    }
}

/// A column of the file as people call it.
fn column_of(i18n: I18n, column: &str) -> &'static str {
    match column {
        "round" => t_string!(i18n, rounds.round),
        "dong_code" => field_label(i18n, "dong"),
        "indicators" => t_string!(i18n, rounds.indicators),
        "row" => t_string!(i18n, rounds.whole_row),
        known => field_label(i18n, known),
    }
}

#[cfg(feature = "hydrate")]
fn download(i18n: I18n, errors: &[RowError]) {
    let mut csv = "\u{feff}row,column,code,message\r\n".to_owned();
    for error in errors {
        let sentence = error.code.sentence(language(i18n)).replace('"', "\"\"");
        csv.push_str(&format!("{},{},{},\"{sentence}\"\r\n", error.row, error.column, error.code));
    }
    super::upload::save_text("errors.csv", &csv);
}

#[cfg(not(feature = "hydrate"))]
fn download(_: I18n, _: &[RowError]) {}
