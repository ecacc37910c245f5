//! What goes over the simulated network: real HTTP in pieces with pauses between them, so that a connection may break anywhere.

use futures::stream::{self, Stream, StreamExt};
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Frame},
    client::conn::http1::handshake,
};
use hyper_util::rt::TokioIo;
use rand::{Rng, RngExt};
use std::{cell::Cell, convert::Infallible, error::Error, pin::Pin, time::Duration};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use turmoil::net::TcpStream;

/// Where the server listens.
pub const SERVER: &str = "server";
pub const PORT: u16 = 80;

/// A body that comes piece by piece.
pub type Pieces = StreamBody<Pin<Box<dyn Stream<Item = Result<Frame<Bytes>, Infallible>>>>>;

/// Cuts bytes into up to four pieces.
pub fn in_pieces(mut bytes: Bytes, random: &mut impl Rng) -> Pieces {
    let mut pieces = Vec::new();
    for _ in 0..random.random_range(0..4) {
        pieces.push((pause(random), bytes.split_to(random.random_range(0..=bytes.len()))));
    }
    pieces.push((pause(random), bytes));
    let after_a_pause = async |(pause, piece): (Duration, Bytes)| {
        sleep(pause).await;
        Ok(Frame::data(piece))
    };
    StreamBody::new(Box::pin(stream::iter(pieces).then(after_a_pause)))
}

/// Mostly short.
pub fn pause(random: &mut impl Rng) -> Duration {
    let most = if random.random_bool(0.1) { 1_500 } else { 120 };
    Duration::from_millis(random.random_range(0..most))
}

pub fn count(counted: &Cell<usize>) {
    counted.set(counted.get() + 1);
}

/// Asks the server over a connection of its own. `None` when no whole answer came in time.
pub async fn ask(request: Request<Pieces>, patience: Duration) -> Option<(StatusCode, Bytes)> {
    timeout(patience, exchange(request)).await.ok()?.ok()
}

async fn exchange(request: Request<Pieces>) -> Result<(StatusCode, Bytes), Box<dyn Error>> {
    let (mut line, connection) = handshake(TokioIo::new(TcpStream::connect((SERVER, PORT)).await?)).await?;
    // The connection ends with this exchange, however that ends.
    let mut open = JoinSet::new();
    open.spawn_local(connection);
    let answer = line.send_request(request).await?;
    let status = answer.status();
    Ok((status, answer.into_body().collect().await?.to_bytes()))
}
