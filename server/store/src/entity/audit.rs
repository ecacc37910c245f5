//! A row of the audit trail.

use sea_orm::entity::prelude::*;

/// A row of the audit trail.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub actor_id: Uuid,
    pub origin: String,
    pub address: Option<String>,
    pub request_id: Uuid,
    pub action: String,
    pub subject: String,
    pub subject_id: Option<Uuid>,
    pub neighbor_id: Option<Uuid>,
    pub op_id: Option<Uuid>,
    pub count: i32,
    pub purpose: Option<String>,
    pub digest: Vec<u8>,
    pub batch: Option<i64>,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
