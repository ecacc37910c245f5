//! The screens that a tablet puts together are those of the desk.

use crate::tablet::Tablet;
use chrono::TimeDelta;
use domain::{
    ApiError,
    clock::korean_day,
    sync::{
        apply::settle,
        replica::Dossier,
        shown::{self, Head},
    },
    view::{
        cases::{CaseQuery, CaseSort},
        visits::{CalendarLens, MyDay},
    },
    visit::{VisitState, Window},
};
use store::{cases, visits};

/// Holds every screen of the tablet against the desk's.
pub async fn is_as_on_the_desk(tablet: &Tablet<'_>) {
    let ctx = tablet.db.ctx(&tablet.device.actor);
    let (now, me) = (ctx.now(), ctx.user());
    let (_, district) = tablet.district.as_ref().unwrap();
    let mut dossiers: Vec<Dossier> = tablet.dossiers.values().cloned().collect();
    dossiers.iter_mut().for_each(|dossier| settle(dossier, district, now));
    let heads: Vec<Head> = dossiers.iter().map(|dossier| Head::of(dossier, district, now)).collect();
    let desk = visits::my_day(&ctx, korean_day(now)).await.unwrap();
    let mut day = shown::my_day(&heads, district, now);
    sort_ties(&mut day);
    assert_eq!(day, {
        let mut desk = MyDay { transfers: Vec::new(), ..desk };
        sort_ties(&mut desk);
        desk
    });
    for weeks in [-1, 0, 1] {
        let day = korean_day(now) + TimeDelta::days(7 * weeks);
        let desk = visits::week(&ctx, CalendarLens::Worker { worker: me }, day).await.unwrap();
        let week = shown::week(&heads, district, day);
        assert_eq!((week.monday, week.visits), (desk.monday, desk.visits));
    }
    for query in queries() {
        let desk = cases::list(&ctx, &query, None).await.unwrap();
        let rows = shown::caseload(&heads, district, &query, None, now).unwrap().rows;
        assert_eq!(rows, desk.rows, "{query:?}");
    }
    let (desk, head) = (cases::head(&ctx, &CaseQuery::default()).await.unwrap(), shown::caseload_head(&heads, district, now));
    assert_eq!((head.lens, head.open, head.overdue, head.dongs), (desk.lens, desk.open, desk.overdue, desk.dongs));
    for dossier in &dossiers {
        let case = dossier.case.card.id;
        let (page, desk) = (shown::case_page(dossier), cases::get(&ctx, case).await.unwrap());
        assert_eq!(page.case, desk.case);
        assert_eq!(page.neighbor.timeline.rows[..desk.neighbor.timeline.rows.len()], desk.neighbor.timeline.rows);
        assert_eq!((page.neighbor.person, page.neighbor.why), (desk.neighbor.person, desk.neighbor.why));
        assert_eq!(shown::planning(dossier, district), visits::plan_for(&ctx, case).await.unwrap());
        for visit in &dossier.visits {
            let page = shown::visit_page(dossier, district, visit.card.id, now).unwrap();
            // The desk hides a visit by somebody of another team, though it names it on the page of the case.
            match visits::visit(&ctx, visit.card.id).await {
                Ok(desk) => assert_eq!(page, desk),
                Err(error) => assert_eq!((error, page.card.worker.id == me), (ApiError::NotFound, false)),
            }
            if visit.card.state == VisitState::Scheduled {
                let windows = [visit.card.window, Window { start: now, end: now + TimeDelta::days(7) }];
                let desk = visits::clashes(&ctx, &[me], &windows, Some(visit.card.id)).await.unwrap();
                assert_eq!(shown::clashes(&heads, &[me], &windows, Some(visit.card.id)), desk);
            }
        }
    }
}

/// The desk leaves the order of cases that were given at the same instant to the database.
fn sort_ties(day: &mut MyDay) {
    day.assigned.sort_by_key(|case| (case.assigned_at, case.case));
}

fn queries() -> Vec<CaseQuery> {
    let sorts = CaseSort::ALL
        .iter()
        .flat_map(|sort| [false, true].map(|descending| CaseQuery { sort: Some(*sort), descending, ..CaseQuery::default() }));
    let named = ["가상", "ㄱㅅ", "다", "없음"].map(|name| CaseQuery { name: Some(name.to_owned()), ..CaseQuery::default() });
    let overdue = CaseQuery { overdue: true, ..CaseQuery::default() };
    sorts.chain(named).chain([overdue]).collect()
}
