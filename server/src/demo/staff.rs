//! The people who work in the demo district, with logins that `iut demo` prints.

use super::dice::{Dice, id};
use anyhow::Context;
use chrono::{DateTime, Utc};
use domain::{
    clock::FixedClock,
    command::{Command, Envelope, TeamCommand, UserCommand},
    ids::{GrantId, OpId, TeamId, UserId},
    policy::{Actor, Held, Role, Scope},
    text::DongCode,
};
use serde::Serialize;
use std::sync::Arc;
use store::{OpContext, Origin, Store, accounts, execute_all, tenants::NewDong};

/// The password of every demo login.
pub const PASSWORD: &str = "quiet-river-27-lanterns";

/// A login to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Login {
    /// Role.
    pub role: &'static str,
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: &'static str,
    /// Name on screens.
    pub name: &'static str,
}

/// A team with its people.
#[derive(Clone, Debug)]
pub struct Team {
    /// Id.
    pub id: TeamId,
    /// Who leads it.
    pub manager: Actor,
    /// Its caseworkers.
    pub workers: Vec<Actor>,
}

/// Everybody.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The account in whose name the command line acts.
    pub system: Actor,
    /// Three teams.
    pub teams: Vec<Team>,
    /// Leads the district.
    pub head: Actor,
    /// Reads the trail.
    pub auditor: Actor,
    /// Keeps accounts and settings.
    pub admin: Actor,
    /// A caseworker of the first team who left half a year ago.
    pub leaver: (Actor, GrantId),
    /// What `iut demo` prints.
    pub logins: Vec<Login>,
}

const TEAMS: [(&str, &str, &[&str]); 3] = [
    ("서초·양재팀", "Seocho–Yangjae team", &["1165051", "1165052", "1165053", "1165065", "1165066"]),
    ("반포·잠원팀", "Banpo–Jamwon team", &["1165054", "1165055", "1165056", "1165057", "1165058"]),
    ("방배팀", "Bangbae team", &["1165059", "1165060", "1165061", "1165062"]),
];
const WORKERS: [&str; 12] =
    ["김하윤", "박도현", "이서진", "정유나", "최민재", "강지우", "윤태경", "한소율", "임준서", "오다인", "서건우", "신채원"];
const MANAGERS: [&str; 3] = ["조은경", "문성호", "배정아"];

struct Hire {
    role: Role,
    scope: Scope,
    word: &'static str,
    login: String,
    name: &'static str,
}

impl Staff {
    /// Makes teams, accounts and grants, with passwords.
    pub async fn hire(store: &Store, system: Actor, dongs: &[NewDong], seed: u64, at: DateTime<Utc>) -> anyhow::Result<Self> {
        let mut dice = Dice::new(seed, u64::MAX);
        let mut commands: Vec<Command> = Vec::new();
        let teams: Vec<TeamId> = TEAMS.iter().map(|_| id!(TeamId, at, dice)).collect();
        for (team, (name_ko, name_en, parts)) in teams.iter().zip(TEAMS) {
            let served = dongs.iter().filter(|dong| parts.iter().any(|part| dong.code.as_str().starts_with(part)));
            let served: Vec<DongCode> = served.map(|dong| dong.code.clone()).collect();
            commands.push(TeamCommand::Put { id: *team, name_ko: name_ko.to_owned(), name_en: name_en.to_owned() }.into());
            commands.push(TeamCommand::ServeDongs { id: *team, dongs: served }.into());
        }
        let mut actors = Vec::new();
        let mut grants = Vec::new();
        let hires = hires(&teams);
        for hire in &hires {
            let (user, grant) = (id!(UserId, at, dice), id!(GrantId, at, dice));
            commands.push(UserCommand::Add { id: user, login: hire.login.clone(), name: hire.name.to_owned() }.into());
            commands.push(UserCommand::Grant { id: grant, user, role: hire.role, scope: hire.scope }.into());
            actors.push(Actor { tenant: system.tenant, user, held: vec![Held { role: hire.role, scope: hire.scope }] });
            grants.push(grant);
        }
        let ctx = context(store, &system, at);
        let envelopes: Vec<(OpContext, Envelope)> = commands
            .into_iter()
            .map(|command| (ctx.clone(), Envelope { op_id: id!(OpId, at, dice), base_rev: None, made_at: at, command }))
            .collect();
        execute_all(envelopes).await.context("hiring the staff")?;
        for actor in &actors {
            Box::pin(accounts::set_password(&ctx, actor.user, PASSWORD, false)).await.context("setting a password")?;
        }
        place(system, &teams, &hires, &actors, &grants).context("everybody has a place")
    }
}

fn hires(teams: &[TeamId]) -> Vec<Hire> {
    let hire = |role, scope, word, login: &str, name| Hire { role, scope, word, login: login.to_owned(), name };
    let team = |number: usize| teams.get(number).map_or(Scope::Own, |team| Scope::Team(*team));
    let mut hires: Vec<Hire> = (0..12)
        .zip(WORKERS)
        .map(|(number, name)| hire(Role::Caseworker, team(number / 4), "caseworker", &format!("worker{}", number + 1), name))
        .collect();
    hires.extend(
        (0..3)
            .zip(MANAGERS)
            .map(|(number, name)| hire(Role::Manager, team(number), "manager", &format!("manager{}", number + 1), name)),
    );
    hires.push(hire(Role::Manager, Scope::District, "head", "head", "권영주"));
    hires.push(hire(Role::Auditor, Scope::District, "auditor", "auditor", "류한결"));
    hires.push(hire(Role::Administrator, Scope::District, "administrator", "admin", "장우림"));
    hires.push(hire(Role::JobCoach, Scope::District, "job_coach", "coach", "홍나래"));
    hires.push(hire(Role::PartnerStaff, Scope::Own, "partner_staff", "partner", "송이든"));
    hires.push(hire(Role::Reporter, Scope::Own, "reporter", "reporter", "안보람"));
    hires.push(hire(Role::Caseworker, team(0), "left", "former1", "고은솔"));
    hires
}

fn place(system: Actor, teams: &[TeamId], hires: &[Hire], actors: &[Actor], grants: &[GrantId]) -> Option<Staff> {
    let with =
        |word: &'static str| hires.iter().zip(actors).filter(move |(hire, _)| hire.word == word).map(|(_, actor)| actor.clone());
    let (managers, workers): (Vec<Actor>, Vec<Actor>) = (with("manager").collect(), with("caseworker").collect());
    let teams = teams
        .iter()
        .zip(managers)
        .zip(workers.chunks(4))
        .map(|((id, manager), workers)| Team { id: *id, manager, workers: workers.to_vec() })
        .collect();
    let logins = hires.iter().filter(|hire| hire.word != "left").map(|hire| Login {
        role: hire.word,
        login: hire.login.clone(),
        password: PASSWORD,
        name: hire.name,
    });
    Some(Staff {
        teams,
        head: with("head").next()?,
        auditor: with("auditor").next()?,
        admin: with("administrator").next()?,
        leaver: (with("left").next()?, *grants.last()?),
        logins: logins.collect(),
        system,
    })
}

/// A context of the past.
pub fn context(store: &Store, actor: &Actor, at: DateTime<Utc>) -> OpContext {
    OpContext::new(store.clone(), actor.clone(), Origin::Web, Arc::new(FixedClock(at)))
}
