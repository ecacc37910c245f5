//! The server as a process: where it is alive, what it lets be measured, and how it stops.

use super::{place::Place, server::Server, tablet::sign_in};
use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

on_both!(metrics_stand_on_a_port_of_their_own_and_name_nobody, async |place: Place| {
    let mut server = Server::start(&place);
    let (metrics, address) = (server.address("metrics"), server.address("serving"));
    let client = sign_in(&place, &address).await;
    for path in ["/healthz", "/readyz", "/my-day"] {
        let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    let text = client.get(format!("http://{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(text.contains("/my-day"), "{text}");
    assert!(!text.contains(&place.login("caseworker").0), "{text}");
    let outside = client.get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(outside.status(), StatusCode::NOT_FOUND);
    server.terminate();
    assert!(server.ended().success());
});

on_both!(what_is_open_ends_before_the_server_does, async |place: Place| {
    let mut server = Server::start(&place);
    let address = server.address("serving");
    let client = sign_in(&place, &address).await;
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
