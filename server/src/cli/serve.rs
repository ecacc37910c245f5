//! `iut serve`.

use crate::logging::LogFormat;
use clap::Args;
use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

const AFTER_HELP: &str = "\
Serves plain HTTP; put a proxy that ends TLS before it. On a loopback address without --https the session cookie is sent
without `Secure`, which browsers accept from this machine only.

Examples:
  iut serve
  iut serve --listen 127.0.0.1:3000 --https --trusted-proxy 127.0.0.1 --log-format json";

/// How to serve.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct ServeArgs {
    /// Where to listen.
    #[arg(long, env = "LEPTOS_SITE_ADDR", default_value = "127.0.0.1:3000", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Browsers reach it by https, through a proxy. Always so when the address is not a loopback one.
    #[arg(long, env = "IUT_HTTPS")]
    pub https: bool,
    /// A proxy whose X-Forwarded-For is believed; may be repeated.
    #[arg(long, env = "IUT_TRUSTED_PROXY", value_delimiter = ',', value_name = "ADDRESS")]
    pub trusted_proxy: Vec<IpAddr>,
    /// Where Prometheus reads the metrics, or `off`.
    #[arg(long, env = "IUT_METRICS_ADDR", default_value = "127.0.0.1:9464", value_name = "ADDRESS:PORT|off")]
    pub metrics: Metrics,
    /// Connections to the database for reading.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub connections: u32,
    /// The form of the log on standard error; RUST_LOG says how much.
    #[arg(long, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Where the metrics are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metrics {
    Off,
    At(SocketAddr),
}

impl Metrics {
    pub(crate) const fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Off => None,
            Self::At(address) => Some(address),
        }
    }
}

impl FromStr for Metrics {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            address => address.parse().map(Self::At).map_err(|_opaque| "expected ADDRESS:PORT or off".to_owned()),
        }
    }
}
