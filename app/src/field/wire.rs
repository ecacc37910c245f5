//! The tablet's line to the server. It carries the tablet's own token and no cookie.

use super::database::LocalError;
use domain::ApiError;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::RequestCredentials;

/// Why something did not get through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The server can't be reached, or broke off.
    Alone,
    /// The server refuses.
    Refused(ApiError),
    /// It arrived, but the tablet can't keep it.
    Local(LocalError),
}

impl From<LocalError> for WireError {
    fn from(error: LocalError) -> Self {
        Self::Local(error)
    }
}

/// Sends JSON and reads the answer.
pub(super) async fn post<T: DeserializeOwned>(path: &str, bearer: &str, body: &impl Serialize) -> Result<T, WireError> {
    let text = serde_json::to_string(body).map_err(|_unwritable| WireError::Refused(ApiError::BadRequest))?;
    let request = with_token(Request::post(path), bearer).header("content-type", "application/json");
    read(request.body(text).map_err(|_unwritable| WireError::Alone)?.send().await).await
}

/// What stands in an address; what has no value is left out.
type Query<'a> = [(&'a str, Option<&'a str>)];

fn known<'a>(query: &'a Query<'a>) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
    query.iter().filter_map(|(name, value)| Some((*name, (*value)?)))
}

/// Sends bytes and reads the answer.
pub(super) async fn post_bytes<T: DeserializeOwned>(
    path: &str,
    bearer: &str,
    query: &Query<'_>,
    bytes: &[u8],
) -> Result<T, WireError> {
    let request = with_token(Request::post(path).query(known(query)), bearer).header("content-type", "application/octet-stream");
    read(request.body(js_sys::Uint8Array::from(bytes)).map_err(|_unwritable| WireError::Alone)?.send().await).await
}

/// Asks with `query` in the address and reads the answer.
pub(super) async fn get<T: DeserializeOwned>(path: &str, bearer: &str, query: &Query<'_>) -> Result<T, WireError> {
    read(with_token(Request::get(path).query(known(query)), bearer).send().await).await
}

/// Asks for bytes.
pub(super) async fn get_bytes(path: &str, bearer: &str) -> Result<Vec<u8>, WireError> {
    let answer = with_token(Request::get(path), bearer).send().await.map_err(|_lost| WireError::Alone)?;
    if answer.ok() {
        return answer.binary().await.map_err(|_broken_off| WireError::Alone);
    }
    read(Ok(answer)).await
}

/// Whether the server says that it has shut the tablet with this badge out. Any other answer, or none, is no reason to erase anything.
pub(super) async fn shut_out(badge: &str) -> bool {
    let asked = with_token(Request::get(&format!("{}/standing", super::tablet::API)), badge).send().await;
    match asked {
        Ok(answer) if answer.ok() => false,
        answer => read::<serde_json::Value>(answer).await == Err(WireError::Refused(ApiError::DeviceRevoked)),
    }
}

fn with_token(request: RequestBuilder, bearer: &str) -> RequestBuilder {
    request.credentials(RequestCredentials::Omit).header("authorization", &format!("Bearer {bearer}"))
}

async fn read<T: DeserializeOwned>(answer: Result<Response, gloo_net::Error>) -> Result<T, WireError> {
    let answer = answer.map_err(|_lost| WireError::Alone)?;
    let text = answer.text().await.map_err(|_broken_off| WireError::Alone)?;
    if answer.ok() {
        return serde_json::from_str(&text).map_err(|_unreadable| WireError::Alone);
    }
    Err(serde_json::from_str(&text).map_or(WireError::Alone, WireError::Refused))
}
