//! Small files that ask for much: what is kept of them is bounded, and so is the time.

use std::io::Write;
use std::time::{Duration, Instant};

use metadata::{Note, Pixels, Reading, limits, read};
use serde_json::{Map, Value, json};

use crate::files::{boxed, png, text_chunk, tiff, webp};

/// Far more than any takes here, and far less than one without a bound.
const TIME: Duration = Duration::from_secs(20);

/// Reads a file and checks what is kept of it.
fn bounded(name: &str, bytes: &[u8], pixels: Option<Pixels<'_>>) -> Reading {
    let start = Instant::now();
    let reading = read(bytes, pixels);
    let took = start.elapsed();
    assert!(took < TIME, "{name} took {took:?}");
    let most = crate::MEMORY.peak_usage();
    assert!(most < crate::MOST_MEMORY, "with {name} {} MB were held", most >> 20);
    let raw: usize = reading.raw.iter().map(|block| block.key.len() + block.bytes.len()).sum();
    assert!(raw <= limits::FILE && reading.raw.len() <= limits::BLOCKS, "{name} keeps {raw} bytes");
    // The texts here are ASCII without quotes, so JSON is no longer than they are, but for the names of the fields.
    let recipe = serde_json::to_string(&reading.recipe).unwrap().len();
    assert!(recipe <= limits::RECIPE + 65_536, "the recipe of {name} has {recipe} bytes");
    reading
}

fn texts(name: &str, texts: &[(&str, String)]) -> Reading {
    let chunks: Vec<_> =
        texts.iter().map(|(key, text)| (b"tEXt", text_chunk(key, text.as_bytes()))).collect();
    bounded(name, &png(8, 8, &chunks), None)
}

fn prompt(reading: &Reading) -> Option<&str> {
    reading.recipe.as_ref()?.prompt.as_deref()
}

fn node(class: &str, inputs: Value) -> Value {
    json!({"class_type": class, "inputs": inputs})
}

/// A graph of one sampler whose prompt comes from node `t`.
fn graph(others: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut graph = json!({
        "s": node("KSampler", json!({"seed": 1, "steps": 2, "cfg": 3, "positive": ["p", 0], "negative": ["p", 0]})),
        "p": node("CLIPTextEncode", json!({"text": ["t", 0]})),
    });
    graph.as_object_mut().unwrap().extend(others);
    graph
}

fn graph_read(name: &str, graph: &Value) -> Reading {
    texts(name, &[("prompt", graph.to_string())])
}

#[test]
fn a_replacement_that_would_be_longer_than_a_text_is_not_made() {
    let replacing = |n: usize, find: &str| {
        let inputs = json!({"string": "a".repeat(n), "find": find, "replace": "b".repeat(n)});
        graph_read("a replacement", &graph([("t".to_owned(), node("StringReplace", inputs))]))
    };
    assert_eq!(prompt(&replacing(30, "a")).map(str::len), Some(900));
    assert_eq!(prompt(&replacing(30, "")).map(str::len), Some(30 + 31 * 30));
    for find in ["a", ""] {
        let reading = replacing(900_000, find);
        assert_eq!((prompt(&reading), reading.notes.as_slice()), (None, [Note::BlockTooLarge].as_slice()));
        assert_eq!(reading.recipe.unwrap().seed.as_deref(), Some("1"));
    }
}

/// Texts put together, each of the one before it and itself again.
fn doubling(levels: usize, text: &str, delimiter: &str) -> Value {
    let name = |n: usize| if n == 0 { "t".to_owned() } else { format!("t{n}") };
    let joined = (0..levels).map(|n| {
        let from = json!([name(n + 1), 0]);
        let inputs = json!({"string_a": from, "string_b": from, "delimiter": delimiter});
        (name(n), node("StringConcatenate", inputs))
    });
    graph(joined.chain([(name(levels), node("PrimitiveString", json!({"value": text})))]))
}

#[test]
fn texts_that_are_put_together_again_and_again_end() {
    assert_eq!(prompt(&graph_read("three levels", &doubling(3, "ab", ","))), Some("ab,ab,ab,ab,ab,ab,ab,ab"));
    for (text, delimiter) in [
        ("x".repeat(100_000), "y".repeat(1000)),
        (String::new(), "y".repeat(100_000)),
        (String::new(), String::new()),
    ] {
        let reading = graph_read("sixty levels", &doubling(60, &text, &delimiter));
        assert_eq!(reading.recipe.as_ref().and_then(|recipe| recipe.seed.as_deref()), Some("1"));
        assert!(prompt(&reading).is_none_or(|text| text.len() <= limits::TEXT));
    }
}

