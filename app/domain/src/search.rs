//! Finding Korean names by any two syllables or by their initial consonants (초성). A trigram index finds nothing
//! shorter than three characters, so names are indexed as jamo (Unicode NFD: two syllables are at least four jamo),
//! and initials are stored doubled (ㄱㄱㅊㅊㅅㅅ). An index finds too much, so [`NameQuery::matches`] looks again.

use unicode_normalization::UnicodeNormalization;

/// Fewer characters than this can't be looked up in a trigram index.
const TRIGRAM: usize = 3;

/// A text as jamo (NFD), in small letters, without blanks and accents: what the name index holds.
#[must_use]
pub fn jamo(text: &str) -> String {
    text.nfd().filter(|c| !c.is_whitespace() && !is_accent(*c)).flat_map(char::to_lowercase).collect()
}

/// The initial consonant of each Hangul syllable, as keyboards type them: 김철수 → ㄱㅊㅅ.
#[must_use]
pub fn initials(text: &str) -> String {
    text.nfc().filter_map(initial_of).collect()
}

/// The initials as the index holds them, each one doubled: 김철수 → ㄱㄱㅊㅊㅅㅅ.
#[must_use]
pub fn initials_index(text: &str) -> String {
    doubled(&initials(text))
}

/// How a typed name is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameQuery {
    /// Look for `nfd` anywhere in [`jamo`] of the name; a trigram index can.
    Syllables {
        /// What to look for in the index.
        nfd: String,
        /// What the person typed, for the second look; lone consonants stand for any syllable that begins with them.
        nfc: String,
    },
    /// Look for `doubled` anywhere in [`initials_index`] of the name; a trigram index can.
    Initials {
        /// What to look for in the index.
        doubled: String,
        /// The consonants as typed.
        plain: String,
    },
    /// One syllable or fewer than three jamo: look for names whose [`jamo`] begin with this.
    Prefix(String),
    /// Nothing was typed.
    Empty,
}

impl NameQuery {
    /// Reads what a person typed; blanks and capitals make no difference.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let units = units(text);
        let plain: String = units.iter().filter_map(|unit| consonant_letter(*unit)).collect();
        let all_initials = plain.chars().count() == units.len();
        let nfd: String = units.iter().copied().nfd().collect();
        match units.len() {
            0 => Self::Empty,
            1 => Self::Prefix(nfd),
            _ if all_initials => Self::Initials { doubled: doubled(&plain), plain },
            _ if nfd.chars().count() < TRIGRAM => Self::Prefix(nfd),
            _ => Self::syllables(&units),
        }
    }

    fn syllables(units: &[char]) -> Self {
        let nfd = longest_run(units);
        if nfd.chars().count() < TRIGRAM {
            // "ㅊ수": no part is long enough for the index, but the initials of the whole are.
            let plain: String = units.iter().filter_map(|unit| consonant_letter(*unit).or_else(|| initial_of(*unit))).collect();
            return Self::Initials { doubled: doubled(&plain), plain };
        }
        Self::Syllables { nfd, nfc: units.iter().collect() }
    }

    /// Whether `name` is really what was looked for.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.finder().matches(name)
    }

    /// The query made ready to be held against many names.
    #[must_use]
    pub fn finder(&self) -> NameFinder {
        let (wanted, anywhere): (Vec<char>, bool) = match self {
            Self::Syllables { nfc, .. } => (nfc.chars().collect(), true),
            Self::Initials { plain, .. } => (units_of_letters(plain), true),
            Self::Prefix(nfd) => (nfd.nfc().collect(), false),
            Self::Empty => (Vec::new(), false),
        };
        NameFinder { wanted: wanted.into_iter().map(Wanted::new).collect(), anywhere }
    }
}

/// A query that is held against one name after another. A tablet looks through all names at each key, so nothing is made anew
/// for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFinder {
    wanted: Vec<Wanted>,
    /// Anywhere in the name, else at its start.
    anywhere: bool,
}

impl NameFinder {
    /// Whether `name` is what was looked for.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        if is_plain(name) { self.finds(plain_units(name)) } else { self.finds(folded(name).into_iter()) }
    }

    fn finds(&self, mut name: impl Iterator<Item = char> + Clone) -> bool {
        while !self.starts(name.clone()) {
            if !self.anywhere || name.next().is_none() {
                return false;
            }
        }
        true
    }

    fn starts(&self, mut name: impl Iterator<Item = char>) -> bool {
        self.wanted.iter().all(|wanted| name.next().is_some_and(|have| wanted.fits(have)))
    }
}

/// A letter that is looked for. A lone consonant stands for any syllable that begins with it; everything else stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    letter: char,
    /// The first syllable for which it stands, and the first one after them.
    syllables: (u32, u32),
}

impl Wanted {
    fn new(letter: char) -> Self {
        let first =
            is_conjoining_initial(letter).then(|| FIRST_SYLLABLE + (u32::from(letter) - FIRST_INITIAL) * SYLLABLES_PER_INITIAL);
        Self { letter, syllables: first.map_or((0, 0), |first| (first, first + SYLLABLES_PER_INITIAL)) }
    }

