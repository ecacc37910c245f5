//! What an administrator reads: accounts, grants, teams, catalogues, settings. Nothing about a neighbor.

use crate::{
    OpContext,
    audit::{self, Entry},
    entity::{account, case_file, dong, indicator, role_grant, setting, sign, team},
    error::StoreError,
    records::code,
    tenants::{self, role_from_code},
};
use domain::{
    ApiError,
    ids::{GrantId, Rev, TeamId, UserId},
    policy::{Action, Kind, Scope},
    settings::Settings,
    text::DongCode,
    view::admin::{
        CatalogueView, DongTile, GrantEnd, GrantRow, SettingsView, TeamName, TeamRow, TeamsView, UserRow, UserView, UsersView,
        Version,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Names of accounts, for screens that show who did something.
pub(crate) async fn names<C: ConnectionTrait>(db: &C, tenant: Uuid) -> Result<HashMap<Uuid, String>, StoreError> {
    let rows: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::TenantId.eq(tenant))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// All teams by Korean name.
pub(crate) async fn team_names<C: ConnectionTrait>(db: &C, tenant: Uuid) -> Result<Vec<TeamName>, StoreError> {
    let rows = team::Entity::find().filter(team::Column::TenantId.eq(tenant)).order_by_asc(team::Column::NameKo).all(db).await?;
    Ok(rows.into_iter().map(|row| team_name(&row)).collect())
}

fn team_name(row: &team::Model) -> TeamName {
    TeamName { id: TeamId(row.id), name_ko: row.name_ko.clone(), name_en: row.name_en.clone() }
}

/// All accounts with their grants in force.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an administrator.
pub async fn users(ctx: &OpContext) -> Result<UsersView, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::User))?;
    let view = load_users(ctx).await.map_err(StoreError::into_api)?;
    audit::record_reads(ctx, vec![Entry::list("list", "account", view.users.len())]).await?;
    Ok(view)
}

async fn load_users(ctx: &OpContext) -> Result<UsersView, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let rows = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::Login.ne("system"))
        .order_by_asc(account::Column::Login)
        .all(db)
        .await?;
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::EndedAt.is_null())
        .order_by_asc(role_grant::Column::GrantedAt)
        .all(db)
        .await?;
    let words = Words::load(db, tenant).await?;
    let mut by_account: HashMap<Uuid, Vec<GrantRow>> = HashMap::new();
    for grant in &grants {
        by_account.entry(grant.account_id).or_default().push(words.grant(grant)?);
    }
    let users = rows
        .into_iter()
        .map(|row| {
            let held = by_account.remove(&row.id).unwrap_or_default();
            user_row(row, held)
        })
        .collect();
    Ok(UsersView { users, teams: words.teams })
}

fn user_row(row: account::Model, grants: Vec<GrantRow>) -> UserRow {
    UserRow {
        id: UserId(row.id),
        login: row.login,
        name: row.name,
        locked: row.locked,
        has_password: row.password_hash.is_some(),
        second_factor: row.totp_enrolled_at.is_some(),
        last_sign_in_at: row.last_sign_in_at,
        grants,
    }
}

/// Names that grants point to.
struct Words {
    teams: Vec<TeamName>,
    people: HashMap<Uuid, String>,
}

impl Words {
    async fn load<C: ConnectionTrait>(db: &C, tenant: Uuid) -> Result<Self, StoreError> {
        Ok(Self { teams: team_names(db, tenant).await?, people: names(db, tenant).await? })
    }

    fn person(&self, id: Uuid) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    fn grant(&self, row: &role_grant::Model) -> Result<GrantRow, StoreError> {
        let scope = match (row.scope.as_str(), row.team_id) {
            ("team", Some(team)) => Scope::Team(TeamId(team)),
            ("district", _) => Scope::District,
            _ => Scope::Own,
        };
        let ended = row.ended_at.map(|at| GrantEnd {
            by: row.ended_by.map(|by| self.person(by)).unwrap_or_default(),
            at,
            reason: row.end_reason.clone().unwrap_or_default(),
        });
        Ok(GrantRow {
            id: GrantId(row.id),
            role: code(role_from_code(&row.role), "role_grant.role")?,
            scope,
            team: self.teams.iter().find(|team| Some(team.id.0) == row.team_id).cloned(),
            granted_by: self.person(row.granted_by),
            granted_at: row.granted_at,
            ended,
        })
    }
}

/// One account with the whole history of its grants.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an administrator, [`ApiError::NotFound`] for an unknown account.
pub async fn user(ctx: &OpContext, id: UserId) -> Result<UserView, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::User))?;
    let view = load_user(ctx, id).await.map_err(StoreError::into_api)?;
    audit::record_reads(ctx, vec![Entry::one("view", "account", id, None)]).await?;
    Ok(view)
}

async fn load_user(ctx: &OpContext, id: UserId) -> Result<UserView, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let row = account::Entity::find_by_id((tenant, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::AccountId.eq(id.0))
        .order_by_asc(role_grant::Column::GrantedAt)
        .all(db)
        .await?;
    let words = Words::load(db, tenant).await?;
    let grants = rows.iter().map(|row| words.grant(row)).collect::<Result<Vec<_>, _>>()?;
    let (mut ended, held): (Vec<_>, Vec<_>) = grants.into_iter().partition(|grant| grant.ended.is_some());
    ended.sort_by_key(|grant| std::cmp::Reverse(grant.ended.as_ref().map(|end| end.at)));
    let created_at = row.created_at;
    Ok(UserView { user: user_row(row, held), created_at, ended, teams: words.teams })
}

