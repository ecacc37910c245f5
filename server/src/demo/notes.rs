//! What workers write: short Korean notes put together from parts, so that no two alike stand in a row. Nothing in them
//! is a number that could be somebody's.

use super::random::Dice;
use domain::{
    case::{ClosureReason, Step},
    visit::{NotMetReason, SeenWith, VisitKind},
};

const GREETED: &[&str] = &[
    "반갑게 맞아 주셨습니다.",
    "처음에는 문을 조금만 여셨지만 곧 들어오라고 하셨습니다.",
    "표정이 지난번보다 밝으셨습니다.",
    "많이 지쳐 보이셨습니다.",
    "말씀이 적었지만 묻는 말에는 또렷하게 답하셨습니다.",
    "오랜만에 사람을 만난다며 이야기를 길게 하셨습니다.",
    "감기 기운이 있어 짧게 뵈었습니다.",
    "약속 시간을 기억하고 기다리고 계셨습니다.",
    "댁으로 찾아가 만났습니다.",
    "벨을 누르니 한참 만에 나오셨습니다.",
    "약속한 시간에 방문했고 반갑게 맞아 주셨습니다.",
    "처음에는 문을 열기를 꺼리셨으나 명함을 보이고 설명하니 들어오라고 하셨습니다.",
    "집주인과 함께 계셔서 잠시 기다렸다가 단둘이 이야기했습니다.",
    "거실에 앉아 30분가량 이야기를 나눴습니다.",
    "방에 누워 계셨고 앉아서 이야기하셨습니다.",
    "현관 앞에서 짧게 만났습니다.",
    "동 주민센터 담당자와 함께 방문했습니다.",
    "문 앞에 우편물이 쌓여 있어 함께 정리했습니다.",
];
const SAW: &[&str] = &[
    "냉장고에 반찬이 거의 없었습니다.",
    "방이 차가워 두꺼운 이불을 덮고 계셨습니다.",
    "집 안은 잘 정리되어 있었습니다.",
    "고지서가 식탁에 그대로 쌓여 있었습니다.",
    "약을 제때 드시는지 함께 확인했습니다.",
    "벽에 곰팡이가 있어 환기를 권했습니다.",
    "식사는 하루 두 끼 정도 하신다고 합니다.",
    "잠을 깊이 못 주무신다고 합니다.",
    "밀린 관리비 때문에 걱정이 크다고 하셨습니다.",
    "무릎이 아파 장보기가 어렵다고 하셨습니다.",
    "이웃 한 분이 가끔 들여다봐 주신다고 합니다.",
    "자녀와는 연락이 뜸하다고 하셨습니다.",
    "전기장판이 낡아 위험해 보였습니다.",
    "화장실 손잡이가 헐거워 넘어질까 걱정됩니다.",
    "식사는 하루 한 끼 정도 하신다고 합니다.",
    "냉장고에 김치와 물만 있었습니다.",
    "당뇨약은 있으나 병원에 가신 지 넉 달이 지났다고 합니다.",
    "무릎이 아파 계단을 오르내리기 어렵다고 하셨습니다.",
    "최근 일을 그만두어 월세가 두 달 밀렸다고 하셨습니다.",
    "관리비 고지서가 밀려 있어 걱정이 크셨습니다.",
    "가족과 연락한 지 오래되었고 도움을 청할 사람이 없다고 하셨습니다.",
    "밤에 잠을 못 주무시고 낮에 누워 계신 날이 많습니다.",
    "집 안은 정돈되어 있고 난방도 잘 됩니다.",
    "지난달보다 안색이 좋아 보였습니다.",
    "보일러가 고장 나 전기장판으로 지내고 계셨습니다.",
    "벽에 곰팡이가 있고 창문이 잘 닫히지 않습니다.",
    "아이는 학교에 잘 다니고 있고 저녁은 지역아동센터에서 먹습니다.",
    "술은 줄였으나 아직 일주일에 서너 번 드신다고 합니다.",
    "복지관 도시락을 받기 시작한 뒤로 끼니를 거르지 않으신다고 합니다.",
    "일자리를 알아보고 있으나 면접에서 자주 떨어져 힘들어하셨습니다.",
    "남편을 돌보느라 본인 병원은 미루고 계십니다.",
    "건강보험료가 밀려 병원에 가기를 망설이고 계셨습니다.",
    "혼자 지내는 것은 괜찮지만 명절이 가장 외롭다고 하셨습니다.",
    "채무 독촉 전화 때문에 휴대전화를 꺼 두고 지내셨다고 합니다.",
    "반려견과 함께 지내며 산책은 날마다 하신다고 합니다.",
    "귀가 어두우셔서 글로 써 가며 이야기했습니다.",
];
const WISHED: &[&str] = &[
    "일자리를 다시 알아보고 싶다고 하셨습니다.",
    "혼자 병원에 가기가 가장 힘들다고 하셨습니다.",
    "사람들과 어울릴 곳이 있으면 좋겠다고 하셨습니다.",
    "도움받는 것이 미안하다고 여러 번 말씀하셨습니다.",
    "당분간은 지금처럼 지내고 싶다고 하셨습니다.",
    "서류를 혼자 쓰기 어렵다고 하셨습니다.",
    "겨울 나기가 걱정이라고 하셨습니다.",
    "빚 문제를 어디에 물어야 할지 모르겠다고 하셨습니다.",
];
const NEXT: &[&str] = &[
    "밑반찬 지원을 신청하기로 했습니다.",
    "다음 주에 다시 전화드리기로 했습니다.",
    "보건소 방문간호를 연계하겠습니다.",
    "긴급복지 상담을 함께 받기로 했습니다.",
    "에너지바우처 신청을 도와드렸습니다.",
    "복지관 프로그램을 안내해 드렸습니다.",
    "안부 전화를 주 1회로 늘리겠습니다.",
    "병원 동행 날짜를 잡았습니다.",
    "채무 상담 창구를 안내했습니다.",
    "주거급여 서류를 같이 준비하기로 했습니다.",
    "담당 주무관에게 난방 점검을 부탁했습니다.",
    "특별한 조치 없이 지켜보겠습니다.",
    "긴급복지 생계지원을 안내하고 신청서를 함께 작성했습니다.",
    "복지관 도시락 배달을 신청해 드렸습니다.",
    "보건소 방문간호를 의뢰하기로 했습니다.",
    "에너지바우처를 안내했습니다.",
    "주거급여 신청에 필요한 서류를 적어 드렸습니다.",
    "정신건강복지센터 상담을 권했고 생각해 보겠다고 하셨습니다.",
    "쌀과 라면, 마스크를 전해 드렸습니다.",
    "집주인과 통화해 월세를 나누어 내는 방법을 의논했습니다.",
    "안부 전화를 주 1회 드리기로 했습니다.",
    "보건소에 치매 선별검사를 예약했습니다.",
    "통장님께 가끔 살펴봐 달라고 부탁드렸습니다.",
    "신용회복위원회 상담 시간을 잡아 드렸습니다.",
    "고용센터에 함께 가기로 했습니다.",
    "돌봄SOS 서비스를 안내하고 다음 방문 때 신청하기로 했습니다.",
    "오늘은 이야기를 듣기만 했습니다.",
    "기초생활보장 재신청을 함께 준비하기로 했습니다.",
    "보일러 수리를 집수리 봉사단에 요청했습니다.",
    "병원 동행을 약속했습니다.",
    "의료비 지원을 받을 수 있는지 확인해 알려 드리기로 했습니다.",
    "지난번 신청한 서비스가 잘 오고 있는지 확인했습니다.",
];
const CALLED: &[&str] = &[
    "전화로 안부를 여쭈었습니다.",
    "통화 목소리가 밝았습니다.",
    "전화를 늦게 받으셨지만 별일 없다고 하셨습니다.",
    "짧게 통화했습니다.",
    "먼저 전화를 주셔서 상황을 들었습니다.",
    "부재중 전화를 보고 다시 걸어 오셔서 통화했습니다.",
    "오전에 통화했고 목소리는 밝은 편이었습니다.",
    "통화 중에 자주 한숨을 쉬셨습니다.",
    "전화로 지난번에 말씀드린 서류를 챙기셨는지 확인했습니다.",
    "10분쯤 통화했습니다.",
];
const FELT: &[&str] = &[
    "식사는 잘하고 계신다고 합니다.",
    "지난번에 드린 쌀을 잘 드시고 있다고 합니다.",
    "허리가 아파 며칠 누워 계셨다고 합니다.",
    "약이 떨어져 내일 병원에 가신다고 합니다.",
    "월세 문제로 집주인과 이야기 중이라고 합니다.",
    "잠은 조금 나아졌다고 하셨습니다.",
    "복지관에 두 번 다녀오셨다고 합니다.",
    "아이 학교 문제로 걱정하고 계십니다.",
];
const VISITED_OFFICE: &[&str] = &[
    "주민센터로 오셔서 상담했습니다.",
    "예약한 시간에 사무실에서 뵈었습니다.",
    "가족과 함께 방문하셨습니다.",
    "서류를 들고 찾아오셨습니다.",
];
const ACCOMPANIED: &[&str] = &[
    "병원 진료에 함께 다녀왔습니다.",
    "은행에 동행해 통장 문제를 정리했습니다.",
    "고용센터에 함께 가서 구직 등록을 했습니다.",
    "보건소 검사를 같이 받고 왔습니다.",
];
const LETTER: &[&str] = &[
    "복지등기를 직접 받으셨다고 집배원이 알려 왔습니다.",
    "복지등기를 전하면서 집배원이 안부를 확인했습니다.",
    "우편물을 받으시고 바로 전화를 주셨습니다.",
];
const WITH: &[&str] =
    &["어머니를 돌보는 따님과 이야기했습니다.", "함께 사는 가족에게서 근황을 들었습니다.", "요양보호사가 함께 있었습니다."];
