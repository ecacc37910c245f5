//! `/events`: tells an open screen what changed, as far as its person may know. Only kinds and ids travel; the screen
//! loads again what it shows.

use crate::{door::problem, state::AppState};
use app::api::context::Door;
use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{ApiError, ids::ChangeSeq};
use futures::{Stream, StreamExt, stream};
use std::{collections::VecDeque, convert::Infallible, time::Duration};
use store::{OpContext, accounts, feed};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::timeout,
};

/// After this long without a change the session is looked at again; the same as a proxy's patience.
const QUIET: Duration = Duration::from_secs(20);
/// Changes of one look at the feed.
const PAGE: u64 = 500;

/// Follows the feed for as long as the session lives.
pub(crate) async fn follow(State(state): State<AppState>, Extension(door): Extension<Door>, headers: HeaderMap) -> Response {
    let context = match door.context() {
        Ok(context) => context,
        Err(error) => return problem(&error),
    };
    // First the subscription, then the position: nothing can fall in between.
    let wakes = state.store.follow();
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let after = match seen {
        Some(seen) => ChangeSeq(seen),
        None => match feed::position(&state.store, context.tenant()).await {
            Ok(position) => position,
            Err(error) => return problem(&error.into_api()),
        },
    };
    let cookie = crate::door::cookie(&headers, door.cookie_name()).unwrap_or_default();
    let follower = Follower { door, cookie, context, wakes, after, _open: Open::new(), ready: VecDeque::new(), first: true };
    let stream = changes(follower).take_until(state.stop.clone().cancelled_owned());
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    response
}

/// Counts open screens.
struct Open;

impl Open {
    fn new() -> Self {
        metrics::gauge!("iut_open_screens").increment(1.0);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("iut_open_screens").decrement(1.0);
    }
}

struct Follower {
    door: Door,
    cookie: String,
    context: OpContext,
    wakes: broadcast::Receiver<feed::Wake>,
    after: ChangeSeq,
    ready: VecDeque<Event>,
    first: bool,
    _open: Open,
}

fn changes(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(follower, |mut follower| async move {
        loop {
            if let Some(event) = follower.ready.pop_front() {
                return Some((Ok(event), follower));
            }
            // Whoever reconnects hears at once what was missed.
            if !std::mem::take(&mut follower.first) && !follower.wait().await {
                return None;
            }
            if follower.load().await.is_err() {
                // The browser connects again; whether it may is decided there.
                return None;
            }
        }
    })
}

impl Follower {
    /// Waits until there may be something; `false` when nothing will ever come.
    async fn wait(&mut self) -> bool {
        let (tenant, after) = (self.context.tenant(), self.after);
        loop {
            match timeout(QUIET, self.wakes.recv()).await {
                Ok(Ok(wake)) if wake.tenant == tenant && wake.seq > after => return true,
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Lagged(_))) | Err(_) => return true,
                Ok(Err(RecvError::Closed)) => return false,
            }
        }
    }

    /// Loads what this person may know of, by the grants held now.
    async fn load(&mut self) -> Result<(), ApiError> {
        let user = accounts::session(&self.door.visitor, &self.cookie).await?.ok_or(ApiError::Unauthenticated)?;
        self.context = user.context(&self.door.visitor)?;
        loop {
            let (notices, reached) = feed::changes_after(&self.context, self.after, PAGE).await?;
            let full = notices.len() as u64 == PAGE;
            self.after = reached;
            self.ready.extend(notices.iter().filter_map(event));
            if !full {
                return Ok(());
            }
        }
    }
}

fn event(notice: &feed::Notice) -> Option<Event> {
    Event::default().event("change").id(notice.seq.0.to_string()).json_data(notice).ok()
}
