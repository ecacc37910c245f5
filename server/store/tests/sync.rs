//! Tablets: who is let in, what comes in, what goes out, and that a tablet foresees what the server will make of what it writes.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed, as it should"
)]

#[path = "sync/decided.rs"]
mod decided;
#[path = "sync/foreseen.rs"]
mod foreseen;
#[path = "sync/kept.rs"]
mod kept;
#[path = "sync/kept_misuse.rs"]
mod kept_misuse;
#[path = "sync/restored.rs"]
mod restored;
#[path = "sync/shown.rs"]
mod shown;
#[path = "sync/tablet.rs"]
mod tablet;

use chrono::TimeDelta;
use domain::{
    ApiError, Invalid,
    case::Urgency,
    command::{CaseCommand, NeighborCommand, UserCommand, VisitCommand},
    ids::{AssignmentId, CaseId, GrantId, NoteId, TeamId, UserId, VisitId},
    merge::Edit,
    policy::{Role, Scope},
    profile::{NeighborProfile, ProfileEdits},
    sync::{
        outbox::Outcome,
        protocol::{CHANGES, DOSSIERS},
    },
    view::{cases::Happening, devices::DeviceView},
    visit::{VisitKind, Window},
};
use store::{
    devices, execute, on_both,
    sync::{pull, push},
    testing::{TestDb, audit_count, badge_of},
};
use tablet::{Tablet, visitor};

on_both!(a_tablet_is_let_in_by_its_token_alone, async |db: TestDb| {
    let ctx = db.ctx(&db.people.worker);
    let new = devices::register(&ctx, "  현장 태블릿 ", Some("Chrome · Android".to_owned())).await.unwrap();
    let device = devices::recognise(&visitor(&db), &new.bearer).await.unwrap();
    assert_eq!((device.id, &device.actor), (new.id, &db.people.worker));
    let own = devices::own(&ctx).await.unwrap();
    assert_eq!(own.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(), ["현장 태블릿"]);
    assert_eq!(own[0].contact_at, Some(ctx.now()));
    assert_eq!(audit_count(&db.store, db.tenant, "device_registered", new.id.0).await, 1);
    let stored = db.count("SELECT count(*) AS n FROM device WHERE length(token_hash) = 32").await;
    assert_eq!(stored, 1);
    let other = devices::register(&ctx, "다른 것", None).await.unwrap();
    // The first one's id with the second one's token.
    let forged = format!("{}{}", &new.bearer[..43], &other.bearer[43..]);
    for wrong in ["", "x", &forged, &new.bearer[1..], &format!("{}A", new.bearer)] {
        let answer = devices::recognise(&visitor(&db), wrong).await;
        assert_eq!(answer.map(drop), Err(ApiError::Unauthenticated), "{wrong}");
    }
});

on_both!(only_people_with_cases_of_their_own_set_tablets_up_and_not_without_end, async |db: TestDb| {
    for actor in [&db.people.coach, &db.people.auditor, &db.people.admin] {
        assert_eq!(devices::register(&db.ctx(actor), "태블릿", None).await.map(drop), Err(ApiError::Forbidden));
    }
    let ctx = db.ctx(&db.people.worker);
    assert_eq!(devices::register(&ctx, " ", None).await.map(drop), Err(ApiError::invalid("name", Invalid::Missing)));
    let mut last = None;
    for number in 0..10 {
        last = Some(devices::register(&ctx, &format!("태블릿 {number}"), None).await.unwrap());
    }
    let eleventh = devices::register(&ctx, "열한째", None).await;
    assert_eq!(eleventh.map(drop), Err(ApiError::invalid("device", Invalid::Range)));
    let revoke = UserCommand::RevokeDevice { id: last.unwrap().id };
    execute(&ctx, tablet::envelope(&db, revoke)).await.unwrap();
    devices::register(&ctx, "열한째", None).await.unwrap();
});

