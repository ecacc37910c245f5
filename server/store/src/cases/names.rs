//! The names of workers, dongs, teams and signs that a page shows beside ids: looked up once per page.

use crate::{
    entity::{dong, sign, team},
    error::StoreError,
    records::code,
    staff,
};
use domain::{
    ids::{TeamId, TenantId, UserId},
    text::DongCode,
    view::{
        Worker,
        neighbors::{BothNames, DongName, TeamName},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Names by id.
#[derive(Debug, Default)]
pub(crate) struct Names {
    workers: HashMap<Uuid, String>,
    dongs: BTreeMap<String, DongName>,
    teams: HashMap<Uuid, BothNames>,
    signs: HashMap<String, BothNames>,
}

impl Names {
    /// The district's dongs and teams.
    pub(crate) async fn load<C: ConnectionTrait>(db: &C, tenant: TenantId) -> Result<Self, StoreError> {
        let mut names = Self::default();
        for row in dong::Entity::find().filter(dong::Column::TenantId.eq(tenant.0)).all(db).await? {
            let dong = DongName {
                code: code(DongCode::try_from(row.code.clone()).ok(), "dong.code")?,
                name: BothNames { ko: row.name_ko, en: row.name_en },
                team: row.team_id.map(TeamId),
            };
            names.dongs.insert(row.code, dong);
        }
        for row in team::Entity::find().filter(team::Column::TenantId.eq(tenant.0)).all(db).await? {
            names.teams.insert(row.id, BothNames { ko: row.name_ko, en: row.name_en });
        }
        Ok(names)
    }

    /// Adds the names of these workers.
    pub(crate) async fn add_workers<C: ConnectionTrait>(
        &mut self,
        db: &C,
        tenant: TenantId,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<(), StoreError> {
        let missing: BTreeSet<Uuid> = ids.into_iter().filter(|id| !self.workers.contains_key(id)).collect();
        self.workers.extend(staff::names(db, tenant, missing).await?);
        Ok(())
    }

    /// Adds the names of those of these codes that are signs, as they are called now.
    pub(crate) async fn add_signs<C: ConnectionTrait>(
        &mut self,
        db: &C,
        tenant: TenantId,
        codes: BTreeSet<String>,
    ) -> Result<(), StoreError> {
        if codes.is_empty() {
            return Ok(());
        }
        let rows = sign::Entity::find()
            .filter(sign::Column::TenantId.eq(tenant.0))
            .filter(sign::Column::Code.is_in(codes))
            .order_by_asc(sign::Column::Version)
            .all(db)
            .await?;
        self.signs.extend(rows.into_iter().map(|row| (row.code, BothNames { ko: row.name_ko, en: row.name_en })));
        Ok(())
    }

    /// What a dong's or a sign's code stands for, where it is known.
    pub(crate) fn of_code(&self, code: &str) -> Option<BothNames> {
        self.dongs.get(code).map(|dong| &dong.name).or_else(|| self.signs.get(code)).cloned()
    }

    /// A worker; one whose account is gone has no name.
    pub(crate) fn worker(&self, id: Uuid) -> Worker {
        Worker { id: UserId(id), name: self.workers.get(&id).cloned().unwrap_or_default() }
    }

    /// A dong.
    pub(crate) fn dong(&self, dong: &str) -> Result<DongName, StoreError> {
        code(self.dongs.get(dong).cloned(), "dong_code")
    }

    /// All dongs, by code.
    pub(crate) fn dongs(&self) -> Vec<DongName> {
        self.dongs.values().cloned().collect()
    }

    /// All teams, by id.
    pub(crate) fn teams(&self) -> Vec<TeamName> {
        let mut ids: Vec<Uuid> = self.teams.keys().copied().collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|id| self.team(id)).collect()
    }

    /// A team.
    pub(crate) fn team(&self, id: Uuid) -> Option<TeamName> {
        self.teams.get(&id).map(|name| TeamName { id: TeamId(id), name: name.clone() })
    }
}
