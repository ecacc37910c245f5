//! A small district on a fresh database, for tests: two teams, a user of each kind, and a second district beside it.
//! A test gets a database of its own, on either engine, and it is gone afterwards.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that can't get its database must stop")]

use crate::{
    Files, OpContext, Options, Origin, RootKey, Store,
    entity::{account, dong, role_grant, team},
    tenants::{self, NewDong, Tenant},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use domain::{
    case::Urgency,
    catalogue::{Indicator, LifeDomain, Sign},
    clock::Clock,
    ids::{GrantId, TeamId, TenantId, UserId},
    policy::{Actor, Held, Role, Scope},
    text::DongCode,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, Database, EntityTrait, QueryFilter, prelude::Expr};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

/// The dongs of the test district; the first two belong to team A, the third to team B.
pub const DONGS: [&str; 3] = ["1165051000", "1165052000", "1165066000"];

/// A clock that a test moves by hand.
#[derive(Debug)]
pub struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    /// Moves it.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().expect("the clock is not poisoned") += by;
    }

    /// Sets it.
    pub fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().expect("the clock is not poisoned") = at;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the clock is not poisoned")
    }
}

/// The people of the test district.
#[derive(Clone, Debug)]
pub struct People {
    /// Caseworker of team A.
    pub worker: Actor,
    /// A second caseworker of team A.
    pub colleague: Actor,
    /// Caseworker with nothing but their own cases.
    pub lone_worker: Actor,
    /// Caseworker of team B.
    pub outsider: Actor,
    /// Manager of team A.
    pub manager: Actor,
    /// Manager of the district.
    pub head: Actor,
    /// Auditor.
    pub auditor: Actor,
    /// Administrator.
    pub admin: Actor,
    /// Job coach.
    pub coach: Actor,
    /// District manager of the other district.
    pub stranger: Actor,
}

/// A fresh database with the test district.
#[derive(Debug)]
pub struct TestDb {
    /// The store.
    pub store: Store,
    /// Its clock: Wednesday 2026-11-18 10:00 in Korea until moved.
    pub clock: Arc<TestClock>,
    /// The district.
    pub tenant: TenantId,
    /// Teams A and B.
    pub teams: [TeamId; 2],
    /// The people.
    pub people: People,
    /// The address of the database.
    pub url: String,
    /// The root key.
    pub root: RootKey,
    folder: tempfile::TempDir,
}

impl TestDb {
    /// On an SQLite file of its own.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("iut.db").display());
        Self::on(url, folder).await
    }

    /// On a PostgreSQL database of its own, in the server that `IUT_TEST_PG` names.
    pub async fn postgres() -> Self {
        Self::on(new_postgres().await, tempfile::tempdir().expect("a temporary folder")).await
    }

    async fn on(url: String, folder: tempfile::TempDir) -> Self {
        let root = RootKey::random();
        let files = Files::in_folder(&folder.path().join("files")).expect("a folder for files");
        let options = Options { readers: 4, files: Some(files) };
        let store = Store::open(&url, root.clone(), options).await.expect("opens");
        store.migrate().await.expect("migrates");
        let start = Utc.with_ymd_and_hms(2026, 11, 18, 1, 0, 0).single().expect("a time");
        let clock = Arc::new(TestClock(Mutex::new(start)));
        let tenant = district(&store, "seocho", start).await;
        let teams = [add_team(&store, tenant, "가팀", &DONGS[..2]).await, add_team(&store, tenant, "나팀", &DONGS[2..]).await];
        let people = people(&store, tenant, teams, start).await;
        Self { store, clock, tenant, teams, people, url, root, folder }
    }

    /// Where the bytes of attachments lie.
    #[must_use]
    pub fn files(&self) -> std::path::PathBuf {
        self.folder.path().join("files")
    }

    /// A context in which `actor` acts from a page.
    #[must_use]
    pub fn ctx(&self, actor: &Actor) -> OpContext {
        OpContext::new(self.store.clone(), actor.clone(), Origin::Web, self.clock.clone())
    }

    /// Runs SQL behind the store's back, as somebody with the database's password could.
    pub async fn tamper(&self, sql: &str) {
        self.store.writer().execute_unprepared(sql).await.expect("the statement runs");
    }

    /// The number that `SELECT count(*) AS n …` finds behind the store's back.
    pub async fn count(&self, sql: &str) -> i64 {
        let statement = sea_orm::Statement::from_string(self.store.backend(), sql);
        let row = self.store.read().query_one_raw(statement).await.expect("the query runs").expect("one row");
        row.try_get("", "n").expect("a count")
    }

    /// The first dong of team A.
    #[must_use]
    pub fn dong(&self) -> DongCode {
        dong_code(DONGS[0])
    }
}

