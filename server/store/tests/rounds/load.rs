//! Loading discovery lists, on both engines.

use crate::support::{FIFTH, SIXTH, entries, envelope, import, in_dong, in_round, numbers, row, run};
use domain::{
    ApiError, Invalid,
    command::RoundCommand,
    ids::{ChangeSeq, RoundId},
    round::{RoundRow, TriageDecision},
    view::rounds::RowOutcome,
};
use proptest::prelude::*;
use store::{
    execute, feed, on_both, rounds,
    testing::{DONGS, TestDb},
};

const PHONE: Option<&str> = Some("010-1234-5678");
const OTHER: Option<&str> = Some("010-8765-4321");

fn list() -> Vec<RoundRow> {
    vec![
        row(2, "김가상", Some(1950), PHONE, &["I01", "I05"]),
        row(3, "이보기", None, None, &["I05"]),
        row(4, "김가상", Some(1950), PHONE, &["I13"]),
        in_dong(row(5, "박예시", Some(1971), None, &["I05"]), DONGS[2]),
    ]
}

on_both!(a_list_becomes_neighbors_signals_and_entries, async |db: TestDb| {
    let report = import(&db, list()).await.unwrap();
    assert_eq!((numbers(&report), report.applied), ((3, 0, 0, 1, 5), true));
    let found = entries(&db, &db.people.head, FIFTH).await;
    let seen: Vec<_> = found.iter().map(|entry| (entry.name.as_deref().unwrap(), entry.indicators.len())).collect();
    assert_eq!(seen[0], ("김가상", 3));
    assert!(found.iter().all(|entry| entry.decision == TriageDecision::Open));
    assert_eq!(found[0].advice.points, 6 + 3 + 2);
});

on_both!(the_same_file_again_changes_nothing, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let ctx = db.ctx(&db.people.head);
    let before = (entries(&db, &db.people.head, FIFTH).await, rounds::list_rounds(&ctx).await.unwrap());
    let position = feed::position(&db.store, db.tenant).await.unwrap();
    let again = import(&db, list()).await.unwrap();
    assert_eq!(numbers(&again), (0, 3, 0, 1, 0));
    assert_eq!((entries(&db, &db.people.head, FIFTH).await, rounds::list_rounds(&ctx).await.unwrap()), before);
    let (changes, _) = feed::changes_after(&ctx, position, 100).await.unwrap();
    assert_eq!(changes.len(), 0, "{changes:?}");
});

on_both!(a_known_neighbor_gets_signals_and_an_alike_one_is_to_confirm, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let next = vec![
        // Moved, but with the phone: the same person. Same dong, other phone: the same person.
        in_dong(row(2, "김 가상", Some(1950), PHONE, &["I05"]), DONGS[1]),
        in_dong(row(3, "박예시", Some(1971), OTHER, &["I01"]), DONGS[2]),
        // Same name and year in another dong: a person decides. Another year: somebody else.
        row(4, "박예시", Some(1971), None, &["I13"]),
        row(5, "김가상", Some(1951), PHONE, &["I05"]),
    ];
    let report = import(&db, in_round(&next, SIXTH)).await.unwrap();
    assert_eq!(numbers(&report), (1, 2, 1, 0, 4));
    let links = rounds::list_links(&db.ctx(&db.people.head), None).await.unwrap().rows;
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].older.dong.code.as_str(), links[0].newer.dong.code.as_str()), (DONGS[2], DONGS[0]));
    let first = entries(&db, &db.people.head, SIXTH).await.into_iter().find(|e| e.name.as_deref() == Some("김가상"));
    assert_eq!(first.unwrap().indicators.len(), 1);
});

