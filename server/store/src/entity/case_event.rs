//! Something that happened to a case or neighbor, for the timeline.

use sea_orm::entity::prelude::*;

/// Something that happened to a case or neighbor, for the timeline.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Option<Uuid>,
    pub neighbor_id: Uuid,
    pub at: DateTimeUtc,
    pub actor_id: Uuid,
    pub kind: String,
    pub facts: Json,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
