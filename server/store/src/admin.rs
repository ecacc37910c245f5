//! Users, teams, catalogues and settings as an administrator sees them.
