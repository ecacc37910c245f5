//! Who belongs to a whole that a tablet is loading in parts. At ten thousand cases asking takes longer than a part does; so what
//! was asked for the first part serves the next ones. Only this process knows of it: another asks anew. What changes meanwhile
//! comes through the feed, which is read from where the whole began.

use domain::ids::{ChangeSeq, NeighborId, TenantId, UserId};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

/// Tablets that load at once; of more the oldest is asked for anew.
const MOST: usize = 32;

/// Whose whole, with which rights, begun where in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) tenant: TenantId,
    pub(super) user: UserId,
    pub(super) epoch: i64,
    pub(super) from: ChangeSeq,
}

/// The wholes that are being loaded.
#[derive(Debug, Default)]
pub(crate) struct Wholes(Mutex<VecDeque<(Key, Arc<[NeighborId]>)>>);

impl Wholes {
    pub(super) fn get(&self, key: Key) -> Option<Arc<[NeighborId]>> {
        let known = self.0.lock().ok()?;
        known.iter().find(|(one, _)| *one == key).map(|(_, people)| Arc::clone(people))
    }

    pub(super) fn put(&self, key: Key, people: &Arc<[NeighborId]>) {
        let Ok(mut known) = self.0.lock() else { return };
        known.retain(|(one, _)| *one != key);
        if known.len() == MOST {
            known.pop_front();
        }
        known.push_back((key, Arc::clone(people)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_nobody_gets_anothers() {
        let (tenant, wholes) = (TenantId::new(), Wholes::default());
        let key = |from| Key { tenant, user: UserId(uuid::Uuid::nil()), epoch: 1, from: ChangeSeq(from) };
        for from in 0..=MOST as i64 {
            wholes.put(key(from), &Arc::from([NeighborId::new()]));
        }
        assert_eq!(wholes.get(key(0)), None);
        let known = wholes.get(key(1)).unwrap();
        assert_eq!(known.len(), 1);
        assert_ne!(wholes.get(key(2)).unwrap(), known);
        assert_eq!(wholes.get(Key { epoch: 2, ..key(1) }), None);
        assert_eq!(wholes.get(Key { user: UserId::new(), ..key(1) }), None);
    }
}
