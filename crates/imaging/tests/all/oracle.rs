//! PngSuite against another decoder: ImageMagick's `convert`, where it is installed.

use std::io::Write;
use std::process::{Command, Stdio};

use imaging::Layout;

use crate::corpus::files;
use crate::samples::{decode, distance};

/// The file without `gAMA`: ImageMagick applies it, and here colours are taken as sRGB.
fn without_gamma(file: &[u8]) -> Vec<u8> {
    let Some(at) = file.windows(4).position(|w| w == b"gAMA") else { return file.to_vec() };
    [&file[..at - 4], &file[at + 12..]].concat()
}

fn convert(file: Vec<u8>) -> Vec<u8> {
    let mut child = Command::new("convert")
        .args(["png:-", "-depth", "8", "RGBA:-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&file));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    output.stdout
}

#[test]
fn pngsuite_has_the_pixels_that_imagemagick_finds() {
    if Command::new("convert").arg("-version").output().is_err() {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "ImageMagick's `convert` is missing");
        println!("skipped: no `convert`");
        return;
    }
    let mut wrong = Vec::new();
    for (path, about) in files() {
        if about["generator"] != "pngsuite" || about["decodes_in_pillow"] != true {
            continue;
        }
        let name = about["file"].as_str().unwrap();
        let file = std::fs::read(path).unwrap();
        let found = convert(without_gamma(&file));
        let picture = decode(&file).unwrap();
        let rgba: Vec<u8> = match picture.layout {
            Layout::Rgba8 => picture.data,
            Layout::Rgb8 => picture.data.chunks(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect(),
        };
        if rgba.len() != found.len() {
            wrong.push(format!("{name}: {} bytes, not {}", rgba.len(), found.len()));
            continue;
        }
        // Of 16 bits, we keep the upper 8; ImageMagick rounds.
        let far = distance(&rgba, &found);
        if far > 1 {
            wrong.push(format!("{name}: differs by {far}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