/// The code of a dong.
#[must_use]
pub fn dong_code(code: &str) -> DongCode {
    DongCode::try_from(code.to_owned()).expect("a dong code")
}

async fn district(store: &Store, slug: &str, now: DateTime<Utc>) -> TenantId {
    let tenant =
        Tenant { id: TenantId::new(), slug: slug.to_owned(), name_ko: "시험구".to_owned(), name_en: "Test-gu".to_owned() };
    let dongs = DONGS.map(|code| NewDong {
        code: dong_code(code),
        name_ko: format!("시험{}동", &code[5..7]),
        name_en: format!("Test {}-dong", &code[5..7]),
        tile_col: 0,
        tile_row: 0,
        electors: 10_000,
    });
    tenants::create(store, &tenant, &dongs, &indicators(), &signs(), now).await.expect("a district");
    tenant.id
}

fn indicators() -> Vec<Indicator> {
    [("I01", "단전"), ("I05", "건강보험료 3개월 이상 체납"), ("I13", "공공임대 임대료 3개월 이상 체납")]
        .map(|(code, name)| Indicator {
            code: code.to_owned(),
            version: 1,
            name_ko: name.to_owned(),
            name_en: code.to_owned(),
            holder: "test".to_owned(),
            source: "statute".to_owned(),
            note: String::new(),
            active: true,
        })
        .to_vec()
}

fn signs() -> Vec<Sign> {
    [
        ("S01", LifeDomain::Safety, Urgency::Emergency),
        ("S07", LifeDomain::Living, Urgency::SameDay),
        ("S15", LifeDomain::Social, Urgency::ThreeDays),
        ("S28", LifeDomain::Work, Urgency::TwoWeeks),
    ]
    .map(|(code, domain, urgency)| Sign {
        code: code.to_owned(),
        version: 1,
        name_ko: code.to_owned(),
        name_en: code.to_owned(),
        observers: "all".to_owned(),
        domain,
        urgency,
        active: true,
    })
    .to_vec()
}

async fn add_team(store: &Store, tenant: TenantId, name: &str, dongs: &[&str]) -> TeamId {
    let id = TeamId::new();
    let row = team::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id.0),
        name_ko: Set(name.to_owned()),
        name_en: Set(name.to_owned()),
        rev: Set(1),
    };
    team::Entity::insert(row).exec_without_returning(store.writer()).await.expect("a team");
    dong::Entity::update_many()
        .col_expr(dong::Column::TeamId, Expr::value(id.0))
        .filter(dong::Column::TenantId.eq(tenant.0))
        .filter(dong::Column::Code.is_in(dongs.iter().copied()))
        .exec(store.writer())
        .await
        .expect("its dongs");
    id
}

async fn people(store: &Store, tenant: TenantId, [a, b]: [TeamId; 2], now: DateTime<Utc>) -> People {
    let other = district(store, "other", now).await;
    let add = async |tenant, login, role, scope| add_user(store, tenant, login, &[Held { role, scope }], now).await;
    People {
        worker: add(tenant, "worker", Role::Caseworker, Scope::Team(a)).await,
        colleague: add(tenant, "colleague", Role::Caseworker, Scope::Team(a)).await,
        lone_worker: add(tenant, "lone", Role::Caseworker, Scope::Own).await,
        outsider: add(tenant, "outsider", Role::Caseworker, Scope::Team(b)).await,
        manager: add(tenant, "manager", Role::Manager, Scope::Team(a)).await,
        head: add(tenant, "head", Role::Manager, Scope::District).await,
        auditor: add(tenant, "auditor", Role::Auditor, Scope::District).await,
        admin: add(tenant, "admin", Role::Administrator, Scope::District).await,
        coach: add(tenant, "coach", Role::JobCoach, Scope::District).await,
        stranger: add(other, "stranger", Role::Manager, Scope::District).await,
    }
}

