use serde_json::json;

use super::super::recipe_of_texts;
use super::*;

fn of(graph: &Value) -> Option<Recipe> {
    recipe_of_texts(&[("prompt", &graph.to_string())])
}

fn node(class: &str, inputs: Value) -> Value {
    json!({"class_type": class, "inputs": inputs})
}

#[test]
fn a_plain_graph_with_loras_and_clip_skip() {
    let recipe = of(&json!({
        "3": node("KSampler", json!({"seed": 18446744073709551615_u64, "steps": 20, "cfg": 5.0, "sampler_name": "euler",
            "scheduler": "karras", "denoise": 1.0, "model": ["10", 0], "positive": ["6", 0], "negative": ["7", 0],
            "latent_image": ["5", 0]})),
        "4": node("CheckpointLoaderSimple", json!({"ckpt_name": "night.safetensors"})),
        "5": node("EmptyLatentImage", json!({"width": 832, "height": 1216, "batch_size": 1})),
        "6": node("CLIPTextEncode", json!({"text": "灯台, \n", "clip": ["12", 0]})),
        "7": node("CLIPTextEncode", json!({"text": "fog", "clip": ["12", 0]})),
        "9": node("SaveImage", json!({"images": ["8", 0]})),
        "8": node("VAEDecode", json!({"samples": ["3", 0], "vae": ["4", 2]})),
        "10": node("LoraLoader", json!({"lora_name": "a", "strength_model": 0.5, "model": ["11", 0], "clip": ["11", 1]})),
        "11": node("Power Lora Loader (rgthree)", json!({"lora_1": {"on": true, "lora": "b", "strength": 0.7},
            "lora_2": {"on": false, "lora": "c", "strength": 1}, "model": ["4", 0]})),
        "12": node("CLIPSetLastLayer", json!({"stop_at_clip_layer": -2, "clip": ["10", 1]})),
    }))
    .unwrap();
    assert_eq!(
        (recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()),
        (Some("灯台, \n"), Some("fog"))
    );
    assert_eq!(recipe.seed.as_deref(), Some("18446744073709551615"));
    assert_eq!((recipe.width, recipe.height, recipe.clip_skip), (Some(832), Some(1216), Some(2)));
    assert_eq!((recipe.model.as_deref(), recipe.denoise), (Some("night.safetensors"), None));
    let loras: Vec<_> = recipe.loras.iter().map(|lora| (lora.name.as_str(), lora.weight)).collect();
    assert_eq!(loras, [("a", Some(0.5)), ("b", Some(0.7))]);
    assert!(recipe.samplers.is_empty());
}

#[test]
fn custom_samplers_are_put_together_from_their_parts() {
    let mut graph = json!({
        "13": node("SamplerCustomAdvanced", json!({"noise": ["25", 0], "guider": ["22", 0], "sampler": ["16", 0],
            "sigmas": ["18", 0], "latent_image": ["5", 0]})),
        "16": node("KSamplerSelect", json!({"sampler_name": "euler"})),
        "17": node("BasicScheduler", json!({"scheduler": "simple", "steps": ["30", 0], "denoise": 1.0, "model": ["12", 0]})),
        "18": node("SplitSigmas", json!({"sigmas": ["17", 0], "step": 2})),
        "22": node("BasicGuider", json!({"model": ["12", 0], "conditioning": ["26", 0]})),
        "25": node("RandomNoise", json!({"noise_seed": 7})),
        "26": node("FluxGuidance", json!({"guidance": 3.5, "conditioning": ["6", 0]})),
        "6": node("CLIPTextEncode", json!({"text": "a boat"})),
        "5": node("EmptySD3LatentImage", json!({"width": 96, "height": 64})),
        "12": node("UNETLoader", json!({"unet_name": "flux.safetensors"})),
        "30": node("PrimitiveInt", json!({"value": 9})),
    });
    let recipe = of(&graph).unwrap();
    assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("a boat"), Some("")));
    assert_eq!((recipe.cfg, recipe.steps, recipe.seed.as_deref()), (None, Some(9), Some("7")));
    assert_eq!((recipe.sampler.as_deref(), recipe.scheduler.as_deref()), (Some("euler"), Some("simple")));
    assert_eq!(recipe.model.as_deref(), Some("flux.safetensors"));
    graph["22"] =
        node("CFGGuider", json!({"model": ["12", 0], "cfg": 4, "positive": ["6", 0], "negative": ["7", 0]}));
    graph["7"] = node("CLIPTextEncode", json!({"text": "fog"}));
    let guided = of(&graph).unwrap();
    assert_eq!((guided.cfg, guided.negative_prompt.as_deref()), (Some(4.0), Some("fog")));
}

