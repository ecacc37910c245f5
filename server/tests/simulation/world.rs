//! One history from its seed: a day of bad weather, evenings on a network that is well, and at the end tablets that are new.

use super::{
    host::Host,
    tablet::Tablet,
    weather::{Weather, clear_up, name},
    wire::SERVER,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock, policy::Actor};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{cell::RefCell, rc::Rc, time::Duration};
use store::testing::TestDb;
use tokio::runtime::{Builder, Runtime};
use turmoil::Sim;

const TABLETS: usize = 4;
/// How long the day is, in the network's time.
const DAY: Duration = Duration::from_secs(50);
/// Every second of the network is a minute in the field.
pub const PACE: i32 = 60;
/// How finely the network's time runs.
pub const TICK: Duration = Duration::from_millis(10);
/// Longer than anything can be on its way to the server.
const NIGHT: Duration = Duration::from_secs(10);
/// Evenings after which everybody must be in step.
const ROUNDS: usize = 30;

/// How a history ended.
pub struct World {
    pub tablets: Vec<Tablet>,
    /// One new tablet of each holder, which has loaded everything.
    pub fresh: Vec<Tablet>,
    pub host: Rc<Host>,
    pub db: Rc<TestDb>,
    pub outside: Runtime,
}

impl World {
    pub fn run(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let outside = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let db = Rc::new(outside.block_on(TestDb::sqlite()));
        let host = Rc::new(Host::new(Rc::clone(&db), outside.handle().clone(), ChaCha8Rng::seed_from_u64(random.random())));
        let mut course = Course::new(&db, &host, random.random());
        let mut set_up = |actor: &Actor| outside.block_on(Tablet::set_up(&db, actor, random.random()));
        let people = [&db.people.worker, &db.people.colleague, &db.people.lone_worker];
        let tablets = [people[0], people[0], people[1], people[2]].map(&mut set_up).into();
        let fresh = people.map(&mut set_up).into();
        let weather = Weather::foresee(&mut random, TABLETS, DAY);
        let tablets = course.day(tablets, weather);
        let tablets = course.evenings(tablets);
        let (fresh, _) = course.evening(fresh);
        drop(course);
        Self { tablets, fresh, host, db, outside }
    }
}

/// What runs.
struct Course {
    sim: Sim<'static>,
    db: Rc<TestDb>,
    began: DateTime<Utc>,
    evenings: usize,
}

impl Course {
    fn new(db: &Rc<TestDb>, host: &Rc<Host>, seed: u64) -> Self {
        let mut sim = turmoil::Builder::new()
            .rng_seed(seed)
            .tick_duration(TICK)
            .simulation_duration(Duration::from_secs(3_600))
            .min_message_latency(Duration::from_millis(5))
            .max_message_latency(Duration::from_millis(900))
            .fail_rate(0.003)
            .repair_rate(0.2)
            .enable_random_order()
            .build();
        let runs = Rc::clone(host);
        sim.host(SERVER, move || Rc::clone(&runs).serve());
        Self { sim, db: Rc::clone(db), began: db.clock.now(), evenings: 0 }
    }

    /// One tick; whether all tablets are done.
    fn step(&mut self) -> bool {
        let passed = TimeDelta::from_std(self.sim.elapsed()).unwrap();
        self.db.clock.set(self.began + passed * PACE);
        self.sim.step().unwrap()
    }

    /// Everybody works, whatever the weather does.
    fn day(&mut self, tablets: Vec<Tablet>, mut weather: Weather) -> Vec<Tablet> {
        let (home, end) = (Rc::new(RefCell::new(Vec::new())), self.began + TimeDelta::from_std(DAY).unwrap() * PACE);
        for (number, tablet) in tablets.into_iter().enumerate() {
            let home = Rc::clone(&home);
            self.sim.client(name(number), async move {
                let tablet = Box::pin(tablet.work(end)).await;
                home.borrow_mut().push((number, tablet));
                Ok(())
            });
        }
        while !self.step() {
            weather.turn(&mut self.sim);
        }
        clear_up(&mut self.sim, TABLETS);
        at_home(&home)
    }

    /// All get in step and choose, until two evenings in a row nobody has anything to do.
    fn evenings(&mut self, mut tablets: Vec<Tablet>) -> Vec<Tablet> {
        let mut before = false;
        for _ in 0..ROUNDS {
            let (rested, quiet) = self.evening(tablets);
            if quiet && before {
                return rested;
            }
            (tablets, before) = (rested, quiet);
            self.night();
        }
        panic!("they never get in step");
    }

    /// All get in step at the same time; whether there was nothing to do.
    fn evening(&mut self, tablets: Vec<Tablet>) -> (Vec<Tablet>, bool) {
        let home = Rc::new(RefCell::new(Vec::new()));
        self.evenings += 1;
        for (number, tablet) in tablets.into_iter().enumerate() {
            let home = Rc::clone(&home);
            self.sim.client(format!("evening-{}-{number}", self.evenings), async move {
                let rested = Box::pin(tablet.rest()).await;
                home.borrow_mut().push((number, rested));
                Ok(())
            });
        }
        while !self.step() {}
        let (tablets, quiet): (Vec<_>, Vec<_>) = at_home(&home).into_iter().unzip();
        (tablets, quiet.iter().all(|quiet| *quiet))
    }

    /// Nobody does anything, and whatever is still on its way arrives.
    fn night(&mut self) {
        let end = self.sim.elapsed() + NIGHT;
        while self.sim.elapsed() < end {
            self.step();
        }
    }
}

/// Those who came home, in the order in which they left.
fn at_home<T>(home: &RefCell<Vec<(usize, T)>>) -> Vec<T> {
    let mut all = home.take();
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, one)| one).collect()
}
