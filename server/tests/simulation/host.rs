//! The machine of the server: the real router on a real database, behind the simulated network.
//!
//! Time stands still in the simulation while the database works: the database has threads of its own, of which simulated time
//! knows nothing. So a request is handed over whole to a runtime outside and waited for on the spot; a crash falls before that,
//! after it, or into the answer.

use super::wire::{PORT, Pieces, count, in_pieces, pause};
use axum::{
    Router,
    body::{Body, to_bytes},
};
use domain::{
    ids::OpId,
    sync::{outbox::Outcome, protocol::PushAnswer},
};
use http_body_util::BodyExt;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use leptos::config::LeptosOptions;
use rand_chacha::ChaCha8Rng;
use server::{AppState, Config, router};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    rc::Rc,
    sync::{Arc, mpsc},
};
use store::{Options, Store, testing::TestDb};
use tokio::{runtime::Handle, task::spawn_local, time::sleep};
use tower::ServiceExt;
use turmoil::net::{TcpListener, TcpStream};

/// The server's machine. Its disk and what is counted outlive a crash; what runs on it does not.
pub struct Host {
    db: Rc<TestDb>,
    outside: Handle,
    random: RefCell<ChaCha8Rng>,
    /// How often the server was started.
    pub starts: Cell<usize>,
    /// Requests that came whole, and those that were carried out.
    pub received: Cell<usize>,
    pub carried_out: Cell<usize>,
    /// Commands of which another copy came.
    pub again: Cell<usize>,
    seen: RefCell<BTreeSet<OpId>>,
    /// What was said to commands that were declined.
    declined: RefCell<BTreeMap<OpId, Outcome>>,
}

impl Host {
    pub fn new(db: Rc<TestDb>, outside: Handle, random: ChaCha8Rng) -> Self {
        Self {
            db,
            outside,
            random: random.into(),
            starts: Cell::default(),
            received: Cell::default(),
            carried_out: Cell::default(),
            again: Cell::default(),
            seen: RefCell::default(),
            declined: RefCell::default(),
        }
    }

    /// The server from its start to its crash.
    pub async fn serve(self: Rc<Self>) -> turmoil::Result {
        count(&self.starts);
        let (url, root, clock) = (self.db.url.clone(), self.db.root.clone(), Arc::clone(&self.db.clock));
        let router = self.outside(async move {
            let store = Store::open(&url, root, Options { readers: 2, files: None }).await.unwrap();
            let options = LeptosOptions::builder().output_name("iut").site_root(env!("CARGO_TARGET_TMPDIR")).build();
            let config = Config::default();
            router(AppState::new(store, clock, options, config))
        });
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            spawn_local(Rc::clone(&self).talk(stream, router.clone()));
        }
    }

    /// Waits on the spot for what is done outside of the simulation.
    fn outside<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let (done, told) = mpsc::channel();
        self.outside.spawn(async move { done.send(work.await) });
        told.recv().unwrap()
    }

    async fn talk(self: Rc<Self>, stream: TcpStream, router: Router) {
        let service = service_fn(move |request| Rc::clone(&self).answer(router.clone(), request));
        // A tablet that is gone in the middle is no fault.
        let _gone = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn answer(self: Rc<Self>, router: Router, request: Request<Incoming>) -> hyper::Result<Response<Pieces>> {
        let (asked, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        count(&self.received);
        self.dawdle().await;
        let request = Request::from_parts(asked, Body::from(body));
        let (told, body) = self.outside(async move {
            let (told, body) = router.oneshot(request).await.unwrap().into_parts();
            (told, to_bytes(body, usize::MAX).await.unwrap())
        });
        count(&self.carried_out);
        self.note(told.status, &body);
        self.dawdle().await;
        Ok(Response::from_parts(told, in_pieces(body, &mut *self.random.borrow_mut())))
    }

    async fn dawdle(&self) {
        let pause = pause(&mut *self.random.borrow_mut());
        sleep(pause).await;
    }

    /// Whatever was said to a command that was declined is said to every other copy of it.
    fn note(&self, status: StatusCode, body: &Bytes) {
        let Ok(answer) = serde_json::from_slice::<PushAnswer>(body) else { return };
        assert_eq!(status, StatusCode::OK);
        let mut declined = self.declined.borrow_mut();
        for (op, outcome) in answer.results {
            if !self.seen.borrow_mut().insert(op) {
                count(&self.again);
            }
            if let Some(before) = declined.get(&op) {
                assert!(outcome.as_ref().is_none_or(|now| now == before), "{op}: first {before:?}, then {outcome:?}");
            } else if let Some(said @ (Outcome::Refused { .. } | Outcome::Conflict { .. })) = outcome {
                declined.insert(op, said);
            }
        }
    }
}
