//! Files that a person may have and that must do no harm: cut off, mislabelled, bombs, loops, lies about lengths; and
//! a few that look odd but are sound.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::art::{Motif, Painting, paint};
use crate::samples::{Chunk, J, Pixels, Style, png, riff, webp, zlib};

/// What an import is to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It can't be looked at, so it is not taken.
    Refused,
    /// It is a sound picture; what it says of itself may be lost.
    Taken,
}

/// A bad file.
#[derive(Clone)]
pub struct Bad {
    /// Its name; not always UTF-8.
    pub name: OsString,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is to become of it.
    pub verdict: Verdict,
}

impl std::fmt::Debug for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bad({}, {} bytes, {:?})", self.name.display(), self.bytes.len(), self.verdict)
    }
}

fn bad(name: &str, bytes: Vec<u8>, verdict: Verdict) -> Bad {
    Bad { name: name.into(), bytes, verdict }
}

/// A sound small picture, a different one for each number.
fn picture(n: u64) -> Painting {
    paint(Motif::ALL[n as usize % Motif::ALL.len()], n, 48, 40)
}

fn plain(n: u64) -> Vec<u8> {
    png(&Pixels::Rgb(&picture(n)), &[])
}

fn with(n: u64, chunk: Chunk) -> Vec<u8> {
    png(&Pixels::Rgb(&picture(n)), &[chunk])
}

fn photo(n: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let painting = picture(n);
    jpeg_encoder::Encoder::new(&mut bytes, 85)
        .encode(&painting.rgb, 48, 40, jpeg_encoder::ColorType::Rgb)
        .expect("a small picture");
    bytes
}

/// All of them.
pub fn all() -> Vec<Bad> {
    [cut_off(), mislabelled(), bombs(), loops(), odd_but_sound()].concat()
}

fn cut_off() -> Vec<Bad> {
    let half = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    let mut long = plain(4);
    // The length of the first chunk behind the header.
    long[33..37].copy_from_slice(&[0xff; 4]);
    vec![
        bad("cut-off.png", half(plain(1)), Verdict::Refused),
        bad("cut-off.jpg", half(photo(2)), Verdict::Refused),
        bad("cut-off.webp", half(webp(&Pixels::Rgb(&picture(3)), &[])), Verdict::Refused),
        bad("signature-only.png", b"\x89PNG\r\n\x1a\n".to_vec(), Verdict::Refused),
        bad("chunk-length.png", long, Verdict::Refused),
        bad("empty.png", Vec::new(), Verdict::Refused),
    ]
}

fn mislabelled() -> Vec<Bad> {
    vec![
        bad("really-png.jpg", plain(5), Verdict::Taken),
        bad("really-jpeg.png", photo(6), Verdict::Taken),
        bad("really-text.png", "これは絵ではありません\n".into(), Verdict::Refused),
        bad("really-html.webp", b"<!doctype html><script>alert(1)</script>".to_vec(), Verdict::Refused),
    ]
}

fn bombs() -> Vec<Bad> {
    let zeros = zlib(&vec![0; 48 << 20]);
    let packed = |head: &[u8]| [head, &zeros].concat();
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let laughs = "<!DOCTYPE x [<!ENTITY a \"haha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \
                  \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><a>&c;</a></x:xmpmeta>";
    let crowd: Vec<Chunk> = (0..20_000).map(|n| Chunk::pillow(&format!("key{n}"), "value")).collect();
    vec![
        bad("65535-by-65535.png", huge(65_535, 65_535), Verdict::Refused),
        bad("long-line.png", huge(0x7fff_ffff, 1), Verdict::Refused),
        bad("ztxt-bomb.png", with(7, Chunk::new(b"zTXt", packed(b"parameters\0\0"))), Verdict::Taken),
        bad("itxt-bomb.png", with(8, Chunk::new(b"iTXt", packed(b"parameters\0\x01\0\0\0"))), Verdict::Taken),
        bad("deep-json.png", with(9, Chunk::raw_text("parameters", deep.as_bytes())), Verdict::Taken),
        bad("entities.png", with(10, Chunk::itxt("XML:com.adobe.xmp", laughs)), Verdict::Taken),
        bad("many-chunks.png", png(&Pixels::Rgb(&picture(11)), &crowd), Verdict::Taken),
    ]
}

/// A header that promises more pixels than there are bytes of memory.
fn huge(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        let length = u32::try_from(data.len()).expect("a short chunk").to_be_bytes();
        [&length[..], kind, data, &crc.sum().to_be_bytes()].concat()
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let pixels = zlib(&[0; 4096]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &pixels), chunk(b"IEND", &[])]
        .concat()
}

