//! What the tablets of a whole district keep: eighteen months of everything that happens.

use super::validator::{assert_described, assert_fits, named};
use domain::{
    clock::FixedClock,
    policy::{Actor, Role},
    sync::protocol::{Pull, PullAnswer},
    view::cases::TimelineKind,
};
use server::demo::{self, Options};
use std::{collections::BTreeSet, sync::Arc};
use store::{OpContext, Origin, testing_empty::EmptyDb};

async fn pull_all(ctx: &OpContext) -> Vec<PullAnswer> {
    let mut answers = Vec::<PullAnswer>::new();
    loop {
        let cursor = answers.last().map(|answer| answer.cursor.clone());
        answers.push(store::sync::pull(ctx, &Pull { cursor, district: None }).await.unwrap());
        if !answers.last().unwrap().more {
            return answers;
        }
    }
}

/// The kinds of what stands on the timelines.
fn happenings(answer: &PullAnswer) -> impl Iterator<Item = TimelineKind> {
    let entries = answer.dossiers.iter().flat_map(|dossier| &dossier.neighbor.timeline.rows);
    entries.map(|entry| entry.what.kind())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_tablets_of_a_district_keep_is_described() {
    let db = EmptyDb::sqlite().await;
    let now = "2026-11-24T05:40:00Z".parse().unwrap();
    let options = Options { people: 120, seed: 7, now, caseloads: Vec::new() };
    let made = Box::pin(demo::load(&db.store, options, &|_, _, _| {})).await.unwrap();
    let schema = named("PullAnswer");
    let (mut dossiers, mut happened) = (0, BTreeSet::new());
    for login in made.logins.iter().filter(|login| login.role == Role::Caseworker) {
        let actor: Actor = db.actor(made.tenant, &login.login).await;
        let ctx = OpContext::new(db.store.clone(), actor, Origin::Sync, Arc::new(FixedClock(now)));
        for mut answer in pull_all(&ctx).await {
            assert_fits(&schema, &answer);
            happened.extend(happenings(&answer));
            dossiers += answer.dossiers.len();
            // Looking at every place of all of them would take minutes.
            answer.dossiers.truncate(1);
            assert_described(&schema, &answer);
        }
    }
    assert!(dossiers > 20, "{dossiers}");
    let all = TimelineKind::ALL.iter().copied().filter(|kind| *kind != TimelineKind::Attachment);
    assert_eq!(happened, all.collect(), "attachments are looked at in answers.rs");
}
