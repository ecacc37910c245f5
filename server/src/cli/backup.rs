//! `iut backup` and `iut restore`: a consistent copy of the whole database and of the photos and signatures, encrypted with age. The
//! root key is not in it: whoever finds a backup still can't read the encrypted fields, and whoever restores needs the key file.

use super::{Globals, archive};
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
An older backup gets the schema of this program. Tablets notice at their next contact and send again what they had sent; photos
and signatures sent since the backup are gone. Shut out again the tablets that were shut out since.

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
        match (globals.embedded_file(), &mark) {
            (Some(database), SQLITE) => {
                archive::unpack(plain, files.as_deref(), |from| restore_file(&database, from, self.force))?;
            }
            (Some(database), SQLITE_ALONE) => restore_file(&database, &mut plain, self.force)?,
            (None, POSTGRES | POSTGRES_ALONE) => {
                let opened = globals.open().await?;
                let empty = store::tenants::list(&opened.store).await?.is_empty();
                if !empty && !self.force {
                    bail!("the database holds districts; --force replaces them");
                }
                if &mark == POSTGRES_ALONE {
                    restore_dump(globals.url(), &mut plain)?;
                } else {
                    archive::unpack(plain, files.as_deref(), |from| restore_dump(globals.url(), from))?;
                }
            }
            (_, SQLITE | POSTGRES | SQLITE_ALONE | POSTGRES_ALONE) => bail!("the backup is of the other kind of database"),
            _ => bail!("{} is not a backup of Iut", self.file.display()),
        }
        let noted = store::restored::note(globals.url(), SystemClock.now()).await;
        noted.context("the data is there, but not that it was restored, of which tablets must know: restore it once more")?;
        out::line("The database is restored. It opens with the key file that belongs to it.");
        out::line("Tablets send again what they had sent since the backup. Shut out again the tablets that were shut out since.");
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

fn restore_file(database: &Path, plain: &mut (impl Read + ?Sized), force: bool) -> anyhow::Result<()> {
    if database.exists() && !force {
        bail!("{} exists; --force replaces it", database.display());
    }
    let fresh = database.with_extension("restoring");
    // A restore that was interrupted may have left it.
    let _ = fs::remove_file(&fresh);
    let mut file = new_file(&fresh)?;
    if let Err(error) = io::copy(plain, &mut file) {
        let _ = fs::remove_file(&fresh);
        return Err(error).context("the backup is damaged");
    }
    file.sync_all()?;
    for side in ["-wal", "-shm"] {
        let mut path = database.as_os_str().to_owned();
        path.push(side);
        match fs::remove_file(PathBuf::from(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(fs::rename(&fresh, database)?)
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
