//! Discovery rounds, their entries, and the file that was loaded.
