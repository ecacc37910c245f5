//! The bytes of photos and signatures: in from tablets, part by part, and out to whoever may look at the case.

use crate::{
    door::problem,
    openapi::{AnyRefusal, PostRefusal},
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
use domain::{ApiError, attachment::Received, ids::AttachmentId};
use serde::Deserialize;
use store::{
    OpContext,
    attachments::{self, Size},
};
use utoipa::IntoParams;

/// Which attachment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Its id, as in the command that added it.
    id: AttachmentId,
}

/// Which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichPart {
    /// Its id, as in the command that added it.
    id: AttachmentId,
    /// 0 is the small picture.
    part: u32,
}

/// Says how far an attachment has come.
#[utoipa::path(
    get,
    path = "/attachments",
    tag = "attachments",
    operation_id = "attachment_progress",
    params(Which),
    responses(
        (status = 200, description = "Which part comes next.", body = Received),
        AnyRefusal,
        (status = 404, description = "`not_found`: no attachment that the tablet's holder added.", body = ApiError),
    ),
    security(("tablet" = [])),
)]
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
///
/// A part may come any number of times. The last one counts only when all together have the digest that was said, are a picture,
/// and say nothing of where or with what it was taken.
#[utoipa::path(
    post,
    path = "/attachments",
    tag = "attachments",
    operation_id = "send_attachment_part",
    params(WhichPart),
    request_body(content_type = "application/octet-stream", description = "The bytes of the part."),
    responses(
        (status = 200, description = "Which part comes next.", body = Received),
        AnyRefusal,
        PostRefusal,
        (status = 404, description = "`not_found`: no attachment that the tablet's holder added.", body = ApiError),
        (
            status = 422,
            description = "`invalid`: the `part` or `thumbnail` has another size; the `content` differs from what was said, is no picture, or \
                           says where it was taken.",
            body = ApiError
        ),
    ),
    security(("tablet" = [])),
)]
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
#[utoipa::path(
    get,
    path = "/attachments/{id}/{size}",
    tag = "attachments",
    operation_id = "show_attachment",
    params(
        ("id" = AttachmentId, Path, description = "Which."),
        ("size" = String, Path, description = "The small picture, or the picture as it was taken.", pattern = "^(thumbnail|picture)$"),
    ),
    responses(
        (status = 200, description = "The picture.", content(("image/jpeg"), ("image/png"), ("image/webp"))),
        AnyRefusal,
        (status = 404, description = "`not_found`: none, none that the holder may see, or its bytes have not arrived.", body = ApiError),
    ),
    security(("tablet" = [])),
)]
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
