//! An assignment or transfer.

use sea_orm::entity::prelude::*;

/// An assignment or transfer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub neighbor_id: Uuid,
    pub from_worker_id: Option<Uuid>,
    pub to_worker_id: Uuid,
    pub state: String,
    pub reason: Option<Vec<u8>>,
    pub made_by: Uuid,
    pub made_at: DateTimeUtc,
    pub answered_by: Option<Uuid>,
    pub answered_at: Option<DateTimeUtc>,
    pub answer: Option<Vec<u8>>,
    pub rev: i64,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
