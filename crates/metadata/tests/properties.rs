//! Any bytes: no panic; what is written is read again.

use metadata::{Pixels, parse_a1111, read, to_json, write_a1111};
use model::Recipe;
use proptest::prelude::*;

use crate::files::{jpeg, png, text_chunk, tiff, webp};

/// JSON of the kind that graphs are made of, links to anywhere included.
fn graph() -> impl Strategy<Value = String> {
    let classes = [
        "KSampler",
        "CLIPTextEncode",
        "ConditioningCombine",
        "SamplerCustomAdvanced",
        "ComfySwitchNode",
        "StringConcatenate",
        "SaveImage",
        "CheckpointLoaderSimple",
        "EmptyLatentImage",
    ];
    let names = [
        "positive",
        "negative",
        "text",
        "seed",
        "steps",
        "cfg",
        "model",
        "latent_image",
        "conditioning_1",
        "guider",
        "sigmas",
        "noise",
        "on_true",
        "string_a",
        "width",
        "height",
        "ckpt_name",
        "lora_1",
        "",
        "images",
    ];
    let value = prop_oneof![
        (0..12_u8, 0..3_u8).prop_map(|(id, slot)| format!("[\"{id}\", {slot}]")),
        any::<u64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| if n.is_finite() { n.to_string() } else { "NaN".to_owned() }),
        "[a-z灯, ]{0,12}".prop_map(|text| format!("\"{text}\"")),
        Just("null".to_owned()),
        Just("{\"on\": true, \"lora\": 3}".to_owned()),
    ];
    let input = (prop::sample::select(names.to_vec()), value)
        .prop_map(|(name, value)| format!("\"{name}\": {value}"));
    let node = (prop::sample::select(classes.to_vec()), prop::collection::vec(input, 0..8)).prop_map(
        |(class, inputs)| format!("{{\"class_type\": \"{class}\", \"inputs\": {{{}}}}}", inputs.join(", ")),
    );
    prop::collection::vec(node, 0..12).prop_map(|nodes| {
        let nodes: Vec<_> = nodes.iter().enumerate().map(|(id, node)| format!("\"{id}\": {node}")).collect();
        format!("{{{}}}", nodes.join(", "))
    })
}

fn line() -> impl Strategy<Value = String> {
    // Lines that the form itself gives a meaning to can't be written in it.
    "[^\\p{C}\\p{Z}]([^\\p{C}]{0,30}[^\\p{C}\\p{Z}])?".prop_filter("has a meaning", |line| {
        !["Negative prompt:", "Steps:", "Template:", "Negative template:", "<lora:", "{"]
            .iter()
            .any(|word| line.contains(word))
    })
}

prop_compose! {
    fn recipe()(
        prompt in prop::collection::vec(line(), 1..4),
        negative in prop::collection::vec(line(), 0..3),
        seed in any::<u64>(),
        steps in 1..500_u32,
        cfg in 0.0..30.0_f64,
        (sampler, model) in (line(), line()),
        size in (1..9000_u32, 1..9000_u32),
        clip_skip in prop::option::of(1..12_i64),
        denoise in prop::option::of(0.0..1.0_f64),
    ) -> Recipe {
        Recipe {
            generator: Some("a1111".to_owned()),
            prompt: Some(prompt.join("\n")),
            negative_prompt: Some(negative.join("\n")),
            seed: Some(seed.to_string()),
            steps: Some(steps),
            cfg: Some(cfg),
            sampler: Some(sampler),
            model: Some(model),
            width: Some(size.0),
            height: Some(size.1),
            clip_skip,
            denoise,
            ..Recipe::default()
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_in_any_container_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let head: [&[u8]; 6] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x10ftypavif\0\0\0\0",
            b"\0\0\0\x10ftypavif\0\0\0\0\0\0\x01\0meta\0\0\0\0"];
        for head in head {
            to_json(&read(&[head, &bytes].concat(), None));
        }
        let exif = [b"Exif\0\0II*\0\x08\0\0\0".as_slice(), &bytes].concat();
        read(&jpeg(1, 1, &[(0xe1, exif)]), None);
        read(&jpeg(1, 1, &[(0xe1, [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), &bytes].concat()), (0xeb, bytes.clone())]), None);
        read(&webp(&[(b"EXIF", tiff(false, &[(0x9286, 7, bytes.clone()), (0x010f, 2, bytes.clone())]))]), None);
        for kind in [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"caBX", b"acTL"] {
            read(&png(1, 1, &[(kind, bytes.clone()), (kind, text_chunk("Raw profile type exif", &bytes))]), None);
        }
    }

    #[test]
    fn any_pixels_are_survived(width in 0..40_u32, height in 0..40_u32, data in prop::collection::vec(any::<u8>(), 0..900)) {
        for channels in [0, 1, 3, 4] {
            read(&[], Some(Pixels { width, height, data: &data, channels }));
        }
    }

    #[test]
    fn any_text_is_survived(text in "(\\PC|\n|Steps: |Seed: |Size: |Negative prompt:|Template:|SDCPP: |\\{|\"|, ){0,60}") {
        parse_a1111(&text);
    }

    #[test]
    fn any_graph_is_survived(graph in graph()) {
        to_json(&read(&png(1, 1, &[(b"tEXt", text_chunk("prompt", graph.as_bytes()))]), None));
    }

    #[test]
    fn a_written_recipe_is_read_again(recipe in recipe()) {
        prop_assert_eq!(parse_a1111(&write_a1111(&recipe)), Some(recipe));
    }
}
