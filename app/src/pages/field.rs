//! What caseworkers do all day: the day itself, the week, planning a visit, recording one.

mod calendar;
mod clashes;
mod move_visit;
mod my_day;
mod parts;
mod unsent;
mod visit_record;
mod visit_schedule;

pub use calendar::CalendarPage;
pub use my_day::MyDayPage;
#[cfg(feature = "hydrate")]
pub(crate) use parts::VisitRow;
pub use visit_record::{ContactRecordPage, VisitPage};
pub use visit_schedule::VisitSchedulePage;
