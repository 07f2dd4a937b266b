//! Files as programs write them, byte by byte.

/// A PNG head for a size, then chunks, then a little data and the end. CRCs are zero: none is checked here.
pub fn png(width: u32, height: u32, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let all = [(b"IHDR", head)].into_iter().chain(chunks.iter().cloned()).chain([(b"IEND", Vec::new())]);
    for (kind, data) in all {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        bytes.extend(kind);
        bytes.extend(data);
        bytes.extend([0; 4]);
    }
    bytes
}

/// `keyword NUL text`.
pub fn text_chunk(key: &str, text: &[u8]) -> Vec<u8> {
    [key.as_bytes(), b"\0", text].concat()
}

/// A JPEG of segments and a frame of a size, without data.
pub fn jpeg(width: u16, height: u16, segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let frame =
        [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]]
            .concat();
    for (marker, data) in segments.iter().chain([&(0xc0, frame)]) {
        bytes.extend([0xff, *marker]);
        bytes.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        bytes.extend(data);
    }
    bytes.extend([0xff, 0xda, 0, 2, 0xff, 0xd9]);
    bytes
}

/// A WebP of chunks.
pub fn webp(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend(*kind);
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend(data);
        body.extend(vec![0; data.len() % 2]);
    }
    [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

/// A box with its size.
pub fn boxed(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len() + 8).unwrap().to_be_bytes()[..], kind, data].concat()
}

/// A TIFF block: text tags in its first directory, others (above 0x8fff) in its EXIF directory.
pub fn tiff(big: bool, tags: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let short = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let long = |n: usize| if big { (n as u32).to_be_bytes() } else { (n as u32).to_le_bytes() };
    let (inner, outer): (Vec<_>, Vec<_>) = tags.iter().partition(|(tag, ..)| *tag > 0x8fff);
    let mut bytes = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    bytes.extend(long(8));
    let inner_at = 8 + 2 + (outer.len() + 1) * 12 + 4;
    let mut data_at = inner_at + 2 + inner.len() * 12 + 4;
    let mut data: Vec<u8> = Vec::new();
    let mut directory = |entries: &[&(u16, u16, Vec<u8>)], link: bool| {
        let mut out = short((entries.len() + usize::from(link)) as u16).to_vec();
        for (tag, kind, value) in entries {
            out.extend([short(*tag), short(*kind)].concat());
            out.extend(long(if *kind == 3 { value.len() / 2 } else { value.len() }));
            if value.len() <= 4 {
                out.extend(value.iter().chain(&[0; 4]).take(4));
            } else {
                out.extend(long(data_at));
                data_at += value.len();
                data.extend(value);
            }
        }
        if link {
            out.extend([short(0x8769), short(4)].concat());
            out.extend(long(1));
            out.extend(long(inner_at));
        }
        out.extend([0; 4]);
        out
    };
    bytes.extend(directory(&outer, true));
    bytes.extend(directory(&inner, false));
    bytes.extend(data);
    bytes
}

/// A UserComment: `UNICODE` and UTF-16 in either order.
pub fn unicode_comment(text: &str, big: bool) -> Vec<u8> {
    let units =
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    b"UNICODE\0".iter().copied().chain(units).collect()
}
