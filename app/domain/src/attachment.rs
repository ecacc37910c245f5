//! Photos and signatures of a case. What they are is a command like any other and waits in the outbox; their bytes follow in parts,
//! each of which may be sent again, and count only once all have arrived and are what the command said.

use crate::{
    ApiError, Invalid,
    ids::{AttachmentId, CaseId, VisitId},
    profile::coded,
    view::Worker,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Bytes of one attachment at most.
pub const MOST_BYTES: u32 = 20 * 1024 * 1024;
/// Bytes of one part, but for the last.
pub const PART: u32 = 256 * 1024;
/// Bytes of a small picture at most. It is sent first, as part 0.
pub const MOST_THUMBNAIL: u32 = 64 * 1024;
/// Characters of a caption at most.
pub const MOST_CAPTION: usize = 200;

coded! {
    /// What an attachment shows.
    AttachmentKind { /// 사진
        Photo = "photo", /// 서명
        Signature = "signature", }
}

coded! {
    /// In which form a picture is.
    Media { /// JPEG
        Jpeg = "jpeg", /// PNG
        Png = "png", /// WebP
        WebP = "webp", }
}

impl Media {
    /// What the first bytes say; `None` for anything but a picture.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// The name under which browsers know it.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// SHA-256 of the bytes, as 64 hexadecimal digits in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[0-9a-f]{64}$"))]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl TryFrom<String> for Digest {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if digits && text.len() == 64 { Ok(Self(text)) } else { Err(Invalid::Form) }
    }
}

/// What the bytes will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Content {
    /// In which form.
    pub media: Media,
    /// How many, 1–[`MOST_BYTES`].
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 20971520))]
    pub bytes: u32,
    /// Their digest.
    pub digest: Digest,
}

impl Content {
    /// The same, if its size is possible.
    ///
    /// # Errors
    /// [`Invalid::Range`] for the field `bytes`.
    pub fn checked(&self) -> Result<(), ApiError> {
        if (1..=MOST_BYTES).contains(&self.bytes) { Ok(()) } else { Err(ApiError::invalid("bytes", Invalid::Range)) }
    }

    /// In how many parts it is sent, the small picture among them.
    #[must_use]
    pub const fn parts(&self) -> u32 {
        1 + self.bytes.div_ceil(PART)
    }

    /// How many bytes part `number` has; `None` for the small picture, which has its own size, and beyond the last part.
    #[must_use]
    pub const fn part_bytes(&self, number: u32) -> Option<u32> {
        if number == 0 || number >= self.parts() {
            return None;
        }
        let before = (number - 1) * PART;
        let left = self.bytes - before;
        Some(if left < PART { left } else { PART })
    }
}

/// How far the bytes have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Received {
    /// The part that is to come next.
    pub next: u32,
    /// How many there are.
    pub parts: u32,
}

impl Received {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.next >= self.parts
    }
}

/// An attachment as a timeline shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentCard {
    /// Its id.
    pub id: AttachmentId,
    /// Of which case.
    pub case: CaseId,
    /// What it shows.
    pub kind: AttachmentKind,
    /// How many bytes.
    pub bytes: u32,
    /// What was written beside it.
    pub caption: Option<String>,
    /// At which visit.
    pub visit: Option<VisitId>,
    /// Whether its bytes have arrived.
    pub stored: bool,
    /// By whom it was taken off, and why. Its bytes are gone then.
    pub removed: Option<Removal>,
}

/// That an attachment was taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removal {
    /// By whom.
    pub by: Worker,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(bytes: u32) -> Content {
        Content { media: Media::Jpeg, bytes, digest: Digest::try_from("0".repeat(64)).unwrap() }
    }

    #[test]
    fn parts_are_all_bytes_and_no_more() {
        for bytes in [1, PART - 1, PART, PART + 1, 3 * PART, MOST_BYTES - 1, MOST_BYTES] {
            let content = content(bytes);
            let sizes: Vec<u32> = (1..content.parts()).map(|number| content.part_bytes(number).unwrap()).collect();
            assert_eq!(sizes.iter().sum::<u32>(), bytes);
            assert!(sizes.iter().all(|size| (1..=PART).contains(size)), "{bytes}");
            assert_eq!((content.part_bytes(0), content.part_bytes(content.parts())), (None, None));
        }
    }

    #[test]
    fn a_size_has_its_limits() {
        assert_eq!(content(1).checked(), Ok(()));
        assert_eq!(content(MOST_BYTES).checked(), Ok(()));
        assert!(content(0).checked().is_err());
        assert!(content(MOST_BYTES + 1).checked().is_err());
    }

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert_eq!(Media::of(&[0xff, 0xd8, 0xff, 0xe0]), Some(Media::Jpeg));
        assert_eq!(Media::of(b"\x89PNG\r\n\x1a\n...."), Some(Media::Png));
        assert_eq!(Media::of(b"RIFF1234WEBPVP8 "), Some(Media::WebP));
        for other in [b"<svg xmlns".as_slice(), b"%PDF-1.7", b"GIF89a", b"RIFF1234WAVE", b"", b"\xff\xd8"] {
            assert_eq!(Media::of(other), None);
        }
    }

    #[test]
    fn a_digest_has_64_digits() {
        assert!(Digest::try_from("a1".repeat(32)).is_ok());
        for wrong in ["A1".repeat(32), "a1".repeat(31), "g1".repeat(32), String::new()] {
            assert_eq!(Digest::try_from(wrong), Err(Invalid::Form));
        }
    }
}
