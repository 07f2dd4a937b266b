//! Names of programs as they write themselves, like those of the window. Their own word stands where none is known.

const NAMES: &[(&str, &str)] = &[
    ("a1111", "AUTOMATIC1111"),
    ("automatic1111", "AUTOMATIC1111"),
    ("civitai", "Civitai"),
    ("comfyui", "ComfyUI"),
    ("dalle", "DALL·E"),
    ("drawthings", "Draw Things"),
    ("easydiffusion", "Easy Diffusion"),
    ("fooocus", "Fooocus"),
    ("forge", "Forge"),
    ("forgeclassic", "Forge Classic"),
    ("forgeneo", "Forge Neo"),
    ("hfspace", "Hugging Face Space"),
    ("invokeai", "InvokeAI"),
    ("midjourney", "Midjourney"),
    ("novelai", "NovelAI"),
    ("reforge", "reForge"),
    ("ruinedfooocus", "RuinedFooocus"),
    ("sd.next", "SD.Next"),
    ("sdnext", "SD.Next"),
    ("stabilitymatrix", "Stability Matrix"),
    ("swarmui", "SwarmUI"),
    ("tensorart", "Tensor.Art"),
];

/// The name of the program behind this word.
pub fn generator_name(word: &str) -> &str {
    let plain: String = word
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    NAMES.iter().find(|(id, _)| *id == plain).map_or(word, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_called_as_they_call_themselves_and_unknown_ones_by_their_word() {
        for (word, name) in [
            ("comfyui", "ComfyUI"),
            ("sd-next", "SD.Next"),
            ("Draw Things", "Draw Things"),
            ("my-tool", "my-tool"),
        ] {
            assert_eq!(generator_name(word), name);
        }
    }

    #[test]
    fn the_window_knows_the_same_names() {
        let window = include_str!("../../../../ui/src/lib/generators.ts");
        for (id, name) in NAMES {
            let key = if id.contains('.') { format!("'{id}'") } else { (*id).to_owned() };
            assert!(window.contains(&format!("  {key}: '{name}',")), "{id}");
        }
    }
}
