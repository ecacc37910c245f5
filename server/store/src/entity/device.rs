//! A tablet that keeps a replica.

use sea_orm::entity::prelude::*;

/// A tablet that keeps a replica.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub name: String,
    pub program: Option<String>,
    pub token_hash: Vec<u8>,
    pub registered_at: DateTimeUtc,
    pub contact_at: Option<DateTimeUtc>,
    pub clock_off_ms: Option<i64>,
    pub waiting: i64,
    pub revoked_at: Option<DateTimeUtc>,
    pub revoked_by: Option<Uuid>,
    pub told_at: Option<DateTimeUtc>,
    pub rev: i64,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