const KEEPER: &[&str] = &["관리인이 어제도 외출하는 모습을 보았다고 합니다.", "옆집에서 저녁마다 불이 켜진다고 알려 주셨습니다."];

const NOBODY: &[&str] = &[
    "벨을 여러 번 눌렀지만 답이 없었습니다.",
    "문이 잠겨 있고 인기척이 없었습니다.",
    "안내 쪽지를 문에 붙이고 왔습니다.",
    "전기 계량기는 돌고 있었습니다.",
    "우편물이 조금 쌓여 있었습니다.",
    "옆집에 여쭈었지만 모른다고 하셨습니다.",
];
const NO_ANSWER: &[&str] = &[
    "신호는 가지만 받지 않으셨습니다.",
    "세 번 걸었으나 받지 않아 문자를 남겼습니다.",
    "전원이 꺼져 있었습니다.",
    "음성사서함으로 넘어갔습니다.",
];
const AGAIN: &[&str] = &[
    "다른 시간에 다시 찾아가겠습니다.",
    "저녁에 다시 들르겠습니다.",
    "내일 다시 전화하겠습니다.",
    "집주인에게 연락해 보겠습니다.",
    "통장님께 근황을 여쭈어 보겠습니다.",
];

/// Writes notes, never the same twice in a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    last: String,
}

