//! The last touches: today's visits, what waits for an answer, who looked at whom, and the sealed and reviewed trail.

use super::{
    dice::{Dice, id},
    run::Play,
    staff::context,
    story::{Ending, at},
};
use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, Weekday};
use domain::{
    command::{CaseCommand, CatalogueCommand, NeighborCommand, ReviewCommand, SettingCommand, VisitCommand},
    holidays::{is_working_day, next_working_day},
    ids::{AssignmentId, ReviewId, SeriesId, UserId, VisitId},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    settings::Settings,
    visit::{VisitKind, Window},
};
use std::collections::BTreeMap;
use store::audit::{Entry, record_reads, seal};

/// Days of which the trail shows who looked.
const LOOKED: u64 = 45;

/// Finishes the district.
pub(super) async fn finish(play: &mut Play) -> anyhow::Result<()> {
    let open: Vec<Ending> = play.endings.iter().filter(|ending| ending.closed_at.is_none()).cloned().collect();
    let mut by_worker: BTreeMap<UserId, Vec<Ending>> = BTreeMap::new();
    for ending in open {
        by_worker.entry(ending.worker.user).or_default().push(ending);
    }
    for (place, endings) in by_worker.values().enumerate() {
        let mut dice = Dice::new(play.seed ^ 0x77, place as u64);
        plan_today(play, &mut dice, endings);
        plan_series(play, &mut dice, endings);
    }
    offer_transfers(play, &by_worker);
    restrict_some(play, &by_worker);
    administer(play)?;
    play.run_until(at(play.span.end, 23, 59)).await?;
    look_around(play, &by_worker).await?;
    let now = at(play.span.end, 23, 59);
    seal::seal_waiting(&play.store, play.staff.system.tenant, uuid::Uuid::nil(), now).await?;
    Ok(())
}

fn window(day: NaiveDate, (hour, minute): (u32, u32)) -> Window {
    let start = at(day, hour, minute);
    Window { start, end: start + TimeDelta::minutes(50) }
}

fn visit(dice: &mut Dice, ending: &Ending, kind: VisitKind, window: Window) -> VisitCommand {
    let purposes = ["생활 실태 확인", "안부 확인", "서비스 신청 돕기", "복지관 동행", "건강 상태 확인"];
    VisitCommand::Schedule {
        id: id!(VisitId, window.start, dice),
        series: None,
        case: ending.opened.case,
        kind,
        window,
        worker: ending.worker.user,
        second_worker: None,
        two_person: false,
        purpose: Some(dice.pick(&purposes).to_owned()),
        recurrence: None,
    }
}

/// Today's visits, those of the next days, and one or two whose time has passed without a word.
fn plan_today(play: &mut Play, dice: &mut Dice, endings: &[Ending]) {
    let made = at(play.span.end, 16, 10);
    let today = play.span.end + Days::new(1);
    let free: Vec<&Ending> = endings.iter().filter(|ending| !ending.closure_asked).collect();
    let slots = [(9, 30), (11, 0), (13, 30), (15, 0), (16, 30)];
    let wanted = dice.between(3, 5) as usize;
    let mut cases = free.iter().rev();
    for (slot, ending) in slots.into_iter().take(wanted).zip(cases.by_ref()) {
        let kind = if slot.0 == 11 { VisitKind::Phone } else { VisitKind::Home };
        let command = visit(dice, ending, kind, window(today, slot));
        play.say(made, &ending.worker, command);
    }
    for (number, ending) in (1u64..).zip(cases.by_ref().take(8)) {
        let day = next_working_day(today + Days::new(number / 2 + 1));
        let slot = dice.pick(&slots);
        let command = visit(dice, ending, VisitKind::Home, window(day, slot));
        play.say(made, &ending.worker, command);
    }
    for ending in cases.take(dice.between(0, 2) as usize) {
        let day = play.span.end - Days::new(u64::from(dice.between(1, 3)));
        let command = visit(dice, ending, VisitKind::Home, window(day, (14, 0)));
        play.say(made - TimeDelta::days(5), &ending.worker, command);
    }
}

/// Regular visits to some.
fn plan_series(play: &mut Play, dice: &mut Dice, endings: &[Ending]) {
    let made = at(play.span.end, 16, 40);
    for ending in endings.iter().filter(|ending| ending.contacted && !ending.closure_asked).take(2) {
        let first = next_working_day(play.span.end + Days::new(3));
        let frequency = if dice.chance(50) { Frequency::Week } else { Frequency::OtherWeek };
        let recurrence = Recurrence { frequency, end: RecurrenceEnd::Count { count: 6 }, skip_holidays: true };
        let mut command = visit(dice, ending, VisitKind::Home, window(first, (10, 0)));
        if let VisitCommand::Schedule { series, recurrence: rule, .. } = &mut command {
            *series = Some(id!(SeriesId, made, dice));
            *rule = Some(recurrence);
        }
        play.say(made, &ending.worker, command);
    }
}

