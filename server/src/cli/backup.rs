//! `iut backup` and `iut restore`: a consistent copy of the whole database and of the photos and signatures, encrypted with age. The
//! root key is not in it: whoever finds a backup still can't read the encrypted fields, and whoever restores needs the key file.

use super::{
    Globals,
    archive::{self, FreshFiles},
};
use crate::out;
use age::{Decryptor, Encryptor, secrecy::SecretString};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use domain::clock::{Clock, SystemClock};
use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const BACKUP_HELP: &str = "\
Encrypts for age recipients or with a passphrase. Keep the key file elsewhere: it is not in the backup, and the backup is
worth nothing without it. A database on a server needs pg_dump on the PATH. Photos and signatures are in it when they lie in a
folder; a bucket is backed up by its own means.

Examples:
  iut backup /backup/iut-2026-11-22.age --recipient age1…
  IUT_BACKUP_PASSPHRASE=… iut backup iut.age";
const RESTORE_HELP: &str = "\
Stop the servers first. Does not overwrite a database without --force. A database on a server needs pg_restore on the PATH.
A backup of an older version gets the schema of this one; on a database server that needs an empty database. What was done since the
backup is undone: lock again (iut user lock), before the servers start, whom you had locked or whose tablet you had shut out since.
Tablets notice at their next contact and send again what they had sent, but not the photos and signatures that had arrived since.

Examples:
  iut restore iut.age --identity key.txt
  iut restore iut.age --passphrase-file secret.txt --force";

/// What a backup begins with, inside the encryption.
const SQLITE: &[u8; 16] = b"iut 2 sqlite   \n";
const POSTGRES: &[u8; 16] = b"iut 2 postgres \n";
/// The same with the database alone.
const SQLITE_ALONE: &[u8; 16] = b"iut 1 sqlite   \n";
const POSTGRES_ALONE: &[u8; 16] = b"iut 1 postgres \n";

/// Where the passphrase is.
#[derive(Clone, Debug, Args)]
pub(crate) struct PassphraseArgs {
    /// A file whose first line is the passphrase; or set IUT_BACKUP_PASSPHRASE.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    fn read(&self) -> anyhow::Result<Option<SecretString>> {
        let text = match &self.passphrase_file {
            Some(path) => Some(fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?),
            None => env::var("IUT_BACKUP_PASSPHRASE").ok(),
        };
        Ok(text.and_then(|text| text.lines().next().map(str::to_owned)).filter(|t| !t.is_empty()).map(SecretString::from))
    }
}

/// How to back up.
#[derive(Clone, Debug, Args)]
#[command(after_help = BACKUP_HELP)]
pub(crate) struct BackupArgs {
    /// The file to write; it must not exist.
    file: PathBuf,
    /// For whom to encrypt; may be repeated.
    #[arg(long, value_name = "age1…")]
    recipient: Vec<age::x25519::Recipient>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// How to restore.
#[derive(Clone, Debug, Args)]
#[command(after_help = RESTORE_HELP)]
pub(crate) struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// The file with the age identity for which it was encrypted.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    /// Overwrite the database that is there.
    #[arg(long)]
    force: bool,
}

impl BackupArgs {
    pub(crate) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let encryptor = self.encryptor()?;
        let file = new_file(&self.file)?;
        let (beside, mark) = match globals.embedded_file() {
            Some(database) => (database, SQLITE),
            None => (self.file.clone(), POSTGRES),
        };
        // Its folder may be readable by others; the copy must not be, not even for a moment.
        let folder = private_folder_beside(&beside)?;
        let copy = folder.join("copy");
        let copied = match globals.embedded_file() {
            Some(_) => copy_embedded(globals, &copy).await,
            None => dump(globals.url(), &copy),
        };
        let files = globals.files_folder();
        let written = copied.and_then(|()| write(encryptor, file, mark, files.as_deref(), &copy));
        fs::remove_dir_all(&folder).with_context(|| format!("{} must be removed", folder.display()))?;
        if let Err(error) = written {
            // Half a backup is worse than none.
            let _ = fs::remove_file(&self.file);
            return Err(error);
        }
        out::line(format!("The backup is {}. Keep the key file elsewhere.", self.file.display()));
        Ok(())
    }

    fn encryptor(&self) -> anyhow::Result<Encryptor> {
        if !self.recipient.is_empty() {
            return Ok(Encryptor::with_recipients(self.recipient.iter().map(|r| r as &dyn age::Recipient))?);
        }
        let passphrase = self.passphrase.read()?;
        passphrase
            .map(Encryptor::with_user_passphrase)
            .ok_or_else(|| anyhow!("say how to encrypt: --recipient, --passphrase-file or IUT_BACKUP_PASSPHRASE"))
    }
}

