//! Something that came from a tablet too late.

use sea_orm::entity::prelude::*;

/// Something that came from a tablet too late.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub neighbor_id: Uuid,
    pub writer_id: Uuid,
    pub written_at: DateTimeUtc,
    pub kept_at: DateTimeUtc,
    pub envelope: Vec<u8>,
    pub answered_by: Option<Uuid>,
    pub answered_at: Option<DateTimeUtc>,
    pub accepted: Option<bool>,
    pub reason: Option<Vec<u8>>,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
