//! Any message hidden in the lowest bits of pixels, behind any of the signatures or none.

use std::io::Write;

const WIDTH: usize = 64;
const SIGNATURES: [&[u8; 15]; 4] =
    [b"stealth_pnginfo", b"stealth_pngcomp", b"stealth_rgbinfo", b"stealth_rgbcomp"];

/// Says of the message: which signature, whether it is packed as the signature promises, whether its length is true,
/// and how many channels the picture has.
struct Way(u8);

impl Way {
    fn signature(&self) -> Option<&'static [u8; 15]> {
        SIGNATURES.get(usize::from(self.0 & 7)).copied()
    }
    fn packs(&self) -> bool {
        self.0 & 8 == 0
    }
    fn tells_its_length(&self) -> bool {
        self.0 & 16 == 0
    }
    fn channels(&self) -> usize {
        if self.0 & 32 == 0 { 4 } else { 3 }
    }
}

fn hidden(way: &Way, signature: &[u8; 15], message: &[u8]) -> Option<Vec<u8>> {
    let mut message = message.to_vec();
    if signature.ends_with(b"comp") && way.packs() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&message).ok()?;
        message = packer.finish().ok()?;
    }
    let length = u32::try_from(message.len() * 8).ok()?;
    // Otherwise the message's own first bytes are taken for its length.
    let length = if way.tells_its_length() { length.to_be_bytes().to_vec() } else { Vec::new() };
    Some([&signature[..], &length, &message].concat())
}

/// The lowest bits of these channels hold the bytes, column by column.
fn pixels(bytes: &[u8], channels: usize, used: &[usize]) -> (usize, Vec<u8>) {
    let height = (bytes.len() * 8).div_ceil(WIDTH * used.len()).max(1);
    let mut data = vec![0; WIDTH * height * channels];
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |shift| byte >> shift & 1));
    for (n, bit) in bits.enumerate() {
        let (pixel, channel) = (n / used.len(), used[n % used.len()]);
        data[(pixel % height * WIDTH + pixel / height) * channels + channel] = bit;
    }
    (height, data)
}

/// Any message hidden in the lowest bits of pixels. The first byte says how.
pub fn stealth(data: &[u8]) {
    let Some((&way, message)) = data.split_first() else { return };
    let way = Way(way);
    let channels = way.channels();
    let (height, data) = match way.signature() {
        Some(signature) => {
            let alpha = channels == 4 && signature.starts_with(b"stealth_png");
            let used: &[usize] = if alpha { &[3] } else { &[0, 1, 2] };
            let Some(bytes) = hidden(&way, signature, message) else { return };
            pixels(&bytes, channels, used)
        }
        None => (message.len() / (WIDTH * channels), message.to_vec()),
    };
    let used = WIDTH * height * channels;
    let pixels =
        metadata::Pixels { width: WIDTH as u32, height: height as u32, data: &data[..used], channels };
    let reading = metadata::read(b"\x89PNG\r\n\x1a\n", Some(pixels));
    let _ = metadata::to_json(&reading);
}
