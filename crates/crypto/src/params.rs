//! Argon2id: how a passphrase becomes a key, and how costly that is made (RFC 9106).
//!
//! **Invariant:** no parameters outside of the bounds are ever run, whoever wrote them, and the memory is asked for
//! before it is used: too little of it is an error and not the end of the program.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::keys::{Kek, Secret};

/// Longest passphrase in bytes after normalisation.
const MAX_PASSPHRASE: usize = 1024;
const FLOOR_KIB: u32 = 64 * 1024;
const TOO_SLOW: Duration = Duration::from_millis(1500);
const TOO_FAST: Duration = Duration::from_millis(700);

/// Cost of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseParams {
    m_kib: u32,
    t: u32,
    p: u32,
}

impl PassphraseParams {
    /// The least that is allowed: 8 MiB, once. **For tests**, which open many vaults; far too cheap for a person's.
    pub const FOR_TESTS: Self = Self { m_kib: 8 * 1024, t: 1, p: 1 };

    /// Parameters within the bounds: 8 MiB to 1 GiB (`m_kib` in KiB), 1 to 64 passes, 1 to 8 lanes, and no more work
    /// than 8 passes over 1 GiB: a header that somebody changed must not keep a person waiting for minutes.
    pub const fn new(m_kib: u32, t: u32, p: u32) -> Option<Self> {
        let bounded = m_kib >= 8 * 1024 && m_kib <= 1024 * 1024 && t >= 1 && t <= 64 && p >= 1 && p <= 8;
        let within = bounded && m_kib * t <= 8 * 1024 * 1024;
        if within { Some(Self { m_kib, t, p }) } else { None }
    }

    /// Memory in KiB.
    pub const fn m_kib(self) -> u32 {
        self.m_kib
    }

    /// Passes over the memory.
    pub const fn t(self) -> u32 {
        self.t
    }

    /// Lanes.
    pub const fn p(self) -> u32 {
        self.p
    }

    /// Whether a guess costs more with these than with others, in memory no less and in work more.
    pub const fn are_stronger_than(self, other: Self) -> bool {
        self.m_kib >= other.m_kib && self.m_kib * self.t > other.m_kib * other.t
    }

    fn halved(self) -> Option<Self> {
        (self.m_kib / 2 >= FLOOR_KIB).then_some(Self { m_kib: self.m_kib / 2, ..self })
    }
}

impl Default for PassphraseParams {
    /// 256 MiB, 3 passes, 1 lane: about a second on a computer of 2020.
    fn default() -> Self {
        Self { m_kib: 256 * 1024, t: 3, p: 1 }
    }
}

/// Why a passphrase gave no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfError {
    /// Longer than 1 KiB.
    #[error("the passphrase is too long")]
    TooLong,
    /// The memory that the parameters ask for is not to be had.
    #[error("not enough memory to check the passphrase")]
    OutOfMemory,
}

/// Finds parameters for this computer, by trying: from the default down to 64 MiB while a derivation takes over
/// 1.5 s, or up in passes while it takes under 0.7 s. Where memory is short it is halved and the passes doubled.
/// Takes some seconds.
pub fn calibrate() -> PassphraseParams {
    calibrate_by(|params| {
        let start = Instant::now();
        derive("calibration", &[0; 16], params).ok().map(|_| start.elapsed())
    })
}

fn calibrate_by(mut measure: impl FnMut(PassphraseParams) -> Option<Duration>) -> PassphraseParams {
    let mut params = PassphraseParams::default();
    loop {
        let next = match measure(params) {
            None => params.halved().map(|half| PassphraseParams { t: half.t * 2, ..half }),
            Some(taken) if taken > TOO_SLOW => params.halved(),
            Some(taken) if taken < TOO_FAST => return quicker(params, taken),
            Some(_) => return params,
        };
        match next {
            Some(next) => params = next,
            None => return params,
        }
    }
}

/// More passes for a fast computer, aiming at one second.
fn quicker(params: PassphraseParams, taken: Duration) -> PassphraseParams {
    let factor = (1000 / taken.as_millis().max(1)).clamp(1, 5);
    let passes = params.t.saturating_mul(u32::try_from(factor).unwrap_or(1));
    PassphraseParams { t: passes.min(64), ..params }
}

/// NFKC, so that full-width and half-width input give the same passphrase. Nothing is trimmed.
pub fn normalised(passphrase: &str) -> Zeroizing<String> {
    // At most 18 bytes come out of three; the room keeps the buffer from moving and leaving copies.
    let mut text = Zeroizing::new(String::with_capacity(passphrase.len() * 6));
    text.extend(passphrase.nfkc());
    text
}

