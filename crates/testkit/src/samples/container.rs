//! Files around pictures: PNG chunks, EXIF, JPEG segments, WebP chunks, laid out as the imitated programs do.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use model::Format;

use crate::art::Painting;

/// A PNG chunk.
#[derive(Debug, Clone)]
pub struct Chunk {
    kind: [u8; 4],
    data: Vec<u8>,
}

impl Chunk {
    /// A chunk of any kind.
    pub fn new(kind: &[u8; 4], data: Vec<u8>) -> Self {
        Self { kind: *kind, data }
    }

    /// What Pillow writes: tEXt where the text is Latin-1, else iTXt.
    pub fn pillow(key: &str, text: &str) -> Self {
        match text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>() {
            Some(latin) => Self::raw_text(key, &latin),
            None => Self::itxt(key, text),
        }
    }

    /// tEXt with bytes of whatever charset the program believes in.
    pub fn raw_text(key: &str, text: &[u8]) -> Self {
        Self::new(b"tEXt", [key.as_bytes(), b"\0", text].concat())
    }

    /// iTXt, uncompressed.
    pub fn itxt(key: &str, text: &str) -> Self {
        Self::new(b"iTXt", [key.as_bytes(), b"\0\0\0\0\0", text.as_bytes()].concat())
    }

    /// iTXt, compressed, with a language and a translated keyword.
    pub fn itxt_compressed(key: &str, text: &str) -> Self {
        let head = [key.as_bytes(), b"\0\x01\0ja\0", "設定".as_bytes(), b"\0"].concat();
        Self::new(b"iTXt", [head, zlib(text.as_bytes())].concat())
    }

    /// zTXt of Latin-1.
    pub fn ztxt(key: &str, text: &str) -> Self {
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        Self::new(b"zTXt", [key.as_bytes(), b"\0\0", &zlib(&latin)].concat())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut crc = flate2::Crc::new();
        crc.update(&self.kind);
        crc.update(&self.data);
        let length = u32::try_from(self.data.len()).unwrap().to_be_bytes();
        [&length[..], &self.kind, &self.data, &crc.sum().to_be_bytes()].concat()
    }
}

/// Deflates.
pub fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Pixels to encode.
pub enum Pixels<'a> {
    /// Without alpha.
    Rgb(&'a Painting),
    /// With the given alpha-carrying bytes in place of the painting's.
    Rgba(&'a Painting, &'a [u8]),
}

/// A PNG with chunks before the pixels.
pub fn png(pixels: &Pixels<'_>, chunks: &[Chunk]) -> Vec<u8> {
    with_chunks(&bare_png(pixels), chunks, false)
}

/// A PNG with chunks behind the pixels.
pub fn png_text_last(pixels: &Pixels<'_>, chunks: &[Chunk]) -> Vec<u8> {
    with_chunks(&bare_png(pixels), chunks, true)
}

fn bare_png(pixels: &Pixels<'_>) -> Vec<u8> {
    let (painting, data, color) = match pixels {
        Pixels::Rgb(painting) => (painting, painting.rgb.as_slice(), png::ColorType::Rgb),
        Pixels::Rgba(painting, data) => (painting, *data, png::ColorType::Rgba),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, painting.width, painting.height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

fn with_chunks(bytes: &[u8], chunks: &[Chunk], last: bool) -> Vec<u8> {
    // Signature and IHDR are 33 bytes, IEND is 12.
    let at = if last { bytes.len() - 12 } else { 33 };
    let added: Vec<u8> = chunks.iter().flat_map(Chunk::bytes).collect();
    [&bytes[..at], &added, &bytes[at..]].concat()
}

/// Order of bytes in a TIFF block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `II`.
    Little,
    /// `MM`.
    Big,
}

/// One entry of a directory: tag, type (2 text, 7 undefined) and bytes.
pub type Entry = (u16, u16, Vec<u8>);

/// A TIFF block. Values of the first directory follow it, then the EXIF directory, then its values.
pub struct Exif {
    /// Order of bytes.
    pub order: Order,
    /// The first directory, in the order in which it is written.
    pub first: Vec<Entry>,
    /// The EXIF directory; none is written when it is empty.
    pub sub: Vec<Entry>,
    /// Whether the EXIF directory ends with a pointer to a next one, as it should. piexif leaves it out.
    pub closed: bool,
    /// Whether values begin at even places, as Pillow writes them.
    pub aligned: bool,
}

impl Exif {
    /// What piexif writes for a UserComment: the A1111 family's JPEG and WebP.
    pub fn piexif(comment: Vec<u8>) -> Self {
        Self {
            order: Order::Big,
            first: Vec::new(),
            sub: vec![(0x9286, 7, comment)],
            closed: false,
            aligned: false,
        }
    }

    /// What ImageSharp writes: SwarmUI, Civitai.
    pub fn image_sharp(first: Vec<Entry>, comment: Vec<u8>) -> Self {
        Self { order: Order::Little, first, sub: vec![(0x9286, 7, comment)], closed: true, aligned: false }
    }

    /// What Pillow writes when texts are put into the first directory.
    pub fn pillow(first: Vec<Entry>) -> Self {
        Self { order: Order::Big, first, sub: Vec::new(), closed: true, aligned: true }
    }

    fn short(&self, n: u16) -> [u8; 2] {
        if self.order == Order::Big { n.to_be_bytes() } else { n.to_le_bytes() }
    }

    fn long(&self, n: usize) -> [u8; 4] {
        let n = u32::try_from(n).unwrap();
        if self.order == Order::Big { n.to_be_bytes() } else { n.to_le_bytes() }
    }

    /// The block without `Exif\0\0`.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = if self.order == Order::Big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        out.extend(self.long(8));
        let pointer = usize::from(!self.sub.is_empty());
        let mut data = 8 + 2 + 12 * (self.first.len() + pointer) + 4;
        let (mut directory, mut values) = (Vec::new(), Vec::new());
        for entry in &self.first {
            self.entry(entry, data, &mut directory, &mut values);
        }
        data += values.len();
        if pointer == 1 {
            directory
                .extend([&self.short(0x8769)[..], &self.short(4), &self.long(1), &self.long(data)].concat());
        }
        out.extend(self.short(u16::try_from(self.first.len() + pointer).unwrap()));
        out.extend(directory);
        out.extend([0; 4]);
        out.extend(values);
        if pointer == 1 {
            let base = out.len() + 2 + 12 * self.sub.len() + if self.closed { 4 } else { 0 };
            let (mut directory, mut values) = (Vec::new(), Vec::new());
            for entry in &self.sub {
                self.entry(entry, base, &mut directory, &mut values);
            }
            out.extend(self.short(u16::try_from(self.sub.len()).unwrap()));
            out.extend(directory);
            out.extend(vec![0; if self.closed { 4 } else { 0 }]);
            out.extend(values);
        }
        out
    }

    fn entry(&self, (tag, kind, value): &Entry, base: usize, directory: &mut Vec<u8>, values: &mut Vec<u8>) {
        directory.extend([&self.short(*tag)[..], &self.short(*kind), &self.long(value.len())].concat());
        if value.len() <= 4 {
            directory.extend(value);
            directory.extend(vec![0; 4 - value.len()]);
            return;
        }
        directory.extend(self.long(base + values.len()));
        values.extend(value);
        if self.aligned && values.len() % 2 == 1 {
            values.push(0);
        }
    }
}

