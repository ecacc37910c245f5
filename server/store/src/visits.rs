//! Visits of a day, a week, a case.