pub(crate) fn derive(passphrase: &str, salt: &[u8; 16], params: PassphraseParams) -> Result<Kek, KdfError> {
    if passphrase.len() > 4 * MAX_PASSPHRASE {
        return Err(KdfError::TooLong);
    }
    let text = normalised(passphrase);
    if text.len() > MAX_PASSPHRASE {
        return Err(KdfError::TooLong);
    }
    let mut key = Secret::zero();
    stretch(text.as_bytes(), salt, params, key.bytes_mut())?;
    Ok(Kek::from_secret(key))
}

/// Argon2id (RFC 9106, version 1.3) of a secret of up to 4 GiB into 4 bytes or more. The memory is wiped.
///
/// # Errors
/// [`KdfError::OutOfMemory`].
pub fn stretch(
    secret: &[u8],
    salt: &[u8; 16],
    params: PassphraseParams,
    out: &mut [u8],
) -> Result<(), KdfError> {
    let Ok(cost) = Params::new(params.m_kib, params.t, params.p, Some(out.len())) else {
        unreachable!("our bounds are tighter than those of Argon2")
    };
    let mut memory = Vec::new();
    memory.try_reserve_exact(cost.block_count()).map_err(|_| KdfError::OutOfMemory)?;
    memory.resize(cost.block_count(), Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    let run = argon2.hash_password_into_with_memory(secret, salt, out, &mut memory);
    memory.iter_mut().for_each(Zeroize::zeroize);
    if run.is_err() {
        unreachable!("lengths of secret, salt and output are within the limits of Argon2");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex_key(passphrase: &str) -> String {
        hex::encode(derive(passphrase, &[5; 16], PassphraseParams::FOR_TESTS).unwrap().as_bytes())
    }

    #[test]
    fn the_key_is_that_of_the_reference_argon2id() {
        assert_eq!(
            hex_key("correct horse"),
            "79fb9a7c90ec54c69b12393128e8aa46455f74186adc20731c346e5841824fd8"
        );
    }

    #[test]
    fn full_width_is_half_width_but_a_trailing_space_counts() {
        assert_eq!(hex_key("Ｐａｓｓ　ｗｏｒｄ１２３"), hex_key("Pass word123"));
        assert_eq!(hex_key("ﾊﾟｽﾜｰﾄﾞ"), hex_key("パスワード"));
        assert_ne!(hex_key("Pass word123 "), hex_key("Pass word123"));
    }

    #[test]
    fn a_very_long_passphrase_is_refused() {
        let run = |text: &str| derive(text, &[5; 16], PassphraseParams::FOR_TESTS).err();
        assert_eq!(run(&"a".repeat(1024)), None);
        assert_eq!(run(&"a".repeat(1025)), Some(KdfError::TooLong));
        assert_eq!(run(&"\u{fdfa}".repeat(100)), Some(KdfError::TooLong), "it grows under NFKC");
    }

    #[test]
    fn parameters_have_bounds() {
        for (m, t, p) in
            [(8191, 1, 1), (1_048_577, 1, 1), (8192, 0, 1), (8192, 65, 1), (8192, 1, 0), (8192, 1, 9)]
        {
            assert_eq!(PassphraseParams::new(m, t, p), None);
        }
        assert!(
            PassphraseParams::new(8192, 1, 8).is_some() && PassphraseParams::new(1_048_576, 8, 8).is_some()
        );
    }

    #[test]
    fn calibration_halves_for_slow_computers_down_to_a_floor() {
        let per_gib = |ms: u64| {
            move |p: PassphraseParams| Some(Duration::from_millis(ms * u64::from(p.m_kib) / 1_048_576))
        };
        assert_eq!(calibrate_by(per_gib(4000)), PassphraseParams::default());
        assert_eq!(calibrate_by(per_gib(8000)).m_kib(), 128 * 1024);
        assert_eq!(calibrate_by(per_gib(900_000)), PassphraseParams { m_kib: FLOOR_KIB, t: 3, p: 1 });
    }

    #[test]
    fn calibration_adds_passes_for_fast_computers_and_for_little_memory() {
        let fast = calibrate_by(|_| Some(Duration::from_millis(300)));
        assert_eq!(fast, PassphraseParams { m_kib: 256 * 1024, t: 9, p: 1 });
        let small = calibrate_by(|p| (p.m_kib <= 64 * 1024).then_some(Duration::from_secs(1)));
        assert_eq!(small, PassphraseParams { m_kib: FLOOR_KIB, t: 12, p: 1 });
    }
}
