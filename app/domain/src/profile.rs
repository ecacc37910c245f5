//! Who a neighbor is: what may be known about a person, each part of it optional but the dong.

use crate::{
    Invalid,
    error::ApiError,
    ids::{HouseholdId, MemberId, NeighborId, UserId},
    merge::{Edit, Merge},
    text::{self, BirthYear, DongCode, PhoneNumber},
};
use serde::{Deserialize, Serialize};

// `tt`, not `literal`: utoipa does not see a name that comes wrapped.
macro_rules! coded {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $meaning:literal])* $variant:ident = $code:tt,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(description = concat!($($doc, "\n",)* $("\n- `", $code, "`:", $($meaning,)*)+)))]
        pub enum $name { $($(#[doc = $meaning])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// All values, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code under which it is stored and sent.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The value of a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// Sex as the lists give it.
    Sex { /// 여
        Female = "female", /// 남
        Male = "male", /// 미상
        Unknown = "unknown", }
}

coded! {
    /// Age as an eye sees it, when the birth year is not known.
    AgeBand { /// 0–18
        Child = "child", /// 19–34
        Young = "young", /// 35–49
        Middle = "middle", /// 50–64
        Older = "older", /// 65–79
        Senior = "senior", /// 80 and over
        VeryOld = "very_old", }
}

coded! {
    /// The kind of place where somebody lives.
    LivingPlace { /// 아파트
        Apartment = "apartment", /// 다세대·연립
        MultiFamily = "multi_family", /// 단독주택
        House = "house", /// 반지하
        SemiBasement = "semi_basement", /// 옥탑
        Rooftop = "rooftop", /// 고시원
        Gosiwon = "gosiwon", /// 여관·찜질방
        Lodging = "lodging", /// 비닐하우스
        Greenhouse = "greenhouse", /// 차량
        Vehicle = "vehicle", /// 거리
        Street = "street", /// 시설
        Facility = "facility", /// 기타
        Other = "other", /// 미상
        Unknown = "unknown", }
}

coded! {
    /// The language in which a person is best spoken to.
    Language { /// 한국어
        Korean = "ko", /// 한국수어
        KoreanSign = "kvk", /// English
        English = "en", /// 中文
        Chinese = "zh", /// Tiếng Việt
        Vietnamese = "vi", /// 日本語
        Japanese = "ja", /// Русский
        Russian = "ru", /// ภาษาไทย
        Thai = "th", /// 기타
        Other = "other", }
}

coded! {
    /// Whether the person agreed to be contacted. "Not asked" is not a refusal.
    ContactConsent { /// 아직 묻지 않음
        NotAsked = "not_asked", /// 동의
        Given = "given", /// 거부
        Refused = "refused", }
}

coded! {
    /// How we learned of a person.
    Channel { /// 발굴 차수
        Signals = "signals", /// 주민 제보
        Resident = "resident", /// 명예사회복지공무원
        HonoraryOfficer = "honorary_officer", /// 서초 다산콜·직통전화
        DirectLine = "direct_line", /// 찾아가는 상담
        Event = "event", /// 협력기관
        Partner = "partner", /// 본인·가족
        SelfOrFamily = "self_or_family", /// 담당자 발견
        Worker = "worker", }
}

coded! {
    /// How a household member is related to the neighbor.
    Relation { /// 배우자
        Spouse = "spouse", /// 자녀
        Child = "child", /// 부모
        Parent = "parent", /// 형제자매
        Sibling = "sibling", /// 조부모
        Grandparent = "grandparent", /// 손자녀
        Grandchild = "grandchild", /// 기타 친족
        Relative = "relative", /// 동거인
        Cohabitant = "cohabitant", /// 기타
        Other = "other", }
}

/// Everything that is recorded about one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NeighborProfile {
    /// Name; `None` is "name unknown".
    pub name: Option<String>,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Age as seen, when the birth year is unknown.
    pub age_band: Option<AgeBand>,
    /// Sex.
    pub sex: Sex,
    /// The dong that serves the person.
    pub dong: DongCode,
    /// Address, at most 200 characters.
    pub address: Option<String>,
    /// Whether the person has no fixed address.
    pub no_fixed_address: bool,
    /// Phone.
    pub phone: Option<PhoneNumber>,
    /// Language.
    pub language: Language,
    /// Kind of living place.
    pub living_place: LivingPlace,
    /// Consent to contact.
    pub contact_consent: ContactConsent,
    /// Health and disability in the worker's words, at most 2,000 characters.
    pub health_note: Option<String>,
}

impl NeighborProfile {
    /// An empty profile in `dong`.
    #[must_use]
    pub const fn in_dong(dong: DongCode) -> Self {
        Self {
            name: None,
            birth_year: None,
            age_band: None,
            sex: Sex::Unknown,
            dong,
            address: None,
            no_fixed_address: false,
            phone: None,
            language: Language::Korean,
            living_place: LivingPlace::Unknown,
            contact_consent: ContactConsent::NotAsked,
            health_note: None,
        }
    }

    /// Trims the free text and refuses what may not be kept.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with the field's name, for text that is too long or looks like a resident number.
    pub fn checked(mut self) -> Result<Self, ApiError> {
        self.name = text::optional_line("name", self.name, 60)?;
        self.address = text::optional_line("address", self.address, 200)?;
        self.health_note = text::optional_text("health_note", self.health_note, 2_000)?;
        if self.no_fixed_address && self.address.is_some() {
            return Err(ApiError::invalid("address", Invalid::Order));
        }
        Ok(self)
    }
}

fn edit<T: Clone + PartialEq>(from: &T, to: &T) -> Option<Edit<T>> {
    (from != to).then(|| Edit { from: from.clone(), to: to.clone() })
}

/// Wishes to change single fields of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ProfileEdits {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Edit<Option<String>>>,
    /// Birth year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<Edit<Option<BirthYear>>>,
    /// Age band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_band: Option<Edit<Option<AgeBand>>>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Edit<Sex>>,
    /// Dong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dong: Option<Edit<DongCode>>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Edit<Option<String>>>,
    /// No fixed address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_fixed_address: Option<Edit<bool>>,
    /// Phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Edit<Option<PhoneNumber>>>,
    /// Language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Edit<Language>>,
    /// Living place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub living_place: Option<Edit<LivingPlace>>,
    /// Consent to contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_consent: Option<Edit<ContactConsent>>,
    /// Health note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_note: Option<Edit<Option<String>>>,
}

