//! What administrators see.