/// Some cases wait for their receiver's answer.
fn offer_transfers(play: &mut Play, by_worker: &BTreeMap<UserId, Vec<Ending>>) {
    let mut dice = Dice::new(play.seed ^ 0x78, 0);
    for endings in by_worker.values().step_by(3) {
        let Some(ending) = endings.iter().find(|ending| ending.contacted && !ending.closure_asked) else { continue };
        let team = play.staff.teams.get(ending.opened.team);
        let to = team.and_then(|team| team.workers.iter().find(|other| other.user != ending.worker.user)).map(|to| to.user);
        let Some(worker) = to else { continue };
        let made = at(play.span.end, 17, 15);
        let (id, reason) = (id!(AssignmentId, made, dice), super::phrases::transfer(&mut dice));
        let command = CaseCommand::Transfer { id, case: ending.opened.case, worker, reason };
        play.say(made, &ending.worker, command);
    }
}

/// Three neighbors whose record exists for few.
fn restrict_some(play: &mut Play, by_worker: &BTreeMap<UserId, Vec<Ending>>) {
    for (number, endings) in by_worker.values().enumerate().step_by(5).take(3) {
        let Some(ending) = endings.iter().rfind(|ending| ending.contacted) else { continue };
        let manager = play.staff.teams.get(ending.opened.team).map(|team| team.manager.clone());
        let Some(manager) = manager else { continue };
        let made = at(play.span.end, 18, u32::try_from(number).unwrap_or(0));
        let command = NeighborCommand::Restrict { id: ending.opened.neighbor, only: vec![ending.worker.user] };
        play.say(made, &manager, command);
    }
}

/// What an administrator and an auditor did. The reviews come in their months, the settings and the catalogue once.
fn administer(play: &mut Play) -> anyhow::Result<()> {
    let (admin, auditor) = (play.staff.admin.clone(), play.staff.auditor.clone());
    let mut settings = Settings::default();
    settings.clocks.warn_before = 3;
    let made = at(play.span.end, 18, 20);
    play.say(made, &admin, SettingCommand::Put { settings: Box::new(settings) });
    if let Some(mut sign) = super::facts::signs()?.into_iter().find(|sign| sign.code == "S27") {
        "여관, 고시원, 찜질방, 피시방, 차에서 지낸다".clone_into(&mut sign.name_ko);
        play.say(made, &admin, CatalogueCommand::PutSign { sign });
    }
    let mut dice = Dice::new(play.seed ^ 0x79, 0);
    let this_month = (play.span.end + Days::new(1)).with_day(1).unwrap_or(play.span.end);
    for back in 2..8 {
        let Some(month) = this_month.checked_sub_months(Months::new(back)) else { continue };
        let finding = dice.pick(&[
            "이상 없음.",
            "업무 시간 밖 조회 2건을 확인했습니다. 당직 근무 중이었습니다.",
            "담당이 아닌 이웃을 여러 번 조회한 직원에게 사유를 확인했습니다. 전화 민원 응대였습니다.",
            "이상 없음. 내려받기 사유가 모두 적혀 있습니다.",
        ]);
        let command = ReviewCommand::SignOff { id: id!(ReviewId, made, dice), month, finding: finding.to_owned() };
        play.say(made, &auditor, command);
    }
    Ok(())
}

/// Who looked at whom in the last weeks: mostly at own cases, some at night, one too curious.
async fn look_around(play: &Play, by_worker: &BTreeMap<UserId, Vec<Ending>>) -> anyhow::Result<()> {
    let everybody: Vec<&Ending> = by_worker.values().flatten().collect();
    for (place, endings) in by_worker.values().enumerate() {
        let Some(worker) = endings.first().map(|ending| ending.worker.clone()) else { continue };
        let own: Vec<&Ending> = endings.iter().collect();
        let mut dice = Dice::new(play.seed ^ 0x80, place as u64);
        for back in (0..LOOKED).rev() {
            let day = play.span.end - Days::new(back);
            let off = !is_working_day(day);
            if off && !(day.weekday() == Weekday::Sat && dice.chance(12)) {
                continue;
            }
            let hour = if !off && dice.chance(3) { 22 } else { dice.between(9, 17) };
            let when = at(day, hour, dice.between(0, 59));
            let count = if off { 1 } else { dice.between(2, 6) };
            let mut entries = vec![Entry::list("list", "case", endings.len())];
            for _ in 0..count {
                let strange = dice.chance(4);
                let seen = if strange { dice.pick_of(&everybody) } else { dice.pick_of(&own) };
                entries.extend(seen.map(look));
            }
            record_reads(&context(&play.store, &worker, when), entries).await?;
        }
    }
    Ok(())
}

fn look(ending: &Ending) -> Entry {
    Entry::one("view", "case", ending.opened.case, Some(ending.opened.neighbor))
}
