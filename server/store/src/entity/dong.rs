//! A dong and the team that serves it.

use sea_orm::entity::prelude::*;

/// A dong and the team that serves it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dong")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub name_ko: String,
    pub name_en: String,
    pub tile_col: i32,
    pub tile_row: i32,
    pub electors: i32,
    pub team_id: Option<Uuid>,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
