//! The header as text.
//!
//! First line `zimage-vault-keys v2` (or `v1`, whose catalogue has a derived key); then one JSON object; then `--- ` and the MAC in base64, all lines ended by a
//! line feed. The MAC is HMAC-SHA256 over every byte before its line, as they stand.
//!
//! **Invariant:** read strictly: a field that is unknown, missing, twice there or out of bounds is an error. Only a
//! slot of an unknown *kind* is kept, letter by letter, and only the first line decides on the format's version.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::catalogue::{MAX_KEYS, WrappedKey};
use super::{Entry, Header, HeaderError, MAX_BYTES, MAX_SLOTS, Signed};
use crate::params::PassphraseParams;
use crate::slots::{Guard, MAX_BACKEND, Slot, SlotKind};

const NAME: &str = "zimage-vault-keys v";
const FIRST_LINES: [(Version, &str); 2] =
    [(Version::One, "zimage-vault-keys v1\n"), (Version::Two, "zimage-vault-keys v2\n")];
const MAC_MARK: &str = "--- ";

#[derive(Clone, Copy, PartialEq)]
enum Version {
    One,
    Two,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderForm {
    vault_id: String,
    created: String,
    epoch: u32,
    catalogue: CatalogueForm,
    images: ImagesForm,
    slots: Vec<Box<RawValue>>,
}

/// How the catalogue is protected, for readers without this program. All but the wrapped keys is fixed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueForm {
    file: String,
    cipher: String,
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapped: Option<Vec<KeyForm>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyForm {
    number: u32,
    wrap: WrapForm,
}

impl CatalogueForm {
    fn new(keys: &[WrappedKey]) -> Self {
        let key = if keys.is_empty() {
            "hkdf-sha256 zimg/catalogue/v1"
        } else {
            "hkdf-sha256 zimg/catalogue-wrap/v2"
        };
        let wrapped = keys
            .iter()
            .map(|key| KeyForm { number: key.number, wrap: WrapForm::new(&key.nonce, &key.wrapped) });
        let wrapped = (!keys.is_empty()).then(|| wrapped.collect());
        Self { file: "catalogue.db".into(), cipher: "sqlcipher-4".into(), key: key.into(), wrapped }
    }

