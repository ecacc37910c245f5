//! A person helped or looked for.

use sea_orm::entity::prelude::*;

/// A person helped or looked for.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "neighbor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub household_id: Uuid,
    pub name: Option<String>,
    pub birth_year: Option<i32>,
    pub age_band: Option<String>,
    pub sex: String,
    pub dong_code: String,
    pub address: Option<Vec<u8>>,
    pub no_fixed_address: bool,
    pub phone: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    pub language: String,
    pub living_place: String,
    pub contact_consent: String,
    pub health_note: Option<Vec<u8>>,
    pub learned_from: String,
    pub restricted: bool,
    pub merged_into: Option<Uuid>,
    pub team_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub open_case_id: Option<Uuid>,
    pub registered_by: Uuid,
    pub registered_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub rev: i64,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
