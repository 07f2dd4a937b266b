//! Pictures as generators make them: 1024 × 1024 pixels, soft noise all over, written as Pillow does, with the text
//! chunks that ComfyUI, AUTOMATIC1111 and others write.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use testkit::art::{self, Motif};
use testkit::samples::{self, Sample};

/// Pixels of both edges.
pub const EDGE: u32 = 1024;

/// A file.
pub struct Picture {
    /// Its name.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes `n` pictures; no two have the same bytes.
pub fn make(n: usize) -> Result<Vec<Picture>> {
    let texts = texts()?;
    let motifs = Motif::ALL.iter().cycle();
    (0..n)
        .zip(motifs)
        .zip(texts.iter().cycle())
        .map(|((number, motif), text)| {
            let mut rgb = art::paint(*motif, number as u64, EDGE, EDGE).rgb;
            grain(&mut rgb, number as u64);
            let bytes = with_text(&encode(&rgb)?, text)?;
            Ok(Picture { file_name: format!("{number:05}.png"), bytes })
        })
        .collect()
}

/// Writes them into a folder and gives their paths.
pub fn write(pictures: &[Picture], folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    pictures
        .iter()
        .map(|picture| {
            let path = folder.join(&picture.file_name);
            fs::write(&path, &picture.bytes)?;
            Ok(path)
        })
        .collect()
}

/// Mean size in bytes.
pub fn mean_bytes(pictures: &[Picture]) -> f64 {
    let total: usize = pictures.iter().map(|picture| picture.bytes.len()).sum();
    total as f64 / pictures.len().max(1) as f64
}

/// Painted surfaces are smooth where those of diffusion models are not: noise that all channels share, and a little
/// of its own for each, bring a file to the 1.2 to 1.8 MB that those have.
fn grain(rgb: &mut [u8], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for pixel in rgb.as_chunks_mut::<3>().0 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bits = |shift: u32, width: u32| ((state >> shift) & ((1 << width) - 1)) as i16;
        // Sums of even throws, so that small changes are frequent and large ones rare.
        let shared = bits(0, 2) + bits(2, 2) - bits(4, 2) - bits(6, 2);
        for (channel, shift) in pixel.iter_mut().zip([8, 12, 16]) {
            let own = bits(shift, 1) - bits(shift + 1, 1);
            *channel =
                u8::try_from((i16::from(*channel) + shared / 2 + own).clamp(0, 255)).unwrap_or_default();
        }
    }
}

fn encode(rgb: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, EDGE, EDGE);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // ComfyUI asks Pillow for level 4.
    encoder.set_deflate_compression(png::DeflateCompression::Level(4));
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()?;
    Ok(bytes)
}

/// The text chunks of every writer in the testkit of PNG files with a prompt, whole as they stand in the file.
fn texts() -> Result<Vec<Vec<u8>>> {
    let samples = samples::all(&samples::Options::default());
    let asks = |sample: &&Sample| {
        let recipe = sample.expected.recipe.as_ref();
        recipe.and_then(|recipe| recipe.prompt.as_deref()).is_some_and(|prompt| !prompt.trim().is_empty())
    };
    let texts: Vec<Vec<u8>> =
        samples.iter().filter(asks).map(text_of).filter(|text| !text.is_empty()).collect();
    ensure!(texts.len() > 10, "the testkit has no PNG samples");
    Ok(texts)
}

fn text_of(sample: &Sample) -> Vec<u8> {
    let wanted = |kind: &[u8]| matches!(kind, b"tEXt" | b"iTXt" | b"zTXt" | b"eXIf");
    chunks(&sample.bytes).filter(|(kind, _)| wanted(kind)).flat_map(|(_, chunk)| chunk.to_vec()).collect()
}

fn with_text(png: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    let before: usize =
        chunks(png).take_while(|(kind, _)| kind != b"IDAT").map(|(_, chunk)| chunk.len()).sum();
    let (head, rest) = png.split_at_checked(SIGNATURE + before).context("a picture without pixels")?;
    Ok([head, text, rest].concat())
}

const SIGNATURE: usize = 8;

/// Kind and whole of each chunk; none of what is not a PNG.
fn chunks(png: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(*rest.first_chunk::<4>()?) as usize;
        let (chunk, after) = rest.split_at_checked(length + 12)?;
        rest = after;
        Some((chunk.get(4..8)?, chunk))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_like_those_of_generators() {
        let pictures = make(3).unwrap();
        for picture in &pictures {
            let size = picture.bytes.len();
            assert!((1_100_000..1_900_000).contains(&size), "{size}");
            let decoded = imaging::decode(&picture.bytes, &imaging::Limits::default()).unwrap();
            assert_eq!((decoded.width, decoded.height), (EDGE, EDGE));
            assert!(
                metadata::read(&picture.bytes, None).recipe.is_some_and(|recipe| recipe.prompt.is_some())
            );
        }
    }
}
