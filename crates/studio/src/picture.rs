//! Pictures for the window: always made by this program, never the bytes that came in.

use std::sync::PoisonError;

use crate::{Code, Failure, Studio};

/// Which picture of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// The small one of the gallery.
    Thumbnail,
    /// The whole one, without loss.
    Full,
}

/// A picture to show.
#[derive(Clone)]
pub struct Picture {
    /// The encoded bytes.
    pub bytes: Vec<u8>,
    /// Media type.
    pub mime: String,
}

impl Studio {
    /// The picture at an address below [`crate::Status::pictures`]'s origin: `TOKEN/thumb/SEQ` or `TOKEN/full/SEQ`.
    /// The token is new at each opening, so that an address from before is worth nothing.
    ///
    /// # Errors
    /// [`Code::Locked`] without an open vault or with another token, [`Code::BadRequest`], [`Code::NoSuchItem`],
    /// [`Code::PictureDamaged`].
    pub fn picture_at(&self, address: &str) -> Result<Picture, Failure> {
        let mut parts = address.trim_start_matches('/').splitn(3, '/');
        let (Some(token), Some(kind), Some(seq)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Code::BadRequest.into());
        };
        let known = {
            let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
            open.as_ref().is_some_and(|open| open.token == token)
        };
        if !known {
            return Err(Code::Locked.into());
        }
        let kind = match kind {
            "thumb" => PictureKind::Thumbnail,
            "full" => PictureKind::Full,
            _ => return Err(Code::BadRequest.into()),
        };
        self.picture(seq.parse().map_err(|_| Code::BadRequest)?, kind)
    }

    /// The file as it came in, bit for bit: for whoever takes it out, never for the webview.
    ///
    /// # Errors
    /// As [`Studio::picture_at`].
    pub fn original(&self, seq: u32) -> Result<Vec<u8>, Failure> {
        let id = self.ids(&[seq])?.into_iter().next().ok_or(Code::NoSuchItem)?;
        Ok(self.vault()?.original(&id)?)
    }

    /// A picture of an item.
    ///
    /// # Errors
    /// As [`Studio::picture_at`].
    pub fn picture(&self, seq: u32, kind: PictureKind) -> Result<Picture, Failure> {
        let vault = self.vault()?;
        match kind {
            PictureKind::Thumbnail => {
                let (bytes, mime) = vault.thumbnail_at(seq)?.ok_or(Code::PictureDamaged)?;
                Ok(Picture { bytes, mime })
            }
            PictureKind::Full => {
                let id = self.ids(&[seq])?.into_iter().next().ok_or(Code::NoSuchItem)?;
                let original = vault.original(&id)?;
                // Decoding takes a while, and needs no key.
                drop(vault);
                let decoded = imaging::decode(&original, &imaging::Limits::default());
                let decoded = decoded.map_err(|_| Code::PictureDamaged)?;
                let whole = imaging::rendition(&decoded).map_err(|_| Code::PictureDamaged)?;
                Ok(Picture { bytes: whole.bytes, mime: whole.mime.to_owned() })
            }
        }
    }
}
