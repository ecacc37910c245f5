//! Caseload rows and the case page.