impl Notes {
    /// What was found on a visit that met somebody.
    pub(super) fn met(&mut self, dice: &mut Dice, kind: VisitKind, with: Option<SeenWith>) -> String {
        self.fresh(dice, |dice| {
            let opening = match (kind, with) {
                (VisitKind::Phone, _) => return joined(dice, &[CALLED, FELT, NEXT]),
                (VisitKind::RegisteredMail, _) => return joined(dice, &[LETTER]),
                (_, Some(SeenWith::Neighbour)) => return joined(dice, &[KEEPER, NEXT]),
                (_, Some(SeenWith::HouseholdMember | SeenWith::Carer)) => WITH,
                (VisitKind::Office, _) => VISITED_OFFICE,
                (VisitKind::Accompanied, _) => ACCOMPANIED,
                (VisitKind::Home, _) => GREETED,
            };
            let short = dice.chance(25);
            let wished = dice.chance(40);
            match (short, wished) {
                (true, _) => joined(dice, &[opening, NEXT]),
                (false, true) => joined(dice, &[opening, SAW, WISHED, NEXT]),
                (false, false) => joined(dice, &[opening, SAW, NEXT]),
            }
        })
    }

    /// What was found where nobody was met.
    pub(super) fn missed(&mut self, dice: &mut Dice, kind: VisitKind, reason: NotMetReason) -> String {
        self.fresh(dice, |dice| match reason {
            NotMetReason::NobodyHome if kind == VisitKind::Phone => joined(dice, &[NO_ANSWER, AGAIN]),
            NotMetReason::NobodyHome => joined(dice, &[NOBODY, AGAIN]),
            NotMetReason::DoesNotLiveHere => {
                let who = dice.word(&["새로 이사 온 분이", "집주인이", "관리인이"]);
                format!("{who} 여기 살지 않는다고 했습니다. 주소를 다시 확인하겠습니다.")
            }
            NotMetReason::Refused => {
                let said = dice.word(&["오늘은 만나고 싶지 않다고", "도움은 필요 없다고", "바쁘니 다음에 오라고"]);
                format!("문 앞에서 {said} 하셨습니다. 연락처를 두고 왔습니다.")
            }
            NotMetReason::Hospital => {
                let told = dice.word(&["가족이", "이웃이", "관리인이"]);
                format!("{told} 입원 중이라고 알려 주었습니다. 병원에 확인하겠습니다.")
            }
            NotMetReason::Unsafe => "골목에 큰 개가 풀려 있어 들어가지 못했습니다. 두 사람이 다시 가겠습니다.".to_owned(),
            NotMetReason::Other => "건물 공사로 들어가지 못했습니다. 공사가 끝나면 다시 가겠습니다.".to_owned(),
        })
    }

