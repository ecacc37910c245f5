//! The two addresses of a discovery list on its way in: `/api/rounds/preview` takes a file and says what it would do,
//! `/api/rounds/apply/{draft}` does it and tells how far it has come. A file is never kept as it came: the rows that are
//! good are, sealed, until they are applied.

use crate::{door::problem, import};
use app::api::context::Door;
use axum::{
    Extension, Json,
    extract::{Multipart, Path, multipart::MultipartRejection},
    http::HeaderValue,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use domain::{
    ApiError,
    command::{Envelope, RoundCommand},
    ids::{DraftId, RoundId},
    round::ImportReport,
    view::rounds::{ImportPreview, ImportProgress},
};
use futures::{Stream, StreamExt, stream};
use std::{convert::Infallible, time::Duration};
use store::{OpContext, Progress, execute, rounds};
use tokio::{sync::oneshot, time::timeout};

/// Rows of a file that the preview shows.
const SAMPLE: usize = 50;
/// How often the browser hears of progress.
const STEP: Duration = Duration::from_millis(250);

/// Takes a file and answers what loading it would do.
pub(crate) async fn preview(Extension(door): Extension<Door>, form: Result<Multipart, MultipartRejection>) -> Response {
    match Box::pin(read(&door, form)).await {
        Ok(preview) => Json(preview).into_response(),
        Err(error) => problem(&error),
    }
}

async fn read(door: &Door, form: Result<Multipart, MultipartRejection>) -> Result<ImportPreview, ApiError> {
    let ctx = door.context()?;
    // First the right, then the bytes.
    let terms = rounds::import_terms(&ctx).await?;
    let bytes = file(form.map_err(|_cause| ApiError::BadRequest)?).await?;
    let parsed =
        tokio::task::spawn_blocking(move || import::read_round(&bytes, &terms)).await.map_err(|_cause| ApiError::Internal)?;
    let Some(period) = parsed.period.filter(|_| parsed.errors.is_empty()) else {
        let report = ImportReport { rows: parsed.read, errors: parsed.errors, ..ImportReport::default() };
        return Ok(ImportPreview { report, period: parsed.period, ..ImportPreview::default() });
    };
    let draft = rounds::keep_import(&ctx, period, &parsed.rows).await?;
    let (report, sample) = Box::pin(rounds::preview(&ctx, period, parsed.rows, SAMPLE)).await?;
    Ok(ImportPreview { report, period: Some(period), sample, draft: Some(draft) })
}

/// The bytes of the form's file.
async fn file(mut form: Multipart) -> Result<Vec<u8>, ApiError> {
    while let Some(field) = form.next_field().await.map_err(|_cause| ApiError::BadRequest)? {
        if field.name() == Some("file") {
            return field.bytes().await.map(Into::into).map_err(|_cause| ApiError::BadRequest);
        }
    }
    Err(ApiError::BadRequest)
}

/// Applies the rows of a draft, and answers as a stream of events how far it has come.
pub(crate) async fn apply(Extension(door): Extension<Door>, Path(draft): Path<DraftId>) -> Response {
    let ctx = match door.context() {
        Ok(ctx) => ctx,
        Err(error) => return problem(&error),
    };
    let (period, rows) = match rounds::load_import(&ctx, draft).await {
        Ok(kept) => kept,
        Err(error) => return problem(&error),
    };
    let (progress, (done, outcome)) = (ctx.progress.clone(), oneshot::channel());
    let command = RoundCommand::Import { id: RoundId::new(), period, rows };
    // A browser that goes away leaves the work to be finished.
    tokio::spawn(async move {
        let outcome = Box::pin(run(&ctx, draft, command)).await;
        // Nobody may be listening any more.
        let _ = done.send(outcome.unwrap_or_else(|error| ImportProgress::Failed { error }));
    });
    let mut response = Sse::new(steps(progress, outcome)).into_response();
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn run(ctx: &OpContext, draft: DraftId, command: RoundCommand) -> Result<ImportProgress, ApiError> {
    let RoundCommand::Import { period, .. } = command else { return Err(ApiError::BadRequest) };
    let applied = execute(ctx, Envelope::new(command, ctx.now())).await?;
    rounds::discard_import(ctx, draft).await?;
    let round = rounds::round_of(ctx, period).await?.ok_or(ApiError::Internal)?;
    Ok(ImportProgress::Done { round, report: applied.import.ok_or(ApiError::Internal)? })
}

/// Now and then how far it is, and at last what came of it.
fn steps(
    progress: Progress,
    outcome: oneshot::Receiver<ImportProgress>,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    let following = stream::unfold(Some((progress, outcome)), async |state| {
        let (progress, mut outcome) = state?;
        match timeout(STEP, &mut outcome).await {
            Ok(told) => Some((told.unwrap_or(ImportProgress::Failed { error: ApiError::Internal }), None)),
            Err(_still_working) => {
                let (done, total) = progress.now();
                Some((ImportProgress::Working { done, total }, Some((progress, outcome))))
            }
        }
    });
    following.map(|step| Ok(Event::default().json_data(step).unwrap_or_default()))
}
