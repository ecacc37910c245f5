//! Invented Korean names: surnames as often as they are (census of 2015, in thousands), given names from syllables that
//! are common, and for older people from those that were. No name is a real person's on purpose.

use super::random::Dice;
use domain::profile::Sex;

const SURNAMES: &[(u32, &str)] = &[
    (1069, "김"),
    (731, "이"),
    (419, "박"),
    (233, "최"),
    (215, "정"),
    (118, "강"),
    (106, "조"),
    (102, "윤"),
    (99, "장"),
    (76, "임"),
    (75, "한"),
    (75, "오"),
    (74, "서"),
    (71, "신"),
    (68, "권"),
    (65, "황"),
    (57, "안"),
    (54, "송"),
    (53, "전"),
    (52, "홍"),
    (42, "유"),
    (40, "고"),
    (37, "문"),
    (36, "양"),
    (36, "손"),
    (33, "배"),
    (31, "백"),
    (29, "허"),
    (26, "남"),
    (26, "심"),
    (25, "노"),
    (20, "하"),
    (19, "곽"),
    (18, "성"),
    (17, "차"),
    (16, "주"),
    (16, "우"),
    (15, "구"),
    (13, "나"),
    (12, "민"),
    (9, "진"),
    (8, "지"),
    (7, "엄"),
    (6, "변"),
    (5, "선우"),
    (4, "남궁"),
];

const OLD_WOMEN: (&[&str], &[&str]) = (
    &["순", "영", "정", "옥", "금", "복", "말", "춘", "명", "경", "기", "연", "분", "점", "봉", "길", "임", "덕", "화", "선"],
    &["자", "숙", "순", "희", "례", "옥", "덕", "애", "녀", "임", "남", "연", "금", "분", "님", "이"],
);
const OLD_MEN: (&[&str], &[&str]) = (
    &["영", "병", "상", "종", "태", "재", "기", "만", "용", "광", "동", "창", "성", "덕", "봉", "길", "춘", "진", "국", "한"],
    &["수", "호", "식", "철", "근", "환", "섭", "구", "길", "복", "태", "만", "용", "배", "규", "석", "범", "택"],
);
const WOMEN: (&[&str], &[&str]) = (
    &["지", "은", "미", "수", "현", "혜", "유", "서", "민", "소", "다", "예", "하", "가", "보", "나", "세", "주", "채", "윤"],
    &["영", "정", "경", "진", "연", "아", "은", "현", "원", "희", "린", "윤", "주", "선", "빈", "나", "라", "미"],
);
const MEN: (&[&str], &[&str]) = (
    &["민", "준", "현", "지", "성", "재", "승", "도", "태", "시", "건", "우", "동", "정", "진", "상", "경", "영", "하", "찬"],
    &["호", "우", "준", "훈", "석", "현", "민", "혁", "성", "규", "원", "환", "빈", "욱", "진", "범", "수", "철"],
);

/// A name for somebody of this sex, born in this year.
pub(super) fn korean(dice: &mut Dice, sex: Sex, born: i16) -> String {
    let surname = dice.weighted(SURNAMES, "김");
    format!("{surname}{}", given(dice, sex, born))
}

/// A given name.
pub(super) fn given(dice: &mut Dice, sex: Sex, born: i16) -> String {
    let (first, second) = match (sex, born < 1966) {
        (Sex::Male, true) => OLD_MEN,
        (Sex::Male, false) => MEN,
        (_, true) => OLD_WOMEN,
        (_, false) => WOMEN,
    };
    let first = dice.word(first);
    let mut second_syllable = dice.word(second);
    while second_syllable == first {
        second_syllable = dice.word(second);
    }
    format!("{first}{second_syllable}")
}

/// A name of somebody from elsewhere.
pub(super) fn foreign(dice: &mut Dice) -> String {
    let given = dice.word(&["Linh", "Mai", "Thao", "Minh", "Anna", "Maria", "Olga", "Dina", "Wei", "Ling", "Ploy", "Nari"]);
    let family =
        dice.word(&["Nguyen", "Tran", "Pham", "Kim", "Tsoi", "Lee", "Wang", "Zhang", "Suzuki", "Srisuk", "Cruz", "Reyes"]);
    format!("{given} {family}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_hangul_and_many() {
        let mut dice = Dice::new(1, 1);
        let names: BTreeSet<String> =
            (0..2_000i16).map(|n| korean(&mut dice, if n % 2 == 0 { Sex::Female } else { Sex::Male }, 1930 + n % 80)).collect();
        assert!(names.len() > 1_700, "{}", names.len());
        assert!(names.iter().all(|name| name.chars().all(|c| ('가'..='힣').contains(&c))));
        assert!(names.iter().all(|name| (3..=4).contains(&name.chars().count())));
    }
}