    /// What a step led to.
    pub(super) fn step(&mut self, dice: &mut Dice, step: Step) -> String {
        let parts: &[&[&str]] = match step {
            Step::Counselling => &[&["초기상담을 했습니다."], WISHED, NEXT],
            Step::Intake => &[
                &["접수했습니다.", "접수 서류를 받았습니다."],
                &["동의서를 설명하고 받았습니다.", "필요한 서류를 안내했습니다."],
            ],
            Step::Assessment => &[
                &["욕구조사를 마쳤습니다.", "욕구조사를 두 번에 나누어 했습니다."],
                &[
                    "가장 급한 것은 생활비입니다.",
                    "건강과 식사가 가장 걱정됩니다.",
                    "관계가 끊긴 점이 가장 큽니다.",
                    "집 상태가 가장 급합니다.",
                ],
                WISHED,
            ],
            Step::Conference => &[
                &["사례회의를 열었습니다.", "통합사례회의에서 논의했습니다."],
                &[
                    "복지관과 보건소가 함께하기로 했습니다.",
                    "동주민센터와 역할을 나누었습니다.",
                    "우선 석 달 동안 집중해서 살피기로 했습니다.",
                ],
            ],
            Step::Plan => &[
                &["서비스 제공계획을 세우고 이웃과 함께 확인했습니다."],
                &[
                    "목표는 세끼 식사와 주 1회 외출입니다.",
                    "목표는 밀린 월세 정리입니다.",
                    "목표는 꾸준한 병원 치료입니다.",
                    "목표는 구직 준비입니다.",
                ],
            ],
            Step::Service => &[
                &["서비스를 시작했습니다."],
                &["밑반찬이 매주 화요일에 갑니다.", "방문간호가 이번 주부터 시작됩니다.", "이동 지원을 연결했습니다."],
            ],
            Step::Review => &[
                &["점검했습니다.", "계획을 다시 살폈습니다."],
                &[
                    "목표를 절반쯤 이루었습니다.",
                    "식사가 나아졌습니다.",
                    "외출이 늘었습니다.",
                    "아직 더 지켜봐야 합니다.",
                    "계획을 조금 고쳤습니다.",
                ],
            ],
            Step::Aftercare => &[
                &["사후 점검 전화를 드렸습니다."],
                &["잘 지내고 계십니다.", "변화가 없다고 하십니다.", "새로 생긴 어려움은 없다고 하십니다."],
            ],
        };
        self.fresh(dice, |dice| joined(dice, parts))
    }

    /// A note between visits.
    pub(super) fn between(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, |dice| {
            let heard = dice.word(&[
                "집주인과 통화했습니다.",
                "복지관 담당자와 이야기했습니다.",
                "보건소에서 결과를 알려 왔습니다.",
                "통장님이 안부를 전해 주셨습니다.",
                "학교 선생님과 통화했습니다.",
                "은행 채무 상담 결과가 나왔습니다.",
                "구청 주거팀에서 회신이 왔습니다.",
            ]);
            format!("{heard} {}", joined(dice, &[FELT, NEXT]))
        })
    }

    fn fresh(&mut self, dice: &mut Dice, mut write: impl FnMut(&mut Dice) -> String) -> String {
        let mut text = write(dice);
        for _ in 0..8 {
            if text != self.last {
                break;
            }
            text = write(dice);
        }
        self.last.clone_from(&text);
        text
    }
}

fn joined(dice: &mut Dice, parts: &[&[&str]]) -> String {
    parts.iter().map(|part| dice.word(part)).collect::<Vec<_>>().join(" ")
}