on_both!(a_list_that_grew_adds_only_what_is_new, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let mut more = list();
    more[1].indicators.push("I13".to_owned());
    more.push(row(6, "최새롬", Some(1990), None, &["I05"]));
    assert_eq!(numbers(&import(&db, more).await.unwrap()), (1, 3, 0, 1, 2));
    let found = entries(&db, &db.people.head, FIFTH).await;
    assert_eq!(found.iter().map(|entry| entry.indicators.len()).sum::<usize>(), 7);
    let all = rounds::list_rounds(&db.ctx(&db.people.head)).await.unwrap().rounds;
    assert_eq!((all.len(), all[0].counts.all()), (1, 4));
});

on_both!(one_bad_row_applies_nothing, async |db: TestDb| {
    let position = feed::position(&db.store, db.tenant).await.unwrap();
    let mut rows = list();
    rows.push(RoundRow { note: Some("900101-1234567".to_owned()), ..row(6, "정나중", Some(1960), None, &["I05"]) });
    let refused = import(&db, rows).await;
    assert!(matches!(refused, Err(ApiError::Invalid { reason: Invalid::ResidentNumber, .. })), "{refused:?}");
    for wrong in [
        RoundRow { indicators: vec!["I99".to_owned()], ..row(6, "정나중", None, None, &[]) },
        RoundRow { period: SIXTH, ..row(6, "정나중", None, None, &["I05"]) },
        in_dong(row(6, "정나중", None, None, &["I05"]), "1100000000"),
        row(6, "정나중", Some(2027), None, &["I05"]),
        row(6, " ", None, None, &["I05"]),
    ] {
        let mut rows = list();
        rows.push(wrong);
        assert!(matches!(import(&db, rows).await, Err(ApiError::Invalid { .. })));
    }
    assert_eq!(feed::position(&db.store, db.tenant).await.unwrap(), position);
    assert_eq!(rounds::list_rounds(&db.ctx(&db.people.head)).await.unwrap().rounds, []);
});

on_both!(two_loads_of_one_file_at_once_make_one_round, async |db: TestDb| {
    let load = || import(&db, list());
    let (one, two) = tokio::join!(load(), load());
    let mut new = [numbers(&one.unwrap()).0, numbers(&two.unwrap()).0];
    new.sort_unstable();
    assert_eq!(new, [0, 3]);
    assert_eq!(entries(&db, &db.people.head, FIFTH).await.len(), 3);
});

on_both!(only_managers_load_lists, async |db: TestDb| {
    for (by, expected) in [
        (&db.people.worker, Err(ApiError::Forbidden)),
        (&db.people.auditor, Err(ApiError::Forbidden)),
        (&db.people.manager, Ok(())),
    ] {
        let command = RoundCommand::Import { id: RoundId::new(), period: FIFTH, rows: list() };
        assert_eq!(run(&db, by, command).await.map(drop), expected);
        assert_eq!(rounds::preview(&db.ctx(by), FIFTH, list(), 10).await.map(drop), expected);
        assert_eq!(rounds::import_terms(&db.ctx(by)).await.map(drop), expected);
    }
});

on_both!(a_preview_says_what_the_import_does_and_writes_nothing, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let next = in_round(
        &[
            row(2, "김가상", Some(1950), PHONE, &["I05"]),
            row(3, "박예시", Some(1971), None, &["I05"]),
            row(4, "박예시", Some(1971), None, &["I01"]),
            row(5, "최새롬", Some(1990), None, &["I05"]),
        ],
        SIXTH,
    );
    let position = feed::position(&db.store, db.tenant).await.unwrap();
    let ctx = db.ctx(&db.people.manager);
    let (planned, sample) = rounds::preview(&ctx, SIXTH, next.clone(), 10).await.unwrap();
    let outcomes: Vec<_> = sample.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [RowOutcome::Matched, RowOutcome::ToConfirm, RowOutcome::Duplicate, RowOutcome::New]);
    assert_eq!(feed::position(&db.store, db.tenant).await.unwrap(), position);
    let draft = rounds::keep_import(&ctx, SIXTH, &next).await.unwrap();
    assert_eq!(rounds::load_import(&ctx, draft).await.unwrap(), (SIXTH, next.clone()));
    assert_eq!(rounds::load_import(&db.ctx(&db.people.head), draft).await, Err(ApiError::NotFound));
    let done = import(&db, next).await.unwrap();
    assert_eq!(numbers(&done), numbers(&planned));
    rounds::discard_import(&ctx, draft).await.unwrap();
    assert_eq!(rounds::load_import(&ctx, draft).await, Err(ApiError::NotFound));
});

