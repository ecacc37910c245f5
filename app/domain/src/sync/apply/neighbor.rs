//! Who is written down and changed in the field.

use super::{Dossier, Event, Writing, settle};
use crate::{
    ApiError, Invalid,
    case::{CaseFacts, Stage, Urgency},
    command::NeighborCommand,
    ids::{CaseId, ChangeSeq, HouseholdId, NeighborId, Rev},
    profile::{Channel, HouseholdMember, NeighborProfile, NeighborRecord, ProfileEdits},
    sync::replica::CaseDossier,
    text::{self, DongCode},
    view::{
        Page,
        cases::CaseCard,
        neighbors::{BothNames, DongName, May, NeighborPage, Person, SeenSign, TeamName, Why},
    },
    visit::VisitState,
};
use chrono::Datelike;

pub(super) fn apply(writing: &Writing<'_>, dossier: &mut Dossier, command: &NeighborCommand) -> Result<(), ApiError> {
    if !dossier.neighbor.may.edit {
        return Err(ApiError::Forbidden);
    }
    let what = match command {
        NeighborCommand::Recognise { signs, learned_from, .. } => {
            tick(writing, dossier, signs, *learned_from)?;
            Event { channel: Some(*learned_from), ..Event::default() }.named("recognised")
        }
        NeighborCommand::Edit { edits, .. } => match edit(writing, dossier, edits)? {
            fields if fields.is_empty() => return Ok(()),
            fields => Event { fields, ..Event::default() }.named("edited"),
        },
        NeighborCommand::PutMember { member, .. } => {
            put(&mut dossier.neighbor.members, member)?;
            Event::default().named("household_changed")
        }
        NeighborCommand::EditMember { member, edits, .. } => {
            let members = &mut dossier.neighbor.members;
            let found = members.iter_mut().find(|found| found.id == *member).ok_or(ApiError::NotFound)?;
            let merge = edits.merge_into(found);
            if !merge.conflicts.is_empty() {
                return Err(ApiError::Conflict { fields: merge.conflicts, rev: dossier.neighbor.person.record.rev.0 });
            }
            if merge.changed.is_empty() {
                return Ok(());
            }
            found.name = text::optional_line("member_name", found.name.take(), 60)?;
            Event::default().named("household_changed")
        }
        NeighborCommand::RemoveMember { member, .. } => {
            dossier.neighbor.members.retain(|found| found.id != *member);
            Event::default().named("household_changed")
        }
        // The one begins a dossier, the other is never made in the field.
        NeighborCommand::Register { .. } | NeighborCommand::Restrict { .. } => return Ok(()),
    };
    dossier.neighbor.timeline.rows.push(writing.entry(0, what));
    let record = &mut dossier.neighbor.person.record;
    record.rev = record.rev.next();
    Ok(())
}

/// Puts ticked signs before those that are known, in the words of the catalogue.
pub(super) fn tick(writing: &Writing<'_>, dossier: &mut Dossier, signs: &[String], channel: Channel) -> Result<(), ApiError> {
    let seen = seen(writing, signs, channel)?;
    dossier.neighbor.why.signs.splice(0..0, seen);
    Ok(())
}

fn seen(writing: &Writing<'_>, signs: &[String], channel: Channel) -> Result<Vec<SeenSign>, ApiError> {
    let one = |code: &String| {
        let sign = writing.district.signs.iter().find(|sign| sign.code == *code);
        let sign = sign.ok_or_else(|| ApiError::invalid("signs", Invalid::UnknownCode))?;
        Ok(SeenSign {
            code: code.clone(),
            name: BothNames { ko: sign.name_ko.clone(), en: sign.name_en.clone() },
            urgency: sign.urgency,
            channel,
            at: writing.at,
        })
    };
    signs.iter().map(one).collect()
}

fn put(members: &mut Vec<HouseholdMember>, member: &HouseholdMember) -> Result<(), ApiError> {
    let member = HouseholdMember { name: text::optional_line("member_name", member.name.clone(), 60)?, ..member.clone() };
    match members.iter().find(|found| found.id == member.id) {
        Some(found) if *found != member => return Err(ApiError::invalid("member", Invalid::Taken)),
        Some(_) => {}
        None => members.push(member),
    }
    members.sort_by_key(|member| member.id);
    Ok(())
}

