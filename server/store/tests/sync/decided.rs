//! The server decides about a command once. Copies of it that are on the way hear the same ever after, however things stand by then.

use crate::tablet::{Tablet, envelope, registration};
use chrono::TimeDelta;
use domain::{
    command::{CaseCommand, Envelope, NeighborCommand, UserCommand},
    ids::{CaseId, GrantId, NeighborId, NoteId},
    merge::Edit,
    policy::{Role, Scope},
    profile::ProfileEdits,
    sync::{
        outbox::{Outcome, State},
        protocol::Push,
    },
};
use store::{cases, execute, on_both, sync::push, testing::TestDb};

fn address(id: NeighborId, from: Option<&str>, to: &str) -> NeighborCommand {
    let address = Some(Edit { from: from.map(str::to_owned), to: Some(to.to_owned()) });
    NeighborCommand::Edit { id, edits: Box::new(ProfileEdits { address, ..ProfileEdits::default() }) }
}

fn note(case: CaseId) -> CaseCommand {
    CaseCommand::AddNote { id: NoteId::new(), case, body: "문 앞에서 쓴 기록".to_owned() }
}

async fn outcomes(tablet: &Tablet<'_>, sent: &Push) -> Vec<Option<Outcome>> {
    let answer = push(&tablet.ctx(), &tablet.device, sent.clone()).await.unwrap();
    answer.results.into_iter().map(|(_, outcome)| outcome).collect()
}

on_both!(a_refused_command_stays_refused_when_it_would_be_allowed_later, async |db: TestDb| {
    let (_, case) = Tablet::new(&db, &db.people.worker).await.register("김가상").await;
    let mut tablet = Tablet::new(&db, &db.people.outsider).await;
    tablet.force(note(case));
    let sent = tablet.batch();
    let first = outcomes(&tablet, &sent).await;
    assert!(matches!(first[..], [Some(Outcome::Refused { .. })]), "{first:?}");
    let grant =
        UserCommand::Grant { id: GrantId::new(), user: db.people.outsider.user, role: Role::Manager, scope: Scope::District };
    execute(&db.ctx(&db.people.admin), envelope(&db, grant)).await.unwrap();
    db.clock.advance(TimeDelta::hours(1));
    tablet.device = tablet.recognised_anew().await;
    assert!(cases::get(&tablet.ctx(), case).await.is_ok(), "now they may");
    assert_eq!(outcomes(&tablet, &sent).await, first);
    let page = cases::get(&db.ctx(&db.people.worker), case).await.unwrap();
    assert!(!format!("{page:?}").contains("문 앞에서 쓴 기록"));
});

on_both!(a_conflict_is_told_the_same_when_the_other_took_it_back, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (person, _) = tablet.register("김가상").await;
    let manager = db.ctx(&db.people.manager);
    execute(&manager, envelope(&db, address(person, None, "서초대로 1"))).await.unwrap();
    tablet.write(address(person, None, "서초대로 2"));
    let sent = tablet.batch();
    let first = outcomes(&tablet, &sent).await;
    assert!(matches!(first[..], [Some(Outcome::Conflict { .. })]), "{first:?}");
    let back = NeighborCommand::Edit {
        id: person,
        edits: Box::new(ProfileEdits {
            address: Some(Edit { from: Some("서초대로 1".to_owned()), to: None }),
            ..ProfileEdits::default()
        }),
    };
    execute(&manager, envelope(&db, back)).await.unwrap();
    assert_eq!(outcomes(&tablet, &sent).await, first);
});

on_both!(what_hangs_on_something_refused_waits_for_it_to_be_written_anew, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (right, _, case) = registration(&db, "김가상");
    let NeighborCommand::Register { id, household, profile, members, learned_from, different_from, open_case, .. } =
        right.clone()
    else {
        panic!("a registration")
    };
    let signs = vec!["S99".to_owned()];
    let wrong = NeighborCommand::Register { id, household, profile, members, signs, learned_from, different_from, open_case };
    tablet.write(wrong);
    tablet.write(note(case));
    let sent = tablet.batch();
    let answer = push(&tablet.ctx(), &tablet.device, sent.clone()).await.unwrap();
    let [(register, Some(Outcome::Refused { .. })), (waits, None)] = answer.results[..] else { panic!("{answer:?}") };
    for (op, outcome) in answer.results {
        tablet.outbox.answer(op, outcome);
    }
    assert_eq!(tablet.outbox.waits_for(waits), Some(register));
    tablet.replace(register, right);
    let anew: Vec<_> = tablet.push().await.into_iter().map(|(_, outcome)| outcome).collect();
    assert!(matches!(anew[..], [Some(Outcome::Applied { .. }), Some(Outcome::Applied { .. })]), "{anew:?}");
    // An old copy of the first time: what was refused stays so, what stands does not happen twice.
    let late = outcomes(&tablet, &sent).await;
    assert!(matches!(late[..], [Some(Outcome::Refused { .. }), Some(Outcome::Applied { .. })]), "{late:?}");
    assert!(matches!(tablet.outbox.entry(register).unwrap().state, State::Replaced { .. }));
});

on_both!(an_id_that_was_declined_is_nobody_elses_to_use, async |db: TestDb| {
    let (_, case) = Tablet::new(&db, &db.people.worker).await.register("김가상").await;
    let mut outsider = Tablet::new(&db, &db.people.outsider).await;
    outsider.force(note(case));
    let sent = outsider.batch();
    outcomes(&outsider, &sent).await;
    let copied = Envelope { command: note(case).into(), ..sent.entries[0].envelope.clone() };
    let tried = execute(&db.ctx(&db.people.worker), copied).await;
    assert_eq!(tried.map(drop), Err(domain::Rule::OpIdReused.into()));
});
