//! The indicators and signs that a district uses: data with versions, not code.

use crate::{case::Urgency, profile::coded};
use serde::{Deserialize, Serialize};

coded! {
    /// The ten domains of life.
    LifeDomain { /// 안전
        Safety = "safety", /// 건강
        Health = "health", /// 일상생활
        DailyLife = "daily_life", /// 가족
        Family = "family", /// 사회적 관계
        Social = "social", /// 경제
        Economy = "economy", /// 교육
        Education = "education", /// 일
        Work = "work", /// 생활환경
        Living = "living", /// 권리
        Rights = "rights", }
}

/// An indicator from an agency list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Indicator {
    /// Code, `I01`…
    pub code: String,
    /// Version of this entry, from 1.
    pub version: i32,
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
    /// Who holds the data.
    pub holder: String,
    /// Where the indicator is named: `statute` or `press`.
    pub source: String,
    /// Article or publication.
    pub note: String,
    /// Whether new rounds may use it.
    pub active: bool,
}

/// A sign that somebody may be in need, as an observer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sign {
    /// Code, `S01`…
    pub code: String,
    /// Version of this entry, from 1.
    pub version: i32,
    /// Korean words.
    pub name_ko: String,
    /// English words.
    pub name_en: String,
    /// Who tends to see it.
    pub observers: String,
    /// Domain of life.
    pub domain: LifeDomain,
    /// How soon somebody must go.
    pub urgency: Urgency,
    /// Whether forms offer it.
    pub active: bool,
}
