//! What accounts and sessions look like on a screen.