/// Charset of a UserComment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// `UNICODE\0` and UTF-16, high byte first.
    Utf16Be,
    /// `UNICODE\0` and UTF-16, low byte first.
    Utf16Le,
    /// `ASCII\0\0\0`.
    Ascii,
    /// Eight NULs and UTF-8.
    Undefined,
}

/// A UserComment's bytes.
pub fn user_comment(charset: Charset, text: &str) -> Vec<u8> {
    let body = match charset {
        Charset::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Charset::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Charset::Ascii | Charset::Undefined => text.as_bytes().to_vec(),
    };
    let head: &[u8; 8] = match charset {
        Charset::Utf16Be | Charset::Utf16Le => b"UNICODE\0",
        Charset::Ascii => b"ASCII\0\0\0",
        Charset::Undefined => &[0; 8],
    };
    [&head[..], &body].concat()
}

/// A text with the NUL that ends it in EXIF.
pub fn ascii(text: &str) -> Vec<u8> {
    [text.as_bytes(), b"\0"].concat()
}

/// A JPEG with segments (marker, data) behind JFIF, or in its place as piexif does.
pub fn jpeg(painting: &Painting, segments: &[(u8, Vec<u8>)], jfif: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let edge = |n: u32| u16::try_from(n).unwrap();
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&painting.rgb, edge(painting.width), edge(painting.height), jpeg_encoder::ColorType::Rgb)
        .unwrap();
    // SOI is 2 bytes, the encoder's JFIF segment 18.
    let mut out = bytes[..if jfif { 20 } else { 2 }].to_vec();
    for (marker, data) in segments {
        out.extend([0xff, *marker]);
        out.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        out.extend(data);
    }
    out.extend(&bytes[20..]);
    out
}

/// The APP1 segment of an EXIF block.
pub fn app1(exif: &Exif) -> (u8, Vec<u8>) {
    (0xe1, [&b"Exif\0\0"[..], &exif.bytes()].concat())
}

/// A lossless WebP with chunks behind the pixels.
pub fn webp(pixels: &Pixels<'_>, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let (painting, data, color) = match pixels {
        Pixels::Rgb(painting) => (painting, painting.rgb.as_slice(), image_webp::ColorType::Rgb8),
        Pixels::Rgba(painting, data) => (painting, *data, image_webp::ColorType::Rgba8),
    };
    let mut simple = Vec::new();
    image_webp::WebPEncoder::new(&mut simple).encode(data, painting.width, painting.height, color).unwrap();
    let alpha = if matches!(pixels, Pixels::Rgba(..)) { 0x10 } else { 0 };
    let mut head = vec![0x08 | alpha, 0, 0, 0];
    head.extend(&(painting.width - 1).to_le_bytes()[..3]);
    head.extend(&(painting.height - 1).to_le_bytes()[..3]);
    riff(&[(b"VP8X", head)], &simple[12..], chunks)
}

/// Wraps chunks in a RIFF file; `middle` are chunks already written.
pub fn riff(before: &[(&[u8; 4], Vec<u8>)], middle: &[u8], after: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let write = |chunks: &[(&[u8; 4], Vec<u8>)]| -> Vec<u8> {
        let one = |(kind, data): &(&[u8; 4], Vec<u8>)| {
            let length = u32::try_from(data.len()).unwrap().to_le_bytes();
            [&kind[..], &length, data, &vec![0; data.len() % 2]].concat()
        };
        chunks.iter().flat_map(one).collect()
    };
    let body = [&b"WEBP"[..], &write(before), middle, &write(after)].concat();
    [&b"RIFF"[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

/// What the bytes of a sample are.
pub fn format_of(bytes: &[u8]) -> Format {
    Format::sniff(bytes).unwrap()
}

/// Width and height as a PNG's header has them.
pub fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let edge = |at: usize| bytes.get(at..)?.first_chunk::<4>().map(|edge| u32::from_be_bytes(*edge));
    bytes.starts_with(b"\x89PNG").then(|| Some((edge(16)?, edge(20)?))).flatten()
}
