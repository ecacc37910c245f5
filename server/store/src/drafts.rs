//! Unfinished forms, sealed, for whoever began them.
