//! What tablets and the server say to each other, in JSON under `/api/sync/v2` (and `v1`, as it was). A tablet may be older than the server: a field
//! that is added later has a default, a meaning that changes gets a new version, and the server speaks the last two.

use super::{
    clock::Stamp,
    outbox::Outcome,
    replica::{District, Dossier},
};
use crate::{
    ApiError, Rule,
    command::Envelope,
    ids::{ChangeSeq, NeighborId, OpId},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The version of what is described here. The server speaks the one before, too, which knows no [`Outcome::Kept`].
pub const VERSION: u16 = 2;
/// Changes of the feed that one answer looks through.
pub const CHANGES: u64 = 1_000;
/// Dossiers of one answer.
pub const DOSSIERS: usize = 100;
/// How far back a tablet may say that something was written.
pub const OLDEST: TimeDelta = TimeDelta::days(90);

/// A tablet is to be set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// What its holder calls it, 1–60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub name: String,
}

/// What was written on a tablet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Push {
    /// When it is sent, by the tablet's clock.
    pub sent_at: DateTime<Utc>,
    /// How many entries wait on the tablet, these among them.
    pub waiting: u32,
    /// When the server's data was last restored from a backup, as the tablet last heard; none if never. Where that is not
    /// so, it decides about nothing: a program that does not know of this waits until it is renewed, and loses nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<DateTime<Utc>>,
    /// At most `BATCH` of the outbox, nothing before what it needs.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub entries: Vec<Pushed>,
}

/// One command with when it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pushed {
    /// Its place in the order.
    pub stamp: Stamp,
    /// What the server's clock showed beyond the tablet's when it was written, in milliseconds.
    pub offset_ms: i64,
    /// The command.
    pub envelope: Envelope,
}

impl Pushed {
    /// When it was written by the server's clock: not later than `now`, not earlier than [`OLDEST`] before.
    #[must_use]
    pub fn written_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let offset = TimeDelta::try_milliseconds(self.offset_ms).unwrap_or_default();
        let corrected = self.envelope.made_at.checked_add_signed(offset).unwrap_or(now);
        corrected.clamp(now - OLDEST, now)
    }
}

/// What became of each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushAnswer {
    /// What the server's clock shows.
    pub server_at: DateTime<Utc>,
    /// When its data was last restored from a backup; none if never. A tablet that did not know sends again all that was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<DateTime<Utc>>,
    /// In the order of the entries; no outcome where the server could not decide and is to be asked again.
    pub results: Vec<(OpId, Option<Outcome>)>,
}

impl PushAnswer {
    /// The answer in the words of an older version: what it does not know is said in the nearest words that it does.
    #[must_use]
    pub fn speaking(mut self, version: u16) -> Self {
        if version < 2 {
            for (_, outcome) in &mut self.results {
                let told = matches!(
                    outcome,
                    Some(Outcome::Kept | Outcome::Refused { error: ApiError::NotNow { rule: Rule::KeptDeclined } })
                );
                if told {
                    *outcome = Some(Outcome::Refused { error: ApiError::NotFound });
                }
            }
        }
        self
    }
}

/// What a tablet has, and what it asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct Pull {
    /// Where the last answer ended; none at the beginning.
    pub cursor: Option<String>,
    /// Which state of the district it has.
    pub district: Option<String>,
}

/// The next part of what a tablet keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullAnswer {
    /// What the server's clock shows.
    pub server_at: DateTime<Utc>,
    /// As in [`PushAnswer`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<DateTime<Utc>>,
    /// Where the next part begins.
    pub cursor: String,
    /// Up to here in the feed nothing is missing, once the whole is loaded.
    pub reached: ChangeSeq,
    /// Whether there is a next part already.
    pub more: bool,
    /// The people whose dossiers are new or changed.
    pub dossiers: Vec<Dossier>,
    /// The people whose dossiers go.
    pub gone: Vec<NeighborId>,
    /// While the whole is loaded: how many people it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// At the end of loading the whole: everybody it is about. All other dossiers go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everybody: Option<Vec<NeighborId>>,
    /// The district with the name of its state, when it is not the one that the tablet has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<(String, District)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::CaseCommand,
        ids::{CaseId, DeviceId, NoteId},
    };

    #[test]
    fn an_older_tablet_hears_only_words_that_it_knows() {
        let declined = Outcome::Refused { error: ApiError::NotNow { rule: Rule::KeptDeclined } };
        let results = [Some(Outcome::Kept), Some(declined), None].map(|outcome| (OpId::new(), outcome));
        let answer = PushAnswer { server_at: DateTime::UNIX_EPOCH, restored_at: None, results: results.to_vec() };
        assert_eq!(answer.clone().speaking(2), answer);
        let heard: Vec<_> = answer.speaking(1).results.into_iter().map(|(_, outcome)| outcome).collect();
        let refused = Some(Outcome::Refused { error: ApiError::NotFound });
        assert_eq!(heard, [refused.clone(), refused, None]);
    }

    #[test]
    fn a_wrong_clock_moves_nothing_into_the_future_or_far_back() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let written = |made_at: DateTime<Utc>, offset: TimeDelta| {
            let note = CaseCommand::AddNote { id: NoteId::new(), case: CaseId::new(), body: "-".to_owned() };
            let envelope = Envelope::new(note, made_at);
            let stamp = Stamp { millis: 0, count: 0, device: DeviceId::new() };
            Pushed { stamp, offset_ms: offset.num_milliseconds(), envelope }.written_at(now)
        };
        let hour = TimeDelta::hours(1);
        assert_eq!(written(now - hour, TimeDelta::zero()), now - hour);
        assert_eq!(written(now + TimeDelta::days(1) - hour, -TimeDelta::days(1)), now - hour);
        assert_eq!(written(now + hour, TimeDelta::zero()), now);
        assert_eq!(written(now - TimeDelta::days(400), TimeDelta::zero()), now - OLDEST);
        assert_eq!(written(DateTime::<Utc>::MAX_UTC, TimeDelta::milliseconds(i64::MAX)), now);
    }
}
