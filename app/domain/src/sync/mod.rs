//! The field's side of the one write path: what a tablet writes without a network is kept in an [`outbox::Outbox`] in the
//! order of a [`clock::HybridClock`], sent when there is a network, and never dropped; [`handling`] says for every command
//! whether it can be made without a network and how it meets what others wrote meanwhile. [`replica`] is what a tablet keeps
//! to read, [`mod@apply`] what a command does to it at once, [`shown`] the screens made of it, [`protocol`] what it and the server say to each other.

pub mod apply;
pub mod choice;
pub mod clock;
pub mod handling;
pub mod kept;
pub mod outbox;
pub mod protocol;
pub mod replica;
pub mod shown;
