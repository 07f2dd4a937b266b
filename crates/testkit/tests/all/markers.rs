//! The scanner's negative control: what is planted is found, in every spelling, and nothing else.

use std::fs;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use testkit::markers::{Marker, scan, scan_bytes, scan_except};

/// The spellings in which a marker is found in bytes.
fn found(bytes: &[u8], marker: &Marker) -> Vec<String> {
    scan_bytes("planted", bytes, std::slice::from_ref(marker)).into_iter().map(|hit| hit.spelling).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_spelling_is_found() {
    let marker = Marker::random("prompt");
    let text = marker.text();
    let utf16le: Vec<u8> = format!("key{text}!").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16be: Vec<u8> = format!("key{text}!").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let json: String = text
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", c as u32) })
        .collect();
    let percent: String = text
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    for (bytes, spelling) in [
        (text.as_bytes().to_vec(), "utf-8"),
        (utf16le.clone(), "utf-16le"),
        ([&b"x"[..], &utf16le].concat(), "utf-16le"),
        (utf16be, "utf-16be"),
        (hex::encode(text).into_bytes(), "hex"),
        (hex::encode_upper(text).into_bytes(), "hex"),
        (format!("\"{json}\"").into_bytes(), "json escapes"),
        (format!("?q={percent}&").into_bytes(), "percent"),
        (STANDARD.encode(&utf16le).into_bytes(), "base64 of utf-16le"),
    ] {
        let found = found(&bytes, &marker);
        assert!(found.iter().any(|found| found == spelling), "{spelling}: {found:?}");
    }
}

#[test]
fn base64_is_found_in_all_alignments_and_alphabets() {
    let marker = Marker::random("prompt");
    for before in ["", "a", "ab", "abc", "{\"prompt\":\""] {
        let text = format!("{before}{}\"}}", marker.text());
        assert!(
            found(STANDARD.encode(&text).as_bytes(), &marker).iter().any(|s| s.starts_with("base64")),
            "{before}"
        );
        assert!(
            found(URL_SAFE_NO_PAD.encode(&text).as_bytes(), &marker).iter().any(|s| s.starts_with("base64")),
            "{before}"
        );
    }
}

#[test]
fn what_is_packed_is_found() {
    let marker = Marker::random("prompt");
    let filler: Vec<u8> = (0..70_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let plain = [&filler[..], marker.text().as_bytes(), &filler].concat();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("items.jsonl", options).unwrap();
    zip.write_all(&plain).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let mut frames = snap::write::FrameEncoder::new(Vec::new());
    frames.write_all(&plain).unwrap();
    let frames = frames.into_inner().unwrap();
    let raw = snap::raw::Encoder::new().compress_vec(&plain).unwrap();
    for (packed, label) in [
        (zlib(&plain), "zlib: utf-8"),
        ([&filler[..1001], &zlib(&plain)].concat(), "zlib: utf-8"),
        (gzip(&plain), "gzip: utf-8"),
        (zlib(&gzip(&plain)), "zlib: gzip: utf-8"),
        (zip, "zip: utf-8"),
        (frames, "snappy: utf-8"),
        (raw, "snappy: utf-8"),
    ] {
        let found = found(&packed, &marker);
        assert!(found.iter().any(|found| found == label), "{label}: {found:?}");
    }
}

#[test]
fn text_and_pixels_of_a_png_are_found() {
    let marker = Marker::random("prompt");
    let text = testkit::samples::with_parameters(&format!("{}\nSteps: 9", marker.text()), 32);
    assert_eq!(found(&text, &marker), ["utf-8"]);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20, 2);
    encoder.add_ztxt_chunk("Comment".into(), marker.text().trim_end_matches('灯').into()).unwrap();
    encoder.set_filter(png::Filter::NoFilter);
    let mut pixels = marker.text().as_bytes().to_vec();
    pixels.resize(40, 0);
    // A row of 20 holds less than the marker, so look for its beginning.
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    let beginning = Marker::of("pixels", &marker.text()[..18]);
    let hits = scan_bytes("a.png", &bytes, std::slice::from_ref(&beginning));
    assert!(hits.iter().filter(|hit| hit.spelling == "zlib: utf-8").count() >= 2, "{hits:?}");
}

#[test]
fn files_and_names_below_the_roots_are_searched_also_across_windows() {
    let dir = tempfile::tempdir().unwrap();
    let (near, far, name) = (Marker::random("near"), Marker::random("far"), Marker::random("name"));
    let deep = dir.path().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    // Right across the border of the first window of 4 MiB.
    let mut bytes = vec![b'.'; (4 << 20) - 9];
    bytes.extend(far.text().as_bytes());
    bytes.extend(vec![b'.'; 5 << 20]);
    bytes.extend(near.text().encode_utf16().flat_map(u16::to_le_bytes));
    fs::write(deep.join("large.bin"), bytes).unwrap();
    fs::write(dir.path().join(format!("{}.png", name.text())), b"").unwrap();
    let hits = scan(&[dir.path()], &[near, far, name]);
    let kinds: Vec<_> = hits.iter().map(|hit| (hit.kind.as_str(), hit.spelling.as_str())).collect();
    assert_eq!(kinds, [("far", "utf-8"), ("near", "utf-16le"), ("name", "name: utf-8")]);
    assert_eq!(hits[0].at, (4 << 20) - 9);
}

#[test]
fn a_plain_sqlite_file_and_its_journal_give_a_marker_away() {
    let dir = tempfile::tempdir().unwrap();
    let marker = Marker::random("prompt");
    let connection = rusqlite::Connection::open(dir.path().join("plain.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.execute("CREATE TABLE t (x TEXT)", []).unwrap();
    connection.execute("INSERT INTO t VALUES (?1)", [marker.text()]).unwrap();
    let hits = scan(&[dir.path()], std::slice::from_ref(&marker));
    assert!(hits.iter().any(|hit| hit.path.ends_with("plain.db-wal")), "{hits:?}");
}

#[test]
fn nothing_is_found_where_nothing_is_and_where_it_is_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let marker = Marker::random("prompt");
    let noise: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 21) as u8).collect();
    fs::write(dir.path().join("noise.bin"), noise).unwrap();
    assert_eq!(scan(&[dir.path()], std::slice::from_ref(&marker)), []);
    let export = dir.path().join("export.json");
    fs::write(&export, marker.text()).unwrap();
    assert_eq!(scan(&[dir.path()], std::slice::from_ref(&marker)).len(), 1);
    assert_eq!(scan_except(&[dir.path()], &[marker], |path| path == export), []);
}

#[test]
fn a_vault_gives_nothing_away() {
    let marker = Marker::random("prompt");
    let temporary = testkit::vaults::TempVault::new();
    let rows = testkit::prompts::rows(20, 1).map(|mut row| {
        row.prompt = format!("{} {}", row.prompt, marker.text());
        row
    });
    assert_eq!(testkit::vaults::fill_with_rows(temporary.get(), rows).unwrap(), 20);
    assert_eq!(scan(&[temporary.dir.path()], &[marker]), []);
}