#[test]
fn the_z_image_template_keeps_the_persons_prompt_and_has_no_negative_one() {
    let text = json!({
        "9": node("SaveImage", json!({"images": ["57:8", 0]})),
        "57:8": node("VAEDecode", json!({"samples": ["57:3", 0]})),
        "57:3": node("KSampler", json!({"seed": 13928565180123825361_u64, "steps": 8, "cfg": 1, "sampler_name": "res_multistep",
            "scheduler": "simple", "denoise": 1, "model": ["57:11", 0], "positive": ["57:30", 0], "negative": ["57:33", 0],
            "latent_image": ["57:13", 0]})),
        "57:11": node("ModelSamplingAuraFlow", json!({"shift": 3, "model": ["57:28", 0]})),
        "57:28": node("UNETLoader", json!({"unet_name": "z_image_turbo_bf16.safetensors"})),
        "57:13": node("EmptySD3LatentImage", json!({"width": ["1", 0], "height": 64})),
        "1": node("PrimitiveInt", json!({"value": 96})),
        "57:30": node("ConditioningCombine", json!({"conditioning_1": ["57:27", 0], "conditioning_2": ["57:31", 0]})),
        "57:27": node("CLIPTextEncode", json!({"text": ["2", 0]})),
        "2": node("PrimitiveStringMultiline", json!({"value": "灯台"})),
        "57:31": node("CLIPTextEncode", json!({"text": "safe for work"})),
        "57:33": node("ConditioningZeroOut", json!({"conditioning": ["57:30", 0]})),
    })
    .to_string()
    .replace("safe for work\"", "safe for work\", \"is_changed\": [NaN, -Infinity]");
    let recipe = recipe_of_texts(&[("prompt", &text)]).unwrap();
    assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("灯台"), Some("")));
    assert_eq!(recipe.seed.as_deref(), Some("13928565180123825361"));
    assert_eq!((recipe.width, recipe.height), (Some(96), Some(64)));
    assert_eq!(recipe.model.as_deref(), Some("z_image_turbo_bf16.safetensors"));
}

fn with_text(text: Value, others: Value) -> Option<String> {
    let mut graph = json!({
        "1": node("KSampler", json!({"seed": 1, "steps": 2, "cfg": 3, "positive": ["2", 0], "negative": ["9", 0]})),
        "2": node("CLIPTextEncode", json!({"text": text})),
        "9": node("CLIPTextEncode", json!({"text": ""})),
    });
    for (id, node) in others.as_object().unwrap() {
        graph[id] = node.clone();
    }
    of(&graph).unwrap().prompt
}

#[test]
fn texts_are_followed_through_the_nodes_that_make_them() {
    let concatenated = json!({
        "3": node("StringConcatenate", json!({"string_a": ["4", 0], "string_b": "night", "delimiter": ", "})),
        "4": node("PreviewAny", json!({"source": ["5", 0]})),
        "5": node("PrimitiveString", json!({"value": "a boat"})),
    });
    assert_eq!(with_text(json!(["3", 0]), concatenated).as_deref(), Some("a boat, night"));
    let switched = json!({
        "3": node("ComfySwitchNode", json!({"switch": ["6", 0], "on_true": ["4", 0], "on_false": ["5", 0]})),
        "4": node("TextGenerate", json!({"prompt": "You are an engineer of prompts."})),
        "5": node("PrimitiveString", json!({"value": "what the person wrote"})),
        "6": node("PrimitiveBoolean", json!({"value": true})),
    });
    assert_eq!(with_text(json!(["3", 0]), switched).as_deref(), Some("what the person wrote"));
    let shown = json!({
        "3": node("ShowText|pysssss", json!({"text": ["4", 0], "text_0": "as it was shown"})),
        "4": node("OllamaGenerate", json!({"prompt": "Describe"})),
    });
    assert_eq!(with_text(json!(["3", 0]), shown).as_deref(), Some("as it was shown"));
    let generated = json!({"3": node("LLMPrompt", json!({"prompt": "You are an engineer of prompts."}))});
    assert_eq!(with_text(json!(["3", 0]), generated), None);
    let power = json!({"2": node("Power Prompt (rgthree)", json!({"prompt": "a power prompt"}))});
    assert_eq!(with_text(json!(""), power).as_deref(), Some("a power prompt"));
    let loader = json!({"2": node("Efficient Loader", json!({"positive": "a boat", "negative": "fog", "ckpt_name": "x"}))});
    assert_eq!(with_text(json!(""), loader).as_deref(), Some("a boat"));
}