    fn fits(self, have: char) -> bool {
        have == self.letter || (self.syllables.0..self.syllables.1).contains(&u32::from(have))
    }
}

/// The longest part of a query that a name holds jamo by jamo: whole syllables, and at most one lone consonant at its end.
fn longest_run(units: &[char]) -> String {
    let mut runs = vec![String::new()];
    for unit in units {
        if let Some(run) = runs.last_mut() {
            run.extend(std::iter::once(*unit).nfd());
        }
        if is_conjoining_initial(*unit) {
            runs.push(String::new());
        }
    }
    runs.into_iter().rev().max_by_key(|run| run.chars().count()).unwrap_or_default()
}

/// A text as it is compared: NFC, small, no blanks, and lone consonants as conjoining initials.
fn units(text: &str) -> Vec<char> {
    if is_plain(text) { plain_units(text).collect() } else { folded(text) }
}

/// Whether a text is nothing but whole syllables and plain letters, which are what they are: nearly all names here.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii() || (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(&u32::from(c)))
}

fn plain_units(text: &str) -> impl Iterator<Item = char> + Clone + '_ {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase())
}

fn folded(text: &str) -> Vec<char> {
    let spread = text.chars().filter(|c| !c.is_whitespace()).flat_map(compatibility);
    // NFKD alone would turn a lone ㄳ into a final consonant; `compatibility` has dealt with these.
    spread.flat_map(char::to_lowercase).nfkd().filter(|c| !is_accent(*c)).nfc().collect()
}

/// Latin accents: few people type them, so Nguyễn is found as nguyen.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn units_of_letters(letters: &str) -> Vec<char> {
    letters.chars().filter_map(|letter| position(letter).and_then(conjoining)).collect()
}

/// The nineteen initials as keyboards type them, in the order of their conjoining forms from U+1100.
const LETTERS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
const FIRST_INITIAL: u32 = 0x1100;
const FIRST_SYLLABLE: u32 = 0xAC00;
const LAST_SYLLABLE: u32 = 0xD7A3;
const SYLLABLES_PER_INITIAL: u32 = 588;

fn position(letter: char) -> Option<u32> {
    LETTERS.iter().position(|l| *l == letter).and_then(|p| u32::try_from(p).ok())
}

fn conjoining(position: u32) -> Option<char> {
    char::from_u32(FIRST_INITIAL + position)
}

fn letter_at(position: u32) -> Option<char> {
    LETTERS.get(usize::try_from(position).ok()?).copied()
}

const fn is_conjoining_initial(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{1112}')
}

/// The letter of a lone conjoining initial.
fn consonant_letter(c: char) -> Option<char> {
    is_conjoining_initial(c).then(|| letter_at(u32::from(c) - FIRST_INITIAL)).flatten()
}

