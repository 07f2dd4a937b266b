//! The A1111 family's text: prompt lines, a block that begins with `Negative prompt:`, a line of settings.
//!
//! A1111, Forge and its variants, reForge, SD.Next, Civitai, Fooocus' second scheme, ComfyUI nodes that imitate it
//! and stable-diffusion.cpp write it. Prompts may hold lines that look like settings, so the last one counts.

pub mod settings;
mod write;

use model::{Hires, Lora, Recipe};

use super::document::Document;
use super::fields::size;
use super::sdcpp;
use crate::{json, limits};

pub use write::write;

const NEGATIVE: &str = "Negative prompt:";
/// Blocks that SD.Next puts behind the negative prompt and Dynamic Prompts behind the settings, in either case.
const TEMPLATES: [&str; 2] = ["Template", "Negative template"];
/// LoRAs taken from tags in one prompt.
const LORAS: usize = 64;

/// Reads the first message of the file that is such a text.
pub fn read(document: &Document) -> Option<Recipe> {
    document.messages().find_map(parse)
}

/// Parses a text; `None` when it has neither settings nor a negative prompt, or more than [`limits::LINES`].
pub fn parse(text: &str) -> Option<Recipe> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_matches(|c: char| c == '\0' || c == '\u{feff}' || c.is_whitespace());
    let parts = split(text)?;
    let mut recipe =
        Recipe { prompt: Some(parts.prompt), negative_prompt: Some(parts.negative), ..Recipe::default() };
    let mut named = false;
    for (key, value) in &parts.pairs {
        set(&mut recipe, key, value);
        named |= key == "Sampler";
    }
    recipe.generator = generator(&parts.pairs).map(str::to_owned);
    // A JSON document with a few settings behind it is some other program's.
    if text.starts_with('{') && recipe.generator.is_none() && !named {
        return None;
    }
    recipe.generator.get_or_insert_with(|| "a1111".to_owned());
    for (name, template) in parts.templates {
        recipe.extra.insert(name, template);
    }
    recipe.loras = tags(recipe.prompt.as_deref().unwrap_or_default());
    sdcpp::overlay(&mut recipe);
    Some(recipe)
}

/// The blocks of a text.
struct Parts {
    prompt: String,
    negative: String,
    templates: Vec<(String, String)>,
    pairs: Vec<(String, String)>,
}

fn split(text: &str) -> Option<Parts> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).take(limits::LINES + 1).collect();
    if lines.len() > limits::LINES {
        return None;
    }
    let last = settings_line(&lines);
    let (body, after) = match last {
        Some(at) => (lines.get(..at)?, lines.get(at + 1..)?),
        None => (lines.as_slice(), [].as_slice()),
    };
    // The first such line begins the negative prompt, as in the original parser.
    let negative_at = body.iter().position(|line| line.trim_start().starts_with(NEGATIVE));
    if last.is_none() && negative_at.is_none() {
        return None;
    }
    let (prompt, rest) = body.split_at_checked(negative_at.unwrap_or(body.len()))?;
    let mut templates = Vec::new();
    let negative = block(rest, &mut templates);
    let negative = negative.strip_prefix(NEGATIVE).unwrap_or_default().trim().to_owned();
    if after.first().is_some_and(|line| template(line).is_some()) {
        take_templates(after, &mut templates);
    }
    let pairs = last.and_then(|at| lines.get(at)).map(|line| settings::pairs(line)).unwrap_or_default();
    Some(Parts { prompt: join(prompt), negative, templates, pairs })
}

/// The last line that begins with the steps, else the last line of all where that is one of settings.
fn settings_line(lines: &[&str]) -> Option<usize> {
    let of_steps = |line: &&str| line.trim_start().starts_with("Steps:") && settings::is_settings(line);
    let last = lines.iter().rposition(|line| !line.trim().is_empty())?;
    lines
        .iter()
        .rposition(of_steps)
        .or_else(|| lines.get(last).filter(|line| settings::is_settings(line)).map(|_| last))
}

/// Lines up to the first template; templates after them are taken out.
fn block(lines: &[&str], templates: &mut Vec<(String, String)>) -> String {
    let end = lines.iter().position(|line| template(line).is_some()).unwrap_or(lines.len());
    let (mine, rest) = lines.split_at_checked(end).unwrap_or((lines, &[]));
    take_templates(rest, templates);
    join(mine)
}

