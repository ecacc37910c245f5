//! Loading a list: choose a file, see what it would do, apply it, go on to the triage.

use super::import_preview::PreviewView;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    ApiError,
    ids::{DraftId, RoundId},
    policy::{Action, Kind},
    round::ImportReport,
    view::rounds::ImportPreview,
};
use leptos::{ev, prelude::*};

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser sends files"))]
pub(super) enum Step {
    /// No file yet.
    Choose,
    /// The file is on its way: per cent, or `None` while the server reads it.
    Sending(Option<u8>),
    /// What the file would do.
    Preview(Box<ImportPreview>),
    /// It is being applied: per cent.
    Applying(Option<u8>),
    /// It is applied.
    Done(RoundId, Box<ImportReport>),
}

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct Import {
    /// How far it has come.
    pub step: RwSignal<Step>,
    /// What went wrong last.
    pub error: RwSignal<Option<ApiError>>,
}

impl Import {
    /// Takes the preview of a file, or what went wrong.
    #[cfg(feature = "hydrate")]
    pub(super) fn previewed(self, answer: Result<ImportPreview, ApiError>) {
        match answer {
            Ok(preview) => self.step.set(Step::Preview(Box::new(preview))),
            Err(error) => self.failed(error, Step::Choose),
        }
    }

    /// Goes back to `step` and says why.
    #[cfg(feature = "hydrate")]
    pub(super) fn failed(self, error: ApiError, step: Step) {
        self.error.set(Some(error));
        self.step.set(step);
    }

    fn restart(self) {
        self.error.set(None);
        self.step.set(Step::Choose);
    }

    #[cfg(feature = "hydrate")]
    fn apply(self, draft: DraftId) {
        let before = self.step.get_untracked();
        self.error.set(None);
        self.step.set(Step::Applying(None));
        super::upload::apply(self, draft, before);
    }

    #[cfg(not(feature = "hydrate"))]
    fn apply(self, _: DraftId) {
        self.step.set(Step::Applying(None));
    }
}

/// `/rounds/import`.
#[component]
pub fn ImportPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Permitted title=move || t_string!(i18n, rounds.import) action=Action::Import kind=Kind::Round>
            <ImportSteps />
        </Permitted>
    }
    .into_any()
}

#[component]
fn ImportSteps() -> impl IntoView {
    let i18n = use_i18n();
    let import = Import { step: RwSignal::new(Step::Choose), error: RwSignal::new(None) };
    let apply = Callback::new(move |draft| import.apply(draft));
    let restart = Callback::new(move |()| import.restart());
    view! {
        <PageHead
            title=move || t_string!(i18n, rounds.import)
            lead=move || t_string!(i18n, rounds.import_lead)
            crumbs=vec![Crumb::new("/rounds", move || t_string!(i18n, rounds.title))]
        />
        {move || {
            import
                .error
                .get()
                .map(|error| {
                    view! { <Banner tone=Tone::Error live=true title=move || error_text(i18n, &error) /> }
                })
        }}
        {move || match import.step.get() {
            Step::Choose => view! { <ChooseFile import /> }.into_any(),
            Step::Sending(percent) => view! { <Working percent label=move || t_string!(i18n, rounds.reading) /> }.into_any(),
            Step::Preview(preview) => view! { <PreviewView preview=*preview apply restart /> }.into_any(),
            Step::Applying(percent) => view! { <Working percent label=move || t_string!(i18n, rounds.applying) /> }.into_any(),
            Step::Done(round, report) => view! { <Applied round report=*report /> }.into_any(),
        }}
    }
    .into_any()
}

#[component]
fn ChooseFile(import: Import) -> impl IntoView {
    let i18n = use_i18n();
    let over = RwSignal::new(false);
    let drop_file = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        take_dropped(import, &event);
    };
    view! {
        <section class="section stack">
            <label
                class="drop-zone"
                class:drop-zone-over=move || over.get()
                on:dragover=move |event| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=drop_file
            >
                <Icon name=IconName::Upload />
                <b>{t!(i18n, rounds.choose_file)}</b>
                <span class="muted">{t!(i18n, rounds.choose_hint)}</span>
                <input
                    type="file"
                    class="sr-only"
                    name="file"
                    accept=".csv,.txt,.xlsx,text/csv"
                    on:change=move |event| take_chosen(import, &event)
                />
            </label>
            <details>
                <summary>{t!(i18n, rounds.format_title)}</summary>
                <p>{t!(i18n, rounds.format_body)}</p>
                <p>
                    <code>"차수, 성명, 출생연도, 성별, 연락처, 행정동코드, 주소, 위기정보, 비고"</code>
                </p>
                <p>{t!(i18n, rounds.format_numbers)}</p>
            </details>
        </section>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn take_chosen(import: Import, event: &ev::Event) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlInputElement};
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) {
        super::upload::send(import, &file);
    }
}

#[cfg(feature = "hydrate")]
fn take_dropped(import: Import, event: &ev::DragEvent) {
    if let Some(file) = event.data_transfer().and_then(|dropped| dropped.files()).and_then(|files| files.get(0)) {
        super::upload::send(import, &file);
    }
}

#[cfg(not(feature = "hydrate"))]
fn take_chosen(_: Import, _: &ev::Event) {}

#[cfg(not(feature = "hydrate"))]
fn take_dropped(_: Import, _: &ev::DragEvent) {}

#[component]
fn Working(percent: Option<u8>, #[prop(into)] label: TextProp) -> impl IntoView {
    let words = label.clone();
    view! {
        <section class="section stack" role="status">
            <p>
                <b>{move || words.get()}</b>
            </p>
            <Progress label=move || label.get() percent=Signal::stored(percent) />
        </section>
    }
    .into_any()
}

#[component]
fn Applied(round: RoundId, report: ImportReport) -> impl IntoView {
    let i18n = use_i18n();
    let waiting = report.to_confirm;
    let nothing_new = report.new + report.to_confirm + report.signals_added == 0;
    let title = move || if nothing_new { t_string!(i18n, rounds.nothing_new) } else { t_string!(i18n, rounds.applied) };
    view! {
        <section class="section stack">
            <Banner tone=Tone::Success live=true title />
            <super::import_preview::Numbers report />
            <div class="cluster">
                <LinkButton kind=ButtonKind::Primary icon=IconName::ListChecks href=format!("/rounds/{round}?state=open")>
                    {t!(i18n, rounds.go_triage)}
                </LinkButton>
                {(waiting > 0)
                    .then(|| {
                        view! {
                            <LinkButton href="/links" icon=IconName::Merge>
                                {t!(i18n, rounds.links_open)}
                            </LinkButton>
                        }
                    })}
            </div>
        </section>
    }
    .into_any()
}
