//! Looking a neighbor up, look-alikes, search.
