//! An item as the command line shows it: as JSON with every field, and for the eye.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use model::{Format, Item, ItemId, Origin, Provenance, RawBlock, Recipe, Timestamp};
use serde::Serialize;
use studio::Language;
use unicode_width::UnicodeWidthStr;

use crate::language::pick;
use crate::output::{column, cut, shown};
use crate::texts::generators::generator_name;
use crate::texts::results::size;
use crate::texts::times;

/// An item with every stored field, under the names of the export's `items.jsonl`.
#[derive(Serialize)]
pub struct ItemJson<'a> {
    id: ItemId,
    sha256: String,
    file_name: &'a str,
    format: Format,
    bytes: u64,
    width: u32,
    height: u32,
    animated: bool,
    created_at: String,
    added_at: String,
    discarded_at: Option<String>,
    origin: Origin,
    title: &'a str,
    rating: u8,
    favourite: bool,
    tags: &'a [String],
    recipe: &'a Recipe,
    provenance: &'a Provenance,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Vec<RawJson<'a>>>,
}

/// A raw block of metadata.
#[derive(Serialize)]
struct RawJson<'a> {
    place: &'a str,
    key: &'a str,
    base64: String,
}

impl<'a> ItemJson<'a> {
    /// The item without its raw blocks.
    pub fn new(item: &'a Item) -> Self {
        Self {
            id: item.id,
            sha256: hex::encode(item.sha256.0),
            file_name: &item.file_name,
            format: item.format,
            bytes: item.bytes,
            width: item.width,
            height: item.height,
            animated: item.animated,
            created_at: item.created_at.to_rfc3339(),
            added_at: item.added_at.to_rfc3339(),
            discarded_at: item.discarded_at.map(Timestamp::to_rfc3339),
            origin: item.origin,
            title: &item.title,
            rating: item.rating,
            favourite: item.favourite,
            tags: &item.tags,
            recipe: &item.recipe,
            provenance: &item.provenance,
            raw: None,
        }
    }

    /// With its raw blocks.
    pub fn with_raw(self, raw: &'a [RawBlock]) -> Self {
        let block = |block: &'a RawBlock| RawJson {
            place: &block.place,
            key: &block.key,
            base64: STANDARD.encode(&block.bytes),
        };
        Self { raw: Some(raw.iter().map(block).collect()), ..self }
    }
}

const ID: usize = 36;
const PIXELS: usize = 11;
const GENERATOR: usize = 16;
const NAME: usize = 28;
const PROMPT: usize = 60;

/// The heads of the columns of [`row`].
pub fn heading(language: Language) -> String {
    let heads = match language {
        Language::En => ["ID", "Created", "Pixels", "Made with", "File", "Prompt"],
        Language::Ja => ["ID", "作成", "画素", "生成ソフト", "ファイル", "プロンプト"],
    };
    columns(heads)
}

/// An item in one line.
pub fn row(item: &Item, zone: &TimeZone) -> String {
    let mut name = String::new();
    if item.favourite {
        name.push('♥');
    }
    name.push_str(if item.title.is_empty() { &item.file_name } else { &item.title });
    columns([
        &item.id.to_string(),
        &times::sortable(item.created_at, zone),
        &format!("{}×{}", item.width, item.height),
        item.recipe.generator.as_deref().map_or("-", generator_name),
        &name,
        item.recipe.prompt.as_deref().unwrap_or_default(),
    ])
}

fn columns([id, time, pixels, generator, name, prompt]: [&str; 6]) -> String {
    let (id, time, pixels) = (column(id, ID), column(time, times::WIDTH), column(pixels, PIXELS));
    let (generator, name) = (column(generator, GENERATOR), column(name, NAME));
    format!("{id}  {time}  {pixels}  {generator}  {name}  {}", cut(prompt, PROMPT)).trim_end().to_owned()
}

/// A label and what it labels.
type Fact = (&'static str, &'static str, Option<String>);

/// Everything about an item, for the eye.
pub fn lines(item: &Item, raw: &[RawBlock], language: Language) -> Vec<String> {
    let zone = TimeZone::system();
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut facts: Vec<Fact> = vec![
        ("ID", "ID", Some(item.id.to_string())),
        ("File", "ファイル", some(&item.file_name)),
        ("Title", "題名", some(&item.title)),
        (
            "Kind",
            "種類",
            Some(format!("{}, {}×{}, {}", item.format.name(), item.width, item.height, size(item.bytes))),
        ),
        ("Created", "作成", Some(times::sortable(item.created_at, &zone))),
        ("Added", "追加", Some(times::sortable(item.added_at, &zone))),
        ("In the trash since", "ゴミ箱へ", item.discarded_at.map(|time| times::sortable(time, &zone))),
        ("Rating", "評価", (item.rating > 0).then(|| "★".repeat(usize::from(item.rating)))),
        ("Favourite", "お気に入り", item.favourite.then(|| "♥".to_owned())),
        ("Tags", "タグ", some(&item.tags.join(", "))),
    ];
    facts.extend(recipe(&item.recipe));
    facts.extend(provenance(&item.provenance));
    let blocks: Vec<String> = raw.iter().map(|block| format!("{} {}", block.place, block.key)).collect();
    facts.push(("Metadata as it stood", "元のメタデータ", some(&blocks.join(", "))));
    aligned(facts, language)
}

/// A recipe and what a file declares, for the eye.
pub fn recipe_lines(recipe_of: &Recipe, declared: &Provenance, language: Language) -> Vec<String> {
    aligned(recipe(recipe_of).into_iter().chain(provenance(declared)).collect(), language)
}