fn initial_of(c: char) -> Option<char> {
    let code = u32::from(c);
    (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(&code).then(|| letter_at((code - FIRST_SYLLABLE) / SYLLABLES_PER_INITIAL)).flatten()
}

fn doubled(letters: &str) -> String {
    letters.chars().flat_map(|letter| [letter, letter]).collect()
}

/// What a keyboard letter is when it stands alone: conjoining initials, so that ㄱㅅ typed as the cluster ㄳ is ㄱ and ㅅ.
fn compatibility(c: char) -> Vec<char> {
    let letters = match c {
        'ㄳ' => "ㄱㅅ",
        'ㄵ' => "ㄴㅈ",
        'ㄶ' => "ㄴㅎ",
        'ㄺ' => "ㄹㄱ",
        'ㄻ' => "ㄹㅁ",
        'ㄼ' => "ㄹㅂ",
        'ㄽ' => "ㄹㅅ",
        'ㄾ' => "ㄹㅌ",
        'ㄿ' => "ㄹㅍ",
        'ㅀ' => "ㄹㅎ",
        'ㅄ' => "ㅂㅅ",
        _ => return vec![position(c).and_then(conjoining).unwrap_or(c)],
    };
    units_of_letters(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn finds(query: &str, name: &str) -> bool {
        let parsed = NameQuery::parse(query);
        let in_index = match &parsed {
            NameQuery::Syllables { nfd, .. } => nfd.chars().count() >= TRIGRAM && jamo(name).contains(nfd),
            NameQuery::Initials { doubled, .. } => {
                doubled.chars().count() >= TRIGRAM && initials_index(name).contains(doubled.as_str())
            }
            NameQuery::Prefix(nfd) => jamo(name).starts_with(nfd),
            NameQuery::Empty => true,
        };
        in_index && parsed.matches(name)
    }

    #[test]
    fn syllables_and_plain_letters_are_compared_as_all_others() {
        let syllables = (FIRST_SYLLABLE..=LAST_SYLLABLE).filter_map(char::from_u32);
        for c in syllables.chain((0..128).map(char::from)) {
            let name = format!("김{c} Z{c}");
            assert_eq!(units(&name), folded(&name), "{c:?}");
        }
    }

    #[test]
    fn what_the_index_holds() {
        assert_eq!(initials("김철수"), "ㄱㅊㅅ");
        assert_eq!(initials("까치 Kim 뿌리"), "ㄲㅊㅃㄹ");
        assert_eq!(initials_index("김철수"), "ㄱㄱㅊㅊㅅㅅ");
        assert_eq!(jamo("김 Ab"), "\u{1100}\u{1175}\u{11b7}ab");
        assert_eq!(jamo("수").chars().count(), 2);
    }

    #[rstest]
    #[case("김철수", "김철수", true)]
    #[case("철수", "김철수", true)]
    #[case("김철", "김철수", true)]
    #[case("김 철수", "김철수", true)]
    #[case("이수", "이순신", false)]
    #[case("이수", "이수민", true)]
    #[case("김", "김철수", true)]
    #[case("기", "김철수", false)]
    #[case("수", "김철수", false)]
    #[case("ㄱㅊㅅ", "김철수", true)]
    #[case("ㅊㅅ", "김철수", true)]
    #[case("ㄱㅅ", "김철수", false)]
    #[case("ㄳ", "강선우", true)]
    #[case("ㄱ", "김철수", true)]
    #[case("ㄱ", "까치수", false)]
    #[case("ㄲㅊ", "까치수", true)]
    #[case("김ㅊ", "김철수", true)]
    #[case("김ㅊㅅ", "김철수", true)]
    #[case("김철ㅅ", "김철수", true)]
    #[case("김ㅅ", "김철수", false)]
    #[case("ㄱ철수", "김철수", true)]
    #[case("ㅊ수", "김철수", true)]
    #[case("ᄀᄎᄉ", "김철수", true)]
    #[case("ngu", "Nguyễn Văn An", true)]
    #[case("nguyen", "Nguyễn Văn An", true)]
    #[case("Nguyễn", "NGUYEN VAN AN", true)]
    #[case("van a", "NGUYEN VAN AN", true)]
    #[case("an", "Anna", true)]
    #[case("an", "Hanna", false)]
    #[case("", "김철수", true)]
    fn queries(#[case] query: &str, #[case] name: &str, #[case] found: bool) {
        assert_eq!(finds(query, name), found);
    }

    #[rstest]
    #[case("ㄱㅊ", NameQuery::Initials { doubled: "ㄱㄱㅊㅊ".into(), plain: "ㄱㅊ".into() })]
    #[case("수", NameQuery::Prefix("\u{1109}\u{116e}".into()))]
    #[case("ㄱ", NameQuery::Prefix("\u{1100}".into()))]
    #[case("ab", NameQuery::Prefix("ab".into()))]
    #[case(" ", NameQuery::Empty)]
    fn kinds(#[case] query: &str, #[case] expected: NameQuery) {
        assert_eq!(NameQuery::parse(query), expected);
    }

    #[test]
    fn decomposed_input_is_the_same_as_composed() {
        let decomposed: String = "김철".nfd().collect();
        assert_eq!(NameQuery::parse(&decomposed), NameQuery::parse("김철"));
        assert!(finds("김철", &"김철수".nfd().collect::<String>()));
    }

    proptest! {
        #[test]
        fn any_two_neighbouring_syllables_find_the_name(name in "[가-힣]{2,6}", at in 0usize..5) {
            let chars: Vec<char> = name.chars().collect();
            let at = at.min(chars.len() - 2);
            let query: String = chars[at..at + 2].iter().collect();
            prop_assert!(finds(&query, &name));
        }

        #[test]
        fn any_two_neighbouring_initials_find_the_name(name in "[가-힣]{2,6}", at in 0usize..5) {
            let letters: Vec<char> = initials(&name).chars().collect();
            prop_assert_eq!(letters.len(), name.chars().count());
            let at = at.min(letters.len() - 2);
            let query: String = letters[at..at + 2].iter().collect();
            prop_assert!(finds(&query, &name));
        }

        #[test]
        fn syllables_followed_by_the_next_initial_find_the_name(name in "[가-힣]{3}") {
            let chars: Vec<char> = name.chars().collect();
            let next = initials(&name).chars().nth(2).unwrap();
            let query = format!("{}{}{}", chars[0], chars[1], next);
            prop_assert!(finds(&query, &name));
        }

        #[test]
        fn whole_syllables_never_find_a_name_that_does_not_hold_them(query in "[가나다라각난닫랄]{2,3}", name in "[가나다라각난닫랄]{2,4}") {
            prop_assert_eq!(finds(&query, &name), name.contains(&query));
        }

        #[test]
        fn no_input_breaks_it(query in "\\PC{0,12}", name in "\\PC{0,12}") {
            let _found: bool = NameQuery::parse(&query).matches(&name);
            prop_assert!(NameQuery::Empty.matches(&name));
        }
    }
}
