//! Who may do what, as a table that a person who does not program can read and review: `golden/policy.txt`.
//! `UPDATE_GOLDEN=1 cargo test -p domain --test policy` writes it anew.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, as it should")]

use domain::{
    ids::{TeamId, TenantId, UserId},
    policy::{Action, Actor, Decision, Held, Kind, Resource, Role, Scope, decide, reach},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, fmt::Write};
use uuid::Uuid;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/policy.txt");

const fn tenant(n: u128) -> TenantId {
    TenantId(Uuid::from_u128(n))
}
const fn team(n: u128) -> TeamId {
    TeamId(Uuid::from_u128(n))
}
const fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

const ME: UserId = user(1);
const COLLEAGUE: UserId = user(2);

fn actor(held: Vec<Held>) -> Actor {
    Actor { tenant: tenant(1), user: ME, held }
}

/// How a thing stands to the actor, who holds a role in team 1.
#[derive(Clone, Copy)]
enum Relation {
    Own,
    OwnTeam,
    OtherTeam,
    District,
    Named,
    NotNamed,
    OtherTenant,
}

impl Relation {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Own, "own"),
        (Self::OwnTeam, "own team"),
        (Self::OtherTeam, "other team"),
        (Self::District, "no team"),
        (Self::Named, "restricted, named"),
        (Self::NotNamed, "restricted, not named"),
        (Self::OtherTenant, "other district"),
    ];

    fn resource(self, kind: Kind) -> Resource {
        let here = Resource::of(kind, tenant(1));
        match self {
            // One's own even though another team serves it: a substitute, the receiver of a transfer.
            Self::Own => here.in_team(Some(team(2))).owned_by([ME]),
            Self::OwnTeam => here.in_team(Some(team(1))).owned_by([COLLEAGUE]),
            Self::OtherTeam => here.in_team(Some(team(2))).owned_by([COLLEAGUE]),
            Self::District => here,
            Self::Named => here.in_team(Some(team(1))).owned_by([COLLEAGUE]).only_for(Some(vec![ME])),
            Self::NotNamed => here.in_team(Some(team(1))).owned_by([ME]).only_for(Some(vec![COLLEAGUE])),
            Self::OtherTenant => Resource::of(kind, tenant(2)).in_team(Some(team(1))).owned_by([ME]),
        }
    }
}

fn cell(actor: &Actor, action: Action, resource: &Resource) -> &'static str {
    match decide(actor, action, resource) {
        Decision::Allow => "✓",
        Decision::Forbid => "403",
        Decision::Hide => "404",
    }
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// The rows of one kind; only what hangs on a person can be restricted.
fn rows(actor: &Actor, kind: Kind) -> Vec<(&'static str, Vec<&'static str>)> {
    let can_be_restricted = kind.is_secret() && kind != Kind::Own;
    let relations = Relation::ALL
        .into_iter()
        .filter(|(relation, _)| can_be_restricted || !matches!(relation, Relation::Named | Relation::NotNamed));
    relations
        .map(|(relation, name)| {
            let resource = relation.resource(kind);
            (name, Action::ALL.map(|action| cell(actor, action, &resource)).to_vec())
        })
        .collect()
}