fn recipe(recipe: &Recipe) -> Vec<Fact> {
    let number = |number: &Option<f64>| number.map(|n| n.to_string());
    let edges = recipe.width.zip(recipe.height).map(|(width, height)| format!("{width}×{height}"));
    let weight = |lora: &model::Lora| lora.weight.map(|w| format!(" ({w})")).unwrap_or_default();
    let loras: Vec<String> =
        recipe.loras.iter().map(|lora| format!("{}{}", lora.name, weight(lora))).collect();
    let characters: Vec<&str> = recipe.character_prompts.iter().map(|one| one.prompt.as_str()).collect();
    let made_with =
        recipe.generator.as_deref().map(|id| match (generator_name(id), &recipe.generator_version) {
            // Some programs say their name there as well.
            (name, Some(version)) if begins_with_name(version, id, name) => version.clone(),
            (name, Some(version)) => format!("{name} {version}"),
            (name, None) => name.to_owned(),
        });
    vec![
        ("Prompt", "プロンプト", recipe.prompt.clone()),
        ("Negative", "ネガティブ", recipe.negative_prompt.clone()),
        ("Characters", "キャラクター", Some(characters.join(" | ")).filter(|text| !text.is_empty())),
        ("Made with", "生成ソフト", made_with),
        ("Model", "モデル", recipe.model.clone()),
        ("Model hash", "モデルのハッシュ", recipe.model_hash.clone()),
        ("VAE", "VAE", recipe.vae.clone()),
        ("LoRA", "LoRA", Some(loras.join(", ")).filter(|text| !text.is_empty())),
        ("Seed", "シード", recipe.seed.clone()),
        ("Steps", "ステップ", recipe.steps.map(|n| n.to_string())),
        ("Guidance", "ガイダンス", number(&recipe.cfg)),
        ("Sampler", "サンプラー", recipe.sampler.clone()),
        ("Scheduler", "スケジューラ", recipe.scheduler.clone()),
        ("Generated at", "生成サイズ", edges),
        ("Clip skip", "Clip skip", recipe.clip_skip.map(|n| n.to_string())),
        ("Denoising", "ノイズ除去", number(&recipe.denoise)),
    ]
}

fn begins_with_name(version: &str, id: &str, name: &str) -> bool {
    let version = version.to_lowercase();
    [id, name].iter().any(|name| version.starts_with(&name.to_lowercase()))
}

fn provenance(declared: &Provenance) -> Vec<Fact> {
    vec![
        (
            "Content Credentials",
            "コンテンツクレデンシャル",
            declared.c2pa.then(|| {
                declared
                    .claim_generator
                    .clone()
                    .or_else(|| declared.vendor.clone())
                    .unwrap_or_else(|| "C2PA".to_owned())
            }),
        ),
        ("Source type", "ソースの種類", declared.digital_source_type.clone()),
    ]
}

fn aligned(facts: Vec<Fact>, language: Language) -> Vec<String> {
    let there = facts.into_iter().filter_map(|(en, ja, text)| Some((pick(language, en, ja), text?)));
    let there: Vec<(&str, String)> = there.collect();
    let width = there.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    there.iter().map(|(label, text)| format!("{}  {}", column(label, width), shown(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        Item {
            id: ItemId::from_bytes([7; 16]),
            sha256: model::Sha256([1; 32]),
            file_name: "夜.png".to_owned(),
            format: Format::Png,
            bytes: 1234,
            width: 16,
            height: 9,
            animated: false,
            created_at: Timestamp::from_millis(1_795_496_400_000),
            added_at: Timestamp::from_millis(1_795_496_400_000),
            discarded_at: None,
            origin: Origin::Imported,
            title: String::new(),
            rating: 3,
            favourite: true,
            tags: vec!["海".to_owned()],
            recipe: Recipe { prompt: Some("灯籠\x1b[2J".to_owned()), ..Recipe::default() },
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn the_json_has_the_fields_of_the_export() {
        let item = item();
        let raw =
            [RawBlock { place: "png:tEXt".to_owned(), key: "parameters".to_owned(), bytes: vec![0xff, 0] }];
        let mut exported = serde_json::to_value(transfer::ArchiveItem::new(&item, &raw, None)).unwrap();
        let only_there = exported.as_object_mut().unwrap();
        only_there.remove("schema");
        only_there.remove("file");
        assert_eq!(serde_json::to_value(ItemJson::new(&item).with_raw(&raw)).unwrap(), exported);
    }

    #[test]
    fn a_row_is_aligned_and_harmless() {
        let row = row(&item(), &TimeZone::UTC);
        assert!(row.starts_with("07070707-0707-0707-0707-070707070707  2026-11-24"), "{row}");
        assert!(row.ends_with("灯籠\u{fffd}[2J"), "{row}");
        let place = |line: &str, text: &str| line.split(text).next().unwrap().width();
        assert_eq!(place(&row, "♥夜.png"), place(&heading(Language::Ja), "ファイル"));
    }

    #[test]
    fn labels_are_aligned_in_both_languages() {
        for language in [Language::En, Language::Ja] {
            let lines = lines(&item(), &[], language);
            let prompt = lines.iter().find(|line| line.contains("灯籠")).unwrap();
            let name = lines.iter().find(|line| line.contains("夜.png")).unwrap();
            let place = |line: &str, text: &str| line.split(text).next().unwrap().width();
            assert_eq!(place(prompt, "灯籠"), place(name, "夜.png"));
        }
    }
}