/// The name of the template that a line begins, and the rest of the line.
fn template(line: &str) -> Option<(&'static str, &str)> {
    let (label, rest) = line.trim_start().split_once(':')?;
    TEMPLATES.iter().find(|name| name.eq_ignore_ascii_case(label)).map(|name| (*name, rest))
}

fn take_templates(lines: &[&str], templates: &mut Vec<(String, String)>) {
    for line in lines {
        match (template(line), templates.last_mut()) {
            (Some((name, rest)), _) => templates.push((name.to_owned(), rest.trim().to_owned())),
            (None, Some((_, text))) => {
                text.push('\n');
                text.push_str(line);
            }
            (None, None) => {}
        }
    }
}

fn join(lines: &[&str]) -> String {
    lines.join("\n").trim().to_owned()
}

fn set(recipe: &mut Recipe, key: &str, value: &str) {
    let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
    let number = || value.parse().ok().filter(|n: &f64| n.is_finite());
    let count = || value.parse().ok().filter(|n: &u32| *n > 0);
    match key {
        "Steps" => recipe.steps = count(),
        // stable-diffusion.cpp's word where the client asked for none.
        "Sampler" => recipe.sampler = text().filter(|name| name != "NONE"),
        "Schedule type" | "Scheduler" => recipe.scheduler = text(),
        "CFG scale" | "CFG Scale" => recipe.cfg = number(),
        "Seed" => recipe.seed = json::digits(value),
        "Size" => (recipe.width, recipe.height) = size(value).unzip(),
        "Model" => recipe.model = text(),
        "Model hash" => recipe.model_hash = text(),
        "VAE" => recipe.vae = text(),
        "Clip skip" => recipe.clip_skip = value.parse().ok().filter(|n| *n > 0),
        "Denoising strength" => recipe.denoise = number(),
        "Hires upscale" | "Hires scale" => hires(recipe).scale = number(),
        "Hires steps" => hires(recipe).steps = count(),
        "Hires upscaler" => hires(recipe).upscaler = text(),
        "Version" => recipe.generator_version = text(),
        _ => {
            recipe.extra.extend(text().map(|value| (key.to_owned(), value)));
        }
    }
}

fn hires(recipe: &mut Recipe) -> &mut Hires {
    recipe.hires.get_or_insert_default()
}

/// Which program it was; `None` when the settings don't say.
fn generator(pairs: &[(String, String)]) -> Option<&'static str> {
    let value = |name: &str| pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    match (value("App"), value("Version")) {
        (Some("SD.Next"), _) => return Some("sd-next"),
        (_, Some(version)) if by_version(version).is_some() => return by_version(version),
        _ => {}
    }
    (value("Civitai resources").is_some() || value("Civitai metadata").is_some()).then_some("civitai")
}

/// `f2.0.1v1.10.1-…` is Forge, `f1.0.0v2-v1.10.1RC-…` reForge, `f1.0.0-v…` EasyReforge, `v1.10.1` A1111.
fn by_version(version: &str) -> Option<&'static str> {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if version.starts_with("classic") {
        return Some("forge-classic");
    }
    if version.starts_with("neo") {
        return Some("forge-neo");
    }
    if let Some(rest) = version.strip_prefix('f').filter(|rest| digit(rest)) {
        let own = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let revision =
            own.strip_prefix('v').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        return Some(match (own.starts_with("-v"), revision) {
            (true, _) => "easy-reforge",
            (_, Some(rest)) if rest.starts_with("-v") => "reforge",
            _ => "forge",
        });
    }
    let starts =
        [("Fooocus", "fooocus"), ("ComfyUI", "comfyui"), ("stable-diffusion.cpp", "stable-diffusion.cpp")];
    let named = starts.iter().find(|(start, _)| version.starts_with(start)).map(|(_, name)| *name);
    named.or_else(|| version.strip_prefix('v').filter(|rest| digit(rest)).map(|_| "a1111"))
}

/// `<lora:name:0.8>` in a prompt.
fn tags(prompt: &str) -> Vec<Lora> {
    let tag = |part: &str| {
        let mut fields = part.split_once('>')?.0.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?.to_owned();
        Some(Lora {
            name,
            weight: fields.next().and_then(|n| n.parse().ok()).filter(|n: &f64| n.is_finite()),
        })
    };
    prompt.split("<lora:").skip(1).take(LORAS).filter_map(tag).collect()
}

#[cfg(test)]
mod tests;
