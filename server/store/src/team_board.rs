//! What a manager sees: the queue, loads, transfers.