on_both!(a_tablet_is_shut_out_by_its_holder_or_an_administrator_and_hears_why, async |db: TestDb| {
    let (worker, admin) = (db.ctx(&db.people.worker), db.ctx(&db.people.admin));
    let first = devices::register(&worker, "하나", None).await.unwrap();
    let second = devices::register(&worker, "둘", None).await.unwrap();
    let revoke = |id| tablet::envelope(&db, UserCommand::RevokeDevice { id });
    for stranger in [&db.people.colleague, &db.people.manager, &db.people.stranger] {
        assert_eq!(execute(&db.ctx(stranger), revoke(first.id)).await, Err(ApiError::NotFound));
    }
    execute(&worker, revoke(first.id)).await.unwrap();
    execute(&admin, revoke(second.id)).await.unwrap();
    assert_eq!(devices::by_badge(&visitor(&db), &badge_of(&first.bearer)).await, Err(ApiError::DeviceRevoked));
    let told = |views: &[DeviceView]| views.iter().filter(|view| view.wiped).map(|view| view.id).collect::<Vec<_>>();
    assert_eq!(told(&devices::all(&admin).await.unwrap()), [first.id]);
    for bearer in [&first.bearer, &second.bearer] {
        assert_eq!(devices::recognise(&visitor(&db), bearer).await.map(drop), Err(ApiError::DeviceRevoked));
    }
    let views = devices::all(&admin).await.unwrap();
    assert!(views.iter().all(|view| view.revoked_at.is_some() && view.wiped));
    assert_eq!(devices::all(&worker).await, Err(ApiError::Forbidden));
    let third = devices::register(&worker, "셋", None).await.unwrap();
    let lock = UserCommand::Lock { id: db.people.worker.user, locked: true };
    execute(&admin, tablet::envelope(&db, lock)).await.unwrap();
    // An account may be unlocked tomorrow: only an open tablet, which has sent what it could, hears of that.
    assert_eq!(devices::by_badge(&visitor(&db), &badge_of(&third.bearer)).await, Ok(third.id));
    assert_eq!(devices::recognise(&visitor(&db), &third.bearer).await.map(drop), Err(ApiError::DeviceRevoked));
});

on_both!(what_was_written_arrives_once_with_the_time_at_which_it_was_written, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (person, case) = tablet.register("김가상").await;
    tablet.pull().await;
    let note = NoteId::new();
    let written = tablet.write(CaseCommand::AddNote { id: note, case, body: "문을 열어 주심".to_owned() });
    db.clock.advance(TimeDelta::hours(70));
    let sent = tablet.batch();
    let first = push(&tablet.ctx(), &tablet.device, sent.clone()).await.unwrap();
    let again = push(&tablet.ctx(), &tablet.device, sent).await.unwrap();
    assert_eq!(first.results, again.results);
    assert!(matches!(first.results[0].1, Some(Outcome::Applied { .. })), "{first:?}");
    tablet.pull().await;
    let dossier = &tablet.dossiers[&person];
    let notes: Vec<_> = dossier.neighbor.timeline.rows.iter().filter(|row| matches!(row.what, Happening::Note { .. })).collect();
    assert_eq!(notes.iter().map(|row| (row.key.clone(), row.at)).collect::<Vec<_>>(), [(note.to_string(), written)]);
});

on_both!(each_entry_has_an_outcome_of_its_own, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (person, case) = tablet.register("김가상").await;
    let edit = |from: Option<&str>, to: &str| {
        let address = Some(Edit { from: from.map(str::to_owned), to: Some(to.to_owned()) });
        NeighborCommand::Edit { id: person, edits: Box::new(ProfileEdits { address, ..ProfileEdits::default() }) }
    };
    execute(&db.ctx(&db.people.manager), tablet::envelope(&db, edit(None, "서초대로 1"))).await.unwrap();
    tablet.write(edit(None, "서초대로 2"));
    tablet.write(CaseCommand::AddNote { id: NoteId::new(), case, body: "기록".to_owned() });
    tablet.write(CaseCommand::AddNote { id: NoteId::new(), case: CaseId::new(), body: "없는 사례".to_owned() });
    tablet.force(CaseCommand::Reopen { id: case, reason: "사무실에서만".to_owned() });
    let sent = tablet.batch();
    let answer = push(&tablet.ctx(), &tablet.device, sent).await.unwrap();
    let outcomes: Vec<_> = answer.results.into_iter().map(|(_, outcome)| outcome.unwrap()).collect();
    let [Outcome::Conflict { fields, .. }, Outcome::Applied { .. }, missing, office] = outcomes.as_slice() else {
        panic!("{outcomes:?}")
    };
    assert_eq!(fields[0].theirs, serde_json::json!("서초대로 1"));
    assert_eq!(*missing, Outcome::Refused { error: ApiError::NotFound });
    assert_eq!(*office, Outcome::Refused { error: ApiError::Forbidden });
});