/// The one answer of all cells, apart from the rows that are 404 for everybody.
fn uniform(rows: &[(&str, Vec<&'static str>)]) -> Option<&'static str> {
    let visible = rows.iter().filter(|(name, _)| !matches!(*name, "restricted, not named" | "other district"));
    let hidden = rows.iter().filter(|(name, _)| matches!(*name, "restricted, not named" | "other district"));
    let mut cells = visible.flat_map(|(_, cells)| cells.iter().copied());
    let first = cells.next()?;
    (cells.all(|cell| cell == first) && hidden.flat_map(|(_, cells)| cells).all(|cell| *cell == "404")).then_some(first)
}

fn table(actor: &Actor) -> String {
    let mut text = String::new();
    let mut plain: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in Kind::ALL {
        let rows = rows(actor, kind);
        if let Some(answer) = uniform(&rows) {
            plain.entry(answer).or_default().push(word(kind));
            continue;
        }
        writeln!(text, "\n{:<24}{}", word(kind), Action::ALL.map(|action| format!("{:<10}", word(action))).concat().trim_end())
            .unwrap();
        for (name, cells) in rows {
            let cells: String = cells.iter().map(|cell| format!("{cell:<10}")).collect();
            writeln!(text, "  {name:<22}{}", cells.trim_end()).unwrap();
        }
    }
    text.push('\n');
    for (answer, kinds) in plain {
        writeln!(text, "{answer} for everything with: {}", kinds.join(", ")).unwrap();
    }
    text
}

fn section(text: &mut String, title: &str, actor: &Actor) {
    let underline = "=".repeat(title.chars().count());
    write!(text, "\n{title}\n{underline}\n{}", table(actor)).unwrap();
}

fn matrix() -> String {
    let mut text = String::from(
        "Who may do what. Rows: how a thing stands to the person; columns: what the person wants to do.\n\
         ✓ allowed · 403 may know of it, but not do this · 404 for this person it does not exist\n\
         Things of another district, and restricted ones for those not named, are always 404.\n\
         \"own\" belongs to the person though another team serves it; \"own team\" and the others belong to a colleague.\n\
         Written by app/domain/tests/policy.rs from domain::policy::decide; change the function, review this file.\n",
    );
    section(&mut text, "no role", &actor(vec![]));
    let scopes = [(Scope::Own, "own things"), (Scope::Team(team(1)), "team"), (Scope::District, "district")];
    for role in Role::ALL {
        let holding = |scope| actor(vec![Held { role, scope }]);
        let mut titled: Vec<(String, Actor)> = Vec::new();
        for (scope, name) in scopes {
            // Scopes that lead to the same table share one.
            match titled.last_mut() {
                Some((title, before)) if table(before) == table(&holding(scope)) => write!(title, " / {name}").unwrap(),
                _ => titled.push((format!("{}, {name}", word(role)), holding(scope))),
            }
        }
        for (title, actor) in &titled {
            section(&mut text, title, actor);
        }
    }
    text
}

#[test]
fn the_matrix_is_the_reviewed_one() {
    let found = matrix();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &found).unwrap();
    }
    let reviewed = std::fs::read_to_string(GOLDEN).unwrap();
    let first_difference = found.lines().zip(reviewed.lines()).enumerate().find(|(_, (found, reviewed))| found != reviewed);
    assert!(found == reviewed, "golden/policy.txt differs, first at {first_difference:?}; review it, then UPDATE_GOLDEN=1");
}

prop_compose! {
    fn any_actor()(held in proptest::collection::vec((0usize..7, 0u128..4), 0..4)) -> Actor {
        let scope = |n| match n {
            0 => Scope::Own,
            3 => Scope::District,
            n => Scope::Team(team(n)),
        };
        actor(held.into_iter().map(|(role, n)| Held { role: Role::ALL[role], scope: scope(n) }).collect())
    }
}

prop_compose! {
    fn any_resource()(kind in 0usize..11, here in 0u128..8, served in 0u128..4, mine: bool, theirs: bool, only in 0usize..8) -> Resource {
        let owners = [(mine, ME), (theirs, COLLEAGUE)].into_iter().filter(|(owns, _)| *owns).map(|(_, user)| user);
        let only = match only {
            0 => Some(vec![COLLEAGUE]),
            1 => Some(vec![ME, COLLEAGUE]),
            2 => Some(vec![]),
            _ => None,
        };
        let in_team = (served > 0).then(|| team(served));
        Resource::of(Kind::ALL[kind], tenant(if here == 0 { 2 } else { 1 })).in_team(in_team).owned_by(owners).only_for(only)
    }
}

/// What a list query built from [`reach`] would return.
fn is_listed(actor: &Actor, action: Action, resource: &Resource) -> bool {
    let reach = reach(actor, action, resource.kind);
    let of_district = !matches!(resource.kind, Kind::Neighbor | Kind::Case | Kind::Visit | Kind::Link | Kind::Own);
    let in_team = resource.team.map_or(of_district && !reach.is_empty(), |team| reach.teams.contains(&team));
    let exists = resource.tenant == actor.tenant && resource.only.as_ref().is_none_or(|only| only.contains(&actor.user));
    exists && (reach.district || in_team || (reach.own && resource.owners.contains(&actor.user)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_list_shows_exactly_what_the_decision_allows(actor in any_actor(), resource in any_resource(), action in 0usize..10) {
        let action = Action::ALL[action];
        prop_assert_eq!(is_listed(&actor, action, &resource), decide(&actor, action, &resource) == Decision::Allow);
    }

    #[test]
    fn what_cannot_be_seen_is_hidden_and_more_rights_never_take_any_away(
        actor in any_actor(), resource in any_resource(), action in 0usize..10, more in (0usize..7, 0u128..4),
    ) {
        let action = Action::ALL[action];
        let decision = decide(&actor, action, &resource);
        let seen = decide(&actor, Action::View, &resource);
        if resource.kind.is_secret() && seen != Decision::Allow && decision != Decision::Allow {
            prop_assert_eq!(decision, Decision::Hide);
        }
        if resource.tenant != actor.tenant || resource.only.as_ref().is_some_and(|only| !only.contains(&ME)) {
            prop_assert_eq!(decision, Decision::Hide);
        }
        let scope = if more.1 == 0 { Scope::Own } else if more.1 == 3 { Scope::District } else { Scope::Team(team(more.1)) };
        let mut stronger = actor.clone();
        stronger.held.push(Held { role: Role::ALL[more.0], scope });
        if decision == Decision::Allow {
            prop_assert_eq!(decide(&stronger, action, &resource), Decision::Allow);
        }
    }
}
