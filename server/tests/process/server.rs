//! The server as a child of a test: started in a district's folder, read by its log, stopped politely or dead.

use super::place::Place;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

/// A server of a district in a folder.
pub struct Server {
    child: Child,
    log: Receiver<Value>,
    /// What it has logged and was read.
    lines: Vec<Value>,
}

impl Server {
    pub fn start(place: &Place) -> Self {
        Self::run(place.serve())
    }

    /// Starts what [`Place::serve`] says, however it was wrapped.
    pub fn run(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, log) = channel();
        // All is read at once: a pipe that is full would hold the server up.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap_or(Value::String(line)));
            }
        });
        Self { child, log, lines: Vec::new() }
    }

    /// Reads the log until a line says so; answers that line.
    pub fn logs(&mut self, message: &str) -> Value {
        loop {
            let Ok(line) = self.log.recv() else { panic!("it ended without saying {message:?}: {:?}", self.lines) };
            self.lines.push(line.clone());
            if line["message"] == message {
                return line;
            }
        }
    }

    /// What it has logged until now.
    pub fn logged(&mut self) -> &[Value] {
        self.lines.extend(self.log.try_iter());
        &self.lines
    }

    pub fn address(&mut self, message: &str) -> String {
        self.logs(message)["address"].as_str().unwrap().to_owned()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn terminate(&self) {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(told.success());
    }

    pub fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
