//! Who of those that the tablet keeps may be the one being registered. The desk knows of more people, and asks again.

use super::Head;
use crate::{
    linkage::{Identity, LinkLevel, LinkScore, score},
    view::neighbors::{LookAlike, PersonDraft},
};

/// How many are shown.
const SHOWN: usize = 5;

/// The five who most likely are the same person, the likeliest first; nobody below "possible".
#[must_use]
pub fn look_alikes<'a>(heads: impl IntoIterator<Item = &'a Head>, draft: &PersonDraft) -> Vec<LookAlike> {
    if !draft.is_enough() {
        return Vec::new();
    }
    let wanted = draft.identity();
    let ranked = heads.into_iter().map(|head| (score(&wanted, &identity(head)), head));
    let mut ranked: Vec<(LinkScore, &Head)> = ranked.filter(|(found, _)| found.level() != LinkLevel::Unlikely).collect();
    ranked.sort_by(|(one, _), (other, _)| other.weight.total_cmp(&one.weight));
    ranked.into_iter().take(SHOWN).map(|(found, head)| known(found, head)).collect()
}

fn identity(head: &Head) -> Identity {
    let row = &head.row;
    let draft = PersonDraft {
        name: row.name.clone(),
        birth_year: row.birth_year,
        sex: Some(row.sex),
        phone: head.contact.phone.clone(),
        dong: Some(row.dong.code.clone()),
        address: head.contact.address.clone(),
    };
    draft.identity()
}

fn known(found: LinkScore, head: &Head) -> LookAlike {
    let row = &head.row;
    LookAlike::Known {
        id: row.neighbor,
        name: row.name.clone(),
        birth_year: row.birth_year,
        age_band: row.age_band,
        sex: row.sex,
        dong: row.dong.clone(),
        open_case: head.facts.closed_at.is_none().then_some(row.id),
        worker: row.worker.clone(),
        level: found.level(),
        probability: found.probability,
        reasons: found.reasons,
    }
}
