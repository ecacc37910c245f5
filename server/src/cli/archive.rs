//! What is inside a backup: the photos and signatures, as sealed as they lie, and then the database. Backups of before there were
//! any hold the database alone.

use anyhow::{Context, bail};
use std::{
    fs::{self, DirBuilder, File},
    io::{self, Read, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};
use tar::{Archive, Builder};

const DATABASE: &str = "database";
const FILES: &str = "files";

/// Writes the files of a folder, if there is one, and the copy of a database.
pub(super) fn pack(to: impl Write, files: Option<&Path>, database: &Path) -> anyhow::Result<impl Write> {
    let mut archive = Builder::new(to);
    archive.follow_symlinks(false);
    if let Some(folder) = files.filter(|folder| folder.exists()) {
        // What is taken off while this runs is gone: one by one, so that a missing file is no fault.
        pack_folder(&mut archive, folder, Path::new(FILES))?;
    }
    archive.append_path_with_name(database, DATABASE)?;
    Ok(archive.into_inner()?)
}

fn pack_folder(archive: &mut Builder<impl Write>, folder: &Path, name: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), name.join(entry.file_name()));
        if path.is_dir() {
            pack_folder(archive, &path, &name)?;
            continue;
        }
        match File::open(&path) {
            Ok(mut file) => archive.append_file(&name, &mut file)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Reads what [`pack`] wrote: the files into a fresh folder beside `files`, then the database with `restore`. The files wait to
/// [take the place](FreshFiles::take_their_place) of those that are there.
pub(super) fn unpack(
    from: impl Read,
    files: Option<&Path>,
    restore: impl FnOnce(&mut dyn Read) -> anyhow::Result<()>,
) -> anyhow::Result<FreshFiles> {
    let fresh = files.map(Fresh::beside).transpose()?;
    let mut archive = Archive::new(from);
    let mut restore = Some(restore);
    for entry in archive.entries()? {
        let mut entry = entry.context("the backup is damaged")?;
        let path = entry.path()?.into_owned();
        if path == Path::new(DATABASE) {
            let Some(restore) = restore.take() else { bail!("the backup holds two databases") };
            restore(&mut entry)?;
        } else if let Some(fresh) = &fresh {
            // It refuses names that lead elsewhere.
            entry.unpack_in(&fresh.0).context("the backup is damaged")?;
        } else {
            bail!("the backup holds photos and signatures, and they are said to lie in a bucket: give --files FOLDER");
        }
    }
    if restore.is_some() {
        bail!("the backup is damaged: it holds no database");
    }
    Ok(FreshFiles(fresh.zip(files.map(Path::to_owned))))
}

/// The files of a backup, beside those that are there; nothing where a backup has none. Gone unless they take their place.
#[must_use]
#[derive(Default)]
pub(super) struct FreshFiles(Option<(Fresh, PathBuf)>);

impl FreshFiles {
    /// Puts the files where they belong. Where those lie now that were there before: a backup does not have what arrived since.
    pub(super) fn take_their_place(self) -> anyhow::Result<Option<PathBuf>> {
        self.0.map_or(Ok(None), |(fresh, files)| fresh.take_the_place_of(&files))
    }
}

/// A name beside a folder that nothing else has.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push("-");
    name.push(what);
    name.into()
}

/// A folder that is gone unless it takes its place.
struct Fresh(PathBuf);

impl Fresh {
    fn beside(files: &Path) -> anyhow::Result<Self> {
        let folder = beside(files, "restoring");
        // A restore that was interrupted may have left it.
        let _ = fs::remove_dir_all(&folder);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("can't make {}", folder.display()))?;
        Ok(Self(folder))
    }

    fn take_the_place_of(self, files: &Path) -> anyhow::Result<Option<PathBuf>> {
        let restored = self.0.join(FILES);
        if !restored.exists() {
            DirBuilder::new().mode(0o700).create(&restored)?;
        }
        let former = beside(files, "before-restore");
        let _ = fs::remove_dir_all(&former);
        let there = files.exists();
        if there {
            fs::rename(files, &former)?;
        }
        fs::rename(&restored, files).with_context(|| format!("can't put the photos into {}", files.display()))?;
        Ok(there.then_some(former))
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Empty by now where all went well.
        let _ = fs::remove_dir_all(&self.0);
    }
}
