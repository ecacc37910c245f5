//! The files of the site that a tablet keeps: the program of this build, and what lies beside it.

use base64::{Engine, engine::general_purpose::STANDARD};
use leptos::config::LeptosOptions;
use sha2::{Digest, Sha256};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// A file with the digest that browsers check it against.
#[derive(Clone, Debug)]
pub(super) struct KeptFile {
    /// Its address.
    pub path: String,
    /// `sha256-…`, as in the attribute `integrity`.
    pub integrity: String,
}

impl KeptFile {
    pub(super) fn new(path: impl Into<String>, content: &[u8]) -> Self {
        Self { path: path.into(), integrity: digest(content) }
    }
}

/// The digest of a content as `integrity` writes it.
pub(super) fn digest(content: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

/// The addresses of what cargo-leptos built.
pub(super) struct Built {
    /// JavaScript that loads the wasm.
    pub program: String,
    pub wasm: String,
    pub style: String,
}

impl Built {
    /// With the hashes in their names, which stand beside the program as Leptos looks for them.
    pub(super) fn read(options: &LeptosOptions) -> Self {
        let beside = || Some(env::current_exe().ok()?.parent()?.join(&*options.hash_file));
        let hashes = options.hash_files.then(|| fs::read_to_string(beside()?).ok()).flatten().unwrap_or_default();
        let name = |kind: &str| {
            let mut pairs = hashes.lines().filter_map(|line| line.split_once(':'));
            let hash = pairs.find(|(key, _)| key.trim() == kind).map(|(_, hash)| format!(".{}", hash.trim()));
            format!("/{}/{}{}.{kind}", options.site_pkg_dir, options.output_name, hash.unwrap_or_default())
        };
        Self { program: name("js"), wasm: name("wasm"), style: name("css") }
    }
}

/// All files to keep, by path; `None` when one of the program's is missing. Files of older builds, types for
/// TypeScript and what is compressed ahead of time are not among them.
pub(super) fn site_files(options: &LeptosOptions, built: &Built) -> Option<Vec<KeptFile>> {
    let site = Path::new(&*options.site_root);
    let read =
        |path: &String| fs::read(site.join(path.trim_start_matches('/'))).ok().map(|content| KeptFile::new(path, &content));
    let mut files = [&built.program, &built.wasm, &built.style].into_iter().map(read).collect::<Option<Vec<_>>>()?;
    // Scripts of crates, which wasm-bindgen copies; their folders carry hashes.
    let scripts = listed(site, &PathBuf::from(&*options.site_pkg_dir).join("snippets"), "js");
    let beside = [listed(site, Path::new("fonts"), "woff2"), listed(site, Path::new("icons"), "png")].concat();
    let single = ["/icon.svg", "/manifest.webmanifest"].map(str::to_owned);
    files.extend(scripts.iter().chain(&beside).chain(&single).filter_map(read));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Some(files)
}

/// The addresses of the files below a folder of the site whose names end in `.ending`.
fn listed(site: &Path, folder: &Path, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    // A site without the folder has none of them.
    drop(walk(site, folder, ending, &mut found));
    found
}

fn walk(site: &Path, folder: &Path, ending: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(site.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(site, &path, ending, found)?;
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(format!("/{}", path.display()));
        }
    }
    Ok(())
}
