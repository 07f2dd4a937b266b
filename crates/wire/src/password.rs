//! A password as it was typed, in the one form that it is used in.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::WireError;

/// Longest password in bytes after normalisation.
const MAX_BYTES: usize = 1024;

/// A password, normalised with NFKC as OpaqueString (RFC 8265) has it, so that full-width and half-width typing are the
/// same. Nothing is trimmed. Wiped when dropped; it prints as `…`.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed.
    ///
    /// # Errors
    /// [`WireError::TooLong`].
    pub fn new(typed: &str) -> Result<Self, WireError> {
        if typed.len() > 4 * MAX_BYTES {
            return Err(WireError::TooLong);
        }
        let text = crypto::normalised(typed);
        if text.len() > MAX_BYTES { Err(WireError::TooLong) } else { Ok(Self(text)) }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
