//! The demo district: invented people, made by the same commands as real ones. Its seed facts (dongs, indicators,
//! signs) are the first content of any new district too.
//!
//! The same seed on the same day writes the same script of eighteen months; what of it lies after this minute has not
//! happened. Ids that the store makes itself, sealed bytes and passwords are new each time.

mod bulk;
mod diary;
mod life;
mod names;
mod notes;
mod people;
mod random;
mod reports;
mod rounds;
mod script;
pub mod seed;
mod staff;
mod today;
mod trail;
mod world;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::FixedClock,
    command::{RoundCommand, TeamCommand, UserCommand},
    ids::{OpId, TenantId},
    policy::{Actor, Role},
    view::rounds::{TriageEntry, TriageFilter},
};
use people::Population;
use random::Dice;
use rounds::List;
use script::{Script, context, perform};
pub use staff::Login;
use staff::{Colleague, Staff};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::{
    OpContext, Origin, Store, accounts,
    audit::seal::seal_waiting,
    rounds as round_lists,
    seed::{Counts, count},
    tenants,
};
use world::World;

/// For how many days the district has been at work.
const DAYS: i64 = 548;
/// How many people have a story of their own; more than that are written in bulk.
const STORIED: usize = 2_000;
/// The district.
const SLUG: &str = "seocho";

/// What to make.
#[derive(Clone, Debug)]
pub struct Options {
    /// About how many neighbors, at least 100.
    pub people: usize,
    /// The seed.
    pub seed: u64,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// How many open cases with a full timeline the first caseworker gets, and the next ones, beyond those of a usual day.
    pub caseloads: Vec<usize>,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The district.
    pub tenant: TenantId,
    /// One way to sign in per account, in the order of roles.
    pub logins: Vec<Login>,
    /// How many neighbors.
    pub neighbors: u64,
    /// How many cases, closed ones too.
    pub cases: u64,
    /// How many visits, planned ones too.
    pub visits: u64,
    /// How many commands it took.
    pub commands: usize,
    /// How many rows of the trail were sealed.
    pub sealed: u64,
}

/// Hears how far the work has come: what is being done, and how much of how much.
pub type Progress<'a> = &'a (dyn Fn(&str, usize, usize) + Send + Sync);

/// Makes the demo district in a database without any.
///
/// # Errors
/// When the database holds a district already, or fails.
pub async fn load(store: &Store, options: Options, progress: Progress<'_>) -> Result<Made> {
    let start = options.now - TimeDelta::days(DAYS);
    let mut dice = Dice::new(options.seed, 0);
    let system = make_district(store, &mut dice, start - TimeDelta::days(30)).await?;
    let staff = Staff::new(system, &mut dice, start);
    progress("accounts", 0, staff.people.len());
    let logins = Box::pin(settle_in(store, &staff, &mut dice, options.now)).await?;
    let mut play = Play { store, world: world(&options, start, staff), done: 0, progress };
    Box::pin(play.run(&options)).await?;
    progress("sealing the trail", 0, 1);
    let tenant = play.world.staff.tenant();
    let sealed = seal_waiting(store, tenant, OpId::new().0, options.now).await?;
    let Counts { neighbors, cases, visits } = count(store, tenant).await?;
    Ok(Made { tenant, logins, neighbors, cases, visits, commands: play.done, sealed })
}

async fn make_district(store: &Store, dice: &mut Dice, at: DateTime<Utc>) -> Result<Actor> {
    let tenant = tenants::Tenant {
        id: dice.id(TenantId::at, at),
        slug: SLUG.to_owned(),
        name_ko: "서초구".to_owned(),
        name_en: "Seocho-gu".to_owned(),
    };
    let made = tenants::create(store, &tenant, &seed::dongs()?, &seed::indicators()?, &seed::signs()?, at).await;
    made.context("can't make the district")
}

fn world(options: &Options, start: DateTime<Utc>, staff: Staff) -> World {
    World {
        seed: options.seed,
        start,
        now: options.now,
        staff,
        diary: diary::Diary::default(),
        notes: notes::Notes::default(),
        script: Script::new(Dice::new(options.seed, 1), options.now),
        open: BTreeMap::new(),
        closed: BTreeMap::new(),
        between: BTreeMap::new(),
        restricted: BTreeMap::new(),
        forgotten: BTreeMap::new(),
    }
}

/// Teams, accounts, grants and passwords.
async fn settle_in(store: &Store, staff: &Staff, dice: &mut Dice, now: DateTime<Utc>) -> Result<Vec<Login>> {
    let start = now - TimeDelta::days(DAYS + 14);
    let mut script = Script::new(dice.clone(), now);
    for team in &staff.teams {
        let (name_ko, name_en) = (team.name_ko.to_owned(), team.name_en.to_owned());
        script.add(start, &staff.system, TeamCommand::Put { id: team.id, name_ko, name_en });
        script.add(start, &staff.system, TeamCommand::ServeDongs { id: team.id, dongs: team.dongs.clone() });
    }
    for Colleague { actor, login, name, grant } in &staff.people {
        let (id, login, name) = (actor.user, login.clone(), (*name).to_owned());
        script.add(start, &staff.system, UserCommand::Add { id, login, name });
        for held in &actor.held {
            script.add(start, &staff.system, UserCommand::Grant { id: *grant, user: id, role: held.role, scope: held.scope });
        }
    }
    while script.left() > 0 {
        perform(store, script.next_batch(now)).await?;
    }
    set_passwords(store, staff, now).await
}