#[test]
fn many_samplers_share_one_long_text_of_every_kind() {
    let long = "x".repeat(limits::TEXT);
    let inputs = json!({"seed": 1, "steps": ["v", 0], "cfg": ["v", 0], "positive": ["p", 0], "negative": ["p", 0],
        "sampler_name": ["v", 0], "scheduler": ["v", 0], "model": ["m", 0], "denoise": ["v", 0],
        "latent_image": ["l", 0]});
    let samplers = (0..4096).map(|n| (n.to_string(), node("KSampler", inputs.clone())));
    let shared = [
        ("p".to_owned(), node("CLIPTextEncode", json!({"text": long}))),
        ("v".to_owned(), node("PrimitiveString", json!({"value": "0".repeat(limits::TEXT)}))),
        ("m".to_owned(), node("UNETLoader", json!({"unet_name": long}))),
        ("l".to_owned(), node("Latent", json!({"dimensions": long, "latent": ["l", 0]}))),
    ];
    let graph: Map<String, Value> = samplers.chain(shared).collect();
    let reading = graph_read("many samplers", &graph.into());
    assert_eq!(prompt(&reading).map(str::len), Some(limits::TEXT));
    assert_eq!(reading.notes, [Note::BlockTooLarge]);
    assert_eq!(reading.recipe.unwrap().samplers.len(), limits::PASSES);
}

#[test]
fn switches_of_many_inputs_and_long_names_are_gone_through_so_often_only() {
    let wide = |n: usize| {
        let inputs: Map<String, Value> =
            (0..2000).map(|k| (format!("i{k}"), json!([format!("t{}", n + 1), k]))).collect();
        (if n == 0 { "t".to_owned() } else { format!("t{n}") }, node("Switch", inputs.into()))
    };
    graph_read("wide switches", &graph((0..60).map(wide)));
    let class = format!("Switch{}", "x".repeat(3_000_000));
    let named = |n: usize| {
        let next = json!([format!("t{}", n + 1), 0]);
        (
            if n == 0 { "t".to_owned() } else { format!("t{n}") },
            node("Switch", json!({"a": next, "b": next, "c": next})),
        )
    };
    let last = ("t60".to_owned(), node(&class, json!({"text": [class, 0]})));
    graph_read("deep switches", &graph((0..60).map(named).chain([last])));
}

/// A workflow of subgraphs, each used many times by the one around it; the innermost has a long text.
fn nested_workflow(levels: usize, uses: usize, text: &str) -> Value {
    let inner = |n: usize| {
        let sampler = json!({"id": 3, "type": "KSampler", "widgets_values": [5, "fixed", 8, 1, "euler", "simple", 1],
            "inputs": [{"name": "positive", "link": 1}]});
        let encoder = json!({"id": 4, "type": "CLIPTextEncode", "widgets_values": [text], "title": text,
            "inputs": [{"name": "text", "link": null}]});
        let nodes: Vec<_> = match n + 1 == levels {
            true => vec![sampler, encoder],
            false => (0..uses).map(|id| json!({"id": id, "type": format!("level{}", n + 1)})).collect(),
        };
        let links: Vec<_> = (0..1000).map(|id| json!([id, 4, 0, 3, 0, "CONDITIONING"])).collect();
        json!({"id": format!("level{n}"), "nodes": nodes, "links": links, "inputs": [{"name": "a"}]})
    };
    let subgraphs: Vec<_> = (0..levels).map(inner).collect();
    let nodes: Vec<_> = (0..uses).map(|id| json!({"id": id, "type": "level0"})).collect();
    json!({"nodes": nodes, "links": [], "definitions": {"subgraphs": subgraphs}})
}

#[test]
fn subgraphs_used_many_times_copy_their_texts_only_so_often() {
    let modest = texts("a modest workflow", &[("workflow", nested_workflow(2, 2, "a boat").to_string())]);
    assert_eq!((prompt(&modest), modest.notes.len()), (Some("a boat"), 0));
    let long = nested_workflow(6, 10, &"x".repeat(1_000_000));
    let reading = texts("long texts", &[("workflow", long.to_string())]);
    assert_eq!(prompt(&reading).map(str::len), Some(1_000_000));
    assert_eq!(reading.notes, [Note::BlockTooLarge]);
    let many = vec![("workflow", nested_workflow(8, 40, "a boat").to_string()); 64];
    texts("many workflows", &many);
    let damaged = vec![("workflow", format!("{}]", nested_workflow(8, 40, "a boat"))); 64];
    texts("many damaged workflows", &damaged);
}