/// A new folder beside the database that only its owner may read.
fn private_folder_beside(database: &Path) -> anyhow::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = database.with_extension(format!("copy-{}", std::process::id()));
    fs::DirBuilder::new().mode(0o700).create(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    Ok(folder)
}

fn new_file(path: &Path) -> anyhow::Result<File> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    opened.with_context(|| format!("can't make {}", path.display()))
}

fn write(encryptor: Encryptor, file: File, mark: &[u8], files: Option<&Path>, database: &Path) -> anyhow::Result<()> {
    let mut sealed = encryptor.wrap_output(BufWriter::new(file))?;
    sealed.write_all(mark)?;
    archive::pack(&mut sealed, files, database)?;
    let file = sealed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

async fn copy_embedded(globals: &Globals, copy: &Path) -> anyhow::Result<()> {
    Ok(globals.open().await?.store.copy_to(copy).await?)
}

/// A command of PostgreSQL on a database; the password stays out of the list of processes.
fn postgres(program: &str, url: &str) -> Command {
    let mut command = Command::new(program);
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (user, host) = rest.split_once('@').unwrap_or(("", rest));
    match user.split_once(':') {
        Some((user, password)) => command.env("PGPASSWORD", password).arg(format!("--dbname={scheme}://{user}@{host}")),
        None => command.arg(format!("--dbname={url}")),
    };
    command
}

fn dump(url: &str, copy: &Path) -> anyhow::Result<()> {
    let mut command = postgres("pg_dump", url);
    let status = command.args(["--format=custom", "--no-owner"]).stdout(new_file(copy)?).status();
    if !status.context("pg_dump is needed on the PATH (Debian: postgresql-client)")?.success() {
        bail!("pg_dump failed");
    }
    Ok(())
}

impl RestoreArgs {
    pub(crate) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let file = File::open(&self.file).with_context(|| format!("can't read {}", self.file.display()))?;
        let mut plain = self.open(BufReader::new(file))?;
        let mut mark = [0; 16];
        plain.read_exact(&mut mark)?;
        let files = globals.files_folder();
        let fresh = match (globals.embedded_file(), &mark) {
            (Some(database), SQLITE | SQLITE_ALONE) => {
                if database.exists() && !self.force {
                    bail!("{} exists; --force replaces it", database.display());
                }
                let fresh = FreshFile::beside(&database)?;
                let files = match &mark {
                    SQLITE_ALONE => fresh.fill(&mut plain).map(|()| FreshFiles::default()),
                    _ => archive::unpack(plain, files.as_deref(), |from| fresh.fill(from)),
                }?;
                note(&format!("sqlite:{}", fresh.0.display())).await?;
                fresh.take_the_place_of(&database)?;
                files
            }
            (None, POSTGRES | POSTGRES_ALONE) => {
                if !self.force && store::restored::holds_districts(globals.url()).await? {
                    bail!("the database holds districts; --force replaces them");
                }
                let files = match &mark {
                    POSTGRES_ALONE => restore_dump(globals.url(), &mut plain).map(|()| FreshFiles::default()),
                    _ => archive::unpack(plain, files.as_deref(), |from| restore_dump(globals.url(), from)),
                }?;
                note(globals.url())
                    .await
                    .context("the data is there, but tablets can't notice it: restore it once more, with the newest version")?;
                files
            }
            (_, SQLITE | POSTGRES | SQLITE_ALONE | POSTGRES_ALONE) => bail!("the backup is of the other kind of database"),
            _ => bail!("{} is not a backup of Iut", self.file.display()),
        };
        if let Some(former) = fresh.take_their_place()? {
            out::line(format!("The photos and signatures that were there are in {} now.", former.display()));
        }
        out::line("The database is restored. It opens with the key file that belongs to it.");
        out::line("Tablets will send again what they had sent. Lock again, before the servers start, whom you had locked since.");
        Ok(())
    }

    fn open<R: Read>(&self, file: R) -> anyhow::Result<impl Read + use<R>> {
        let decryptor = Decryptor::new(file)?;
        if let Some(path) = &self.identity {
            let text = fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
            let mut keys = text.lines().filter_map(|line| line.trim().parse::<age::x25519::Identity>().ok());
            let key = keys.next().ok_or_else(|| anyhow!("{} holds no age identity", path.display()))?;
            return Ok(decryptor.decrypt(std::iter::once(&key as &dyn age::Identity))?);
        }
        let passphrase = self
            .passphrase
            .read()?
            .ok_or_else(|| anyhow!("say how to decrypt: --identity, --passphrase-file or IUT_BACKUP_PASSPHRASE"))?;
        let key = age::scrypt::Identity::new(passphrase);
        Ok(decryptor.decrypt(std::iter::once(&key as &dyn age::Identity))?)
    }
}

