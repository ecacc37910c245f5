//! Neighbors, look-alikes and households on a screen.
