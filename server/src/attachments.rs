//! The bytes of photos and signatures: in from tablets, part by part, and out to whoever may look at the case.

use crate::{
    door::problem,
    state::AppState,
    sync::{answer, read, recognise},
};
use app::api::context::Door;
use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::{
        Path, Query, State,
        rejection::{BytesRejection, PathRejection, QueryRejection},
    },
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::{ApiError, ids::AttachmentId};
use serde::Deserialize;
use store::{
    OpContext,
    attachments::{self, Size},
};

/// Which attachment.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    id: AttachmentId,
}

/// Which part of it.
#[derive(Debug, Deserialize)]
pub(crate) struct WhichPart {
    id: AttachmentId,
    part: u32,
}

/// Says how far an attachment has come.
pub(crate) async fn progress(
    State(state): State<AppState>,
    Extension(door): Extension<Door>,
    headers: HeaderMap,
    which: Result<Query<Which>, QueryRejection>,
) -> Response {
    let told = async {
        let device = recognise(&state, &door, &headers).await?;
        let Query(which) = read(which)?;
        attachments::progress(&device.context(&door.visitor), which.id).await.map(Json)
    };
    answer(told.await)
}

/// Takes one part.
pub(crate) async fn receive(
    State(state): State<AppState>,
    Extension(door): Extension<Door>,
    headers: HeaderMap,
    which: Result<Query<WhichPart>, QueryRejection>,
    bytes: Result<Bytes, BytesRejection>,
) -> Response {
    let taken = async {
        let device = recognise(&state, &door, &headers).await?;
        let Query(WhichPart { id, part }) = read(which)?;
        let bytes = read(bytes)?;
        attachments::receive(&device.context(&door.visitor), id, part, bytes).await.map(Json)
    };
    answer(taken.await)
}

/// Shows an attachment on a tablet.
pub(crate) async fn show_on_tablet(
    State(state): State<AppState>,
    Extension(door): Extension<Door>,
    headers: HeaderMap,
    which: Result<Path<(AttachmentId, String)>, PathRejection>,
) -> Response {
    match recognise(&state, &door, &headers).await {
        Ok(device) => show(device.context(&door.visitor), which).await,
        Err(error) => problem(&error),
    }
}

/// Shows an attachment on a page.
pub(crate) async fn show_on_page(
    Extension(door): Extension<Door>,
    which: Result<Path<(AttachmentId, String)>, PathRejection>,
) -> Response {
    match door.context() {
        Ok(context) => show(context, which).await,
        Err(error) => problem(&error),
    }
}

async fn show(context: OpContext, which: Result<Path<(AttachmentId, String)>, PathRejection>) -> Response {
    let Ok(Path((id, size))) = which else { return problem(&ApiError::NotFound) };
    let size = match size.as_str() {
        "thumbnail" => Size::Thumbnail,
        "picture" => Size::Whole,
        _ => return problem(&ApiError::NotFound),
    };
    match attachments::show(&context, id, size).await {
        Ok(shown) => {
            let headers = [(header::CONTENT_TYPE, shown.media.mime()), (header::CONTENT_DISPOSITION, "inline")];
            (headers, Body::from_stream(shown.bytes)).into_response()
        }
        Err(error) => problem(&error),
    }
}