    /// The keys, where everything else stands as it must.
    fn keys(self, version: Version) -> Result<Vec<WrappedKey>, HeaderError> {
        let keys: Vec<WrappedKey> =
            self.wrapped.into_iter().flatten().map(KeyForm::key).collect::<Result<_, _>>()?;
        let fitting = match (version, keys.as_slice()) {
            (Version::One, []) | (Version::Two, [_]) => true,
            (Version::Two, [older, newer]) => older.number < newer.number,
            _ => false,
        };
        let Self { file, cipher, key, .. } = Self::new(&keys);
        let fixed = (self.file, self.cipher, self.key) == (file, cipher, key);
        if fitting && fixed && keys.len() <= MAX_KEYS { Ok(keys) } else { Err(HeaderError::Malformed) }
    }
}

impl KeyForm {
    fn key(self) -> Result<WrappedKey, HeaderError> {
        let (nonce, wrapped) = self.wrap.parts()?;
        Ok(WrappedKey { number: self.number, nonce, wrapped })
    }
}

/// How the pictures are protected. Fixed.
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct ImagesForm {
    file: String,
    cipher: String,
    key: String,
}

impl ImagesForm {
    fn new() -> Self {
        Self {
            file: "images.db".into(),
            cipher: "aes-256-gcm-chunks-1".into(),
            key: "in catalogue.db".into(),
        }
    }
}

/// Enough of a slot to see whether it is known.
#[derive(Deserialize)]
struct KindForm {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotForm {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    backend: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kdf: Option<KdfForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<bool>,
    wrap: WrapForm,
    commit: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "alg", deny_unknown_fields)]
enum KdfForm {
    #[serde(rename = "argon2id")]
    Argon2id { v: u32, m_kib: u32, t: u32, p: u32, salt: String, norm: String },
    #[serde(rename = "hkdf-sha256")]
    Hkdf { salt: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrapForm {
    alg: String,
    nonce: String,
    ct: String,
}

const WRAP: &str = "A256GCM";

impl WrapForm {
    fn new(nonce: &[u8], wrapped: &[u8]) -> Self {
        Self { alg: WRAP.into(), nonce: STANDARD.encode(nonce), ct: STANDARD.encode(wrapped) }
    }

    fn parts<const N: usize, const M: usize>(&self) -> Result<([u8; N], [u8; M]), HeaderError> {
        if self.alg != WRAP {
            return Err(HeaderError::Malformed);
        }
        Ok((bytes_of(&self.nonce)?, bytes_of(&self.ct)?))
    }
}

/// Everything above the line of the MAC.
pub(super) fn render(header: &Header) -> Vec<u8> {
    let slots = header.entries.iter().map(|entry| match entry {
        Entry::Known(slot) => serde_json::value::to_raw_value(&form_of(slot)),
        Entry::Unknown(raw) => Ok(raw.clone()),
    });
    let json = slots.collect::<Result<_, _>>().and_then(|slots| {
        serde_json::to_string_pretty(&HeaderForm {
            vault_id: header.vault.to_string(),
            created: header.created.to_rfc3339(),
            epoch: header.epoch,
            catalogue: CatalogueForm::new(&header.catalogue),
            images: ImagesForm::new(),
            slots,
        })
    });
    let [(_, one), (_, two)] = FIRST_LINES;
    let first = if header.catalogue.is_empty() { one } else { two };
    match json {
        Ok(json) => format!("{first}{json}\n").into_bytes(),
        Err(_) => unreachable!("text and numbers always have a JSON form"),
    }
}

pub(super) fn mac_line(mac: &[u8; 32]) -> String {
    format!("{MAC_MARK}{}\n", STANDARD.encode(mac))
}

pub(super) fn parse(bytes: &[u8]) -> Result<Header, HeaderError> {
    if bytes.len() > MAX_BYTES {
        return Err(HeaderError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| HeaderError::Malformed)?;
    let known =
        FIRST_LINES.iter().find_map(|(version, line)| Some((*version, line.len(), text.strip_prefix(line)?)));
    let Some((version, first, rest)) = known else { return Err(strange_first_line(text)) };
    let (json, mac) = rest.rsplit_once(MAC_MARK).ok_or(HeaderError::Malformed)?;
    let mac = bytes_of(mac.strip_suffix('\n').ok_or(HeaderError::Malformed)?)?;
    let signed = json.strip_suffix('\n').and_then(|_| bytes.get(..first + json.len()));
    let origin = Signed { bytes: signed.ok_or(HeaderError::Malformed)?.to_vec(), mac };
    let form: HeaderForm = serde_json::from_str(json).map_err(|_| HeaderError::Malformed)?;
    from_form(form, version, origin)
}

fn strange_first_line(text: &str) -> HeaderError {
    let version = text.strip_prefix(NAME).and_then(|rest| rest.split('\n').next());
    match version.map(str::parse::<u32>) {
        Some(Ok(version)) if version > FIRST_LINES.len() as u32 => HeaderError::Newer,
        _ => HeaderError::Malformed,
    }
}

fn from_form(form: HeaderForm, version: Version, origin: Signed) -> Result<Header, HeaderError> {
    if form.slots.len() > MAX_SLOTS {
        return Err(HeaderError::TooLarge);
    }
    if form.epoch == 0 || form.images != ImagesForm::new() {
        return Err(HeaderError::Malformed);
    }
    let entries: Vec<Entry> = form.slots.into_iter().map(entry_of).collect::<Result<_, _>>()?;
    let header = Header {
        vault: form.vault_id.parse().map_err(|_| HeaderError::Malformed)?,
        created: time_of(&form.created)?,
        epoch: form.epoch,
        catalogue: form.catalogue.keys(version)?,
        entries,
        origin,
    };
    let alone = |slot: &Slot| header.slots().filter(|other| other.id() == slot.id()).count() == 1;
    let unambiguous = header.slots().all(alone);
    if unambiguous { Ok(header) } else { Err(HeaderError::Malformed) }
}

fn entry_of(raw: Box<RawValue>) -> Result<Entry, HeaderError> {
    let kind: KindForm = serde_json::from_str(raw.get()).map_err(|_| HeaderError::Malformed)?;
    let Some(kind) = SlotKind::from_name(&kind.kind) else { return Ok(Entry::Unknown(raw)) };
    let form: SlotForm = serde_json::from_str(raw.get()).map_err(|_| HeaderError::Malformed)?;
    slot_of(kind, form).map(Entry::Known)
}

fn slot_of(kind: SlotKind, form: SlotForm) -> Result<Slot, HeaderError> {
    let (nonce, wrapped) = form.wrap.parts()?;
    Ok(Slot {
        id: form.id.parse().map_err(|_| HeaderError::Malformed)?,
        created: time_of(&form.created)?,
        nonce,
        wrapped,
        commit: bytes_of(&form.commit)?,
        guard: guard_of(kind, form.backend, form.kdf, form.confirmed)?,
    })
}

fn guard_of(
    kind: SlotKind,
    backend: Option<String>,
    kdf: Option<KdfForm>,
    confirmed: Option<bool>,
) -> Result<Guard, HeaderError> {
    match (kind, backend, kdf, confirmed) {
        (SlotKind::Keychain, Some(backend), None, None) if backend.len() <= MAX_BACKEND => {
            Ok(Guard::Keychain { backend })
        }
        (SlotKind::Passphrase, None, Some(KdfForm::Argon2id { v: 19, m_kib, t, p, salt, norm }), None)
            if norm == "NFKC" =>
        {
            let params = PassphraseParams::new(m_kib, t, p).ok_or(HeaderError::UnsafeParams)?;
            Ok(Guard::Passphrase { params, salt: bytes_of(&salt)? })
        }
        (SlotKind::Recovery, None, Some(KdfForm::Hkdf { salt }), Some(confirmed)) => {
            Ok(Guard::Recovery { salt: bytes_of(&salt)?, confirmed })
        }
        _ => Err(HeaderError::Malformed),
    }
}

fn form_of(slot: &Slot) -> SlotForm {
    let (backend, kdf, confirmed) = match &slot.guard {
        Guard::Keychain { backend } => (Some(backend.clone()), None, None),
        Guard::Passphrase { params, salt } => {
            let (m_kib, t, p) = (params.m_kib(), params.t(), params.p());
            let salt = STANDARD.encode(salt);
            (None, Some(KdfForm::Argon2id { v: 19, m_kib, t, p, salt, norm: "NFKC".into() }), None)
        }
        Guard::Recovery { salt, confirmed } => {
            (None, Some(KdfForm::Hkdf { salt: STANDARD.encode(salt) }), Some(*confirmed))
        }
    };
    SlotForm {
        id: slot.id.to_string(),
        kind: slot.kind().name().into(),
        created: slot.created.to_rfc3339(),
        backend,
        kdf,
        confirmed,
        wrap: WrapForm::new(&slot.nonce, &slot.wrapped),
        commit: STANDARD.encode(slot.commit),
    }
}

fn time_of(text: &str) -> Result<Timestamp, HeaderError> {
    Timestamp::from_rfc3339(text).map_err(|_| HeaderError::Malformed)
}

fn bytes_of<const N: usize>(text: &str) -> Result<[u8; N], HeaderError> {
    let bytes = STANDARD.decode(text).map_err(|_| HeaderError::Malformed)?;
    bytes.try_into().map_err(|_| HeaderError::Malformed)
}