async fn set_passwords(store: &Store, staff: &Staff, now: DateTime<Utc>) -> Result<Vec<Login>> {
    let phrases: Vec<(Role, String)> = Role::ALL.iter().map(|role| (*role, staff::phrase())).collect();
    let ctx = OpContext::new(store.clone(), staff.system.clone(), Origin::Cli, Arc::new(FixedClock(now)));
    let mut logins = Vec::new();
    for (role, phrase) in &phrases {
        for person in staff.people.iter().filter(|person| person.actor.is(*role)) {
            accounts::set_password(&ctx, person.actor.user, phrase, false).await.context("a password was refused")?;
            logins.push(Login { role: *role, login: person.login.clone(), password: phrase.clone() });
        }
    }
    Ok(logins)
}

/// The script being played.
struct Play<'a> {
    store: &'a Store,
    world: World,
    done: usize,
    progress: Progress<'a>,
}

impl Play<'_> {
    async fn run(&mut self, options: &Options) -> Result<()> {
        let dongs = seed::dongs()?;
        let mut population = Population::new(&dongs, domain::clock::korean_day(options.now));
        let storied = options.people.min(STORIED);
        let workers = self.world.staff.workers().count();
        let queue = (storied / 110).clamp(4, 18);
        let recent = today::people(workers, queue);
        let reports = (storied * 22 / 100).saturating_sub(recent).max(storied / 12);
        trail::administer(&mut self.world);
        reports::write(&mut self.world, &mut population, reports);
        let listed = storied.saturating_sub(reports + recent) * 39 / 40;
        for list in rounds::lists(&self.world, &mut population, listed) {
            self.play(list.at).await?;
            self.import(list).await?;
        }
        let end = self.world.now + TimeDelta::seconds(1);
        self.play(end).await?;
        today::fill(&mut self.world, &mut population, queue);
        self.play(end).await?;
        trail::look_around(self.store, &self.world).await?;
        for (worker, count) in options.caseloads.iter().enumerate() {
            bulk::write_caseload(self.store, &mut self.world, &mut population, (worker, *count), self.progress).await?;
        }
        bulk::write(self.store, &self.world, &mut population, options.people - storied, self.progress).await
    }

    /// Plays what comes before `end`.
    async fn play(&mut self, end: DateTime<Utc>) -> Result<()> {
        loop {
            let batch = self.world.script.next_batch(end);
            let Some(first) = batch.first() else { return Ok(()) };
            let month = domain::clock::korean_day(first.at).format("%Y-%m").to_string();
            self.done += batch.len();
            perform(self.store, batch).await?;
            (self.progress)(&month, self.done, self.done + self.world.script.left());
        }
    }

    /// Loads a list, looks at it, and writes down what is decided about everybody in it.
    async fn import(&mut self, list: List) -> Result<()> {
        let head = self.world.staff.head.clone();
        let command = RoundCommand::Import { id: list.id, period: list.period, rows: list.rows.clone() };
        let mut script = Script::new(Dice::new(self.world.seed, 2 + list.at.timestamp().unsigned_abs()), list.at);
        script.add(list.at, &head, command);
        self.done += 1;
        perform(self.store, script.next_batch(self.world.now)).await?;
        let ctx = context(self.store, &head, list.at);
        let pairs = self.pairs(&ctx).await?;
        let merged = rounds::settle_links(&mut self.world, &list, pairs);
        let entries = entries(&ctx, &list).await?;
        rounds::triage(&mut self.world, &list, entries, &merged);
        Ok(())
    }

    async fn pairs(&self, ctx: &OpContext) -> Result<Vec<domain::view::rounds::LinkPair>> {
        let (mut pairs, mut cursor) = (Vec::new(), None);
        loop {
            let page = round_lists::list_links(ctx, cursor.as_deref()).await.context("can't read the pairs")?;
            pairs.extend(page.rows);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(pairs);
            }
        }
    }
}

async fn entries(ctx: &OpContext, list: &List) -> Result<Vec<TriageEntry>> {
    let (mut entries, mut cursor, mut seen) = (Vec::new(), None, BTreeSet::new());
    loop {
        let page = round_lists::list_entries(ctx, list.id, &TriageFilter::default(), cursor.as_deref()).await?;
        entries.extend(page.rows.into_iter().filter(|entry| seen.insert(entry.id)));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(entries);
        }
    }
}
