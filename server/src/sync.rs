//! For tablets: setting one up, telling it whether it was shut out, taking what was written on it, giving it what it keeps. What they
//! say is described in `domain::sync::protocol`.

use crate::{
    door::problem,
    openapi::{AnyRefusal, PostRefusal, SessionRefusal},
    state::AppState,
};
use app::api::context::Door;
use axum::{
    Extension, Json,
    extract::{
        FromRequest, Query, Request, State,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ApiError,
    ids::DeviceId,
    sync::protocol::{Pull, PullAnswer, Push, PushAnswer, Registration},
    view::devices::DeviceSecrets,
};
use store::devices::{self, DeviceUser};

/// Sets a tablet up for whoever is signed in.
///
/// Its secrets are told this once and are kept nowhere else.
#[utoipa::path(
    post,
    path = "/devices",
    tag = "tablets",
    operation_id = "register",
    request_body = Registration,
    responses(
        (status = 201, description = "The tablet's id and secrets.", body = DeviceSecrets),
        SessionRefusal,
        (status = 422, description = "`invalid`: the `name` is empty or too long; `device`: it would be the eleventh.", body = ApiError),
    ),
    security(("session" = [])),
)]
pub(crate) async fn register(Extension(door): Extension<Door>, asked: Result<Json<Registration>, JsonRejection>) -> Response {
    let made = async {
        let context = door.context()?;
        let Json(asked) = read(asked)?;
        let new = devices::register(&context, &asked.name, door.visitor.device.clone()).await?;
        Ok(DeviceSecrets { device: new.id, secret: URL_SAFE_NO_PAD.encode(new.secret), bearer: new.bearer })
    };
    answer(made.await.map(|secrets| (StatusCode::CREATED, Json(secrets))))
}

/// Takes what was written on a tablet, and answers in the words of its version.
///
/// Each command is applied or refused by itself, in order. Once one can't be decided, because the database is busy or away,
/// nothing after it is tried.
#[utoipa::path(
    post,
    path = "/push",
    tag = "tablets",
    operation_id = "push",
    request_body = Push,
    responses(
        (status = 200, description = "What became of each command.", body = PushAnswer),
        AnyRefusal,
        PostRefusal,
        (status = 422, description = "`invalid`: too many `entries`; a `stamp` of another tablet. Nothing is applied.", body = ApiError),
    ),
    security(("tablet" = [])),
)]
pub(crate) async fn push<const VERSION: u16>(
    State(state): State<AppState>,
    Extension(door): Extension<Door>,
    request: Request,
) -> Response {
    let taken = async {
        // Who sends is known before what they send is read: it is long.
        let device = recognise(&state, &door, request.headers()).await?;
        let Json(push) = read(Json::<Push>::from_request(request, &state).await)?;
        let off = (door.visitor.now() - push.sent_at).num_milliseconds();
        let (waiting, sent) = (push.waiting, u32::try_from(push.entries.len()).unwrap_or(u32::MAX));
        let answer = store::sync::push(&device.context(&door.visitor), &device, push).await?;
        let decided = answer.results.iter().filter(|(_, outcome)| outcome.is_some()).count();
        let left = waiting.max(sent).saturating_sub(u32::try_from(decided).unwrap_or(0));
        devices::in_touch(&door.visitor, &device, off, left).await?;
        Ok(Json(answer.speaking(VERSION)))
    };
    answer(taken.await)
}

/// Gives a tablet the next part of what it keeps.
#[utoipa::path(
    get,
    path = "/pull",
    tag = "tablets",
    operation_id = "pull",
    params(Pull),
    responses((status = 200, description = "The next part.", body = PullAnswer), AnyRefusal),
    security(("tablet" = [])),
)]
pub(crate) async fn pull(
    State(state): State<AppState>,
    Extension(door): Extension<Door>,
    headers: HeaderMap,
    pull: Result<Query<Pull>, QueryRejection>,
) -> Response {
    let given = async {
        let device = recognise(&state, &door, &headers).await?;
        let Query(pull) = read(pull)?;
        store::sync::pull(&device.context(&door.visitor), &pull).await.map(Json)
    };
    answer(given.await)
}

/// Tells a tablet whether it was shut out.
///
/// For one that is locked: it has no token at hand, but a badge, which lets it in nowhere else. The badge is the token with the last
/// 32 of its bytes replaced by their SHA-256. That its holder's account is locked is not said here.
#[utoipa::path(
    get,
    path = "/standing",
    tag = "tablets",
    operation_id = "standing",
    responses((status = 204, description = "It was not shut out."), AnyRefusal),
    security(("badge" = [])),
)]
pub(crate) async fn standing(State(state): State<AppState>, Extension(door): Extension<Door>, headers: HeaderMap) -> Response {
    let told = async {
        let device = devices::by_badge(&door.visitor, shown(&headers)?).await?;
        slow_down(&state, device)?;
        Ok(StatusCode::NO_CONTENT)
    };
    answer(told.await)
}

/// The tablet that asks, unless it asks too often.
pub(crate) async fn recognise(state: &AppState, door: &Door, headers: &HeaderMap) -> Result<DeviceUser, ApiError> {
    let device = devices::recognise(&door.visitor, shown(headers)?).await?;
    slow_down(state, device.id)?;
    Ok(device)
}

fn shown(headers: &HeaderMap) -> Result<&str, ApiError> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    shown.ok_or(ApiError::Unauthenticated)
}

fn slow_down(state: &AppState, device: DeviceId) -> Result<(), ApiError> {
    state.tablets.check_key(&device).map_err(|_too_many| ApiError::TooMany { seconds: 10 })
}

/// What was asked, if it can be read.
pub(crate) fn read<T, E>(asked: Result<T, E>) -> Result<T, ApiError> {
    asked.map_err(|_unreadable| ApiError::BadRequest)
}

pub(crate) fn answer(answer: Result<impl IntoResponse, ApiError>) -> Response {
    answer.map_or_else(|error| problem(&error), IntoResponse::into_response)
}
