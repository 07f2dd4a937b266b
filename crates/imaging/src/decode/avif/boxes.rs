//! Reading boxes of the ISO base media file format (ISO/IEC 14496-12 §4.2). Nothing is copied.

/// The four letters that name a box, an item or a reference.
pub type Kind = [u8; 4];

/// What is left of a byte string.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn kind(&mut self) -> Option<Kind> {
        self.array()
    }

    /// A number of 0, 4 or 8 bytes, as item locations have them.
    pub fn sized(&mut self, bytes: u8) -> Option<u64> {
        match bytes {
            0 => Some(0),
            4 => self.u32().map(u64::from),
            8 => self.array().map(u64::from_be_bytes),
            _ => None,
        }
    }

    /// A number of 2 bytes, or of 4 where the box is of a wide version.
    pub fn id(&mut self, wide: bool) -> Option<u32> {
        if wide { self.u32() } else { self.u16().map(u32::from) }
    }

    /// Version and flags of a full box.
    pub fn version(&mut self) -> Option<(u8, u32)> {
        let [version, flags @ ..] = self.array::<4>()?;
        let [a, b, c] = flags;
        Some((version, u32::from_be_bytes([0, a, b, c])))
    }

    /// The next box and what is in it; `None` also where it would be longer than what is left.
    pub fn next_box(&mut self) -> Option<(Kind, Self)> {
        let whole = self.0.len();
        let size = self.u32()?;
        let kind = self.kind()?;
        let size = match size {
            0 => whole,
            1 => usize::try_from(self.array().map(u64::from_be_bytes)?).ok()?,
            n => n as usize,
        };
        let header = whole - self.0.len();
        self.take(size.checked_sub(header)?).map(|body| (kind, Self(body)))
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
