//! A ticked sign.

use sea_orm::entity::prelude::*;

/// A ticked sign.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_tick")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub neighbor_id: Uuid,
    pub visit_id: Option<Uuid>,
    pub sign: String,
    pub sign_version: i32,
    pub channel: String,
    pub ticked_by: Uuid,
    pub ticked_at: DateTimeUtc,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
