//! Every command has a label that equals its serialized form, and survives being written and read.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

#[path = "commands/samples.rs"]
mod samples;

use domain::{
    command::{Command, Envelope, TeamCommand},
    ids::{Rev, TeamId},
    sync::{
        handling::{Handling, Reach},
        kept::says,
    },
};
use samples::{all_commands, at, dong};
use std::collections::BTreeSet;

#[test]
fn every_label_is_the_serialized_aggregate_and_verb() {
    let commands = all_commands();
    for command in &commands {
        let json = serde_json::to_value(command).unwrap();
        let label = format!("{}.{}", json["aggregate"].as_str().unwrap(), json["do"]["verb"].as_str().unwrap());
        assert_eq!(command.label(), label);
    }
    let labels: BTreeSet<&str> = commands.iter().map(Command::label).collect();
    assert_eq!(labels, Command::ALL_LABELS.iter().copied().collect(), "an example of every command");
    assert_eq!(labels.len(), Command::ALL_LABELS.len(), "no label twice");
}

#[test]
fn every_command_survives_being_written_and_read() {
    for command in all_commands() {
        let envelope = Envelope::new(command, at(9)).based_on(Rev(3));
        let json = serde_json::to_string(&envelope).unwrap();
        assert_eq!(serde_json::from_str::<Envelope>(&json).unwrap(), envelope);
    }
}

#[test]
fn a_command_with_a_wrong_value_inside_is_not_read() {
    let command = TeamCommand::ServeDongs { id: TeamId::new(), dongs: vec![dong()] };
    let json = serde_json::to_string(&Command::from(command)).unwrap();
    assert!(serde_json::from_str::<Command>(&json).is_ok());
    assert!(serde_json::from_str::<Command>(&json.replace("1165051000", "11650")).is_err());
    assert!(serde_json::from_str::<Command>(&json.replace("serve_dongs", "serve")).is_err());
}

/// Whether each command can be made without a network, and how it meets what others wrote: `golden/handling.txt`, written anew by
/// `UPDATE_GOLDEN=1 cargo test -p domain --test commands`.
#[test]
fn every_command_leaves_a_tablet_as_reviewed() {
    const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/handling.txt");
    let line = |command: &Command| {
        let Handling { reach, merging } = command.handling();
        format!("{:24} {:7} {merging:?}\n", command.label(), format!("{reach:?}"))
    };
    let found: String = all_commands().iter().map(line).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(GOLDEN).unwrap(), "review it, then UPDATE_GOLDEN=1");
}

/// A server knows a command again by the bytes in which it is written, and tablets send again what earlier programs wrote there.
/// `golden/field_commands.jsonl` holds such: `UPDATE_GOLDEN=1` adds examples of new commands, and changes none.
#[test]
fn what_an_earlier_program_wrote_is_written_in_the_same_bytes() {
    const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/field_commands.jsonl");
    let mut written = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    let labels = |lines: &str| -> BTreeSet<&'static str> {
        lines.lines().map(|line| serde_json::from_str::<Command>(line).unwrap().label()).collect()
    };
    let of_field: Vec<Command> = all_commands().into_iter().filter(|command| command.handling().reach == Reach::Field).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let known = labels(&written);
        for command in of_field.iter().filter(|command| !known.contains(command.label())) {
            written += &serde_json::to_string(command).unwrap();
            written.push('\n');
        }
        std::fs::write(GOLDEN, &written).unwrap();
    }
    for line in written.lines() {
        let command: Command = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&command).unwrap(), line, "a field that is new is left out where it is empty");
    }
    assert_eq!(labels(&written), of_field.iter().map(Command::label).collect(), "an example of every command: UPDATE_GOLDEN=1");
}

#[test]
fn what_the_field_makes_it_can_need_and_the_office_makes_nothing() {
    for command in all_commands() {
        let handling = command.handling();
        if handling.reach != Reach::Field {
            assert!(command.makes().is_empty(), "{}", command.label());
            continue;
        }
        // Whatever is not new is about something.
        assert!(!command.needs().is_empty() || command.label() == "neighbor.register", "{}", command.label());
        assert!(command.makes().iter().all(|id| !command.needs().contains(id)), "{}", command.label());
    }
}

/// Whoever reads in the outbox that something was not taken must find their words there.
#[test]
fn what_the_field_writes_can_be_read_again() {
    let wordless = ["neighbor.remove_member"];
    for command in all_commands().iter().filter(|command| command.handling().reach == Reach::Field) {
        assert_eq!(says(command).is_empty(), wordless.contains(&command.label()), "{}", command.label());
    }
}
