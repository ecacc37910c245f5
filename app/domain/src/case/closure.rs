//! Opening and closing. Closing as unreachable waits for a second person; the other reasons do not.

use crate::{Rule, profile::coded};

coded! {
    /// Whether a case is open.
    ClosureState { /// 진행 중
        Open = "open", /// 종결 승인 대기
        Requested = "requested", /// 종결
        Closed = "closed", }
}

coded! {
    /// What can happen to an open or closed case.
    ClosureEvent { /// Closed by one person.
        Close = "close", /// Asked to be closed; a second person decides.
        Request = "request", /// The second person agrees.
        Approve = "approve", /// The second person does not agree.
        Refuse = "refuse", /// Opened again.
        Reopen = "reopen", }
}

impl ClosureState {
    /// The state after `event`; a reopened case is open like any other.
    ///
    /// # Errors
    /// [`Rule::CaseClosed`], [`Rule::CaseOpen`], [`Rule::ClosurePending`] or [`Rule::NoClosureRequest`].
    pub const fn next(self, event: ClosureEvent) -> Result<Self, Rule> {
        use ClosureEvent as E;
        match (self, event) {
            (Self::Open, E::Close) | (Self::Requested, E::Approve) => Ok(Self::Closed),
            (Self::Open, E::Request) => Ok(Self::Requested),
            (Self::Requested, E::Refuse) | (Self::Closed, E::Reopen) => Ok(Self::Open),
            (Self::Open, E::Approve | E::Refuse) => Err(Rule::NoClosureRequest),
            (Self::Open | Self::Requested, E::Reopen) => Err(Rule::CaseOpen),
            (Self::Requested, E::Close | E::Request) => Err(Rule::ClosurePending),
            (Self::Closed, E::Close | E::Request | E::Approve | E::Refuse) => Err(Rule::CaseClosed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClosureEvent as E, ClosureState as S, *};

    #[test]
    fn every_pair_of_state_and_event() {
        let table = [
            (
                S::Open,
                [Ok(S::Closed), Ok(S::Requested), Err(Rule::NoClosureRequest), Err(Rule::NoClosureRequest), Err(Rule::CaseOpen)],
            ),
            (
                S::Requested,
                [Err(Rule::ClosurePending), Err(Rule::ClosurePending), Ok(S::Closed), Ok(S::Open), Err(Rule::CaseOpen)],
            ),
            (
                S::Closed,
                [Err(Rule::CaseClosed), Err(Rule::CaseClosed), Err(Rule::CaseClosed), Err(Rule::CaseClosed), Ok(S::Open)],
            ),
        ];
        assert_eq!(table.map(|(state, _)| state).as_slice(), S::ALL);
        for (state, expected) in table {
            let found: Vec<_> = E::ALL.iter().map(|event| state.next(*event)).collect();
            assert_eq!(found, expected, "{state}");
        }
    }
}
