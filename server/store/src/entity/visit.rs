//! A visit or contact attempt.

use sea_orm::entity::prelude::*;

/// A visit or contact attempt.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub neighbor_id: Uuid,
    pub team_id: Option<Uuid>,
    pub series_id: Option<Uuid>,
    pub kind: String,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub worker_id: Uuid,
    pub second_worker_id: Option<Uuid>,
    pub two_person: bool,
    pub purpose: Option<String>,
    pub state: String,
    pub face_to_face: Option<String>,
    pub not_met_reason: Option<String>,
    pub cancel_reason: Option<String>,
    pub happened_at: Option<DateTimeUtc>,
    pub note: Option<Vec<u8>>,
    pub recorded_by: Option<Uuid>,
    pub recorded_at: Option<DateTimeUtc>,
    pub restricted: bool,
    pub made_by: Uuid,
    pub made_at: DateTimeUtc,
    pub rev: i64,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
