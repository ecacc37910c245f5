//! What loading a list would do: who is known, who may be known, who is new. Reads only; the preview shows it and the
//! import carries it out.

use crate::{
    crypt::TenantKeys,
    entity::{discovery_round, neighbor, round_row, signal},
    error::StoreError,
    records,
};
use chrono::{DateTime, Months, Utc};
use domain::{
    ids::TenantId,
    linkage::{Identity, LinkScore, RowMatch, round_match, score},
    round::{ImportReport, RoundPeriod, RoundRow, SIGNAL_MONTHS, fold_people},
    search::jamo,
    text::{BirthYear, DongCode},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, prelude::Expr,
    sea_query::IntoValueTuple,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// People per query: two parameters each stay far under the engines' limits.
pub(crate) const CHUNK: usize = 500;

/// What a list means for the district.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The round, when some of it was loaded before.
    pub round: Option<discovery_round::Model>,
    /// The people of the list, in the order of their first rows.
    pub people: Vec<Planned>,
    /// All rows of the list.
    pub rows: u32,
}

/// One person of the list.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The row, with what its duplicates add.
    pub row: RoundRow,
    /// The numbers of all rows that name the person.
    pub rows: Vec<u32>,
    /// The keyed fingerprints of rows that were not loaded before.
    pub fingerprints: Vec<Vec<u8>>,
    /// Who it is.
    pub who: Who,
    /// The indicators that are not yet signals of this person in this round.
    pub indicators: Vec<String>,
    /// In how many lists the person was within [`SIGNAL_MONTHS`], this one included.
    pub rounds: u32,
}

/// Who a person of the list is.
#[derive(Debug)]
pub(crate) enum Who {
    /// Somebody known.
    Known(Known),
    /// Nobody known; these may be the same person, with what speaks for it.
    New(Vec<(Known, LinkScore)>),
}

/// A known neighbor, as far as the import needs one.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Known {
    pub id: Uuid,
    name: Option<String>,
    birth_year: Option<i32>,
    pub dong_code: String,
    phone_index: Option<Vec<u8>>,
    merged_into: Option<Uuid>,
    pub team_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub open_case_id: Option<Uuid>,
    pub restricted: bool,
    pub rev: i64,
}

impl Plan {
    /// The numbers: every row counts once as new, matched, to confirm or duplicate.
    pub(crate) fn report(&self) -> ImportReport {
        let mut report = ImportReport { rows: self.rows, ..ImportReport::default() };
        for person in &self.people {
            match &person.who {
                Who::Known(_) => report.matched += 1,
                Who::New(likely) if likely.is_empty() => report.new += 1,
                Who::New(_) => report.to_confirm += 1,
            }
            report.duplicates_in_file += count(person.rows.len()) - 1;
            report.signals_added += count(person.indicators.len());
        }
        report
    }
}

pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Where a plan is made.
pub(crate) struct Planning<'a, C> {
    pub db: &'a C,
    pub tenant: TenantId,
    pub keys: &'a TenantKeys,
    pub now: DateTime<Utc>,
}