#[test]
fn half_a_surrogate_pair_does_not_cost_the_graph() {
    let text = r#"{"1": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 2, "positive": ["2", 0]}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a \ud800boat\ud83d\ude00"}}}"#;
    let recipe = recipe_of_texts(&[("prompt", text)]).unwrap();
    assert_eq!(recipe.prompt.as_deref(), Some("a \u{fffd}boat😀"));
}

#[test]
fn the_text_beside_a_zeroed_conditioning_counts_and_a_boxs_text_does_not() {
    let zeroed = json!({
        "2": node("ConditioningCombine", json!({"conditioning_1": ["3", 0], "conditioning_2": ["5", 0]})),
        "3": node("ConditioningSetTimestepRange", json!({"conditioning": ["4", 0], "start": 0.1, "end": 1})),
        "4": node("ConditioningZeroOut", json!({"conditioning": ["5", 0]})),
        "5": node("CLIPTextEncode", json!({"text": "for the first steps"})),
    });
    assert_eq!(with_text(json!(""), zeroed).as_deref(), Some("for the first steps"));
    let boxed = json!({
        "2": node("GLIGENTextBoxApply", json!({"conditioning_to": ["3", 0], "text": "a cat in the box"})),
        "3": node("CLIPTextEncode", json!({"text": "a room"})),
    });
    assert_eq!(with_text(json!(""), boxed).as_deref(), Some("a room"));
    let flux = json!({"2": node("CLIPTextEncodeFlux", json!({"clip_l": "short", "t5xxl": "a long text", "guidance": 3.5}))});
    assert_eq!(with_text(json!(""), flux).as_deref(), Some("a long text"));
    let lumina = json!({"2": node("CLIPTextEncodeLumina2", json!({"system_prompt": "superior", "user_prompt": "a boat"}))});
    assert_eq!(with_text(json!(""), lumina).as_deref(), Some("a boat"));
}

#[test]
fn the_first_of_several_passes_is_told_and_all_are_listed() {
    let recipe = of(&json!({
        "1": node("SaveImage", json!({"images": ["2", 0]})),
        "2": node("KSampler", json!({"seed": 22, "steps": 10, "cfg": 3, "denoise": 0.5, "positive": ["6", 0],
            "negative": ["6", 0], "latent_image": ["3", 0]})),
        "3": node("LatentUpscaleBy", json!({"scale_by": 1.5, "samples": ["4", 0]})),
        "4": node("KSampler", json!({"seed": 11, "steps": 20, "cfg": 7, "positive": ["6", 0], "negative": ["6", 0],
            "latent_image": ["5", 0]})),
        "5": node("EmptyLatentImage", json!({"width": 512, "height": 768})),
        "6": node("ControlNetApplyAdvanced", json!({"positive": ["7", 0], "negative": ["8", 0], "image": ["9", 0]})),
        "7": node("CLIPTextEncode", json!({"text": "a boat"})),
        "8": node("CLIPTextEncode", json!({"text": "fog"})),
    }))
    .unwrap();
    assert_eq!((recipe.seed.as_deref(), recipe.steps, recipe.width), (Some("11"), Some(20), Some(512)));
    assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("a boat"), Some("fog")));
    let seeds: Vec<_> =
        recipe.samplers.iter().map(|pass| (pass.node.as_str(), pass.seed.as_deref())).collect();
    assert_eq!(seeds, [("4", Some("11")), ("2", Some("22"))]);
    assert_eq!(recipe.hires.map(|hires| (hires.scale, hires.steps)), Some((Some(1.5), Some(10))));
}

#[test]
fn cycles_and_long_chains_end() {
    assert_eq!(
        of(&json!({"1": node("KSampler", json!({"positive": ["1", 0], "seed": ["1", 0], "steps": ["1", 0],
        "model": ["1", 0], "latent_image": ["1", 0]}))})),
        None
    );
    let mut graph = json!({"0": node("KSampler", json!({"positive": ["1", 0], "seed": 5, "steps": 1}))});
    for n in 1..5000 {
        graph[n.to_string()] = node(
            "ConditioningCombine",
            json!({"conditioning_1": [(n + 1).to_string(), 0],
            "conditioning_2": [(n + 2).to_string(), 0]}),
        );
    }
    assert_eq!(of(&graph).unwrap().seed.as_deref(), Some("5"));
}

