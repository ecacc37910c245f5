//! Discovery rounds, entries and links on a screen.