/// Notes the restore in the database at `url`, in the schema of this program.
async fn note(url: &str) -> anyhow::Result<()> {
    let noted = store::restored::note(url, SystemClock.now()).await;
    noted.context("the backup is damaged, or of a newer version of Iut")
}

/// A database file beside the one that it is to replace; gone unless it takes its place.
struct FreshFile(PathBuf);

impl FreshFile {
    fn beside(database: &Path) -> anyhow::Result<Self> {
        let fresh = Self(database.with_extension("restoring"));
        // A restore that was interrupted may have left it.
        fresh.remove()?;
        Ok(fresh)
    }

    fn fill(&self, plain: &mut (impl Read + ?Sized)) -> anyhow::Result<()> {
        let mut file = new_file(&self.0)?;
        io::copy(plain, &mut file).context("the backup is damaged")?;
        Ok(file.sync_all()?)
    }

    fn take_the_place_of(self, database: &Path) -> anyhow::Result<()> {
        File::open(&self.0)?.sync_all()?;
        remove_sides(database)?;
        Ok(fs::rename(&self.0, database)?)
    }

    fn remove(&self) -> io::Result<()> {
        remove_sides(&self.0)?;
        remove(&self.0)
    }
}

impl Drop for FreshFile {
    fn drop(&mut self) {
        // Not there any more where all went well.
        let _ = self.remove();
    }
}

/// Removes what SQLite keeps beside a database.
fn remove_sides(database: &Path) -> io::Result<()> {
    ["-wal", "-shm"].into_iter().try_for_each(|side| {
        let mut path = database.as_os_str().to_owned();
        path.push(side);
        remove(Path::new(&path))
    })
}

/// Removes a file that may not be there.
fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn restore_dump(url: &str, plain: &mut (impl Read + ?Sized)) -> anyhow::Result<()> {
    let mut child = postgres("pg_restore", url)
        .args(["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"])
        .stdin(Stdio::piped())
        .spawn()
        .context("pg_restore is needed on the PATH (Debian: postgresql-client)")?;
    let mut input = child.stdin.take().ok_or_else(|| anyhow!("pg_restore takes no input"))?;
    let copied = io::copy(plain, &mut input);
    drop(input);
    if !child.wait()?.success() {
        bail!("pg_restore failed; nothing was changed");
    }
    copied.map(drop).context("the backup is damaged")
}
