//! Photos and signatures on the tablet: sealed in parts until the server has them all, and their small pictures for the timeline.

use super::{
    database::{Change, Local, LocalError, Shelf},
    picture::Picture,
    tablet::Tablet,
    wire::{self, WireError},
};
use domain::{
    ApiError,
    attachment::{AttachmentKind, Content, Digest, PART, Received},
    command::{Applied, AttachmentCommand, Command, Envelope},
    ids::{AttachmentId, CaseId},
    sync::{
        outbox::{Outcome, State},
        replica::Dossier,
    },
    view::cases::Happening,
};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use std::{collections::BTreeSet, rc::Rc};

const PATH: &str = "/api/sync/v2/attachments";

/// An attachment whose bytes are not all at the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// How far they have come.
    pub received: Received,
    /// Why they can't come.
    pub failed: Option<ApiError>,
}

/// What is written beside a picture.
#[derive(Clone, Debug)]
pub struct About {
    /// Of which case.
    pub case: CaseId,
    /// What it shows.
    pub kind: AttachmentKind,
    /// In words.
    pub caption: Option<String>,
}

fn part_key(id: AttachmentId, part: u32) -> String {
    format!("{id}/{part}")
}

/// What goes when an attachment is sent or given up.
fn forget(id: AttachmentId, parts: impl Iterator<Item = u32>) -> Vec<Change> {
    let parts = parts.map(|part| Change::Delete(Shelf::Files, part_key(id, part)));
    [Change::Delete(Shelf::Pending, id.to_string())].into_iter().chain(parts).collect()
}

/// The small pictures that go with a dossier: not those that are still to be sent, whatever becomes of the case.
pub(super) fn of_dossier(dossier: &Dossier, to_send: &BTreeSet<AttachmentId>) -> Vec<Change> {
    let cards = dossier.neighbor.timeline.rows.iter().filter_map(|row| match &row.what {
        Happening::Attachment { card } => Some(card.id),
        _ => None,
    });
    cards.filter(|id| !to_send.contains(id)).map(|id| Change::Delete(Shelf::Files, part_key(id, 0))).collect()
}

fn seal_all(local: &Local, id: AttachmentId, picture: &Picture, received: Received) -> Result<Vec<Change>, LocalError> {
    let large = picture.whole.chunks(PART as usize);
    let parts = [picture.thumbnail.as_slice()].into_iter().chain(large);
    let pending = local.put(Shelf::Pending, id, &Pending { received, failed: None });
    let parts = (0..).zip(parts).map(|(number, part)| local.put_bytes(Shelf::Files, part_key(id, number), part));
    [pending].into_iter().chain(parts).collect()
}

impl Tablet {
    /// Keeps a picture with what is said of it, both or neither.
    ///
    /// # Errors
    /// As [`Tablet::write`].
    pub async fn attach(self: &Rc<Self>, about: About, picture: &Picture) -> Result<Applied, ApiError> {
        let digest = hex(&sha2::Sha256::digest(&picture.whole));
        let content = Content {
            media: picture.media,
            bytes: u32::try_from(picture.whole.len()).map_err(|_too_many| ApiError::TooLarge)?,
            digest: Digest::try_from(digest).map_err(|_never| ApiError::Internal)?,
        };
        let id = AttachmentId::new();
        let received = Received { next: 0, parts: content.parts() };
        let parts = seal_all(self.local(), id, picture, received)?;
        let About { case, kind, caption } = about;
        let command = AttachmentCommand::Add { id, case, visit: None, kind, content, caption };
        self.write_with(Envelope::new(command, super::tablet::device_now()), parts).await
    }

    /// What is still to be sent of an attachment.
    ///
    /// # Errors
    /// The tablet's own store's faults.
    pub async fn pending(&self, id: AttachmentId) -> Result<Option<Pending>, LocalError> {
        self.local().get(Shelf::Pending, &id.to_string()).await
    }

    /// The photos and signatures that the server does not have yet.
    pub(super) async fn files_waiting(&self) -> Result<BTreeSet<AttachmentId>, LocalError> {
        let all = self.local().all::<Pending>(Shelf::Pending).await?;
        Ok(all.into_iter().filter_map(|(id, _)| id.parse().ok()).collect())
    }

    /// Tries again to send what could not come.
    pub async fn send_again(self: &Rc<Self>, id: AttachmentId) -> Result<(), LocalError> {
        if let Some(pending) = self.pending(id).await? {
            self.burst(vec![self.local().put(Shelf::Pending, id, &Pending { failed: None, ..pending })?]).await?;
            self.changed();
            self.sync_soon();
        }
        Ok(())
    }

