//! A position of the change feed.

use sea_orm::entity::prelude::*;

/// A position of the change feed.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTimeUtc,
    pub entity: String,
    pub entity_id: Uuid,
    pub rev: i64,
    pub neighbor_id: Option<Uuid>,
    pub team_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub actor_id: Uuid,
    pub op_id: Uuid,
    pub restricted: bool,
    pub former: bool,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