fn loops() -> Vec<Bad> {
    let graph = r#"{"1": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 4, "cfg": 1.0, "model": ["2", 0], "positive": ["3", 0], "negative": ["3", 0], "latent_image": ["1", 0]}}, "2": {"class_type": "LoraLoader", "inputs": {"lora_name": "a", "model": ["2", 0]}}, "3": {"class_type": "ConditioningCombine", "inputs": {"conditioning_1": ["4", 0], "conditioning_2": ["3", 0]}}, "4": {"class_type": "Reroute", "inputs": {"": ["3", 0]}}, "5": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}}}"#;
    // A directory whose only entry points back at the directory, which is its own successor as well.
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    let photo = photo(13);
    let length = u16::try_from(exif.len() + 2).expect("a short segment").to_be_bytes();
    let looped = [&photo[..20], &[0xff, 0xe1], &length, exif, &photo[20..]].concat();
    vec![
        bad("graph-cycle.png", with(12, Chunk::pillow("prompt", graph)), Verdict::Taken),
        bad("exif-loop.jpg", looped, Verdict::Taken),
    ]
}

fn odd_but_sound() -> Vec<Bad> {
    let hazard = "<img src=x onerror=alert(1)> {{7*7}} \u{202e}gnp.exe \u{200b} =cmd|'/c calc'!A1 '); DROP TABLE items;--";
    let text = J::S(hazard.to_owned()).text(Style::Python);
    vec![
        bad("animated.png", animated_png(), Verdict::Taken),
        bad("animated.webp", animated_webp(&[picture(14), picture(15), picture(16)]), Verdict::Taken),
        bad(
            "hazard.png",
            with(
                17,
                Chunk::pillow(
                    "parameters",
                    &format!("{hazard}\nSteps: 9, Sampler: Euler, Seed: 7, Size: 48x40"),
                ),
            ),
            Verdict::Taken,
        ),
        bad("json-hazard.png", with(18, Chunk::pillow("Comment", &text)), Verdict::Taken),
        bad("CON.png", plain(19), Verdict::Taken),
        bad(&format!("{}.png", "長い名前".repeat(20)), plain(20), Verdict::Taken),
    ]
}

/// Three frames, the first of them the still picture.
pub fn animated_png() -> Vec<u8> {
    let frames = [picture(21), picture(22), picture(23)];
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 48, 40);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_animated(3, 0).expect("three frames");
    encoder.set_frame_delay(1, 10).expect("a delay");
    let mut writer = encoder.write_header().expect("writing to memory");
    for frame in &frames {
        writer.write_image_data(&frame.rgb).expect("writing to memory");
    }
    writer.finish().expect("writing to memory");
    bytes
}

/// An animated WebP of frames of one size. Source: RFC 9649 §2.7.
pub fn animated_webp(frames: &[Painting]) -> Vec<u8> {
    let edge = |n: u32| (n - 1).to_le_bytes()[..3].to_vec();
    let size =
        frames.first().map(|frame| [edge(frame.width), edge(frame.height)].concat()).unwrap_or_default();
    let frame = |painting: &Painting| {
        let mut simple = Vec::new();
        image_webp::WebPEncoder::new(&mut simple)
            .encode(&painting.rgb, painting.width, painting.height, image_webp::ColorType::Rgb8)
            .expect("a small picture");
        // At the origin, 100 ms, drawn over the last one without blending.
        [&[0; 6][..], &size, &[100, 0, 0, 2], &simple[12..]].concat()
    };
    let head = [&[0x02, 0, 0, 0][..], &size].concat();
    let mut chunks: Vec<(&[u8; 4], Vec<u8>)> = vec![(b"ANIM", vec![0; 6])];
    chunks.extend(frames.iter().map(|painting| (b"ANMF", frame(painting))));
    riff(&[(b"VP8X", head)], &[], &chunks)
}

/// Writes all of them into a folder, and beside them what only a file system can have: on Unix a name that is not
/// UTF-8 (a sound picture), a folder that links to itself, a link to nothing. Gives the paths of the files.
///
/// # Errors
/// As the system says.
pub fn write_to(dir: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(dir)?;
    let mut files = all();
    files.extend(not_utf8());
    let mut paths = Vec::new();
    for file in files {
        let path = dir.join(&file.name);
        fs::write(&path, &file.bytes)?;
        paths.push(path);
    }
    links(dir)?;
    Ok(paths)
}

/// A sound picture whose name is Latin-1.
#[cfg(target_os = "linux")]
pub fn not_utf8() -> Option<Bad> {
    use std::os::unix::ffi::OsStringExt;
    Some(Bad { name: OsString::from_vec(b"caf\xe9.png".to_vec()), bytes: plain(24), verdict: Verdict::Taken })
}

/// Only Linux keeps names of any bytes.
#[cfg(not(target_os = "linux"))]
pub fn not_utf8() -> Option<Bad> {
    None
}

#[cfg(unix)]
fn links(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::symlink;
    symlink(dir, dir.join("loop"))?;
    symlink("self.png", dir.join("self.png"))?;
    symlink("gone.png", dir.join("dangling.png"))
}

#[cfg(not(unix))]
fn links(_: &Path) -> io::Result<()> {
    Ok(())
}