#[test]
fn entries_of_exif_that_point_at_the_same_bytes_are_told_once() {
    let entries = |count: u16, length: u32| {
        let mut block = [b"II*\0\x08\0\0\0".as_slice(), &count.to_le_bytes()].concat();
        for _ in 0..count {
            block.extend([0x86, 0x92, 7, 0]);
            block.extend([length.to_le_bytes(), 8_u32.to_le_bytes()].concat());
        }
        block.extend(vec![b'x'; 60_000]);
        block
    };
    let reading = bounded("one block", &png(8, 8, &[(b"eXIf", entries(4096, 60_000))]), None);
    assert_eq!((reading.raw.len(), reading.raw[0].bytes.len()), (1, 60_000));
    let chunks: Vec<_> = (0..1000).map(|_| (b"EXIF", entries(16, 60_000))).collect();
    let many = bounded("many blocks", &webp(&chunks), None);
    assert_eq!(many.notes, [Note::TooManyBlocks]);
    let first = [b"first\0".to_vec(), b"second".to_vec()].map(|text| (0x9286, 7, text));
    let reading = bounded("two comments", &png(8, 8, &[(b"eXIf", tiff(true, &first))]), None);
    assert_eq!(reading.raw.iter().map(|block| block.bytes.as_slice()).collect::<Vec<_>>(), [b"first\0"]);
}

#[test]
fn extents_of_no_width_are_passed_over_at_once() {
    let infe = boxed(b"infe", &[&[2, 0, 0, 0, 0xff, 0xff, 0, 0], b"Exif".as_slice(), b"\0"].concat());
    let iinf = boxed(b"iinf", &[&[0, 0, 0, 0, 1, 0], infe.repeat(256).as_slice()].concat());
    let items = [0, 0, 0, 0, 0xff, 0xff].repeat(256);
    let iloc = boxed(b"iloc", &[&[0, 0, 0, 0, 0, 0, 1, 0], items.as_slice()].concat());
    let meta = boxed(b"meta", &[&[0; 4], iinf.as_slice(), &iloc].concat());
    bounded("no widths", &[boxed(b"ftyp", b"avif\0\0\0\0avifmif1"), meta].concat(), None);
}

#[test]
fn hidden_and_plain_texts_are_kept_within_the_limits() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b'a'; 64 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let bits = u32::try_from(packed.len() * 8).unwrap().to_be_bytes();
    let message = [b"stealth_pngcomp".as_slice(), &bits, &packed].concat();
    let edge = 1024_usize;
    let mut data = vec![0; edge * edge * 4];
    for (n, bit) in
        message.iter().flat_map(|byte| (0..8).rev().map(move |shift| byte >> shift & 1)).enumerate()
    {
        data[((n % edge) * edge + n / edge) * 4 + 3] = bit;
    }
    let pixels = Pixels { width: 1024, height: 1024, data: &data, channels: 4 };
    assert_eq!(bounded("a hidden bomb", &png(8, 8, &[]), Some(pixels)).recipe, None);
    let chunk = [b"parameters\0\0\0\0\0".as_slice(), b"just words"].concat();
    let chunks: Vec<_> = (0..50_000).map(|_| (b"iTXt", chunk.clone())).collect();
    assert_eq!(bounded("many texts", &png(8, 8, &chunks), None).notes, [Note::TooManyBlocks]);
    let long_key = text_chunk(&"k".repeat(limits::FILE + 1), b"text");
    assert_eq!(bounded("a long key", &png(8, 8, &[(b"tEXt", long_key)]), None).raw, []);
}

#[test]
fn settings_lists_and_lines_without_an_end_are_short() {
    let brackets = "ab: [, ".repeat(1_000_000);
    texts("brackets", &[("parameters", format!("a boat\nSteps: 1, Seed: 2, Model: x, {brackets}"))]);
    let lines =
        texts("lines", &[("parameters", format!("{}Steps: 1, Seed: 2, Model: x", "a\n".repeat(3_000_000)))]);
    assert_eq!(lines.recipe, None);
    let swarm = json!({"sui_image_params": {"prompt": "a boat", "loras": ",x".repeat(2_000_000)}});
    let reading = texts("LoRAs", &[("parameters", swarm.to_string())]);
    assert_eq!(
        (prompt(&reading), reading.notes.as_slice()),
        (Some("a boat"), [Note::BlockTooLarge].as_slice())
    );
    assert_eq!(reading.recipe.unwrap().loras.len(), limits::LISTED);
    let flags = texts(
        "flags",
        &[(
            "Dream",
            format!("\"a boat\" {}", (0..500_000).map(|n| format!("--f{n} x ")).collect::<String>()),
        )],
    );
    assert_eq!(flags.recipe.unwrap().extra.len(), limits::EXTRA);
}
