//! The demo district: invented people, made by the same commands as real ones. Its seed facts (dongs, indicators,
//! signs) are the first content of any new district too.
