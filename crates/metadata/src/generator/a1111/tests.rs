use super::*;

const LINE: &str = "Steps: 22, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 144272509, Size: 96x64, \
    Model hash: 0123456789, Model: night";

fn parsed(text: &str) -> Recipe {
    parse(text).unwrap()
}

#[test]
fn the_last_settings_line_counts_and_the_negative_prompt_begins_a_line() {
    let text = format!(
        "line one, Steps: 99, Seed: 1\nNegative prompt is not here\nSteps: many, literally\n{NEGATIVE} fog\nrain\n{LINE}"
    );
    let recipe = parsed(&text);
    assert_eq!(
        recipe.prompt.as_deref(),
        Some("line one, Steps: 99, Seed: 1\nNegative prompt is not here\nSteps: many, literally")
    );
    assert_eq!(recipe.negative_prompt.as_deref(), Some("fog\nrain"));
    assert_eq!((recipe.steps, recipe.cfg, recipe.width), (Some(22), Some(6.5), Some(96)));
    assert_eq!((recipe.sampler.as_deref(), recipe.scheduler.as_deref()), (Some("DPM++ 2M"), Some("Karras")));
}

#[test]
fn prompts_are_optional_and_line_ends_of_any_system_are_read() {
    assert_eq!(parsed(LINE).prompt.as_deref(), Some(""));
    let recipe = parsed(&format!("a\r\nb\r\n{NEGATIVE} c\r\n{LINE}\r\n\0"));
    assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("a\nb"), Some("c")));
    assert_eq!(parsed(&format!("a\n{NEGATIVE} c")).negative_prompt.as_deref(), Some("c"));
    assert_eq!(parse("just a sentence"), None);
    assert_eq!(parse(""), None);
}

#[test]
fn templates_of_sd_next_are_no_part_of_the_negative_prompt() {
    let recipe = parsed(
        "a boat\nNegative prompt: \nTemplate: <|im_start|>system\nDescribe: it,\nwell\nSteps: 9, Size: 1024x1024, \
         Seed: 21, App: SD.Next, Version: 7df6ff7, Model: Z-Image-Turbo",
    );
    assert_eq!(recipe.negative_prompt.as_deref(), Some(""));
    assert_eq!(recipe.extra["Template"], "<|im_start|>system\nDescribe: it,\nwell");
    assert_eq!(
        (recipe.generator.as_deref(), recipe.model.as_deref()),
        (Some("sd-next"), Some("Z-Image-Turbo"))
    );
    let behind = parsed(&format!("a boat\n{LINE}\nTemplate: first\nsecond\nNegative Template: third"));
    assert_eq!((behind.steps, behind.extra["Template"].as_str()), (Some(22), "first\nsecond"));
    assert_eq!(
        (behind.prompt.as_deref(), behind.extra["Negative template"].as_str()),
        (Some("a boat"), "third")
    );
}

#[test]
fn the_program_is_told_by_its_version() {
    for (version, name) in [
        ("v1.10.1", "a1111"),
        ("f2.0.1v1.10.1-previous-669-gdfdcbab6", "forge"),
        ("f1.0.0v2-v1.10.1RC-latest-2498-g5120e679", "reforge"),
        ("f1.2.0-v1.10.1", "easy-reforge"),
        ("classic", "forge-classic"),
        ("neo-2.1", "forge-neo"),
        ("ComfyUI", "comfyui"),
        ("unheard of", "a1111"),
    ] {
        assert_eq!(
            parsed(&format!("a\n{LINE}, Version: {version}")).generator.as_deref(),
            Some(name),
            "{version}"
        );
    }
    let civitai = format!(
        "a\n{LINE}, Civitai resources: [{{\"type\":\"checkpoint\",\"modelName\":\"x, y\"}}], Civitai metadata: {{}}"
    );
    assert_eq!(parsed(&civitai).generator.as_deref(), Some("civitai"));
    assert_eq!(parsed(&format!("a\n{LINE}, ADetailer version: 24.1")).generator.as_deref(), Some("a1111"));
}

#[test]
fn a_json_prompt_needs_a_program_that_is_known() {
    let text = "{\"subject\": \"a boat\"}\nSteps: 50, Size: 1024x1024, Seed: 1, App: huggingface.co";
    assert_eq!(parse(text), None);
    assert_eq!(
        parsed(&format!("{{\"subject\": \"a boat\"}}\n{LINE}")).prompt.as_deref(),
        Some("{\"subject\": \"a boat\"}")
    );
}

#[test]
fn hires_and_loras() {
    let recipe = parsed(&format!(
        "a <lora:rain:0.8> b <lora:fog> c\n{LINE}, Denoising strength: 0.45, Clip skip: 2, Hires upscale: 2, \
         Hires steps: 10, Hires upscaler: Latent"
    ));
    let names: Vec<_> = recipe.loras.iter().map(|lora| (lora.name.as_str(), lora.weight)).collect();
    assert_eq!(names, [("rain", Some(0.8)), ("fog", None)]);
    assert_eq!((recipe.denoise, recipe.clip_skip), (Some(0.45), Some(2)));
    let hires = Hires { upscaler: Some("Latent".to_owned()), scale: Some(2.0), steps: Some(10) };
    assert_eq!(recipe.hires, Some(hires));
}

#[test]
fn what_is_written_is_read_again() {
    let recipe =
        parsed(&format!("a, <lora:x:1>\nsecond line\n{NEGATIVE} fog: dense\n{LINE}, Version: v1.10.1"));
    let again = parsed(&write(&recipe));
    assert_eq!(again, recipe);
    let comma = Recipe { model: Some("night, v2: \"final\"".to_owned()), ..recipe };
    assert_eq!(parsed(&write(&comma)), comma);
}
