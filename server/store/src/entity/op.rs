//! A command that was decided: applied, or declined ([`super::verdict`]), and then with `null` in `applied`.

use sea_orm::entity::prelude::*;

/// A command that was decided.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "op")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub actor_id: Uuid,
    pub command: String,
    pub digest: Vec<u8>,
    pub made_at: DateTimeUtc,
    pub applied_at: DateTimeUtc,
    pub applied: Json,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