on_both!(a_tablet_can_not_write_in_the_name_of_another, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (_, case) = tablet.register("김가상").await;
    tablet.write(CaseCommand::AddNote { id: NoteId::new(), case, body: "기록".to_owned() });
    let other = Tablet::new(&db, &db.people.colleague).await;
    let answer = push(&other.ctx(), &other.device, tablet.batch()).await;
    assert_eq!(answer, Err(ApiError::invalid("stamp", Invalid::Form)));
    let mut long = tablet.batch();
    long.entries = vec![long.entries[0].clone(); 101];
    assert_eq!(push(&tablet.ctx(), &tablet.device, long).await, Err(ApiError::invalid("entries", Invalid::Range)));
});

on_both!(a_tablet_keeps_its_holders_cases_and_lets_go_of_what_is_moved, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let mut theirs = Tablet::new(&db, &db.people.colleague).await;
    let (mine, case) = tablet.register("김가상").await;
    theirs.register("이보기").await;
    tablet.pull().await;
    assert_eq!(tablet.dossiers.keys().copied().collect::<Vec<_>>(), [mine]);
    assert_eq!(audit_count(&db.store, db.tenant, "pull", mine.0).await, 1);
    // Nothing new, nothing sent.
    let answer = pull(&tablet.ctx(), &tablet.asks()).await.unwrap();
    assert!(answer.dossiers.is_empty() && answer.gone.is_empty() && answer.district.is_none() && !answer.more);
    let assign = CaseCommand::Assign { cases: vec![(case, AssignmentId::new())], worker: db.people.colleague.user };
    execute(&db.ctx(&db.people.manager), tablet::envelope(&db, assign)).await.unwrap();
    tablet.pull().await;
    theirs.pull().await;
    assert!(tablet.dossiers.is_empty());
    assert_eq!(theirs.dossiers.len(), 2);
});

on_both!(whoever_goes_along_has_the_case_as_long_as_the_visit_is_ahead, async |db: TestDb| {
    let tablet = Tablet::new(&db, &db.people.worker).await;
    let mut along = Tablet::new(&db, &db.people.outsider).await;
    along.pull().await;
    let (person, case) = tablet.register("김가상").await;
    let visit = VisitId::new();
    let start = db.ctx(&db.people.worker).now() + TimeDelta::days(1);
    let plan = VisitCommand::Schedule {
        id: visit,
        series: None,
        case,
        kind: VisitKind::Home,
        window: Window { start, end: start + TimeDelta::hours(1) },
        worker: db.people.worker.user,
        second_worker: Some(db.people.outsider.user),
        two_person: true,
        purpose: None,
        recurrence: None,
    };
    execute(&db.ctx(&db.people.worker), tablet::envelope(&db, plan)).await.unwrap();
    along.pull().await;
    assert_eq!(along.dossiers[&person].visits.len(), 1);
    assert!(!along.dossiers[&person].neighbor.may.work);
    // What changes about the person, and not about the case, reaches them, too.
    let address = Some(Edit { from: None, to: Some("서초대로 1".to_owned()) });
    let edit = NeighborCommand::Edit { id: person, edits: Box::new(ProfileEdits { address, ..ProfileEdits::default() }) };
    execute(&db.ctx(&db.people.worker), tablet::envelope(&db, edit)).await.unwrap();
    along.pull().await;
    assert_eq!(along.dossiers[&person].neighbor.person.record.profile.address.as_deref(), Some("서초대로 1"));
    let cancel = VisitCommand::Cancel { id: visit, reason: domain::visit::CancelReason::Weather, following: false };
    execute(&db.ctx(&db.people.worker), tablet::envelope(&db, cancel)).await.unwrap();
    along.pull().await;
    assert!(along.dossiers.is_empty());
});

