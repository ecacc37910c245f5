//! A monthly review.

use sea_orm::entity::prelude::*;

/// A monthly review.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub month: Date,
    pub reviewer_id: Uuid,
    pub reviewed_at: DateTimeUtc,
    pub finding: String,
    pub rows: i64,
    pub verified: bool,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
