//! What the trail's codes are called. A row keeps a code for good; people read what was done.

use crate::{
    components::prelude::*,
    i18n::{Locale, t_string, td_string},
};
use domain::view::trail::{StaffNumber, TrailRow};

macro_rules! words {
    ($list:ident, $name:ident in $section:ident { $($code:literal => $key:ident,)+ } else $other:expr) => {
        /// The codes that have words, in the order in which screens offer them.
        pub(super) const $list: &[&str] = &[$($code,)+];
        words! { $name in $section { $($code => $key,)+ } else $other }
    };
    ($name:ident in $section:ident { $($code:literal => $key:ident,)+ } else $other:expr) => {
        /// The words for a code.
        pub(crate) fn $name(i18n: I18n, code: &str) -> &'static str {
            let locale = i18n.get_locale();
            match code {
                $($code => td_string!(locale, audit.$section.$key),)+
                _ => $other(locale),
            }
        }
    };
}

words! { ACTIONS, action_label in did {
    "neighbor.register" => neighbor_register,
    "neighbor.recognise" => neighbor_recognise,
    "neighbor.edit" => neighbor_edit,
    "neighbor.put_member" => neighbor_put_member,
    "neighbor.edit_member" => neighbor_edit_member,
    "neighbor.remove_member" => neighbor_remove_member,
    "neighbor.restrict" => neighbor_restrict,
    "case.open" => case_open,
    "case.set_urgency" => case_set_urgency,
    "case.assign" => case_assign,
    "case.take_back" => case_take_back,
    "case.transfer" => case_transfer,
    "case.answer_transfer" => case_answer_transfer,
    "case.record_step" => case_record_step,
    "case.add_note" => case_add_note,
    "case.close" => case_close,
    "case.answer_closure" => case_answer_closure,
    "case.reopen" => case_reopen,
    "visit.schedule" => visit_schedule,
    "visit.move" => visit_move,
    "visit.cancel" => visit_cancel,
    "visit.record" => visit_record,
    "visit.record_unplanned" => visit_record_unplanned,
    "attachment.add" => attachment_add,
    "attachment.remove" => attachment_remove,
    "attachment.complete" => attachment_complete,
    "kept.keep" => kept_keep,
    "kept.answer" => kept_answer,
    "round.import" => round_import,
    "round.open_cases" => round_open_cases,
    "round.pass_on" => round_pass_on,
    "round.no_action" => round_no_action,
    "round.reconsider" => round_reconsider,
    "link.decide" => link_decide,
    "link.reconsider" => link_reconsider,
    "user.add" => user_add,
    "user.rename" => user_rename,
    "user.lock" => user_lock,
    "user.grant" => user_grant,
    "user.end_grant" => user_end_grant,
    "user.revoke_device" => user_revoke_device,
    "user.prefer" => user_prefer,
    "team.put" => team_put,
    "team.serve_dongs" => team_serve_dongs,
    "catalogue.put_indicator" => catalogue_put_indicator,
    "catalogue.put_sign" => catalogue_put_sign,
    "setting.put" => setting_put,
    "view.save" => view_save,
    "view.delete" => view_delete,
    "review.sign_off" => review_sign_off,
    "view" => view,
    "list" => list,
    "search" => search,
    "preview" => preview,
    "export" => export,
    "summary" => summary,
    "pull" => pull,
    "verify" => verify,
    "sign_in" => sign_in,
    "sign_in_first_step" => sign_in_first_step,
    "sign_in_failed" => sign_in_failed,
    "sign_out" => sign_out,
    "session_ended" => session_ended,
    "password_changed" => password_changed,
    "password_set" => password_set,
    "password_set_by_link" => password_set_by_link,
    "password_link_made" => password_link_made,
    "password_check_failed" => password_check_failed,
    "second_factor_on" => second_factor_on,
    "second_factor_off" => second_factor_off,
    "second_factor_failed" => second_factor_failed,
    "backup_code_used" => backup_code_used,
    "device_registered" => device_registered,
    "key_rotated" => key_rotated,
} else |locale: Locale| td_string!(locale, audit.did.other) }

words! { thing_label in thing {
    "neighbor" => neighbor,
    "case" => case,
    "visit" => visit,
    "account" => account,
    "trail" => trail,
    "round" => round,
    "round_entry" => round_entry,
    "link" => link,
    "household" => household,
    "timeline" => timeline,
    "draft" => draft,
    "device" => device,
    "replica" => replica,
} else |_locale: Locale| "" }

words! { ORIGINS, origin_label in came {
    "web" => web,
    "sync" => sync,
    "cli" => cli,
    "job" => job,
} else |_locale: Locale| "" }

/// Which part of the choice of actions a code stands in: looking, changing, or signing in.
pub(super) fn is_look(code: &str) -> bool {
    ["view", "list", "search", "preview", "export", "summary", "pull", "verify"].contains(&code)
}

/// Whether a code is that of a command.
pub(super) fn is_change(code: &str) -> bool {
    code.contains('.')
}

/// "방문을 기록함", "목록을 봄 · 사례".
pub(super) fn row_words(i18n: I18n, row: &TrailRow) -> String {
    let action = action_label(i18n, &row.action);
    let thing = if is_look(&row.action) { thing_label(i18n, &row.subject) } else { "" };
    if thing.is_empty() { action.to_owned() } else { format!("{action} · {thing}") }
}

/// "직원 #12 · 담당자".
pub(super) fn staff_words(i18n: I18n, staff: &StaffNumber) -> String {
    if staff.number == 0 {
        return t_string!(i18n, audit.system).to_owned();
    }
    let roles = staff.roles.iter().map(|role| role.label(i18n)).collect::<Vec<_>>().join(", ");
    let name = format!("{} #{}", t_string!(i18n, audit.staff), staff.number);
    if roles.is_empty() { name } else { format!("{name} · {roles}") }
}

/// "이웃 #1042".
pub(super) fn person_words(i18n: I18n, number: i64) -> String {
    format!("{} #{number}", t_string!(i18n, audit.neighbor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::command::Command;

    #[test]
    fn every_command_has_words() {
        for label in Command::ALL_LABELS {
            assert!(ACTIONS.contains(&label), "{label}");
        }
    }
}
