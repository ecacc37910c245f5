//! A photo or signature.

use sea_orm::entity::prelude::*;

/// A photo or signature.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub neighbor_id: Uuid,
    pub visit_id: Option<Uuid>,
    pub kind: String,
    pub media: String,
    pub bytes: i64,
    pub digest: String,
    pub caption: Option<Vec<u8>>,
    pub added_by: Uuid,
    pub added_at: DateTimeUtc,
    pub parts: i32,
    pub received: i32,
    pub stored_at: Option<DateTimeUtc>,
    pub removed_by: Option<Uuid>,
    pub removed_at: Option<DateTimeUtc>,
    pub removal_reason: Option<Vec<u8>>,
    pub wiped_at: Option<DateTimeUtc>,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