/// Teams with the dongs that they serve.
///
/// # Errors
/// [`ApiError::Forbidden`] for who may not look at teams.
pub async fn teams(ctx: &OpContext) -> Result<TeamsView, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Team))?;
    load_teams(ctx).await.map_err(StoreError::into_api)
}

#[derive(FromQueryResult)]
struct TeamCount {
    team_id: Uuid,
    rows: i64,
}

async fn load_teams(ctx: &OpContext) -> Result<TeamsView, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let rows = team::Entity::find().filter(team::Column::TenantId.eq(tenant)).order_by_asc(team::Column::NameKo).all(db).await?;
    let workers = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::TeamId)
        .column_as(role_grant::Column::AccountId.count(), "rows")
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::TeamId.is_not_null())
        .filter(role_grant::Column::Role.eq("caseworker"))
        .filter(role_grant::Column::EndedAt.is_null())
        .group_by(role_grant::Column::TeamId);
    let cases = case_file::Entity::find()
        .select_only()
        .column(case_file::Column::TeamId)
        .column_as(case_file::Column::Id.count(), "rows")
        .filter(case_file::Column::TenantId.eq(tenant))
        .filter(case_file::Column::TeamId.is_not_null())
        .filter(case_file::Column::IsOpen.eq(true))
        .group_by(case_file::Column::TeamId);
    let (workers, cases) = (counts(workers.into_model().all(db).await?), counts(cases.into_model().all(db).await?));
    let team_row = |row: team::Model| TeamRow {
        team: team_name(&row),
        rev: Rev(row.rev),
        workers: workers.get(&row.id).copied().unwrap_or(0),
        open_cases: cases.get(&row.id).copied().unwrap_or(0),
    };
    Ok(TeamsView { teams: rows.into_iter().map(team_row).collect(), dongs: dongs(db, tenant).await? })
}

fn counts(rows: Vec<TeamCount>) -> HashMap<Uuid, u32> {
    rows.into_iter().map(|row| (row.team_id, u32::try_from(row.rows).unwrap_or(0))).collect()
}

/// The dongs of a district, by code.
pub(crate) async fn dongs<C: ConnectionTrait>(db: &C, tenant: Uuid) -> Result<Vec<DongTile>, StoreError> {
    let rows = dong::Entity::find().filter(dong::Column::TenantId.eq(tenant)).order_by_asc(dong::Column::Code).all(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(DongTile {
                code: code(DongCode::try_from(row.code).ok(), "dong.code")?,
                name_ko: row.name_ko,
                name_en: row.name_en,
                col: row.tile_col,
                row: row.tile_row,
                electors: row.electors,
                team: row.team_id.map(TeamId),
            })
        })
        .collect()
}

/// The catalogues with every version.
///
/// # Errors
/// [`ApiError::Forbidden`] for who may not change them.
pub async fn catalogue(ctx: &OpContext) -> Result<CatalogueView, ApiError> {
    ctx.check(Action::Edit, &ctx.resource(Kind::Catalogue))?;
    load_catalogue(ctx).await.map_err(StoreError::into_api)
}

async fn load_catalogue(ctx: &OpContext) -> Result<CatalogueView, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let people = names(db, tenant).await?;
    let name = |id: Uuid| people.get(&id).cloned().unwrap_or_default();
    let mut indicators: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let query = indicator::Entity::find().filter(indicator::Column::TenantId.eq(tenant));
    for row in query.order_by_desc(indicator::Column::Version).all(db).await? {
        let (set_by, set_at) = (name(row.set_by), row.set_at);
        let version = Version { entry: tenants::read_indicator(row), set_by, set_at };
        indicators.entry(version.entry.code.clone()).or_default().push(version);
    }
    let mut signs: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let query = sign::Entity::find().filter(sign::Column::TenantId.eq(tenant));
    for row in query.order_by_desc(sign::Column::Version).all(db).await? {
        let (set_by, set_at) = (name(row.set_by), row.set_at);
        let version = Version { entry: tenants::read_sign(row)?, set_by, set_at };
        signs.entry(version.entry.code.clone()).or_default().push(version);
    }
    Ok(CatalogueView { indicators: indicators.into_values().collect(), signs: signs.into_values().collect() })
}

/// The settings with every version.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an administrator.
pub async fn settings(ctx: &OpContext) -> Result<SettingsView, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Setting))?;
    load_settings(ctx).await.map_err(StoreError::into_api)
}

async fn load_settings(ctx: &OpContext) -> Result<SettingsView, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let people = names(db, tenant).await?;
    let rows = setting::Entity::find()
        .filter(setting::Column::TenantId.eq(tenant))
        .order_by_desc(setting::Column::Version)
        .limit(100)
        .all(db)
        .await?;
    let version = rows.first().map_or(0, |row| row.version);
    let read = |row: setting::Model| -> Result<Version<Settings>, StoreError> {
        let entry = serde_json::from_value(row.settings).map_err(|_error| StoreError::Corrupt("setting.settings"))?;
        Ok(Version { entry, set_by: people.get(&row.set_by).cloned().unwrap_or_default(), set_at: row.set_at })
    };
    let history = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let settings = history.first().map(|version| version.entry.clone()).unwrap_or_default();
    Ok(SettingsView { settings, version, history })
}
