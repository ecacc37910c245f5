//! What a manager sees of a team.
