//! Lists of cases and the case page.
