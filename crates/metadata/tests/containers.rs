//! Places of metadata in every container.

use std::io::Write;

use metadata::{Note, Reading, block_text, limits, read, to_json};

use crate::files::{boxed, jpeg, png, text_chunk, tiff, unicode_comment, webp};

const TEXT: &str = "灯台, dramatic sky\nNegative prompt: fog\nSteps: 22, Sampler: Euler a, CFG scale: 6.5, Seed: 7, Size: 96x64";

fn prompt(reading: &Reading) -> Option<&str> {
    reading.recipe.as_ref()?.prompt.as_deref()
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_text_chunk_of_png_is_read_also_behind_the_picture() {
    let international =
        |flag: u8, text: &[u8]| [b"parameters\0", &[flag, 0][..], b"ja\0key\0", text].concat();
    let latin = TEXT.replace("灯台", "caf\u{e9}");
    let latin_bytes: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    let chunks: [(&[u8; 4], Vec<u8>, &str); 5] = [
        (b"tEXt", text_chunk("parameters", TEXT.as_bytes()), "灯台, dramatic sky"),
        (b"tEXt", text_chunk("parameters", &latin_bytes), "café, dramatic sky"),
        (
            b"zTXt",
            text_chunk("parameters", &[&[0], deflated(&latin_bytes).as_slice()].concat()),
            "café, dramatic sky",
        ),
        (b"iTXt", international(0, TEXT.as_bytes()), "灯台, dramatic sky"),
        (b"iTXt", international(1, &deflated(TEXT.as_bytes())), "灯台, dramatic sky"),
    ];
    for (kind, data, expected) in chunks {
        let reading = read(&png(96, 64, &[(b"IDAT", vec![0; 9]), (kind, data)]), None);
        assert_eq!(prompt(&reading), Some(expected), "{kind:?}");
        assert_eq!((reading.width, reading.height), (Some(96), Some(64)));
        assert!(reading.notes.is_empty());
    }
}

#[test]
fn raw_blocks_are_kept_as_they_stood() {
    let reading = read(&png(1, 1, &[(b"tEXt", text_chunk("Title", b"caf\xe9"))]), None);
    assert_eq!((reading.raw[0].place.as_str(), reading.raw[0].key.as_str()), ("png:tEXt", "Title"));
    assert_eq!(reading.raw[0].bytes, b"caf\xe9");
    assert_eq!(block_text(&reading.raw[0]), "café");
    assert_eq!(reading.recipe, None);
}

#[test]
fn a_user_comment_is_read_in_every_character_set_and_byte_order() {
    let comments = [
        unicode_comment(TEXT, true),
        unicode_comment(TEXT, false),
        [b"UNICODE\0\xff\xfe".as_slice(), &unicode_comment(TEXT, false)[8..]].concat(),
        [b"UNICODE\0\xfe\xff".as_slice(), &unicode_comment(TEXT, true)[8..], b"\0"].concat(),
        [b"ASCII\0\0\0".as_slice(), TEXT.as_bytes()].concat(),
        [&[0; 8], TEXT.as_bytes(), b"\0\0"].concat(),
        TEXT.as_bytes().to_vec(),
    ];
    for comment in comments {
        for big in [true, false] {
            let block = tiff(big, &[(0x9286, 7, comment.clone())]);
            let exif = [b"Exif\0\0".as_slice(), &block].concat();
            let head = (b"VP8X", vec![0, 0, 0, 0, 95, 0, 0, 63, 0, 0]);
            let files = [
                jpeg(96, 64, &[(0xe1, exif.clone())]),
                webp(&[head.clone(), (b"EXIF", block.clone())]),
                webp(&[head, (b"EXIF", exif)]),
                png(96, 64, &[(b"eXIf", block.clone())]),
            ];
            for file in files {
                let reading = read(&file, None);
                assert_eq!(prompt(&reading), Some("灯台, dramatic sky"));
                assert_eq!((reading.width, reading.height), (Some(96), Some(64)));
            }
        }
    }
}

#[test]
fn orientation_and_the_time_of_making() {
    let tags = [
        (0x0112, 3, vec![0, 6]),
        (0x9003, 2, b"2026:01:04 10:27:21\0".to_vec()),
        (0x9011, 2, b"+09:00\0".to_vec()),
    ];
    let reading = read(&jpeg(96, 64, &[(0xe1, [b"Exif\0\0".as_slice(), &tiff(true, &tags)].concat())]), None);
    assert_eq!((reading.orientation, reading.width), (Some(6), Some(96)));
    assert_eq!(to_json(&reading)["created_at"], "2026-01-04T01:27:21.000Z");
    let without_zone =
        read(&jpeg(96, 64, &[(0xe1, [b"Exif\0\0".as_slice(), &tiff(true, &tags[..2])].concat())]), None);
    assert_eq!(without_zone.created_at, None);
    let civitai = format!(
        "{TEXT}, Created Date: 2026-01-04T01:27:21.2717070Z, Civitai resources: [], Civitai metadata: {{}}"
    );
    let reading = read(&png(1, 1, &[(b"tEXt", text_chunk("parameters", civitai.as_bytes()))]), None);
    assert_eq!(to_json(&reading)["created_at"], "2026-01-04T01:27:21.271Z");
}

#[test]
fn graphs_in_the_exif_tags_of_saving_nodes() {
    let graph = r#"{"1": {"class_type": "KSampler", "inputs": {"seed": 5, "steps": 8, "cfg": 1, "positive": ["2", 0]}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a boat"}}}"#;
    for (tag, label) in [(0x0110, "prompt:"), (0x010f, "Prompt: ")] {
        let block = tiff(false, &[(tag, 2, format!("{label}{graph}\0").into_bytes())]);
        assert_eq!(prompt(&read(&webp(&[(b"ANIM", vec![0; 6]), (b"EXIF", block)]), None)), Some("a boat"));
    }
    let whole = format!("{{\"prompt\": {graph}, \"workflow\": {{\"nodes\": []}}}}");
    let block = tiff(true, &[(0x9286, 7, whole.into_bytes())]);
    let reading = read(&webp(&[(b"EXIF", block)]), None);
    assert_eq!(prompt(&reading), Some("a boat"));
}

/// An AVIF of a picture, an EXIF item and an XMP item.
fn avif(exif: &[u8], xmp: &[u8]) -> Vec<u8> {
    let ftyp = boxed(b"ftyp", b"avif\0\0\0\0avifmif1");
    let infe = |id: u8, kind: &[u8; 4], rest: &[u8]| {
        boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], kind.as_slice(), b"\0", rest].concat())
    };
    let entries =
        [infe(1, b"av01", b""), infe(2, b"Exif", b""), infe(3, b"mime", b"application/rdf+xml\0")].concat();
    let iinf = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 3], entries.as_slice()].concat());
    let ispe = |width: u32, height: u32| {
        boxed(b"ispe", &[&[0; 4], &width.to_be_bytes()[..], &height.to_be_bytes()].concat())
    };
    let ipco = boxed(b"ipco", &[ispe(48, 32), ispe(96, 64)].concat());
    let ipma = boxed(b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0x82]);
    let iprp = boxed(b"iprp", &[ipco, ipma].concat());
    let pitm = boxed(b"pitm", &[0, 0, 0, 0, 0, 1]);
    let build = |start: u32| {
        let extent = |id: u8, at: u32, length: usize| {
            let numbers = [at.to_be_bytes(), u32::try_from(length).unwrap().to_be_bytes()].concat();
            [&[0, id, 0, 0, 0, 1][..], &numbers].concat()
        };
        let second = start + u32::try_from(exif.len()).unwrap();
        let extents = [extent(2, start, exif.len()), extent(3, second, xmp.len())].concat();
        let iloc = boxed(b"iloc", &[&[0, 0, 0, 0, 0x44, 0, 0, 2], extents.as_slice()].concat());
        let meta = boxed(b"meta", &[&[0; 4], pitm.as_slice(), &iinf, &iprp, &iloc].concat());
        [ftyp.as_slice(), &meta].concat()
    };
    let start = build(0).len() + 8;
    [build(u32::try_from(start).unwrap()), boxed(b"mdat", &[exif, xmp].concat())].concat()
}