/// Why a case is closed.
pub(super) fn closing(dice: &mut Dice, reason: ClosureReason) -> &'static str {
    dice.word(match reason {
        ClosureReason::GoalsMet => &[
            "계획한 목표를 이루어 이웃과 함께 종결하기로 했습니다.",
            "혼자 생활을 꾸려 가실 수 있게 되어 종결합니다.",
            "일자리를 구하고 생활이 안정되어 종결합니다.",
        ],
        ClosureReason::MovedAway => &["다른 구로 이사하셨습니다. 새 주소지 담당자에게 알렸습니다."],
        ClosureReason::HandedOver => &["정신건강복지센터에서 이어서 돕기로 했습니다.", "복지관 사례관리로 넘겼습니다."],
        ClosureReason::Refused => &["세 차례 권했으나 원하지 않으셨습니다. 언제든 연락하시도록 안내했습니다."],
        ClosureReason::Died => &["지병으로 돌아가셨습니다. 유가족에게 장례 지원을 안내했습니다."],
        ClosureReason::Unreachable => &["여러 시간대에 전화하고 찾아갔으나 만나지 못했습니다."],
        ClosureReason::Duplicate => &["이미 등록된 이웃과 같은 분입니다."],
        ClosureReason::NoNeed => &["만나 보니 스스로 잘 지내고 계시고 도움을 바라지 않으셨습니다."],
        ClosureReason::NotEligibleForCash => &["현금지원 기준에는 맞지 않습니다. 다른 서비스를 안내하고 종결합니다."],
    })
}

/// Why a case is offered to a colleague.
pub(super) const TRANSFER: &[&str] = &[
    "이웃이 여성 담당자를 원하십니다.",
    "이사하신 곳이 담당 구역과 가깝습니다.",
    "제 휴직으로 담당을 넘깁니다.",
    "전에 상담하신 적이 있어 더 잘 아실 것 같습니다.",
    "업무를 고르게 나누려고 합니다.",
];
/// Why an offered case is not taken.
pub(super) const REJECTED: &[&str] = &[
    "지금 맡은 사례가 많아 받기 어렵습니다.",
    "이웃과 아는 사이라 맡지 않는 것이 좋겠습니다.",
    "다음 주부터 교육이 있어 바로 맡기 어렵습니다.",
];
/// Why an urgency is judged anew.
pub(super) const URGENCY: &[&str] = &[
    "통화해 보니 식사를 거의 못 하고 계십니다.",
    "가족이 돌아와 급한 상황은 지났습니다.",
    "단전 예고를 받으셨습니다.",
    "건강이 나빠져 서둘러야 합니다.",
];
/// Why a case is opened again.
pub(super) const REOPENED: &[&str] =
    &["다시 어려움이 생겨 이웃이 먼저 연락해 오셨습니다.", "사후 점검에서 월세 체납을 확인했습니다."];
/// Why closing as unreachable is refused.
pub(super) const KEEP_TRYING: &[&str] = &["주말 낮에 한 번 더 찾아가 주세요.", "통장님을 통해 한 번 더 확인해 주세요."];
/// What a visit is for.
pub(super) const PURPOSE: &[&str] = &[
    "안부 확인",
    "욕구조사",
    "서비스 설명",
    "식사와 건강 확인",
    "서류 작성 도움",
    "주거 환경 확인",
    "계획 점검",
    "병원 동행 준비",
];

#[cfg(test)]
mod tests {
    use super::*;
    use domain::text::looks_like_resident_number;
    use std::collections::BTreeSet;

    #[test]
    fn notes_vary_and_hold_no_number() {
        let (mut dice, mut notes, mut last) = (Dice::new(5, 0), Notes::default(), String::new());
        let mut all = BTreeSet::new();
        for round in 0..2_000usize {
            let kind = *VisitKind::ALL.get(round % 5).unwrap();
            let note = match round % 4 {
                0 => notes.met(&mut dice, kind, None),
                1 => notes.missed(&mut dice, kind, *NotMetReason::ALL.get(round / 4 % 2).unwrap()),
                2 => notes.step(&mut dice, *Step::ALL.get(round % Step::ALL.len()).unwrap()),
                _ => notes.between(&mut dice),
            };
            assert_ne!(note, last);
            assert!(note.ends_with('.') && !looks_like_resident_number(&note), "{note}");
            all.insert(note.clone());
            last = note;
        }
        assert!(all.len() > 600, "{}", all.len());
    }

    #[test]
    fn every_reason_has_its_words() {
        let mut dice = Dice::new(6, 0);
        assert!(ClosureReason::ALL.iter().all(|reason| closing(&mut dice, *reason).ends_with('.')));
    }
}
