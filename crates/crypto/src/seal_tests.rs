//! What sealing promises.

use proptest::prelude::*;

use super::*;

const FROZEN: &str = "a8ab78a16b574a621cb9fb459f077ad0244eb76274bda458…ae8ffba63b967cc6a6477bc207e275da";

fn key() -> BlobKey {
    BlobKey::from_bytes([0x11; 32])
}

fn id() -> BlobId {
    BlobId::from_bytes([0x22; 16])
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251) as u8).collect()
}

fn reopen(chunks: &[Vec<u8>]) -> Result<Vec<u8>, OpenError> {
    open(&key(), &id(), chunks.iter().map(Vec::as_slice))
}

#[test]
fn version_1_is_frozen() {
    let chunks = seal(&key(), &id(), b"a picture");
    assert_eq!(chunks.len(), 1);
    assert_eq!(chunks[0].len(), 4096 + TAG);
    let ends = format!("{}…{}", hex::encode(&chunks[0][..24]), hex::encode(&chunks[0][4096..]));
    assert_eq!(ends, FROZEN);
    let long = seal(&key(), &id(), &pattern(CHUNK + 1));
    let tags: Vec<String> = long.iter().map(|chunk| hex::encode(&chunk[chunk.len() - 4..])).collect();
    assert_eq!(tags, ["5aa43aae", "cda0333c"]);
}

#[test]
fn chunks_that_are_moved_dropped_or_repeated_are_refused() {
    let sealed = seal(&key(), &id(), &pattern(2 * CHUNK + 5000));
    assert_eq!(sealed.len(), 3);
    assert!(reopen(&sealed).is_ok());
    let arrangements: [&[usize]; 8] =
        [&[], &[0], &[0, 1], &[1, 2], &[0, 2], &[1, 0, 2], &[0, 1, 1, 2], &[0, 1, 2, 2]];
    for order in arrangements {
        let chunks: Vec<_> = order.iter().map(|&n| sealed[n].clone()).collect();
        assert_eq!(reopen(&chunks), Err(OpenError), "{order:?}");
    }
}

#[test]
fn a_blob_ending_on_a_border_can_not_lose_its_last_chunk() {
    let mut sealed = seal(&key(), &id(), &pattern(CHUNK));
    assert_eq!(sealed.len(), 2);
    assert_eq!(reopen(&sealed), Ok(pattern(CHUNK)));
    sealed.pop();
    assert_eq!(reopen(&sealed), Err(OpenError));
}

#[test]
fn any_flipped_bit_and_any_cut_is_found() {
    let sealed = seal(&key(), &id(), b"prompt");
    for n in 0..sealed[0].len() {
        let mut flipped = sealed.clone();
        flipped[0][n] ^= 1 << (n % 8);
        assert_eq!(reopen(&flipped), Err(OpenError));
        assert_eq!(reopen(&[sealed[0][..n].to_vec()]), Err(OpenError));
    }
}

#[test]
fn a_chunk_of_another_blob_or_key_is_refused() {
    let sealed = seal(&key(), &id(), b"prompt");
    let chunks = || sealed.iter().map(Vec::as_slice);
    assert!(open(&key(), &BlobId::from_bytes([0x23; 16]), chunks()).is_err());
    assert!(open(&BlobKey::from_bytes([0x12; 32]), &id(), chunks()).is_err());
}

#[test]
fn a_chunk_too_large_to_be_ours_is_refused_before_it_is_copied() {
    assert_eq!(Opener::new(&key(), &id()).push(&vec![0; CHUNK + TAG + 1]), Err(OpenError));
}

#[test]
fn a_failed_opening_leaves_nothing_in_the_buffer() {
    let mut sealed = seal(&key(), &id(), &pattern(CHUNK + 9));
    sealed[1][0] ^= 1;
    let mut buffer = b"old".to_vec();
    assert!(open_into(&key(), &id(), sealed.iter().map(Vec::as_slice), &mut buffer).is_err());
    assert!(buffer.is_empty());
}

#[test]
fn exact_sizes_do_not_show() {
    let size = |len| seal(&key(), &id(), &pattern(len)).iter().map(Vec::len).sum::<usize>();
    assert_eq!(size(0), size(4095));
    assert_eq!(size(1_500_000), size(1_500_900));
    for len in [10_000, 100_000, 1_000_000, 3_000_000] {
        let padded = padded_len(len);
        assert!(padded > len && padded - len <= (len / 15).max(SMALLEST_GRANULE), "{len} becomes {padded}");
    }
}

#[test]
fn a_blob_key_prints_nothing() {
    assert_eq!(format!("{:?}", key()), "BlobKey(…)");
    assert_eq!(format!("{:?}", Opener::new(&key(), &id())), "Opener(…)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_is_sealed_opens_again(len in prop_oneof![
        0..=3 * CHUNK, 0_usize..5000, CHUNK - 2..CHUNK + 2, 2 * CHUNK - 4098..2 * CHUNK + 2, Just(3 * CHUNK)
    ]) {
        let plain = pattern(len);
        let sealed = seal(&key(), &id(), &plain);
        prop_assert!(sealed.iter().all(|chunk| chunk.len() <= CHUNK + TAG && (chunk.len() - TAG).is_multiple_of(4096)));
        prop_assert_eq!(reopen(&sealed), Ok(plain));
    }
}
