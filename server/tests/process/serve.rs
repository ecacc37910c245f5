//! The server as a process: where it is alive, what it lets be measured, and how it stops.

use super::place::Place;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A server of a district in a folder.
struct Server {
    place: Place,
    child: Child,
    log: BufReader<ChildStderr>,
    /// What it has logged and was read.
    lines: Vec<Value>,
}

impl Server {
    fn start(place: Place) -> Self {
        let words = ["serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--log-format", "json"];
        let mut child = place.command(&words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { place, child, log, lines: Vec::new() }
    }

    /// Reads the log until a line says so; answers that line.
    fn logs(&mut self, message: &str) -> Value {
        loop {
            let mut line = String::new();
            assert_ne!(self.log.read_line(&mut line).unwrap(), 0, "it ended without saying {message:?}: {:?}", self.lines);
            let line: Value = serde_json::from_str(&line).unwrap();
            self.lines.push(line.clone());
            if line["message"] == message {
                return line;
            }
        }
    }

    fn address(&mut self, message: &str) -> String {
        self.logs(message)["address"].as_str().unwrap().to_owned()
    }

    fn terminate(&self) {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(told.success());
    }

    fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sign_in(server: &Server, address: &str) -> Client {
    let (login, password) = server.place.login("caseworker");
    // The one with which attachments reach a bucket brings none of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().cookie_store(true).build().unwrap();
    let form = format!("login={login}&password={password}");
    let asked = client
        .post(format!("http://{address}/api/sign_in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let answer = asked.body(form).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    client
}

on_both!(metrics_stand_on_a_port_of_their_own_and_name_nobody, async |place: Place| {
    let mut server = Server::start(place);
    let (metrics, address) = (server.address("metrics"), server.address("serving"));
    let client = sign_in(&server, &address).await;
    for path in ["/healthz", "/readyz", "/my-day"] {
        let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    let text = client.get(format!("http://{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(text.contains("/my-day"), "{text}");
    assert!(!text.contains(&server.place.login("caseworker").0), "{text}");
    let outside = client.get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(outside.status(), StatusCode::NOT_FOUND);
    server.terminate();
    assert!(server.ended().success());
});

on_both!(what_is_open_ends_before_the_server_does, async |place: Place| {
    let mut server = Server::start(place);
    let address = server.address("serving");
    let client = sign_in(&server, &address).await;
    // A screen that listens for changes, and a request of which half has come.
    let mut screen = client.get(format!("http://{address}/events")).send().await.unwrap();
    assert_eq!(screen.status(), StatusCode::OK);
    let body = "login=nobody&password=not-the-password";
    let (early, late) = body.split_at(10);
    let mut half = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/sign_in HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{early}",
        body.len()
    );
    half.write_all(head.as_bytes()).await.unwrap();
    // Once another request was answered, the server has read the half one, too.
    client.get(format!("http://{address}/healthz")).send().await.unwrap();

    server.terminate();
    server.logs("stopping: open requests may end");
    while screen.chunk().await.unwrap().is_some() {}
    half.write_all(late.as_bytes()).await.unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401") || answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(TcpStream::connect(&address).await.is_err(), "nothing new is taken");
    assert!(server.ended().success());
});
