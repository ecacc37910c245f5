//! Who works in the demo district: three teams, and somebody of every role. All names are invented.

use super::random::Dice;
use chrono::{DateTime, Utc};
use domain::{
    ids::{GrantId, TeamId, TenantId, UserId},
    policy::{Actor, Held, Role, Scope},
    text::DongCode,
};
use serde::Serialize;

/// Workers of one team.
pub(super) const TEAM_WORKERS: usize = 4;

struct TeamSeed {
    name_ko: &'static str,
    name_en: &'static str,
    dongs: &'static [&'static str],
}

const TEAMS: [TeamSeed; 3] = [
    TeamSeed {
        name_ko: "서초내곡팀",
        name_en: "Seocho and Naegok team",
        dongs: &["1165051000", "1165052000", "1165053000", "1165053100", "1165065200", "1165066000"],
    },
    TeamSeed {
        name_ko: "반포잠원팀",
        name_en: "Banpo and Jamwon team",
        dongs: &["1165054000", "1165055000", "1165056000", "1165057000", "1165058000", "1165058100"],
    },
    TeamSeed {
        name_ko: "방배양재팀",
        name_en: "Bangbae and Yangjae team",
        dongs: &["1165059000", "1165060000", "1165061000", "1165062000", "1165062100", "1165065100"],
    },
];

const WORKERS: [&str; 12] =
    ["김하늘", "이서준", "박지우", "최민서", "정다온", "강유진", "조은별", "윤시원", "장한결", "임가람", "한소라", "오태린"];
const MANAGERS: [&str; 3] = ["서미경", "신동혁", "권나래"];

/// A team.
#[derive(Clone, Debug)]
pub(super) struct Team {
    pub id: TeamId,
    pub name_ko: &'static str,
    pub name_en: &'static str,
    pub dongs: Vec<DongCode>,
    pub manager: Actor,
    pub workers: Vec<Actor>,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(super) struct Colleague {
    pub actor: Actor,
    pub login: String,
    pub name: &'static str,
    pub grant: GrantId,
}

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct Staff {
    pub system: Actor,
    pub head: Actor,
    pub teams: Vec<Team>,
    pub people: Vec<Colleague>,
}

/// How somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Login {
    /// The role.
    pub role: Role,
    /// Sign-in name.
    pub login: String,
    /// Password, the same for everybody of the role.
    pub password: String,
}

impl Staff {
    /// The people of a new district; `system` is its own account.
    pub(super) fn new(system: Actor, dice: &mut Dice, at: DateTime<Utc>) -> Self {
        let tenant = system.tenant;
        let mut people = Vec::new();
        let mut add = |dice: &mut Dice, login: String, name: &'static str, role: Role, scope: Scope| {
            let actor = Actor { tenant, user: dice.id(UserId::at, at), held: vec![Held { role, scope }] };
            people.push(Colleague { actor: actor.clone(), login, name, grant: dice.id(GrantId::at, at) });
            actor
        };
        let mut teams = Vec::new();
        for ((seed, manager), (nth, names)) in TEAMS.iter().zip(MANAGERS).zip(WORKERS.chunks(TEAM_WORKERS).enumerate()) {
            let id = dice.id(TeamId::at, at);
            let workers = names.iter().enumerate().map(|(place, name)| {
                let login = format!("worker{}", nth * TEAM_WORKERS + place + 1);
                add(dice, login, name, Role::Caseworker, Scope::Team(id))
            });
            let workers = workers.collect();
            let manager = add(dice, format!("manager{}", nth + 1), manager, Role::Manager, Scope::Team(id));
            let dongs = seed.dongs.iter().filter_map(|code| code.parse().ok()).collect();
            teams.push(Team { id, name_ko: seed.name_ko, name_en: seed.name_en, dongs, manager, workers });
        }
        let head = add(dice, "head".to_owned(), "황보람", Role::Manager, Scope::District);
        for (login, name, role) in [
            ("coach", "안세진", Role::JobCoach),
            ("partner", "송이든", Role::PartnerStaff),
            ("reporter", "전우리", Role::Reporter),
            ("auditor", "홍바른", Role::Auditor),
            ("admin", "유정한", Role::Administrator),
        ] {
            add(dice, login.to_owned(), name, role, Scope::District);
        }
        Self { system, head, teams, people }
    }

    /// The district.
    pub(super) fn tenant(&self) -> TenantId {
        self.system.tenant
    }

    /// Everybody who visits.
    pub(super) fn workers(&self) -> impl Iterator<Item = &Actor> {
        self.teams.iter().flat_map(|team| &team.workers)
    }
}

/// Words of a password phrase: short, plain, not of one field.
const WORDS: [&str; 64] = [
    "maple", "river", "lantern", "cotton", "harbor", "pebble", "saddle", "ginger", "meadow", "copper", "violin", "window",
    "basket", "thunder", "orchid", "candle", "walnut", "marble", "breeze", "turnip", "velvet", "bridge", "acorn", "button",
    "cactus", "dolphin", "ember", "fiddle", "garnet", "hammock", "island", "jasmine", "kettle", "lemon", "magnet", "nectar",
    "oyster", "pepper", "quilt", "radish", "sparrow", "teapot", "umbrella", "valley", "willow", "yarrow", "zipper", "anchor",
    "barley", "cinnamon", "drizzle", "feather", "granite", "hazel", "indigo", "juniper", "kayak", "lichen", "mitten", "nutmeg",
    "olive", "papaya", "quartz", "rosemary",
];

/// A strong phrase of four words and a number, by real chance: the seed of a district is no secret, its passwords are.
pub(super) fn phrase() -> String {
    let word = || WORDS.get(rand::random_range(0..WORDS.len())).copied().unwrap_or_default();
    format!("{}-{}-{}-{}-{}", word(), word(), word(), word(), rand::random_range(10..100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::seed;
    use domain::ids::TenantId;
    use std::collections::BTreeSet;

    #[test]
    fn three_teams_serve_every_dong_once_and_every_role_is_there() {
        let system = Actor { tenant: TenantId::new(), user: UserId::new(), held: Vec::new() };
        let staff = Staff::new(system, &mut Dice::new(1, 0), DateTime::UNIX_EPOCH);
        let served: Vec<_> = staff.teams.iter().flat_map(|team| team.dongs.clone()).collect();
        let dongs: BTreeSet<_> = seed::dongs().unwrap().into_iter().map(|dong| dong.code).collect();
        assert_eq!(served.len(), dongs.len());
        assert_eq!(served.into_iter().collect::<BTreeSet<_>>(), dongs);
        assert_eq!(staff.workers().count(), 12);
        for role in Role::ALL {
            assert!(staff.people.iter().any(|person| person.actor.is(role)), "{role:?}");
        }
        let logins: BTreeSet<_> = staff.people.iter().map(|person| &person.login).collect();
        assert_eq!(logins.len(), 21);
    }

    #[test]
    fn a_phrase_is_hard_to_guess() {
        for _ in 0..50 {
            assert!(phrase().len() >= 20);
        }
        assert_ne!(phrase(), phrase());
        assert_eq!(WORDS.iter().collect::<BTreeSet<_>>().len(), WORDS.len());
    }
}