impl<C: ConnectionTrait> Planning<'_, C> {
    /// Plans the loading of `rows`, all of `period`.
    pub(crate) async fn plan(&self, period: RoundPeriod, rows: Vec<RoundRow>) -> Result<Plan, StoreError> {
        let all = count(rows.len());
        let round = self.round(period).await?;
        let loaded = self.loaded(round.as_ref()).await?;
        let prints: HashMap<u32, Vec<u8>> = rows.iter().map(|row| (row.row, fingerprint(self.keys, row))).collect();
        let mut people = Vec::new();
        let mut folded = fold_people(rows);
        while !folded.is_empty() {
            let rest = folded.split_off(folded.len().min(CHUNK));
            let chunk = folded.into_iter().map(|person| Unmatched::new(person.row, person.rows, &prints, &loaded)).collect();
            people.extend(self.identify(chunk).await?);
            folded = rest;
        }
        self.leave_out_known_signals(round.as_ref(), &mut people).await?;
        Ok(Plan { round, people, rows: all })
    }

    async fn round(&self, period: RoundPeriod) -> Result<Option<discovery_round::Model>, StoreError> {
        Ok(discovery_round::Entity::find()
            .filter(discovery_round::Column::TenantId.eq(self.tenant.0))
            .filter(discovery_round::Column::Year.eq(i32::from(period.year)))
            .filter(discovery_round::Column::Number.eq(i32::from(period.number)))
            .one(self.db)
            .await?)
    }

    /// The rows of this list that were loaded before, with the neighbor that each became.
    async fn loaded(&self, round: Option<&discovery_round::Model>) -> Result<HashMap<Vec<u8>, Uuid>, StoreError> {
        let Some(round) = round else { return Ok(HashMap::new()) };
        let rows: Vec<(Vec<u8>, Uuid)> = round_row::Entity::find()
            .select_only()
            .columns([round_row::Column::Fingerprint, round_row::Column::NeighborId])
            .filter(round_row::Column::TenantId.eq(self.tenant.0))
            .filter(round_row::Column::RoundId.eq(round.id))
            .into_tuple()
            .all(self.db)
            .await?;
        Ok(rows.into_iter().collect())
    }

    async fn identify(&self, chunk: Vec<Unmatched>) -> Result<Vec<Planned>, StoreError> {
        let namesakes = Namesakes::of(self.candidates(&chunk).await?);
        let loaded = self.by_id(chunk.iter().filter_map(|person| person.loaded).collect()).await?;
        Ok(chunk
            .into_iter()
            .map(|person| {
                let known = person.loaded.and_then(|id| loaded.get(&id).cloned());
                let who = known.map_or_else(|| namesakes.find(self.keys, &person.row), Who::Known);
                Planned {
                    indicators: person.row.indicators.clone(),
                    row: person.row,
                    rows: person.rows,
                    fingerprints: person.fingerprints,
                    who,
                    rounds: 1,
                }
            })
            .collect())
    }

    /// Neighbors with the name and birth year, or the phone, of somebody in the chunk.
    async fn candidates(&self, chunk: &[Unmatched]) -> Result<Vec<Candidate>, StoreError> {
        let unknown = || chunk.iter().filter(|person| person.loaded.is_none()).map(|person| &person.row);
        let pairs: BTreeSet<(String, i32)> =
            unknown().filter_map(|row| Some((row, row.birth_year?))).flat_map(|(row, year)| spellings(&row.name, year)).collect();
        let phones: BTreeSet<Vec<u8>> =
            unknown().filter_map(|row| Some(records::phone_index(self.keys, row.phone.as_ref()?.digits()))).collect();
        let mut found = Vec::new();
        if !pairs.is_empty() {
            let name = Expr::tuple([Expr::col(neighbor::Column::Name), Expr::col(neighbor::Column::BirthYear)]);
            let tuples = pairs.into_iter().map(IntoValueTuple::into_value_tuple);
            found = self.known(name.in_tuples(tuples)).await?;
        }
        if !phones.is_empty() {
            found.extend(self.known(neighbor::Column::PhoneIndex.is_in(phones)).await?);
        }
        self.follow_merges(found).await
    }

    async fn known(&self, condition: Expr) -> Result<Vec<Known>, StoreError> {
        use neighbor::Column;
        Ok(neighbor::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::Name,
                Column::BirthYear,
                Column::DongCode,
                Column::PhoneIndex,
                Column::MergedInto,
                Column::TeamId,
                Column::WorkerId,
                Column::OpenCaseId,
                Column::Restricted,
                Column::Rev,
            ])
            .filter(Condition::all().add(Column::TenantId.eq(self.tenant.0)).add(condition))
            .into_model::<Known>()
            .all(self.db)
            .await?)
    }

    async fn by_id(&self, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Known>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.known(neighbor::Column::Id.is_in(ids)).await?;
        Ok(rows.into_iter().map(|known| (known.id, known)).collect())
    }

    /// A record that was merged into another still tells by which name and phone the person is known.
    async fn follow_merges(&self, found: Vec<Known>) -> Result<Vec<Candidate>, StoreError> {
        let alone = |known: Known| Candidate { person: known.clone(), seen_as: known };
        let mut candidates: Vec<Candidate> = found.into_iter().map(alone).collect();
        loop {
            let targets = self.by_id(candidates.iter().filter_map(|candidate| candidate.person.merged_into).collect()).await?;
            if targets.is_empty() {
                return Ok(candidates);
            }
            for candidate in &mut candidates {
                if let Some(target) = candidate.person.merged_into.and_then(|id| targets.get(&id)) {
                    candidate.person = target.clone();
                }
            }
        }
    }

    /// Takes out what is a signal of this round already, and counts the lists in which known people were.
    async fn leave_out_known_signals(
        &self,
        round: Option<&discovery_round::Model>,
        people: &mut [Planned],
    ) -> Result<(), StoreError> {
        let mut taken: HashSet<(Uuid, String)> = HashSet::new();
        for chunk in people.chunks_mut(CHUNK) {
            let ids: BTreeSet<Uuid> = chunk.iter().filter_map(Planned::known).map(|known| known.id).collect();
            if ids.is_empty() {
                continue;
            }
            let before = self.signals(&ids).await?;
            let mut rounds: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
            for (neighbor, in_round, indicator) in before {
                if round.is_some_and(|round| round.id == in_round) {
                    taken.insert((neighbor, indicator));
                } else {
                    rounds.entry(neighbor).or_default().insert(in_round);
                }
            }
            for person in chunk {
                let Who::Known(known) = &person.who else { continue };
                person.rounds = 1 + rounds.get(&known.id).map_or(0, |rounds| count(rounds.len()));
                person.indicators.retain(|code| taken.insert((known.id, code.clone())));
            }
        }
        Ok(())
    }

    async fn signals(&self, neighbors: &BTreeSet<Uuid>) -> Result<Vec<(Uuid, Uuid, String)>, StoreError> {
        let since = self.now.checked_sub_months(Months::new(SIGNAL_MONTHS)).unwrap_or(self.now);
        Ok(signal::Entity::find()
            .select_only()
            .columns([signal::Column::NeighborId, signal::Column::RoundId, signal::Column::Indicator])
            .filter(signal::Column::TenantId.eq(self.tenant.0))
            .filter(signal::Column::NeighborId.is_in(neighbors.iter().copied()))
            .filter(signal::Column::ReceivedAt.gte(since))
            .into_tuple()
            .all(self.db)
            .await?)
    }
}

