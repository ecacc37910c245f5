//! A sealed batch of audit rows.

use sea_orm::entity::prelude::*;

/// A sealed batch of audit rows.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_batch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub rows: i32,
    pub first_id: Uuid,
    pub last_id: Uuid,
    pub leaves: Vec<u8>,
    pub root: Vec<u8>,
    pub previous: Vec<u8>,
    pub seal: Vec<u8>,
    pub key_version: i32,
    pub sealed_at: DateTimeUtc,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