impl ProfileEdits {
    /// The edits that turn `from` into `to`.
    #[must_use]
    pub fn between(from: &NeighborProfile, to: &NeighborProfile) -> Self {
        Self {
            name: edit(&from.name, &to.name),
            birth_year: edit(&from.birth_year, &to.birth_year),
            age_band: edit(&from.age_band, &to.age_band),
            sex: edit(&from.sex, &to.sex),
            dong: edit(&from.dong, &to.dong),
            address: edit(&from.address, &to.address),
            no_fixed_address: edit(&from.no_fixed_address, &to.no_fixed_address),
            phone: edit(&from.phone, &to.phone),
            language: edit(&from.language, &to.language),
            living_place: edit(&from.living_place, &to.living_place),
            contact_consent: edit(&from.contact_consent, &to.contact_consent),
            health_note: edit(&from.health_note, &to.health_note),
        }
    }

    /// Merges the edits into `profile`; see [`Merge::field`].
    #[must_use]
    pub fn merge_into(&self, profile: &mut NeighborProfile) -> Merge {
        let mut merge = Merge::default();
        merge.field("name", &mut profile.name, self.name.as_ref());
        merge.field("birth_year", &mut profile.birth_year, self.birth_year.as_ref());
        merge.field("age_band", &mut profile.age_band, self.age_band.as_ref());
        merge.field("sex", &mut profile.sex, self.sex.as_ref());
        merge.field("dong", &mut profile.dong, self.dong.as_ref());
        merge.field("address", &mut profile.address, self.address.as_ref());
        merge.field("no_fixed_address", &mut profile.no_fixed_address, self.no_fixed_address.as_ref());
        merge.field("phone", &mut profile.phone, self.phone.as_ref());
        merge.field("language", &mut profile.language, self.language.as_ref());
        merge.field("living_place", &mut profile.living_place, self.living_place.as_ref());
        merge.field("contact_consent", &mut profile.contact_consent, self.contact_consent.as_ref());
        merge.field("health_note", &mut profile.health_note, self.health_note.as_ref());
        merge
    }
}

/// Somebody in the household, as written down by the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HouseholdMember {
    /// Its id.
    pub id: MemberId,
    /// Name, if known.
    pub name: Option<String>,
    /// Relation to the neighbor.
    pub relation: Relation,
    /// Birth year, if known.
    pub birth_year: Option<BirthYear>,
    /// Whether this person cares for somebody in the household.
    pub is_carer: bool,
    /// Whether this person depends on care.
    pub needs_care: bool,
    /// The member's own record, where there is one.
    pub neighbor: Option<NeighborId>,
}

/// Wishes to change single fields of a household member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MemberEdits {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Edit<Option<String>>>,
    /// Relation to the neighbor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Edit<Relation>>,
    /// Birth year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<Edit<Option<BirthYear>>>,
    /// Cares for somebody in the household.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_carer: Option<Edit<bool>>,
    /// Depends on care.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_care: Option<Edit<bool>>,
}

impl MemberEdits {
    /// The edits that turn `from` into `to`.
    #[must_use]
    pub fn between(from: &HouseholdMember, to: &HouseholdMember) -> Self {
        Self {
            name: edit(&from.name, &to.name),
            relation: edit(&from.relation, &to.relation),
            birth_year: edit(&from.birth_year, &to.birth_year),
            is_carer: edit(&from.is_carer, &to.is_carer),
            needs_care: edit(&from.needs_care, &to.needs_care),
        }
    }

    /// Merges the edits into `member`; see [`Merge::field`].
    #[must_use]
    pub fn merge_into(&self, member: &mut HouseholdMember) -> Merge {
        let mut merge = Merge::default();
        merge.field("name", &mut member.name, self.name.as_ref());
        merge.field("relation", &mut member.relation, self.relation.as_ref());
        merge.field("birth_year", &mut member.birth_year, self.birth_year.as_ref());
        merge.field("is_carer", &mut member.is_carer, self.is_carer.as_ref());
        merge.field("needs_care", &mut member.needs_care, self.needs_care.as_ref());
        merge
    }
}

/// A profile with what goes around it: the stored record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NeighborRecord {
    /// Its id.
    pub id: NeighborId,
    /// The household.
    pub household: HouseholdId,
    /// What is known.
    pub profile: NeighborProfile,
    /// How we learned of the person first.
    pub learned_from: Channel,
    /// For a restricted neighbor, the only people for whom the record exists.
    pub only: Option<Vec<UserId>>,
    /// Revision.
    pub rev: crate::ids::Rev,
}