impl Planned {
    /// The known neighbor, when it is one.
    pub(crate) const fn known(&self) -> Option<&Known> {
        match &self.who {
            Who::Known(known) => Some(known),
            Who::New(_) => None,
        }
    }
}

/// A person of the list before it is known who it is.
struct Unmatched {
    row: RoundRow,
    rows: Vec<u32>,
    fingerprints: Vec<Vec<u8>>,
    loaded: Option<Uuid>,
}

impl Unmatched {
    fn new(row: RoundRow, rows: Vec<u32>, prints: &HashMap<u32, Vec<u8>>, loaded: &HashMap<Vec<u8>, Uuid>) -> Self {
        let all: BTreeSet<&Vec<u8>> = rows.iter().filter_map(|number| prints.get(number)).collect();
        let before = all.iter().find_map(|print| loaded.get(*print).copied());
        let fingerprints = all.into_iter().filter(|print| !loaded.contains_key(*print)).cloned().collect();
        Self { row, rows, fingerprints, loaded: before }
    }
}

/// The name as written and without blanks: lists and people write it either way.
fn spellings(name: &str, year: BirthYear) -> [(String, i32); 2] {
    let year = i32::from(year.get());
    [(name.to_owned(), year), (name.split_whitespace().collect(), year)]
}

/// Somebody who may be meant, and the record by which they were found, which may have been merged into theirs.
struct Candidate {
    person: Known,
    seen_as: Known,
}

/// Candidates by name.
struct Namesakes(HashMap<String, Vec<Candidate>>);

impl Namesakes {
    fn of(found: Vec<Candidate>) -> Self {
        let mut by_name: HashMap<String, Vec<Candidate>> = HashMap::new();
        for candidate in found {
            let name = jamo(candidate.seen_as.name.as_deref().unwrap_or_default());
            by_name.entry(name).or_default().push(candidate);
        }
        Self(by_name)
    }

    /// The same person: with phone and dong before phone before dong, then the oldest record. Else all likely ones.
    fn find(&self, keys: &TenantKeys, row: &RoundRow) -> Who {
        let wanted = Identity::from(row);
        let phone = row.phone.as_ref().map(|phone| records::phone_index(keys, phone.digits()));
        let mut same: Vec<(bool, bool, &Known)> = Vec::new();
        let mut likely: Vec<(&Known, LinkScore)> = Vec::new();
        for Candidate { person, seen_as } in self.0.get(&jamo(&row.name)).into_iter().flatten() {
            let by_phone = phone.is_some() && seen_as.phone_index == phone;
            let identity = identity_of(seen_as, row, by_phone);
            match round_match(&wanted, &identity) {
                RowMatch::Same => same.push((!by_phone, seen_as.dong_code != row.dong.as_str(), person)),
                RowMatch::Likely => likely.push((person, score(&wanted, &identity))),
                RowMatch::No => {}
            }
        }
        same.sort_by_key(|(no_phone, other_dong, known)| (*no_phone, *other_dong, known.id));
        if let Some((_, _, known)) = same.first() {
            return Who::Known((*known).clone());
        }
        likely.sort_by_key(|(known, _)| known.id);
        likely.dedup_by_key(|(known, _)| known.id);
        Who::New(likely.into_iter().map(|(known, score)| (known.clone(), score)).collect())
    }
}

/// A known neighbor as the linkage compares it. The phone stays sealed: its blind index says whether it is the row's.
fn identity_of(known: &Known, row: &RoundRow, same_phone: bool) -> Identity {
    Identity {
        name: known.name.as_deref().map(jamo),
        birth_year: known.birth_year.and_then(|year| i16::try_from(year).ok()).and_then(|year| BirthYear::try_from(year).ok()),
        sex: None,
        phone: row.phone.clone().filter(|_| same_phone),
        dong: DongCode::try_from(known.dong_code.clone()).ok(),
        address: None,
    }
}

/// The keyed fingerprint of what identifies a row, in the spelling in which it is compared.
fn fingerprint(keys: &TenantKeys, row: &RoundRow) -> Vec<u8> {
    let blank = |text: Option<&str>| text.unwrap_or_default().split_whitespace().collect::<String>();
    let identity = [
        jamo(&row.name),
        row.birth_year.map(|year| year.get().to_string()).unwrap_or_default(),
        row.sex.code().to_owned(),
        row.phone.as_ref().map(|phone| phone.digits().to_owned()).unwrap_or_default(),
        row.dong.as_str().to_owned(),
        blank(row.address.as_deref()),
    ];
    keys.fingerprint("round_row", &identity.join("\u{1f}"))
}
