//! The database goes away while a tablet sends: connections are cut, refused for a while, ended by PostgreSQL, or PostgreSQL
//! itself falls and gets up again. The server goes on by itself, says meanwhile that it can't, and nothing is lost or done twice.

use super::{
    ledger::{Whole, settle, trail_holds},
    place::Place,
    server::Server,
    tablet::{Tablet, Told},
};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use store::testing::tamper_with;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::sleep,
};

const WAITING: usize = 16;
/// Pushes that must be disturbed.
const DISTURBED: usize = 30;

/// Stands between the server and PostgreSQL.
struct Line {
    at: SocketAddr,
    behind: SocketAddr,
    open: Option<JoinHandle<()>>,
}

impl Line {
    async fn to(behind: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        Self { at, behind, open: Some(tokio::spawn(pass(listener, behind))) }
    }

    /// Cuts all connections; new ones are refused.
    async fn cut(&mut self) {
        let open = self.open.take().unwrap();
        open.abort();
        let _ = open.await;
    }

    async fn mend(&mut self) {
        // A connection of somebody else may have been given the port for its own end meanwhile.
        let listener = loop {
            match TcpListener::bind(self.at).await {
                Ok(listener) => break listener,
                Err(_) => sleep(Duration::from_millis(20)).await,
            }
        };
        self.open = Some(tokio::spawn(pass(listener, self.behind)));
    }
}

/// Passes everything on until it is dropped, and all connections with it.
async fn pass(listener: TcpListener, behind: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        let (mut asking, _) = listener.accept().await.unwrap();
        connections.spawn(async move {
            let mut answering = TcpStream::connect(behind).await.unwrap();
            let _ = copy_bidirectional(&mut asking, &mut answering).await;
        });
    }
}

/// Where a database's server listens.
fn host(url: &str) -> SocketAddr {
    let (_, rest) = url.rsplit_once('@').unwrap();
    rest.split_once('/').unwrap().0.parse().unwrap()
}

/// A server, a tablet that has pushed everything once, and how long a batch takes.
struct Scene {
    place: Place,
    server: Server,
    tablet: Tablet,
    whole: Whole,
    takes: Duration,
    pushes: usize,
    /// Those that were not decided at once, as a whole or in part.
    disturbed: usize,
}

impl Scene {
    async fn set(place: Place, database: &str) -> Self {
        let mut command = place.serve();
        command.env("DATABASE_URL", database);
        let mut server = Server::run(command);
        let mut tablet = Tablet::set_up(&place, server.address("serving"), 20_261_118).await;
        tablet.write_until(60);
        tablet.push_all().await;
        let whole = Whole::learn(&place, &tablet).await;
        tablet.write_until(WAITING);
        let begun = Instant::now();
        tablet.push_all().await;
        Self { place, server, tablet, whole, takes: begun.elapsed(), pushes: 0, disturbed: 0 }
    }

    /// Whether too few pushes were disturbed yet.
    fn goes_on(&self, until: usize) -> bool {
        assert!(self.pushes < 10 * until, "of {} pushes only {} were disturbed", self.pushes, self.disturbed);
        self.disturbed < until
    }

    /// A batch is sent while `fault` happens at a random moment.
    async fn push_while(&mut self, fault: impl Future<Output = ()>) {
        self.pushes += 1;
        self.tablet.write_until(WAITING);
        let moment = self.takes.mul_f64(self.tablet.roll(1_000) as f64 / 1_000.0);
        let fault = async {
            sleep(moment).await;
            fault.await;
        };
        let begun = Instant::now();
        let pushing = async { (self.tablet.push().await, begun.elapsed()) };
        let ((told, took), ()) = tokio::join!(pushing, fault);
        if !matches!(told, Told::Answer(_)) {
            self.says_that_it_can_not_now(&told);
        } else if self.tablet.waiting() == 0 {
            // It was faster than the fault, or the fault found nothing to disturb.
            self.takes = took;
            return;
        }
        self.disturbed += 1;
    }

    fn says_that_it_can_not_now(&mut self, told: &Told) {
        assert_eq!(*told, Told::Problem(StatusCode::SERVICE_UNAVAILABLE), "{:?}", self.server.logged());
    }

    async fn end(mut self) {
        self.tablet.push_all().await;
        settle(&self.place, &self.tablet, &self.whole).await;
        // Every answer of 503 is logged as such, too.
        let is_fault = |line: &&Value| line["level"] == "ERROR" && line["message"] != "answered";
        let faults: Vec<_> = self.server.logged().iter().filter(is_fault).collect();
        assert!(faults.is_empty(), "a database that is away is no fault of ours: {faults:?}");
        self.server.terminate();
        assert!(self.server.ended().success());
        trail_holds(&self.place);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_in_mid_push_lose_nothing() {
    let place = Place::postgres().await;
    let url = place.url();
    let mut line = Line::to(host(&url)).await;
    let through = url.replace(&host(&url).to_string(), &line.at.to_string());
    let mut scene = Scene::set(place, &through).await;
    while scene.goes_on(DISTURBED) {
        let away = Duration::from_millis(scene.tablet.roll(300));
        let fault = async {
            line.cut().await;
            sleep(away).await;
            line.mend().await;
        };
        scene.push_while(fault).await;
    }

    // Away for longer than anybody waits.
    line.cut().await;
    scene.tablet.write_until(WAITING);
    let told = scene.tablet.push().await;
    scene.says_that_it_can_not_now(&told);
    let ready = reqwest::get(format!("http://{}/readyz", scene.tablet.address)).await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let pulled = scene.tablet.asks(Method::GET, "pull").send().await.unwrap();
    assert_eq!(pulled.status(), StatusCode::SERVICE_UNAVAILABLE);
    line.mend().await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_postgresql_ends_in_mid_push_lose_nothing() {
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let place = Place::postgres().await;
    let url = place.url();
    let mut scene = Scene::set(place, &url).await;
    while scene.goes_on(DISTURBED) {
        scene.push_while(Box::pin(tamper_with(&url, END))).await;
    }
    scene.end().await;
}

/// A PostgreSQL of this test's own, which no other test misses while it is down.
struct Cluster {
    script: Child,
    url: String,
}

impl Cluster {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/postgres.sh");
        // It ends when this end of the pipe does.
        let words = ["sh", "-c", "echo \"$IUT_TEST_PG\"; cat >&2"];
        let mut script = Command::new(script).args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { script, url: url.trim().to_owned() }
    }

    async fn database(&self) -> String {
        tamper_with(&self.url, "CREATE DATABASE fallen").await;
        // The cluster of the tests answers before a commit is written; this is about one that keeps its word.
        tamper_with(&self.url, "ALTER DATABASE fallen SET synchronous_commit = on").await;
        self.url.replace("/postgres", "/fallen")
    }

    /// Kills what works for our server. PostgreSQL then stops all others, reads its log and opens anew.
    async fn fall(&self) {
        const FALL: &str = "COPY (SELECT pid FROM pg_stat_activity WHERE datname = 'fallen') TO PROGRAM 'xargs -r kill -9'";
        let url = self.url.clone();
        // Whoever asks for it hears no answer.
        let _ = tokio::spawn(async move { tamper_with(&url, FALL).await }).await;
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_falls_in_mid_push_and_gets_up_loses_nothing() {
    let cluster = Cluster::start();
    let url = cluster.database().await;
    let mut scene = Scene::set(Place::in_postgres(url.clone()), &url).await;
    while scene.goes_on(DISTURBED / 4) {
        scene.push_while(cluster.fall()).await;
    }
    scene.end().await;
}