/// Adds a user without a password.
pub async fn add_user(store: &Store, tenant: TenantId, login: &str, held: &[Held], now: DateTime<Utc>) -> Actor {
    let user = UserId::new();
    let row = account::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(user.0),
        login: Set(login.to_owned()),
        name: Set(login.to_owned()),
        password_hash: Set(None),
        password_changed_at: Set(None),
        must_change_password: Set(false),
        totp_secret: Set(None),
        totp_enrolled_at: Set(None),
        totp_last_step: Set(None),
        locale: Set(String::new()),
        theme: Set("system".to_owned()),
        locked: Set(false),
        failures: Set(0),
        locked_until: Set(None),
        permission_epoch: Set(1),
        last_sign_in_at: Set(None),
        created_at: Set(now),
        rev: Set(1),
    };
    account::Entity::insert(row).exec_without_returning(store.writer()).await.expect("an account");
    for held in held {
        add_grant(store, tenant, user, *held, now).await;
    }
    Actor { tenant, user, held: held.to_vec() }
}

async fn add_grant(store: &Store, tenant: TenantId, user: UserId, held: Held, now: DateTime<Utc>) {
    let (scope, team) = match held.scope {
        Scope::Own => ("own", None),
        Scope::Team(team) => ("team", Some(team.0)),
        Scope::District => ("district", None),
    };
    let row = role_grant::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(GrantId::new().0),
        account_id: Set(user.0),
        role: Set(tenants::role_code(held.role)),
        scope: Set(scope.to_owned()),
        team_id: Set(team),
        granted_by: Set(user.0),
        granted_at: Set(now),
        ended_by: Set(None),
        ended_at: Set(None),
        end_reason: Set(None),
    };
    role_grant::Entity::insert(row).exec_without_returning(store.writer()).await.expect("a grant");
}

/// The cases for which the condition of lists holds, whatever the lens.
pub async fn visible_cases(ctx: &OpContext) -> Vec<domain::ids::CaseId> {
    let query = crate::entity::case_file::Entity::find().filter(crate::visible::cases(&ctx.actor));
    let rows = query.all(ctx.store.read()).await.expect("the cases");
    rows.into_iter().map(|row| domain::ids::CaseId(row.id)).collect()
}

/// How many rows of the trail say that somebody did `action` to the thing `id`.
pub async fn audit_count(store: &Store, tenant: TenantId, action: &str, id: uuid::Uuid) -> usize {
    use crate::entity::audit::Column;
    let rows = crate::entity::audit::Entity::find()
        .filter(Column::TenantId.eq(tenant.0))
        .filter(Column::Action.eq(action))
        .filter(Column::SubjectId.eq(id));
    rows.all(store.read()).await.expect("the trail").len()
}

/// The badge of the tablet with this token: the last 32 of the token's 64 bytes are replaced by their SHA-256.
#[must_use]
pub fn badge_of(bearer: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(bearer).expect("a token");
    let (who, token) = bytes.split_at(32);
    URL_SAFE_NO_PAD.encode([who, &Sha256::digest(token)].concat())
}

/// The address of a new PostgreSQL database, in the server that `IUT_TEST_PG` names.
pub async fn new_postgres() -> String {
    let server = std::env::var("IUT_TEST_PG").expect("IUT_TEST_PG names a PostgreSQL server; `make test` starts one");
    let name = format!("t{}", uuid::Uuid::from(domain::ids::OpId::new()).simple());
    let admin = Database::connect(&server).await.expect("the PostgreSQL server answers");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database of its own");
    admin.close().await.expect("closes");
    let (base, _) = server.rsplit_once('/').expect("an address that ends with a database");
    format!("{base}/{name}")
}

/// Declares a test that runs on both engines: `on_both!(name, async |db: TestDb| { … });`
#[macro_export]
macro_rules! on_both {
    ($(#[$doc:meta])* $name:ident, $body:expr) => {
        $(#[$doc])*
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let body = $body;
                body($crate::testing::TestDb::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let body = $body;
                body($crate::testing::TestDb::postgres().await).await;
            }
        }
    };
}

/// Runs SQL on the database at `url` as somebody with its password could, without the store.
///
/// # Panics
/// When the statement does not run.
pub async fn tamper_with(url: &str, sql: &str) {
    let database = sea_orm::Database::connect(url).await.expect("the database is there");
    database.execute_unprepared(sql).await.expect("the statement runs");
    database.close().await.expect("the database is closed");
}