#[test]
fn a_saving_nodes_text_fills_in_what_the_graph_does_not_hold() {
    let graph = json!({"1": node("KSampler", json!({"seed": 7, "steps": 20, "cfg": 5, "positive": ["2", 0],
        "negative": ["2", 0]})), "2": node("CLIPTextEncode", json!({"text": ["3", 0]})), "3": node("LLMText", json!({}))});
    let text =
        "a boat\nNegative prompt: fog\nSteps: 1, Sampler: unknown, Seed: 1, Size: 512x512, Version: ComfyUI";
    let recipe = recipe_of_texts(&[("prompt", &graph.to_string()), ("parameters", text)]).unwrap();
    assert_eq!((recipe.prompt.as_deref(), recipe.seed.as_deref()), (Some("a boat"), Some("7")));
    assert_eq!(recipe.generator.as_deref(), Some("comfyui"));
}

#[test]
fn the_editors_workflow_is_read_when_it_is_all_there_is() {
    let workflow = json!({"nodes": [
        {"id": 3, "type": "KSampler", "widgets_values": [144272509, "fixed", 20, 7, "euler", "normal", 1], "inputs": [
            {"name": "model", "link": 1}, {"name": "positive", "link": 2}, {"name": "negative", "link": 3},
            {"name": "latent_image", "link": 4}]},
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["灯台"]},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["fog"]},
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["night.safetensors"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [96, 64, 1]},
        {"id": 8, "type": "LoraLoader", "mode": 4, "widgets_values": ["off", 1, 1], "inputs": [{"name": "model", "link": 5}]}],
        "links": [[1, 8, 0, 3, 0, "MODEL"], [2, 6, 0, 3, 1, "CONDITIONING"], [3, 7, 0, 3, 2, "CONDITIONING"],
            [4, 5, 0, 3, 3, "LATENT"], [5, 4, 0, 8, 0, "MODEL"]]});
    let recipe = recipe_of_texts(&[("workflow", &workflow.to_string())]).unwrap();
    assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("灯台"), Some("fog")));
    assert_eq!((recipe.seed.as_deref(), recipe.steps, recipe.cfg), (Some("144272509"), Some(20), Some(7.0)));
    assert_eq!((recipe.model.as_deref(), recipe.width), (Some("night.safetensors"), Some(96)));
    assert!(recipe.loras.is_empty());
}

#[test]
fn a_workflow_with_a_subgraph() {
    let workflow = json!({"nodes": [
        {"id": 57, "type": "aaaa-bbbb", "inputs": [{"name": "text", "widget": {"name": "text"}, "link": null}],
            "widgets_values": ["灯台"]},
        {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "link": 1}]}],
        "links": [[1, 57, 0, 9, 0, "IMAGE"]],
        "definitions": {"subgraphs": [{"id": "aaaa-bbbb", "inputs": [{"name": "text"}],
            "nodes": [
                {"id": 3, "type": "KSampler", "inputs": [{"name": "positive", "link": 2}, {"name": "negative", "link": 3}],
                    "widgets_values": [5, "randomize", 8, 1, "res_multistep", "simple", 1]},
                {"id": 4, "type": "CLIPTextEncode", "inputs": [{"name": "text", "widget": {"name": "text"}, "link": 4}],
                    "widgets_values": ["left over"]},
                {"id": 6, "type": "ConditioningZeroOut", "inputs": [{"name": "conditioning", "link": 5}]}],
            "links": [
                {"id": 2, "origin_id": 4, "origin_slot": 0, "target_id": 3, "target_slot": 0},
                {"id": 3, "origin_id": 6, "origin_slot": 0, "target_id": 3, "target_slot": 1},
                {"id": 4, "origin_id": -10, "origin_slot": 0, "target_id": 4, "target_slot": 0},
                {"id": 5, "origin_id": 4, "origin_slot": 0, "target_id": 6, "target_slot": 0},
                {"id": 6, "origin_id": 3, "origin_slot": 0, "target_id": -20, "target_slot": 0}]}]}});
    let recipe = recipe_of_texts(&[("workflow", &workflow.to_string())]).unwrap();
    assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("灯台"), Some("")));
    assert_eq!((recipe.seed.as_deref(), recipe.scheduler.as_deref()), (Some("5"), Some("simple")));
}
