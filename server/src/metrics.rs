//! Prometheus metrics, on a port of their own that only this machine reaches by default.

use anyhow::Context;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, time::interval};
use tokio_util::sync::CancellationToken;

const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Begins to count and serves the counts until `stop`.
pub(crate) async fn serve(address: SocketAddr, stop: CancellationToken) -> anyhow::Result<()> {
    let recorder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics are counted already")?;
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%address, %error, "metrics are not served: the address is taken");
            return Ok(());
        }
    };
    let rendered = handle.clone();
    let routes = Router::new().route("/metrics", get(move || async move { rendered.render() }));
    let stopped = stop.clone();
    tokio::spawn(async move {
        let mut ticks = interval(Duration::from_secs(5));
        loop {
            tokio::select! {
                _ = ticks.tick() => handle.run_upkeep(),
                () = stopped.cancelled() => return,
            }
        }
    });
    tracing::info!(address = %listener.local_addr()?, "metrics");
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await {
            tracing::warn!(%error, "metrics ended");
        }
    });
    Ok(())
}