    /// Sends the bytes of what the server knows of, one after the other.
    pub(super) async fn send_files(&self) -> Result<(), WireError> {
        for (id, pending) in self.local().all::<Pending>(Shelf::Pending).await? {
            let Ok(id) = id.parse::<AttachmentId>() else { continue };
            if self.is_closed() || pending.failed.is_some() {
                continue;
            }
            match self.added(id) {
                Some((case, State::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }))) => {
                    self.send_file(id, case, pending).await?;
                }
                Some((_, State::Withdrawn)) => self.burst(forget(id, 0..pending.received.parts)).await?,
                // It is not decided yet, or asks for a choice.
                _ => {}
            }
        }
        Ok(())
    }

    /// To which case it was added, and what became of that.
    fn added(&self, id: AttachmentId) -> Option<(CaseId, State)> {
        self.outbox().entries().find_map(|entry| match &entry.envelope.command {
            Command::Attachment(AttachmentCommand::Add { id: added, case, .. }) if *added == id => {
                Some((*case, entry.state.clone()))
            }
            _ => None,
        })
    }

    async fn send_file(&self, id: AttachmentId, case: CaseId, mut pending: Pending) -> Result<(), WireError> {
        match self.send_parts(id, &mut pending).await {
            Ok(()) => {
                // The small picture stays for the timeline, as long as the case does.
                let first = u32::from(self.person_of_case(case).is_ok());
                self.burst(forget(id, first..pending.received.parts)).await?;
                self.changed();
                Ok(())
            }
            // It will not come, however often it is sent: its writer hears of it, and it keeps nothing else waiting.
            Err(WireError::Refused(error)) if Outcome::of(Err(error.clone())).is_some() => self.give_up(id, pending, error).await,
            Err(WireError::Local(LocalError::Tampered)) => self.give_up(id, pending, ApiError::Internal).await,
            Err(error) => Err(error),
        }
    }

    async fn give_up(&self, id: AttachmentId, pending: Pending, error: ApiError) -> Result<(), WireError> {
        let failed = Pending { failed: Some(error), ..pending };
        self.burst(vec![self.local().put(Shelf::Pending, id, &failed)?]).await?;
        self.changed();
        Ok(())
    }

    async fn send_parts(&self, id: AttachmentId, pending: &mut Pending) -> Result<(), WireError> {
        let which = id.to_string();
        let asked = wire::get::<Received>(PATH, self.bearer(), &[("id", Some(which.as_str()))]).await?;
        pending.received = asked;
        while !pending.received.is_whole() {
            let part = pending.received.next;
            let bytes = self.local().get_bytes(Shelf::Files, &part_key(id, part)).await?.ok_or(LocalError::Tampered)?;
            let number = part.to_string();
            let query = [("id", Some(which.as_str())), ("part", Some(number.as_str()))];
            pending.received = wire::post_bytes(PATH, self.bearer(), &query, &bytes).await?;
            if self.is_closed() {
                return Err(WireError::Alone);
            }
            self.burst(vec![self.local().put(Shelf::Pending, id, pending)?]).await?;
            self.changed();
        }
        Ok(())
    }

    /// The small picture of an attachment; one that is not here is asked for, and kept.
    ///
    /// # Errors
    /// The server's refusal, [`ApiError::Unavailable`] without a network.
    pub async fn thumbnail(&self, id: AttachmentId) -> Result<Vec<u8>, ApiError> {
        let key = part_key(id, 0);
        if let Some(bytes) = self.local().get_bytes(Shelf::Files, &key).await? {
            return Ok(bytes);
        }
        let bytes = self.fetch(&format!("{PATH}/{id}/thumbnail")).await?;
        self.local().write(vec![self.local().put_bytes(Shelf::Files, key, &bytes)?]).await?;
        Ok(bytes)
    }

    /// An attachment as it was taken: from the tablet as long as it is here, else from the server.
    ///
    /// # Errors
    /// As [`Self::thumbnail`].
    pub async fn picture(&self, id: AttachmentId) -> Result<Vec<u8>, ApiError> {
        let Some(pending) = self.pending(id).await? else { return self.fetch(&format!("{PATH}/{id}/picture")).await };
        let mut whole = Vec::new();
        for part in 1..pending.received.parts {
            whole.extend(self.local().get_bytes(Shelf::Files, &part_key(id, part)).await?.ok_or(LocalError::Tampered)?);
        }
        Ok(whole)
    }

    async fn fetch(&self, path: &str) -> Result<Vec<u8>, ApiError> {
        wire::get_bytes(path, self.bearer()).await.map_err(|error| match error {
            WireError::Alone => ApiError::Unavailable,
            WireError::Refused(error) => error,
            WireError::Local(error) => error.into(),
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
