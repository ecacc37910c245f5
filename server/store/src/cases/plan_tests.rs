//! How the engines would run every list of this area: by an index, in its order, whatever the filter.

use super::{around::counted, rows, search, timeline};
use crate::{
    OpContext, dialect,
    neighbors::{by_dong_and_year, by_phone},
    on_both,
    testing::TestDb,
};
use domain::{
    case::{Stage, Urgency},
    ids::UserId,
    view::cases::{CaseLens, CaseQuery, CaseSort},
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Select, Statement};
use uuid::Uuid;

pub(crate) async fn plan(ctx: &OpContext, statement: Statement) -> String {
    let backend = ctx.store.backend();
    let explained = Statement { sql: format!("{}{}", dialect::explain(backend), statement.sql), ..statement };
    let db = ctx.store.read();
    if backend == DbBackend::Postgres {
        db.execute_unprepared("SET enable_seqscan = off").await.unwrap();
    }
    let column = if backend == DbBackend::Sqlite { "detail" } else { "QUERY PLAN" };
    let rows = db.query_all_raw(explained).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>().join("\n")
}

async fn of<E: EntityTrait>(ctx: &OpContext, select: Select<E>) -> String {
    plan(ctx, select.build(ctx.store.backend())).await
}

fn reads_all(plan: &str) -> bool {
    plan.lines().any(|line| {
        line.contains("Seq Scan on case_file")
            || line.contains("Seq Scan on neighbor ")
            || (line.trim_start().starts_with("SCAN ") && !line.contains("VIRTUAL TABLE"))
    })
}

/// Whether any table is read from end to end.
pub(crate) fn reads_a_whole_table(plan: &str) -> bool {
    plan.lines().any(|line| line.trim_start().starts_with("SCAN ") || line.contains("Seq Scan"))
}

fn queries(worker: UserId) -> Vec<CaseQuery> {
    let mut queries = Vec::new();
    for lens in CaseLens::ALL {
        for sort in CaseSort::ALL {
            let base = CaseQuery { lens: Some(*lens), sort: Some(*sort), ..CaseQuery::default() };
            queries.extend([
                CaseQuery { descending: true, ..base.clone() },
                CaseQuery { stage: Some(Stage::Plan), ..base.clone() },
                CaseQuery { urgency: Some(Urgency::ThreeDays), ..base.clone() },
                CaseQuery { dong: "1165051000".parse().ok(), ..base.clone() },
                CaseQuery { overdue: true, ..base.clone() },
                CaseQuery { closed: true, ..base.clone() },
                CaseQuery { worker: Some(worker), ..base.clone() },
                CaseQuery { unassigned: true, ..base.clone() },
                base,
            ]);
        }
    }
    queries
}

on_both!(no_caseload_reads_the_whole_table_or_sorts_it, async |db: TestDb| {
    let actor = domain::policy::Actor {
        held: [db.people.worker.held.clone(), db.people.head.held.clone()].concat(),
        ..db.people.worker.clone()
    };
    let ctx = db.ctx(&actor);
    let sqlite = ctx.store.backend() == DbBackend::Sqlite;
    for query in queries(actor.user) {
        let base = rows::filtered(&ctx, &query, rows::urgency_is_indexed(&query)).unwrap();
        for run in rows::runs(&query) {
            let next = run.sample_key(ctx.now());
            for after in [None, Some((&next, Uuid::nil()))] {
                let found = of(&ctx, run.select(base.clone(), after, 51)).await;
                assert!(!reads_all(&found), "{query:?} {run:?}\n{found}");
                // The planner of PostgreSQL sorts where a table is empty; that of SQLite does not look at rows.
                assert!(!sqlite || !found.contains("TEMP B-TREE FOR ORDER BY"), "{query:?} {run:?}\n{found}");
            }
        }
        let found = of(&ctx, counted(&ctx, &CaseQuery { sort: None, ..query.clone() }).unwrap()).await;
        assert!(!reads_all(&found), "count {query:?}\n{found}");
        let found = of(&ctx, rows::filtered(&ctx, &search::lens_alone(&query), false).unwrap()).await;
        assert!(!reads_all(&found), "few? {query:?}\n{found}");
        let found = of(&ctx, search::of_neighbors_select(&ctx, &query, vec![Uuid::nil(), Uuid::max()]).unwrap()).await;
        assert!(!reads_all(&found) && (!sqlite || found.contains("case_by_neighbor")), "by neighbor {query:?}\n{found}");
    }
    for run in rows::name_runs(search::ranges("김")) {
        let query = CaseQuery { lens: Some(CaseLens::Team), sort: Some(CaseSort::Name), ..CaseQuery::default() };
        let found = of(&ctx, run.select(rows::filtered(&ctx, &query, false).unwrap(), None, 51)).await;
        assert!(!reads_all(&found) && (!sqlite || found.contains("neighbor_name>? AND neighbor_name<?")), "{found}");
    }
});

on_both!(no_search_reads_the_whole_table, async |db: TestDb| {
    let ctx = db.ctx(&db.people.worker);
    for initials in [false, true] {
        let statement = dialect::name_hits_statement(ctx.store.backend(), db.tenant.0, ("ㄱㄱㅊㅊ", initials), None, 400);
        let found = plan(&ctx, statement).await;
        assert!(!reads_all(&found) && !found.contains("Seq Scan on neighbor_name"), "{found}");
        // On SQLite the virtual table comes first, and each hit is one look at its name.
        let first = found.lines().next().unwrap_or_default();
        assert!(ctx.store.backend() != DbBackend::Sqlite || first.contains("VIRTUAL TABLE"), "{found}");
    }
    let year = 1950.try_into().unwrap();
    for select in [by_phone(&ctx, vec![1]), by_dong_and_year(&ctx, &db.dong(), year)] {
        let found = of(&ctx, select).await;
        assert!(!reads_all(&found), "{found}");
    }
});

on_both!(no_timeline_reads_a_whole_table, async |db: TestDb| {
    let ctx = db.ctx(&db.people.worker);
    let [pages, wholes] = timeline::statements(&ctx);
    for select in pages {
        let found = plan(&ctx, select).await;
        assert!(!reads_a_whole_table(&found) && !found.contains("TEMP B-TREE"), "{found}");
    }
    for select in wholes {
        let found = plan(&ctx, select).await;
        assert!(!reads_a_whole_table(&found), "{found}");
    }
});
