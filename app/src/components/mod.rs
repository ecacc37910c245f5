//! Shared widgets. Each is in a file of its own; `docs/ui.md` shows how a page uses them.
