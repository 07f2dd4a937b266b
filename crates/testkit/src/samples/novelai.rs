//! NovelAI: text chunks and the same hidden in alpha; in WebP one object in the UserComment, and hidden as well.

use model::Recipe;

use super::container::{Charset, Chunk, Exif, Order, ascii, user_comment};
use super::hidden::{Packing, in_alpha};
use super::json::{J, Style, float, n, o, s};
use super::{Made, Pixels, Shot, Writer, png, webp};

pub const WRITERS: &[Writer] = &[
    Writer { name: "novelai-png", weight: 6, make: in_png },
    Writer { name: "novelai-webp", weight: 2, make: in_webp },
    Writer { name: "novelai-stealth-only-png", weight: 1, make: hidden_only },
    Writer { name: "novelai-legacy-png", weight: 1, make: legacy },
];

const TITLE: &str = "NovelAI generated image";
const SOURCE: &str = "NovelAI Diffusion V4.5 4BDE2A90";
const TIME: &str = "2.9481947422027588e-05";
/// Fields between noise schedule and prompts.
const BEFORE: &str = r#"{"prompt": null, "uc": null, "hide_debug_overlay": false, "r": 0.0, "eta": 1.0, "negative_momentum": 0.0, "director_reference_images": null, "director_reference_descriptions": null, "director_reference_information_extracted": null, "director_reference_strengths": null, "director_reference_secondary_strengths": null}"#;

fn caption(text: &str, characters: J, coords: bool) -> J {
    o([
        ("caption", o([("base_caption", s(text)), ("char_captions", characters)])),
        ("use_coords", n(coords)),
        ("use_order", n(coords)),
        ("legacy_uc", n("false")),
    ])
}

fn comment(shot: &Shot) -> J {
    let (yes, no, null) = (n("true"), n("false"), n("null"));
    o([
        ("prompt", s(&shot.prompt)),
        ("steps", n(28)),
        ("height", n(shot.height())),
        ("width", n(shot.width())),
        ("scale", float(5.0)),
        ("uncond_scale", float(0.0)),
        ("cfg_rescale", float(0.0)),
        ("seed", n(shot.short_seed())),
        ("n_samples", n(1)),
        ("noise_schedule", s("karras")),
        ("legacy_v3_extend", no.clone()),
        ("reference_information_extracted_multiple", J::A(vec![])),
        ("reference_strength_multiple", J::A(vec![])),
        ("extra_passthrough_testing", n(BEFORE)),
        ("v4_prompt", caption(&shot.prompt, J::A(vec![]), true)),
        ("v4_negative_prompt", caption(&shot.negative, J::A(vec![]), false)),
        ("director_reference_strengths", null.clone()),
        ("sampler", s("k_euler_ancestral")),
        ("controlnet_strength", float(1.0)),
        ("controlnet_model", null.clone()),
        ("dynamic_thresholding", no.clone()),
        ("dynamic_thresholding_percentile", n("0.999")),
        ("dynamic_thresholding_mimic_scale", float(10.0)),
        ("sm", no.clone()),
        ("sm_dyn", no.clone()),
        ("skip_cfg_above_sigma", float(58.0)),
        ("skip_cfg_below_sigma", float(0.0)),
        ("lora_unet_weights", null.clone()),
        ("lora_clip_weights", null),
        ("deliberate_euler_ancestral_bug", no.clone()),
        ("prefer_brownian", yes.clone()),
        ("cfg_sched_eligibility", s("enable_for_post_summer_samplers")),
        ("explike_fine_detail", no.clone()),
        ("minimize_sigma_inf", no),
        ("uncond_per_vibe", yes.clone()),
        ("wonky_vibe_correlation", yes),
        ("stream", s("msgpack")),
        ("version", n(1)),
        ("uc", s(&shot.negative)),
        ("request_type", s("PromptGenerateRequest")),
        (
            "signed_hash",
            s("lrLogOA4cBzpQz8+SYwn2mOBgrZ5/e/6to9+79DRbsLGd80gUPAfwTVJqFREGHDF6IfBKTEGnMfuVI8U0qyZDw=="),
        ),
    ])
}

fn recipe(shot: &Shot) -> Recipe {
    Recipe {
        steps: Some(28),
        cfg: Some(5.0),
        sampler: Some("k_euler_ancestral".to_owned()),
        scheduler: Some("karras".to_owned()),
        model: Some("NovelAI Diffusion V4.5".to_owned()),
        model_hash: Some("4BDE2A90".to_owned()),
        ..shot.recipe("novelai")
    }
}