/// Merges edits of the profile and lets the case and its visits follow; the names of the fields that changed.
fn edit(writing: &Writing<'_>, dossier: &mut Dossier, edits: &ProfileEdits) -> Result<Vec<String>, ApiError> {
    let person = &mut dossier.neighbor.person;
    let mut profile = person.record.profile.clone();
    let merge = edits.merge_into(&mut profile);
    if !merge.conflicts.is_empty() {
        return Err(ApiError::Conflict { fields: merge.conflicts, rev: person.record.rev.0 });
    }
    let profile = profile.checked()?;
    check_birth_year(writing, &profile)?;
    if merge.changed.contains(&"dong") {
        person.dong = dong(writing, &profile.dong)?;
        if person.team.as_ref().map(|team| team.id) != person.dong.team {
            person.team = person.dong.team.and_then(|id| team(writing, id));
            // What is planned goes over to the other team.
            let planned = dossier.visits.iter_mut().filter(|visit| visit.card.state == VisitState::Scheduled);
            planned.for_each(|visit| visit.card.rev = visit.card.rev.next());
        }
    }
    let follows = profile.name != person.record.profile.name || profile.dong != person.record.profile.dong;
    person.record.profile = profile;
    if follows {
        let (name, dong) = (person.record.profile.name.clone(), &person.dong.name);
        for visit in &mut dossier.visits {
            visit.card.name.clone_from(&name);
            visit.card.dong = dong.clone();
        }
        dossier.case.card.rev = dossier.case.card.rev.next();
    }
    Ok(merge.changed.iter().map(|field| (*field).to_owned()).collect())
}

fn check_birth_year(writing: &Writing<'_>, profile: &NeighborProfile) -> Result<(), ApiError> {
    match profile.birth_year {
        Some(year) if !year.plausible(writing.today().year()) => Err(ApiError::invalid("birth_year", Invalid::BirthYear)),
        _ => Ok(()),
    }
}

fn dong(writing: &Writing<'_>, code: &DongCode) -> Result<DongName, ApiError> {
    let found = writing.district.dongs.iter().find(|dong| dong.code == *code);
    found.cloned().ok_or_else(|| ApiError::invalid("dong", Invalid::UnknownDong))
}

fn team(writing: &Writing<'_>, id: crate::ids::TeamId) -> Option<TeamName> {
    writing.district.teams.iter().find(|team| team.id == id).cloned()
}

/// The dossier of a neighbor who is registered with a case. Without a case there is none: the record is not the writer's to keep.
pub(super) fn register(writing: &Writing<'_>, command: &NeighborCommand) -> Result<Option<Dossier>, ApiError> {
    let NeighborCommand::Register { id, household, profile, members, signs, learned_from, open_case, .. } = command else {
        return Ok(None);
    };
    let profile = profile.as_ref().clone().checked()?;
    check_birth_year(writing, &profile)?;
    let person = person(writing, (*id, *household), profile, *learned_from)?;
    let seen = seen(writing, signs, *learned_from)?;
    let mut written = Vec::new();
    for member in members {
        put(&mut written, member)?;
    }
    let Some((case, urgency)) = open_case else { return Ok(None) };
    let opened = Event { urgency: Some(*urgency), channel: Some(*learned_from), ..Event::default() };
    let rows = vec![
        writing.entry(1, opened.named("case_opened")),
        writing.entry(0, Event { channel: Some(*learned_from), ..Event::default() }.named("registered")),
    ];
    let mut dossier = Dossier {
        as_of: ChangeSeq::default(),
        neighbor: NeighborPage {
            person: Person { open_case: Some(*case), ..person },
            why: Why { rounds: Vec::new(), signs: seen },
            members: written,
            links: Vec::new(),
            timeline: Page { rows, next: None },
            closed_cases: Vec::new(),
            may: May { edit: true, work: true, transfer: true, ..May::default() },
        },
        case: open(writing, *case, *urgency, *learned_from),
        visits: Vec::new(),
    };
    settle(&mut dossier, writing.district, writing.at);
    Ok(Some(dossier))
}

fn person(
    writing: &Writing<'_>,
    (id, household): (NeighborId, HouseholdId),
    profile: NeighborProfile,
    learned_from: Channel,
) -> Result<Person, ApiError> {
    let dong = dong(writing, &profile.dong)?;
    Ok(Person {
        team: dong.team.and_then(|id| team(writing, id)),
        dong,
        // Written down, and then changed once: the case was opened.
        record: NeighborRecord { id, household, profile, learned_from, only: None, rev: Rev::FIRST.next() },
        open_case: None,
        registered_at: writing.at,
        merged_into: None,
        named: Vec::new(),
    })
}

fn open(writing: &Writing<'_>, id: CaseId, urgency: Urgency, learned_from: Channel) -> CaseDossier {
    CaseDossier {
        card: CaseCard {
            id,
            rev: Rev::FIRST,
            stage: Stage::Discovered,
            steps: Vec::new(),
            next_step: None,
            urgency,
            clocks: Vec::new(),
            learned_from,
            discovered_at: writing.at,
            opened_at: writing.at,
            closed_at: None,
            closure: None,
            worker: Some(writing.me().clone()),
            transfer: None,
            closing: None,
            shortfall: None,
            visits: Vec::new(),
            kept: Vec::new(),
        },
        facts: CaseFacts { discovered_at: writing.at, ..CaseFacts::default() },
        assigned_at: Some(writing.at),
        last_contact_at: None,
    }
}
