//! kill -9 while a tablet sends: at two hundred random moments within a batch the server is gone, is started again, and hears again
//! what it did not answer. What it had taken it knows; what it had not it takes now.

use super::{
    ledger::{Whole, settle, trail_holds},
    place::Place,
    server::Server,
    tablet::{Tablet, Told},
};
use std::time::{Duration, Instant};
use store::testing_trace::count_commands;
use tokio::time::sleep;

const KILLS: usize = 200;
/// What waits at the beginning of each batch.
const WAITING: usize = 12;

/// How a kill can find the batch that was being sent, though no answer came.
#[derive(Debug, Default)]
struct Found {
    untouched: usize,
    part: usize,
    all: usize,
}

/// A server that has taken an entry already: kills are for batches, not for the first look at the database.
async fn start(place: &Place, tablet: &mut Tablet) -> Server {
    let mut server = Server::start(place);
    tablet.address = server.address("serving");
    tablet.write_until(WAITING + 1);
    let told = tablet.push_most(1).await;
    assert!(matches!(told, Told::Answer(_)), "{told:?}");
    server
}

on_both!(a_server_that_is_killed_while_it_takes_a_batch_loses_nothing_and_does_nothing_twice, async |place: Place| {
    let seed = 20_261_118;
    let mut server = Server::start(&place);
    let mut tablet = Tablet::set_up(&place, server.address("serving"), seed).await;
    tablet.write_until(60);
    tablet.push_all().await;
    let whole = Whole::learn(&place, &tablet).await;
    server.kill();

    let (mut found, mut kills, mut takes) = (Found::default(), 0, None);
    for pushes in 0.. {
        assert!(pushes < 4 * KILLS, "kills must find batches: {found:?}, seed {seed}");
        let mut server = start(&place, &mut tablet).await;
        let (sent, before) = (tablet.waiting(), count_commands(&place.url()).await);
        let moment = takes.map(|takes: Duration| takes.mul_f64(tablet.roll(1_000) as f64 / 1_000.0));
        let killing = async {
            let Some(moment) = moment else { return };
            sleep(moment).await;
            server.kill();
        };
        let begun = Instant::now();
        let pushing = async { (tablet.push().await, begun.elapsed()) };
        let ((told, took), ()) = tokio::join!(pushing, killing);
        if told != Told::Silence {
            // The first shows how long a batch takes and then each that was faster than its kill.
            takes = Some(took.mul_f64(1.1));
            continue;
        }
        takes = takes.map(|takes| takes.mul_f64(1.02));
        kills += 1;
        match usize::try_from(count_commands(&place.url()).await - before).unwrap() {
            0 => found.untouched += 1,
            taken if taken < sent => found.part += 1,
            _ => found.all += 1,
        }
        if kills == KILLS {
            break;
        }
    }
    let mut server = start(&place, &mut tablet).await;
    tablet.push_all().await;
    assert!(found.part > KILLS / 10, "kills must find batches half taken: {found:?}, seed {seed}");
    settle(&place, &tablet, &whole).await;
    server.terminate();
    assert!(server.ended().success());
    trail_holds(&place);
});
