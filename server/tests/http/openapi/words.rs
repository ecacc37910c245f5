//! Every command, outcome and error.

use super::{
    samples::{all_commands, at},
    validator::{assert_described, named, part},
};
use domain::{
    ApiError, Invalid, Rule,
    command::Envelope,
    ids::{ChangeSeq, DeviceId, OpId, Rev},
    merge::FieldConflict,
    policy::Role,
    sync::{
        clock::Stamp,
        handling::Reach,
        outbox::Outcome,
        protocol::{Push, PushAnswer, Pushed, Registration},
    },
    view::devices::DeviceSecrets,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn every_command_is_described() {
    let push = named("Push");
    for command in all_commands() {
        let stamp = Stamp { millis: 1_700_000_000_000, count: 1, device: DeviceId::new() };
        let envelope = Envelope::new(command, at(9)).based_on(Rev(3));
        assert_described(
            &push,
            &Push { sent_at: at(9), waiting: 1, restored_at: None, entries: vec![Pushed { stamp, offset_ms: -3, envelope }] },
        );
    }
    assert!(!push.is_valid(&json!({ "sent_at": at(9), "waiting": 1, "entries": vec![Value::Null; 1] })));
    assert!(!push.is_valid(&json!({ "sent_at": "yesterday", "waiting": 1, "entries": [] })));
}

#[test]
fn it_is_said_what_a_tablet_may_write() {
    let document = server::openapi::document();
    let about = document["info"]["description"].as_str().unwrap();
    let (_, part) = about.split_once("## What a tablet may write").unwrap();
    let part = part.split("## ").next().unwrap();
    for command in all_commands() {
        let (label, reach) = (command.label(), command.handling().reach);
        assert_eq!(part.contains(&format!("`{label}`")), reach == Reach::Field, "{label}");
    }
}

#[test]
fn a_batch_has_its_limit() {
    let push = named("Push");
    let command = all_commands().swap_remove(0);
    let stamp = Stamp { millis: 1, count: 1, device: DeviceId::new() };
    let entry = Pushed { stamp, offset_ms: 0, envelope: Envelope::new(command, at(9)) };
    let of = |entries| serde_json::to_value(Push { sent_at: at(9), waiting: 101, restored_at: None, entries }).unwrap();
    assert!(push.is_valid(&of(vec![entry.clone(); 100])));
    assert!(!push.is_valid(&of(vec![entry; 101])));
}

fn conflict() -> FieldConflict {
    FieldConflict { field: "name".to_owned(), base: json!(null), theirs: json!("이보기"), mine: json!(["김가상"]) }
}

/// Every error.
fn errors() -> Vec<ApiError> {
    vec![
        ApiError::Unauthenticated,
        ApiError::SecondFactorRequired,
        ApiError::PasswordChangeRequired,
        ApiError::SignInFailed,
        ApiError::DeviceRevoked,
        ApiError::Locked { seconds: 3 },
        ApiError::Forbidden,
        ApiError::NotFound,
        ApiError::invalid("name", Invalid::TooLong),
        ApiError::Conflict { fields: vec![conflict()], rev: 2 },
        Rule::KeptDeclined.into(),
        ApiError::TooMany { seconds: 10 },
        ApiError::BadRequest,
        ApiError::TooLarge,
        ApiError::NoRoom,
        ApiError::WrongOrigin,
        ApiError::Unavailable,
        ApiError::Internal,
    ]
}

#[test]
fn every_error_is_described() {
    let error = named("ApiError");
    errors().iter().for_each(|one| assert_described(&error, one));
    let codes: BTreeSet<String> = errors().iter().map(|one| json!(one)["code"].as_str().unwrap().to_owned()).collect();
    let schema = &server::openapi::document()["components"]["schemas"]["ApiError"]["oneOf"];
    let described =
        schema.as_array().unwrap().iter().map(|one| one["properties"]["code"]["enum"][0].as_str().unwrap().to_owned());
    assert_eq!(codes, described.collect());
    assert!(!error.is_valid(&json!({ "code": "nonsense" })));
}

#[test]
fn every_status_goes_with_its_codes() {
    let statuses: BTreeSet<(String, u16)> =
        errors().iter().map(|one| (json!(one)["code"].as_str().unwrap().to_owned(), one.status())).collect();
    let document = server::openapi::document();
    let operations = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let refusals = operations
        .flat_map(|operation| operation["responses"].as_object().unwrap().iter())
        .filter(|(status, _)| *status >= &"400".to_owned());
    let mut seen = 0;
    for (status, refusal) in refusals {
        let words = refusal["description"].as_str().unwrap().split(':').next().unwrap();
        for code in words.split(", ").map(|word| word.trim_matches('`').to_owned()) {
            assert!(statuses.contains(&(code.clone(), status.parse().unwrap())), "{status} is not the status of {code}");
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn every_outcome_is_described() {
    let (rev, seq) = (Rev(2), ChangeSeq(7));
    let outcomes = [
        Some(Outcome::Applied { rev, seq }),
        Some(Outcome::Merged { rev, seq }),
        Some(Outcome::Conflict { fields: vec![conflict()], rev }),
        Some(Outcome::Refused { error: ApiError::Forbidden }),
        Some(Outcome::Kept),
        None,
    ];
    let answer =
        PushAnswer { server_at: at(9), restored_at: None, results: outcomes.map(|outcome| (OpId::new(), outcome)).to_vec() };
    assert_described(&named("PushAnswer"), &answer);
    assert_described(&named("PushAnswer"), &answer.speaking(1));
}

#[test]
fn setting_up_is_described() {
    assert_described(&named("Registration"), &Registration { name: "현장".to_owned() });
    let secrets = DeviceSecrets { device: DeviceId::new(), secret: "c2VjcmV0".to_owned(), bearer: "YmVhcmVy".to_owned() };
    assert_described(&named("DeviceSecrets"), &secrets);
    assert!(!named("Registration").is_valid(&json!({ "name": "" })));
}

/// Whether every code of a schema is read by its type, and how many there are.
fn read<T: DeserializeOwned>(name: &str) -> usize {
    let codes = part(&["components", "schemas", name, "enum"]).as_array().unwrap().clone();
    codes.iter().for_each(|code| assert!(serde_json::from_value::<T>(code.clone()).is_ok(), "{name} has no {code}"));
    codes.len()
}

#[test]
fn codes_are_those_that_are_read() {
    use domain::{case::Urgency, profile::Language, visit::VisitState};
    assert_eq!(read::<Role>("Role"), Role::ALL.len());
    assert_eq!(read::<Urgency>("Urgency"), Urgency::ALL.len());
    assert_eq!(read::<Language>("Language"), Language::ALL.len());
    assert_eq!(read::<VisitState>("VisitState"), VisitState::ALL.len());
    assert!(read::<Rule>("Rule") > 20);
    assert!(read::<Invalid>("Invalid") > 15);
}