/// `1girl, … s-1234.png`: the beginning of the prompt and the seed.
fn name(shot: &Shot, ending: &str) -> String {
    let words: String = shot.prompt.chars().filter(|c| !"/\\:*?\"<>|".contains(*c)).take(24).collect();
    format!("{} s-{}.{ending}", words.trim_end_matches([' ', '.', ',']), shot.short_seed())
}

/// The object that is hidden in alpha and, with one field more, in WebP.
fn object(shot: &Shot, description: &str) -> J {
    o([
        ("Comment", s(&comment(shot).text(Style::Python))),
        ("Description", s(description)),
        ("Generation time", s(TIME)),
        ("Software", s("NovelAI")),
        ("Source", s(SOURCE)),
        ("Title", s(TITLE)),
    ])
}

/// The pixels with the hidden copy where there is room for it.
fn pixels(shot: &Shot) -> Vec<u8> {
    let text = object(shot, &shot.prompt).text(Style::Python);
    let room = (shot.width() * shot.height()) as usize / 8;
    if room > 4096 { in_alpha(&shot.painting, Packing::Gzip, text.as_bytes()) } else { shot.painting.rgba() }
}

fn in_png(shot: &Shot) -> Made {
    let resolution = [0xb12_u32.to_be_bytes(), 0xb12_u32.to_be_bytes()].concat();
    let chunks = [
        Chunk::pillow("Title", TITLE),
        Chunk::pillow("Description", &shot.prompt),
        Chunk::pillow("Software", "NovelAI"),
        Chunk::pillow("Source", SOURCE),
        Chunk::pillow("Generation time", TIME),
        Chunk::pillow("Comment", &comment(shot).text(Style::Python)),
        Chunk::new(b"pHYs", [resolution, vec![1]].concat()),
    ];
    Made::new(name(shot, "png"), png(&Pixels::Rgba(&shot.painting, &pixels(shot)), &chunks), recipe(shot))
}

fn in_webp(shot: &Shot) -> Made {
    // Four NULs stand before the description, in the tag and in the object.
    let described = format!("\0\0\0\0{}", shot.prompt);
    let text = object(shot, &described).text(Style::Compact);
    let exif = Exif {
        order: Order::Big,
        first: vec![(0x0131, 2, ascii(SOURCE)), (0x010d, 2, ascii(TITLE)), (0x010e, 2, ascii(&described))],
        sub: vec![(0x9286, 7, user_comment(Charset::Ascii, &text))],
        closed: true,
        aligned: false,
    };
    let bytes = webp(&Pixels::Rgba(&shot.painting, &pixels(shot)), &[(b"EXIF", exif.bytes())]);
    Made::new(name(shot, "webp"), bytes, recipe(shot))
}

/// What is left when a site has taken out the text.
fn hidden_only(shot: &Shot) -> Made {
    let text = object(shot, &shot.prompt).text(Style::Python);
    let painting = if shot.width() * shot.height() > 8 * 4096 {
        shot.painting.clone()
    } else {
        shot.painting.enlarged(4)
    };
    let pixels = in_alpha(&painting, Packing::Gzip, text.as_bytes());
    Made::new(name(shot, "png"), png(&Pixels::Rgba(&painting, &pixels), &[]), recipe(shot))
}

/// From before V4: no `Software`, and the prompt only as a description.
fn legacy(shot: &Shot) -> Made {
    let comment = o([
        ("steps", n(28)),
        ("sampler", s("k_euler_ancestral")),
        ("seed", n(shot.short_seed())),
        ("strength", n("0.69")),
        ("noise", n("0.667")),
        ("scale", float(11.0)),
        ("uc", s(&shot.negative)),
    ]);
    let chunks = [
        Chunk::pillow("Title", "AI generated image"),
        Chunk::pillow("Description", &shot.prompt),
        Chunk::pillow("Source", "Stable Diffusion 1D44365E"),
        Chunk::pillow("Comment", &comment.text(Style::Python)),
    ];
    let recipe = Recipe {
        cfg: Some(11.0),
        scheduler: None,
        model: Some("Stable Diffusion".to_owned()),
        model_hash: Some("1D44365E".to_owned()),
        ..recipe(shot)
    };
    Made::new(name(shot, "png"), png(&shot.pixels(), &chunks), recipe)
}