on_both!(workers_see_the_entries_of_their_team, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    for (by, expected) in [(&db.people.worker, 2), (&db.people.outsider, 1), (&db.people.head, 3), (&db.people.lone_worker, 0)] {
        assert_eq!(entries(&db, by, FIFTH).await.len(), expected);
        let counts = rounds::list_rounds(&db.ctx(by)).await.unwrap().rounds[0].counts;
        assert_eq!(counts.open, u32::try_from(expected).unwrap());
    }
    assert_eq!(rounds::list_rounds(&db.ctx(&db.people.stranger)).await.unwrap().rounds, []);
    assert_eq!(rounds::list_rounds(&db.ctx(&db.people.auditor)).await, Err(ApiError::Forbidden));
});

on_both!(pages_hold_every_entry_once, async |db: TestDb| {
    let rows = (2..132).map(|at| row(at, &format!("가{at}"), Some(1950), None, &["I05"])).collect();
    import(&db, rows).await.unwrap();
    let found = entries(&db, &db.people.head, FIFTH).await;
    let ids: std::collections::BTreeSet<_> = found.iter().map(|entry| entry.id).collect();
    assert_eq!((found.len(), ids.len()), (130, 130));
});

on_both!(every_person_touched_is_on_the_trail, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let (changes, _) = feed::changes_after(&db.ctx(&db.people.head), ChangeSeq(0), 100).await.unwrap();
    assert_eq!(changes.iter().filter(|change| change.entity == "neighbor").count(), 3);
    assert_eq!(changes.iter().filter(|change| change.entity == "round").count(), 1);
});

fn person() -> impl Strategy<Value = RoundRow> {
    let codes = proptest::sample::subsequence(vec!["I01", "I05", "I13"], 1..=3);
    (0usize..4, 0usize..3, 0usize..3, 0usize..3, codes).prop_map(|(name, year, phone, dong, codes)| {
        let name = ["김가상", "김 가상", "이보기", "박예시"][name];
        in_dong(row(2, name, [None, Some(1950), Some(1951)][year], [None, PHONE, OTHER][phone], &codes), DONGS[dong])
    })
}

/// A list as it was loaded is known as a whole, whatever it held; and nothing that was said in it is lost.
#[test]
fn a_reload_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    let lists = proptest::collection::vec(proptest::collection::vec(person(), 1..12), 1..4);
    let done = runner.run(&lists, |lists| {
        runtime.block_on(async {
            let db = TestDb::sqlite().await;
            for (number, rows) in (1i16..).zip(lists) {
                let rows: Vec<RoundRow> = (2u32..).zip(rows).map(|(at, row)| RoundRow { row: at, ..row }).collect();
                let rows = in_round(&rows, domain::round::RoundPeriod { year: 2026, number });
                numbers(&import(&db, rows.clone()).await.unwrap());
                let position = feed::position(&db.store, db.tenant).await.unwrap();
                let again = import(&db, rows).await.unwrap();
                prop_assert_eq!((again.new, again.to_confirm, again.signals_added), (0, 0, 0));
                prop_assert_eq!(feed::position(&db.store, db.tenant).await.unwrap(), position);
            }
            Ok(())
        })
    });
    done.unwrap();
}

on_both!(the_same_envelope_is_loaded_once, async |db: TestDb| {
    let envelope = envelope(&db, RoundCommand::Import { id: RoundId::new(), period: FIFTH, rows: list() });
    let first = execute(&db.ctx(&db.people.head), envelope.clone()).await.unwrap();
    let second = execute(&db.ctx(&db.people.head), envelope).await.unwrap();
    assert_eq!((first.import, second.repeated), (second.import, true));
});