on_both!(changed_rights_and_restrictions_reach_the_tablet, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (person, _) = tablet.register("김가상").await;
    tablet.register("이보기").await;
    tablet.pull().await;
    let only = |only: Vec<UserId>| NeighborCommand::Restrict { id: person, only };
    let manager = db.ctx(&db.people.manager);
    execute(&manager, tablet::envelope(&db, only(vec![db.people.manager.user]))).await.unwrap();
    tablet.pull().await;
    assert!(!tablet.dossiers.contains_key(&person));
    execute(&manager, tablet::envelope(&db, only(Vec::new()))).await.unwrap();
    tablet.pull().await;
    assert!(tablet.dossiers.contains_key(&person));
    // The holder's grant ends: nothing is theirs any more, and what tells the tablet is the whole, loaded again.
    let admin = db.ctx(&db.people.admin);
    let grants: Vec<GrantId> =
        store::admin::user(&admin, db.people.worker.user).await.unwrap().user.grants.iter().map(|grant| grant.id).collect();
    for id in grants {
        execute(&admin, tablet::envelope(&db, UserCommand::EndGrant { id, reason: "전보".to_owned() })).await.unwrap();
    }
    tablet.device = devices::recognise(&visitor(&db), &tablet.bearer).await.unwrap();
    tablet.pull().await;
    assert!(tablet.dossiers.is_empty());
    let grant = |team: TeamId| UserCommand::Grant {
        id: GrantId::new(),
        user: db.people.worker.user,
        role: Role::Caseworker,
        scope: Scope::Team(team),
    };
    execute(&admin, tablet::envelope(&db, grant(db.teams[1]))).await.unwrap();
    tablet.device = devices::recognise(&visitor(&db), &tablet.bearer).await.unwrap();
    tablet.pull().await;
    assert_eq!(tablet.dossiers.len(), 2);
});

on_both!(the_whole_is_loaded_in_parts_and_changes_meanwhile_are_not_missed, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let mut people = Vec::new();
    for number in 0..DOSSIERS + 5 {
        people.push(tablet.register(&format!("가상{number}")).await);
    }
    let first = pull(&tablet.ctx(), &tablet.asks()).await.unwrap();
    assert_eq!((first.dossiers.len(), first.total, first.more), (DOSSIERS, Some(DOSSIERS as u32 + 5), true));
    assert!(first.everybody.is_none());
    tablet.take(first);
    // Somebody of the part that is loaded changes, and the connection breaks: the same part is asked for twice.
    let (person, case) = people[0];
    let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "사이에".to_owned() };
    execute(&db.ctx(&db.people.worker), tablet::envelope(&db, note)).await.unwrap();
    let lost = pull(&tablet.ctx(), &tablet.asks()).await.unwrap();
    let second = pull(&tablet.ctx(), &tablet.asks()).await.unwrap();
    assert_eq!(lost, second);
    assert_eq!(second.everybody.as_ref().map(Vec::len), Some(DOSSIERS + 5));
    tablet.take(second);
    tablet.pull().await;
    assert_eq!(tablet.dossiers.len(), DOSSIERS + 5);
    let rows = &tablet.dossiers[&person].neighbor.timeline.rows;
    assert!(rows.iter().any(|row| matches!(&row.what, Happening::Note { body } if body == "사이에")));
});

on_both!(many_changes_come_in_parts, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let mut cases = Vec::new();
    for number in 0..DOSSIERS + 3 {
        cases.push(tablet.register(&format!("가상{number}")).await.1);
    }
    tablet.pull().await;
    let ctx = db.ctx(&db.people.worker);
    let rounds = usize::try_from(CHANGES).unwrap() / cases.len() + 1;
    for round in 0..rounds {
        for case in &cases {
            let note = CaseCommand::AddNote { id: NoteId::new(), case: *case, body: round.to_string() };
            execute(&ctx, tablet::envelope(&db, note)).await.unwrap();
        }
    }
    let parts = tablet.pull().await;
    assert!(parts > 2, "{parts}");
    let noted = |rows: &[domain::view::cases::TimelineEntry]| {
        rows.iter().filter(|row| matches!(row.what, Happening::Note { .. })).count()
    };
    assert!(tablet.dossiers.values().all(|dossier| noted(&dossier.neighbor.timeline.rows) == rounds));
});

on_both!(a_foreign_cursor_is_a_bad_request, async |db: TestDb| {
    let tablet = Tablet::new(&db, &db.people.worker).await;
    let foreign = domain::sync::protocol::Pull { cursor: Some("zz".to_owned()), district: None };
    assert_eq!(pull(&tablet.ctx(), &foreign).await.map(drop), Err(ApiError::BadRequest));
});

/// What is known of somebody with this name.
pub fn profile(db: &TestDb, name: &str) -> NeighborProfile {
    NeighborProfile { name: Some(name.to_owned()), ..NeighborProfile::in_dong(db.dong()) }
}

/// How soon somebody must go, in these tests.
pub const URGENCY: Urgency = Urgency::ThreeDays;
