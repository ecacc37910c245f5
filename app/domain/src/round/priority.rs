//! Advice on who of a list should be seen first, with its reasons. It orders the triage and proposes an urgency; it
//! never decides and never refuses anybody.

use crate::case::Urgency;
use serde::{Deserialize, Serialize};

/// Signals older than this many months don't count as repeated.
pub const SIGNAL_MONTHS: u32 = 36;
/// From this round on within [`SIGNAL_MONTHS`] somebody has been signalled again and again.
const OFTEN: u32 = 3;
/// Points of an indicator that is not named in [`WEIGHTS`].
const USUAL: u32 = 2;
/// Points for being signalled in [`OFTEN`] rounds or more.
const REPEATED: u32 = 4;
/// Points from which somebody should go on the same day, and within three days.
const SAME_DAY: u32 = 12;
const THREE_DAYS: u32 = 6;

/// Points by indicator, set by judgement: danger to life, then the supply of a home cut off, then help refused or
/// ended, then arrears. A district that adds indicators of its own gets the usual weight for them.
const WEIGHTS: [(&str, u32); 14] = [
    ("I17", 12),
    ("I01", 6),
    ("I02", 6),
    ("I03", 5),
    ("I04", 5),
    ("I08", 5),
    ("I20", 4),
    ("I06", 4),
    ("I07", 4),
    ("I26", 3),
    ("I13", 3),
    ("I19", 1),
    ("I12", 1),
    ("I18", 1),
];

/// Why somebody stands where they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum AdviceReason {
    /// An indicator that weighs more than the usual one.
    Indicator {
        /// Its code.
        code: String,
        /// Its points.
        points: u32,
    },
    /// Several indicators at once.
    Several {
        /// How many.
        count: u32,
    },
    /// In a list for the third time or more within three years.
    Repeated {
        /// In how many rounds.
        rounds: u32,
    },
}

/// What is advised about one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// How soon a first contact is advised.
    pub urgency: Urgency,
    /// Sum of the points; the list is ordered by it.
    pub points: u32,
    /// Why, the strongest first.
    pub reasons: Vec<AdviceReason>,
}

/// Advice for somebody with `indicators` in a round who was in `rounds` lists, this one included, within the last
/// [`SIGNAL_MONTHS`] months.
#[must_use]
pub fn advise<S: AsRef<str>>(indicators: &[S], rounds: u32) -> Advice {
    let weighed: Vec<(&str, u32)> = indicators.iter().map(|code| (code.as_ref(), weight(code.as_ref()))).collect();
    let often = rounds >= OFTEN;
    let points = weighed.iter().map(|(_, points)| points).sum::<u32>() + if often { REPEATED } else { 0 };
    let mut strong: Vec<(&str, u32)> = weighed.into_iter().filter(|(_, points)| *points > USUAL).collect();
    strong.sort_by_key(|(code, points)| (std::cmp::Reverse(*points), *code));
    let named = strong.into_iter().map(|(code, points)| AdviceReason::Indicator { code: code.to_owned(), points });
    let count = u32::try_from(indicators.len()).unwrap_or(u32::MAX);
    let reasons = named
        .chain(often.then_some(AdviceReason::Repeated { rounds }))
        .chain((count > 1).then_some(AdviceReason::Several { count }))
        .collect();
    Advice { urgency: urgency_of(points), points, reasons }
}

fn weight(code: &str) -> u32 {
    WEIGHTS.iter().find(|(known, _)| *known == code).map_or(USUAL, |(_, points)| *points)
}

const fn urgency_of(points: u32) -> Urgency {
    match points {
        SAME_DAY.. => Urgency::SameDay,
        THREE_DAYS.. => Urgency::ThreeDays,
        _ => Urgency::TwoWeeks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(&["I05"], 1, Urgency::TwoWeeks)]
    #[case(&["I05", "I09"], 1, Urgency::TwoWeeks)]
    #[case(&["I05", "I09", "I11"], 1, Urgency::ThreeDays)]
    #[case(&["I01"], 1, Urgency::ThreeDays)]
    #[case(&["I05"], 3, Urgency::ThreeDays)]
    #[case(&["I01", "I02"], 1, Urgency::SameDay)]
    #[case(&["I17"], 1, Urgency::SameDay)]
    fn urgencies(#[case] indicators: &[&str], #[case] rounds: u32, #[case] expected: Urgency) {
        assert_eq!(advise(indicators, rounds).urgency, expected);
    }

    #[test]
    fn the_reasons_are_named_strongest_first() {
        let advice = advise(&["I05", "I13", "I01"], 4);
        assert_eq!(
            advice.reasons,
            [
                AdviceReason::Indicator { code: "I01".into(), points: 6 },
                AdviceReason::Indicator { code: "I13".into(), points: 3 },
                AdviceReason::Repeated { rounds: 4 },
                AdviceReason::Several { count: 3 },
            ]
        );
        assert_eq!(advise(&["I05"], 2).reasons, []);
    }

    proptest! {
        #[test]
        fn more_signals_never_make_it_less_urgent(codes in proptest::collection::btree_set(1u8..30, 1..6), more in 1u8..30, rounds in 1u32..6) {
            let names: Vec<String> = codes.iter().map(|code| format!("I{code:02}")).collect();
            let mut added: std::collections::BTreeSet<String> = names.iter().cloned().collect();
            added.insert(format!("I{more:02}"));
            let before = advise(&names, rounds);
            let after = advise(&added.into_iter().collect::<Vec<_>>(), rounds + 1);
            prop_assert!(after.points >= before.points && after.urgency <= before.urgency);
        }
    }
}
