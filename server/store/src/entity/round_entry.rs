//! One neighbor in one round.

use sea_orm::entity::prelude::*;

/// One neighbor in one round.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "round_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub neighbor_id: Uuid,
    pub team_id: Option<Uuid>,
    pub dong_code: String,
    pub indicators: i32,
    pub priority: i32,
    pub note: Option<Vec<u8>>,
    pub decision: String,
    pub reason: Option<String>,
    pub case_id: Option<Uuid>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTimeUtc>,
    pub rev: i64,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
