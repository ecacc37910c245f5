//! What the trail shows beside the work: who looked at whom, what an administrator set, what an auditor signed off.

use super::{
    diary,
    random::Dice,
    script::context,
    world::{OpenCase, World},
};
use anyhow::Result;
use chrono::{Datelike, Days, Months, TimeDelta, Weekday};
use domain::{
    clock::korean_day,
    command::{CatalogueCommand, ReviewCommand, SettingCommand},
    holidays::is_working_day,
    ids::ReviewId,
    policy::{Actor, Role},
    settings::Settings,
};
use store::{
    Store,
    audit::{Entry, record_reads},
};

/// For how many days the trail shows who looked.
const DAYS: u64 = 45;
/// The stream of chance of the first worker who looks; each has their own.
const STREAM: u64 = 20_000;

fn somebody(world: &World, role: Role) -> Option<Actor> {
    world.staff.people.iter().find(|person| person.actor.is(role)).map(|person| person.actor.clone())
}

/// The settings and the catalogue were changed once, and every month but the last was reviewed.
pub(super) fn administer(world: &mut World) -> Option<()> {
    let (admin, auditor) = (somebody(world, Role::Administrator)?, somebody(world, Role::Auditor)?);
    let mut settings = Settings::default();
    settings.clocks.warn_before = 3;
    world.add(world.start, &admin, SettingCommand::Put { settings: Box::new(settings) });
    let mut sign = super::seed::signs().ok()?.into_iter().find(|sign| sign.code == "S27")?;
    "고시원이나 여관, 찜질방, 피시방, 차에서 지내요".clone_into(&mut sign.name_ko);
    world.add(world.now - TimeDelta::days(200), &admin, CatalogueCommand::PutSign { sign });
    let mut dice = Dice::new(world.seed, STREAM - 1);
    let month = korean_day(world.now).with_day(1)?;
    for back in (2..8).rev() {
        let month = month - Months::new(back);
        let at = diary::at(diary::working(month + Months::new(1) + Days::new(2)), 10, dice.below(60));
        let finding = dice.word(&[
            "이상 없음.",
            "업무 시간 밖 조회 2건을 확인했습니다. 당직 근무 중이었습니다.",
            "담당이 아닌 이웃을 여러 번 조회한 직원에게 사유를 확인했습니다. 전화 민원 응대였습니다.",
        ]);
        let id = dice.id(ReviewId::at, at);
        world.add(at, &auditor, ReviewCommand::SignOff { id, month, finding: finding.to_owned() });
    }
    Some(())
}

/// Who looked at whom in the last weeks: mostly at own cases, some at night, one too curious.
pub(super) async fn look_around(store: &Store, world: &World) -> Result<()> {
    let mut everybody: Vec<&OpenCase> = world.open.values().filter(|case| !case.restricted).collect();
    everybody.sort_by_key(|case| case.case);
    for (nth, worker) in (0..).zip(world.staff.workers()) {
        let own = |case: &&&OpenCase| case.worker.as_ref().is_some_and(|own| own.user == worker.user);
        let own: Vec<&OpenCase> = everybody.iter().filter(own).copied().collect();
        let mut dice = Dice::new(world.seed, STREAM + nth);
        let curious = if nth == 7 { 25 } else { 2 };
        for back in (1..=DAYS).rev() {
            look(store, world, (worker, &mut dice), (&own, &everybody), (back, curious)).await?;
        }
    }
    Ok(())
}

async fn look(
    store: &Store,
    world: &World,
    (worker, dice): (&Actor, &mut Dice),
    (own, everybody): (&[&OpenCase], &[&OpenCase]),
    (back, curious): (u64, u32),
) -> Result<()> {
    let day = korean_day(world.now) - Days::new(back);
    let off = !is_working_day(day);
    if off && !(day.weekday() == Weekday::Sat && dice.chance(12)) {
        return Ok(());
    }
    let hour = if !off && dice.chance(3) { 22 } else { dice.between(9, 17) };
    let at = diary::at(day, hour, dice.below(60));
    let count = if off { 1 } else { dice.between(2, 6) };
    let mut entries = vec![Entry::list("list", "case", own.len())];
    for _ in 0..count {
        let seen = if dice.chance(curious) { dice.one(everybody) } else { dice.one(own) };
        entries.extend(seen.map(|case| Entry::one("view", "case", case.case, Some(case.neighbor))));
    }
    record_reads(&context(store, worker, at), entries).await?;
    Ok(())
}
