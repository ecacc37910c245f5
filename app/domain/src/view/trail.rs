//! The access log, pseudonymised.
