//! Which team serves a dong: chosen in a table, taken back by "undo".

use super::parts::Sender;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::TeamCommand,
    ids::TeamId,
    text::DongCode,
    view::admin::{DongTile, TeamRow},
};
use leptos::prelude::*;

/// Moving a dong, and taking that back.
#[derive(Clone, Copy)]
pub(super) struct Moves {
    sender: Sender,
    back: StoredValue<Option<TeamCommand>>,
}

impl Moves {
    pub(super) fn new() -> Self {
        let (i18n, toaster) = (use_i18n(), use_toaster());
        let back = StoredValue::new(None::<TeamCommand>);
        let undo = Sender::without_form(move || toaster.done(move || t_string!(i18n, common.undone)));
        let take_back = Callback::new(move |()| {
            if let Some(command) = back.get_value() {
                undo.send(command);
            }
        });
        let sender = Sender::without_form(move || toaster.done_with_undo(move || t_string!(i18n, common.saved), take_back));
        Self { sender, back }
    }

    /// A team's dongs are told as a whole. The dong goes to `to`, or away from its team when that is nobody.
    fn run(self, all: &[DongTile], dong: &DongTile, to: Option<TeamId>) {
        if to == dong.team {
            return;
        }
        let of = |team: TeamId| all.iter().filter(move |one| one.team == Some(team)).map(|one| one.code.clone());
        let command = match (to, dong.team) {
            (Some(id), _) => TeamCommand::ServeDongs { id, dongs: of(id).chain([dong.code.clone()]).collect() },
            (None, Some(id)) => TeamCommand::ServeDongs { id, dongs: of(id).filter(|code| *code != dong.code).collect() },
            (None, None) => return,
        };
        let back = dong.team.or(to).map(|id| TeamCommand::ServeDongs { id, dongs: of(id).collect::<Vec<DongCode>>() });
        self.back.set_value(back);
        self.sender.send(command);
    }
}

/// Every dong with its team.
#[component]
pub(super) fn DongTable(teams: Vec<TeamRow>, dongs: Vec<DongTile>, moves: Moves) -> impl IntoView {
    let i18n = use_i18n();
    let all = StoredValue::new(dongs.clone());
    let choose = Callback::new(move |(dong, team): (DongTile, Option<TeamId>)| all.with_value(|all| moves.run(all, &dong, team)));
    let line = move |dong: DongTile| view! { <DongLine teams=teams.clone() dong choose /> };
    view! {
        <Table
            caption=move || t_string!(i18n, admin.dongs)
            head=move || {
                view! {
                    <HeadCell label=move || t_string!(i18n, admin.dong) />
                    <HeadCell numeric=true label=move || t_string!(i18n, admin.electors) />
                    <HeadCell label=move || t_string!(i18n, admin.team) />
                }
            }
        >
            {dongs.into_iter().map(line).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn DongLine(teams: Vec<TeamRow>, dong: DongTile, choose: Callback<(DongTile, Option<TeamId>)>) -> impl IntoView {
    let i18n = use_i18n();
    let (ko, en) = (dong.name_ko.clone(), dong.name_en.clone());
    let (label_ko, label_en) = (ko.clone(), en.clone());
    let (electors, now_team) = (dong.electors, dong.team);
    let option = move |row: TeamRow| {
        let (ko, en) = (row.team.name_ko, row.team.name_en);
        let chosen = now_team == Some(row.team.id);
        view! { <option value=row.team.id.to_string() selected=chosen>{move || text::in_language(i18n, &ko, &en)}</option> }
    };
    let pick = move |event| choose.run((dong.clone(), event_target_value(&event).parse::<TeamId>().ok()));
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, admin.dong)>{move || text::in_language(i18n, &ko, &en)}</Cell>
            <Cell numeric=true label=move || t_string!(i18n, admin.electors)>{electors}</Cell>
            <Cell label=move || t_string!(i18n, admin.team)>
                <select
                    class="input select"
                    aria-label=move || format!("{}: {}", text::in_language(i18n, &label_ko, &label_en), t_string!(i18n, admin.team))
                    on:change=pick
                >
                    <option value="" selected=now_team.is_none()>{t!(i18n, admin.no_team)}</option>
                    {teams.into_iter().map(option).collect_view()}
                </select>
            </Cell>
        </Row>
    }
    .into_any()
}
