//! Visits in a day, a week and a form.
