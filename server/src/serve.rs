//! `iut serve`: listens, works, and finishes what is open before it stops.

use crate::{
    cli::{Globals, serve::ServeArgs},
    jobs, metrics,
    router::router,
    state::{AppState, Config},
};
use anyhow::{Context, bail};
use axum::serve::ListenerExt;
use leptos::config::{Env, LeptosOptions};
use std::{env, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, signal, time::sleep};
use tokio_util::sync::CancellationToken;

/// How long open requests may take to end.
const FAREWELL: Duration = Duration::from_secs(15);

/// Serves until SIGTERM or Ctrl+C.
pub(crate) async fn serve(globals: &Globals, args: &ServeArgs) -> anyhow::Result<()> {
    let opened = globals.open_with(args.connections).await?;
    if !opened.store.is_migrated().await? {
        bail!("the schema is not up to date: run `iut migrate` first");
    }
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("can't listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    let config = Config {
        secure: args.https || !address.ip().is_loopback(),
        trusted_proxies: args.trusted_proxy.clone(),
        reload: env::var("LEPTOS_WATCH").is_ok().then(|| "ws://127.0.0.1:3001".to_owned()),
    };
    let state = AppState::new(opened.store, opened.clock, site(address), config);
    if let Some(address) = args.metrics.address() {
        metrics::serve(address, state.stop.clone()).await?;
    }
    jobs::start(&state);
    tracing::info!(%address, "serving");
    // Without TCP_NODELAY every answer waits for the acknowledgement of its head.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let stop = state.stop.clone();
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stopping(stop.clone()));
    tokio::select! {
        ended = served => ended?,
        () = async { stop.cancelled().await; sleep(FAREWELL).await } => tracing::warn!("some requests did not end in time"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// Waits for the signal to stop and passes it on.
async fn stopping(stop: CancellationToken) {
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = signal::ctrl_c() => {}
        () = terminated => {}
    }
    tracing::info!("stopping: open requests may end");
    stop.cancel();
}

/// Where the site's files are; the environment is that of cargo-leptos.
fn site(address: SocketAddr) -> LeptosOptions {
    let var = |name: &str, otherwise: &str| env::var(name).ok().filter(|v| !v.is_empty()).unwrap_or_else(|| otherwise.to_owned());
    let watched = env::var("LEPTOS_WATCH").is_ok();
    // Beside the program, as Leptos looks for it. Without it (a plain cargo build) files keep their plain names.
    let hashes = var("LEPTOS_HASH_FILE_NAME", "hash.txt");
    let hashed = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(&hashes))).is_some_and(|file| file.exists());
    LeptosOptions::builder()
        .output_name(var("LEPTOS_OUTPUT_NAME", "iut"))
        .site_root(var("LEPTOS_SITE_ROOT", "target/site"))
        .site_pkg_dir(var("LEPTOS_SITE_PKG_DIR", "pkg"))
        .site_addr(address)
        .hash_files(hashed && var("LEPTOS_HASH_FILES", "true") != "false")
        .hash_file(hashes.into())
        .env(if watched { Env::DEV } else { Env::PROD })
        .build()
}