#[test]
fn avif_items_and_the_size_of_the_primary_one() {
    let exif = [&[0, 0, 0, 0], tiff(true, &[(0x9286, 7, unicode_comment(TEXT, true))]).as_slice()].concat();
    let reading = read(&avif(&exif, b"<x/>"), None);
    assert_eq!(prompt(&reading), Some("灯台, dramatic sky"));
    assert_eq!((reading.width, reading.height), (Some(96), Some(64)));
    let xmp = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description xmlns:comfy="c" comfy:prompt="{&quot;1&quot;:
        {&quot;class_type&quot;: &quot;CLIPTextEncode&quot;, &quot;inputs&quot;: {&quot;text&quot;: &quot;a boat &amp;amp; fog&quot;}}}"/></rdf:RDF></x:xmpmeta>"#;
    assert_eq!(prompt(&read(&avif(&[], xmp.as_bytes()), None)), Some("a boat &amp; fog"));
}

#[test]
fn entities_and_repeated_attributes_of_xmp_cost_nothing() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x:xmpmeta xmlns:x="x"><description>&b;</description>
        <CreatorTool>Draw Things</CreatorTool></x:xmpmeta>"#;
    let reading =
        read(&png(1, 1, &[(b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0", bomb.as_bytes()].concat())]), None);
    assert_eq!((reading.recipe, reading.raw.len()), (None, 1));
    let many = format!("<a {}/>", "b='c' ".repeat(200_000));
    let start = std::time::Instant::now();
    read(&webp(&[(b"XMP ", many.into_bytes())]), None);
    assert!(start.elapsed().as_secs() < 3);
}

#[test]
fn many_bombs_are_no_worse_than_one() {
    let bomb =
        text_chunk("parameters", &[&[0], deflated(&vec![b'a'; limits::BLOCK + 1]).as_slice()].concat());
    let chunks: Vec<(&[u8; 4], Vec<u8>)> = (0..400).map(|_| (b"zTXt", bomb.clone())).collect();
    let start = std::time::Instant::now();
    let reading = read(&png(1, 1, &chunks), None);
    assert_eq!((reading.notes, reading.raw.len()), (vec![Note::BlockTooLarge], 0));
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn a_manifest_is_noted_wherever_it_stands_and_tells_no_prompt() {
    let claim = b"\0\0\0\x20jumbc2pa\x74claim_generator_info\xa2dname\x6aChatGPT 5!gversion\x611\x71digitalSourceType\x78\x46http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMediaeagent";
    let parts = [b"JP\0\x01\0\0\0\x01".as_slice(), claim].concat();
    let files = [
        png(1, 1, &[(b"caBX", claim.to_vec())]),
        webp(&[(b"C2PA", claim.to_vec())]),
        jpeg(1, 1, &[(0xeb, parts)]),
    ];
    for file in files {
        let reading = read(&file, None);
        let object = to_json(&reading);
        assert_eq!(
            (&object["ai_generation_parameters"], &object["c2pa_manifest"]),
            (&false.into(), &true.into())
        );
        assert_eq!(
            (&object["c2pa"]["vendor"], &object["c2pa"]["aiGenerated"]),
            (&"openai".into(), &true.into())
        );
        assert_eq!(object["c2pa"]["claimGenerator"], "ChatGPT 5!");
        assert!(object.get("prompt").is_none() && object.get("width").is_none());
    }
    let other = jpeg(1, 1, &[(0xeb, b"JP\0\x01\0\0\0\x01 some other box".to_vec())]);
    assert_eq!(to_json(&read(&other, None))["c2pa_manifest"], false);
}

#[test]
fn seeds_and_numbers_of_the_json_view() {
    let text =
        TEXT.replace("Seed: 7", "Seed: 18446744073709551615").replace("Steps: 22", "Steps: 22, Eta: inf");
    let object =
        to_json(&read(&png(192, 128, &[(b"tEXt", text_chunk("parameters", text.as_bytes()))]), None));
    assert_eq!(object["seed"], "18446744073709551615");
    assert_eq!((object["cfg"].as_f64(), object["steps"].as_u64()), (Some(6.5), Some(22)));
    assert_eq!((object["width"].as_u64(), object["pixel_size"][0].as_u64()), (Some(96), Some(192)));
    assert_eq!(object["negative_prompt"], "fog");
    assert!(object.get("scheduler").is_none() && object.get("c2pa").is_none());
}
