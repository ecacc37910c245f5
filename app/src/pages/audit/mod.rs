//! The trail, by number instead of by name: the log, the monthly review, the check of the seals.

mod check;
mod log;
mod review;

pub use check::TrailCheckPage;
pub use log::TrailLogPage;
pub use review::TrailReviewPage;

use crate::{components::prelude::*, i18n::t_string};
use domain::view::trail::StaffNumber;

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
