//! A record of everything, of the first team; its case is the first worker's.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    case::Urgency,
    clock::Clock,
    command::{CaseCommand, Command, Envelope, NeighborCommand, RoundCommand, UserCommand, VisitCommand},
    ids::{
        AssignmentId, CaseId, DraftId, GrantId, HouseholdId, LinkId, MemberId, NeighborId, RoundEntryId, RoundId, TeamId, UserId,
        VisitId,
    },
    policy::{Actor, Role, Scope},
    profile::{Channel, HouseholdMember, NeighborProfile, Relation, Sex},
    round::{RoundPeriod, RoundRow},
    view::rounds::TriageFilter,
    visit::{VisitKind, Window},
};
use store::{
    drafts, execute, rounds,
    testing::{DONGS, TestDb, dong_code},
};

/// The name that nobody may learn who may not see the record.
pub const NAME: &str = "홍길순비밀";

/// The records.
pub struct Scene {
    pub now: DateTime<Utc>,
    pub neighbor: NeighborId,
    pub profile: NeighborProfile,
    pub member: MemberId,
    pub case: CaseId,
    pub visit: VisitId,
    pub offer: AssignmentId,
    pub round: RoundId,
    pub entry: RoundEntryId,
    pub link: LinkId,
    pub draft: DraftId,
    pub worker: UserId,
    pub colleague: UserId,
    pub user: UserId,
    pub grant: GrantId,
    pub team: TeamId,
}

async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) {
    execute(&db.ctx(by), Envelope::new(command, db.clock.now())).await.unwrap();
}

/// Somebody to live with.
pub fn member() -> HouseholdMember {
    let (id, relation) = (MemberId::new(), Relation::Spouse);
    HouseholdMember { id, name: None, relation, birth_year: None, is_carer: false, needs_care: false, neighbor: None }
}

async fn register(db: &TestDb) -> (NeighborId, NeighborProfile, MemberId, CaseId) {
    let (id, member, case) = (NeighborId::new(), member(), CaseId::new());
    let member_id = member.id;
    let profile = NeighborProfile { name: Some(NAME.to_owned()), ..NeighborProfile::in_dong(db.dong()) };
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile.clone()),
        members: vec![member],
        signs: vec![],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: Some((case, Urgency::ThreeDays)),
    };
    run(db, &db.people.head, command).await;
    let cases = vec![(case, AssignmentId::new())];
    run(db, &db.people.head, CaseCommand::Assign { cases, worker: db.people.worker.user }).await;
    (id, profile, member_id, case)
}

async fn schedule(db: &TestDb, case: CaseId) -> VisitId {
    let (id, start) = (VisitId::new(), db.clock.now() + TimeDelta::minutes(5));
    let command = VisitCommand::Schedule {
        id,
        series: None,
        case,
        kind: VisitKind::Home,
        window: Window { start, end: start + TimeDelta::minutes(30) },
        worker: db.people.worker.user,
        second_worker: None,
        two_person: false,
        purpose: None,
        recurrence: None,
    };
    run(db, &db.people.worker, command).await;
    id
}

/// Two lists name one person in two dongs of the team.
async fn import(db: &TestDb) -> (RoundId, RoundEntryId, LinkId) {
    // Letters only: among the digits of an id there is now and then what looks like a resident number, and is refused.
    let letter = |digit: char| char::from_u32(0xAC00 + 28 * digit.to_digit(16).unwrap_or(0)).unwrap_or('가');
    let name: String = NAME.chars().chain(NeighborId::new().to_string().replace('-', "").chars().map(letter)).collect();
    for (number, dong) in [(5, DONGS[0]), (6, DONGS[1])] {
        let period = RoundPeriod { year: 2026, number };
        let row = RoundRow {
            row: 2,
            period,
            name: name.clone(),
            birth_year: Some(1950.try_into().unwrap()),
            sex: Sex::Female,
            phone: None,
            dong: dong_code(dong),
            address: None,
            indicators: vec!["I01".to_owned()],
            note: None,
        };
        run(db, &db.people.head, RoundCommand::Import { id: RoundId::new(), period, rows: vec![row] }).await;
    }
    let ctx = db.ctx(&db.people.head);
    let round = rounds::round_of(&ctx, RoundPeriod { year: 2026, number: 5 }).await.unwrap().unwrap();
    let mut cursor: Option<String> = None;
    let entry = loop {
        let page = rounds::list_entries(&ctx, round, &TriageFilter::default(), cursor.as_deref()).await.unwrap();
        if let Some(entry) = page.rows.iter().find(|entry| entry.name.as_deref() == Some(&name)) {
            break entry.id;
        }
        cursor = Some(page.next.expect("the entry is on some page"));
    };
    let mut cursor: Option<String> = None;
    let link = loop {
        let page = rounds::list_links(&ctx, cursor.as_deref()).await.unwrap();
        if let Some(pair) = page.rows.iter().find(|pair| pair.older.profile.name.as_deref() == Some(&name)) {
            break pair.id;
        }
        cursor = Some(page.next.expect("the pair is on some page"));
    };
    (round, entry, link)
}

async fn account(db: &TestDb) -> (UserId, GrantId) {
    let (id, grant) = (UserId::new(), GrantId::new());
    let login = format!("u{}", &uuid::Uuid::from(id).simple().to_string()[12..]);
    run(db, &db.people.admin, UserCommand::Add { id, login, name: "새 사람".to_owned() }).await;
    let scope = Scope::Team(db.teams[0]);
    run(db, &db.people.admin, UserCommand::Grant { id: grant, user: id, role: Role::Caseworker, scope }).await;
    (id, grant)
}

impl Scene {
    pub async fn make(db: &TestDb) -> Self {
        let (neighbor, profile, member, case) = register(db).await;
        let visit = schedule(db, case).await;
        let (_, _, _, closed) = register(db).await;
        let (draft, offer) = (DraftId(visit.0), AssignmentId::new());
        drafts::save(&db.ctx(&db.people.worker), draft, "visit", NAME.as_bytes()).await.unwrap();
        let (worker, colleague) = (db.people.worker.user, db.people.colleague.user);
        let transfer = CaseCommand::Transfer { id: offer, case: closed, worker: colleague, reason: "휴직".to_owned() };
        run(db, &db.people.worker, transfer).await;
        let (round, entry, link) = import(db).await;
        let (user, grant) = account(db).await;
        let (now, team) = (db.clock.now(), db.teams[0]);
        Self {
            now,
            neighbor,
            profile,
            member,
            case,
            visit,
            offer,
            round,
            entry,
            link,
            draft,
            worker,
            colleague,
            user,
            grant,
            team,
        }
    }

    /// An address with this scene's ids in it.
    pub fn fill(&self, path: &str) -> String {
        let ids = [
            ("{neighbor}", self.neighbor.to_string()),
            ("{case}", self.case.to_string()),
            ("{visit}", self.visit.to_string()),
            ("{round}", self.round.to_string()),
            ("{draft}", self.draft.to_string()),
            ("{user}", self.user.to_string()),
        ];
        ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id))
    }
}
