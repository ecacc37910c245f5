//! The access log as the auditor sees it: pseudonyms, never names.
